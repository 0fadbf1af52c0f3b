"""Rules and reports are SQL files: what Python writes of SQL moves rows, and names no table that a rule is about."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.models import GIVEN_SCHEMAS, models
from nightdesk.settings import project_root

PRODUCT = project_root() / "plugins" / "nightdesk"
#: a table written out behind `from` or `join`
NAMED = re.compile(r"\b(?:from|join)\s+([a-z_]+)\.([a-z_]+)\b(?!\.)", re.IGNORECASE)
#: what a module may write out all the same: rows that it hands on as they are, to what judges them
ALLOWED = {
    "attempt/inputs.py": {"night.superseded_tonight", "source.calendar_day"},
    "night/checking.py": {"checked.calendar_day"},
    "checks/totals.py": {"checked.control_total"},
    "reading/published_night.py": {"night.wanted"},
    "reading/reviews.py": {"night.reviewed", "night.reviewed_client"},
}


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that are no docstrings, each in one piece: what is filled in stands as {}."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told | within:
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(str(part) for part in parts)


def tables_in(text: str) -> set[str]:
    """Tables of rules that a text reads: those of the models, and those that a night gives to models."""
    schemas = GIVEN_SCHEMAS | {name.partition(".")[0] for name in models()} | {"checked", "checks"}
    return {f"{schema}.{table}" for schema, table in NAMED.findall(text) if schema.lower() in schemas}


def test_given_the_product_when_its_texts_are_read_then_none_asks_a_table_of_rules_by_name() -> None:
    found = [
        f"{name}:{line} {table}"
        for file in sorted(PRODUCT.rglob("*.py"))
        for name in [file.relative_to(PRODUCT).as_posix()]
        for line, text in texts(file)
        for table in sorted(tables_in(text) - ALLOWED.get(name, set()))
    ]
    assert found == [], "write it as sql/asked/<name>.sql and ask for it: Inputs.ask"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('"select 1 from warnings.signal where a"', {"warnings.signal"}),
        (
            'f"select {a} from features.plan_gap join warnings_verdict.fired as {b}"',
            {"features.plan_gap", "warnings_verdict.fired"},
        ),
        ('f"select * from {table} where x"', set()),
        ('"taken from nightdesk.models"', set()),
        ('"select * from pg_roles"', set()),
    ],
)
def test_given_a_text_when_it_names_tables_of_rules_then_they_are_found(
    tmp_path: Path, text: str, named: set[str]
) -> None:
    file = tmp_path / "one.py"
    file.write_text(f'"""Said of select 1 from warnings.signal."""\nx = {text}\n', encoding="utf-8")
    ((_, found),) = texts(file)
    assert tables_in(found) == named
