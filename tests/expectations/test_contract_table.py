"""A contract table is whole: what its entry needs beside it is there, and what the entry says can be asked."""

import pytest

from nightdesk.contract import SQL_TYPES, contract
from nightdesk.models import sql_root
from nightdesk.render.catalogue import LANGUAGES, catalogue

TABLES = list(contract())
#: types that a range says something about: the checks compare them as whole numbers
COUNTED = ("amount", "pct", "number", "int")


@pytest.mark.parametrize("name", TABLES)
def test_given_a_contract_table_then_nothing_of_its_recipe_is_forgotten(name: str) -> None:
    """Given an entry of contract.yaml, then the identity mapping reads it and both languages have a word for it."""
    mapping = sql_root() / "extract" / "contract" / f"{name}.sql"
    forgotten = [] if mapping.exists() else [f"sql/extract/contract/{name}.sql"]
    forgotten += [
        f"reports/messages/{language}.yaml: table.{name}"
        for language in LANGUAGES
        if f"table.{name}" not in catalogue(language).messages
    ]
    assert forgotten == [], f"the contract table {name} lacks {', '.join(forgotten)}"


def test_given_the_identity_mapping_and_the_words_then_they_are_of_no_table_that_the_contract_has_not() -> None:
    mapped = {path.stem for path in (sql_root() / "extract" / "contract").glob("*.sql")}
    words = {key for language in LANGUAGES for key in catalogue(language).messages if key.startswith("table.")}
    left = [f"sql/extract/contract/{name}.sql" for name in sorted(mapped - set(contract()))]
    left += [f"reports/messages: {word}" for word in sorted(words - {f"table.{name}" for name in contract()})]
    assert not left, f"of no table of plugins/nightdesk/contract.yaml: {', '.join(left)}"


@pytest.mark.parametrize("name", TABLES)
def test_given_a_contract_table_then_its_entry_speaks_of_what_is_there(name: str) -> None:
    table = contract()[name]
    assert set(table.key) <= set(table.columns), f"{name}: a part of the key is no column"
    assert table.date_column is None or table.date_column in table.columns, f"{name}: the date is no column"
    for column in table.columns.values():
        said = f"{name}.{column.name}"
        assert column.type in SQL_TYPES, f"{said}: unknown type {column.type}"
        assert column.parent is None or column.parent in contract(), f"{said}: no table {column.parent}"
        assert bool(column.values) == (column.type == "enum"), f"{said}: a list of values is that of an enum"
        if column.lowest is not None or column.highest is not None:
            assert column.type in COUNTED, f"{said}: a {column.type} has no range"
        if column.lowest is not None and column.highest is not None:
            assert column.lowest < column.highest, f"{said}: the range holds nothing"
