"""The page of words: made from the catalogues and policy, and nothing that people read is without a word."""

import datetime

import pytest

from nightdesk.models import declared_columns
from nightdesk.policy import policy
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.upkeep.glossary import FAMILIES, glossary, path

#: kept tables that explain shows column by column, and columns that it shows in another way
SHOWN = {"tiers": ("client_tier", "client_metric"), "features": ("loan_state",)}
DAY = datetime.date(2026, 3, 31)


def test_given_the_catalogues_and_policy_when_the_page_is_made_then_it_is_the_one_that_is_there() -> None:
    assert path().read_text(encoding="utf-8") == glossary(), "run make docs"


def test_given_the_page_when_read_then_each_indicator_and_each_code_of_a_family_is_a_line_of_it() -> None:
    lines = glossary().splitlines()
    assert "| `P01` | 贷款逾期 | Days past due |" in lines
    assert "| `not_assessed` | 未评估 | Not assessed |" in lines
    assert "| `days_past_due` | 逾期天数 | days past due |" in lines
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == ["Indicators", *FAMILIES.values()]
    assert sum(line.startswith("| `") for line in lines) > 250


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_what_explain_shows_when_a_column_or_setting_is_named_then_it_has_a_word(language: str) -> None:
    words = catalogue(language).messages  # type: ignore[arg-type]
    names = {name for layer, tables in SHOWN.items() for table in tables for name in declared_columns(layer)[table]}
    for name, table in policy().items():
        if name.startswith("tier"):
            names |= set(table.columns) - {"valid_from", "valid_to", "owner", "reason"}
            names |= {str(row["setting"]) for row in table.effective(DAY) if "setting" in row}
    assert sorted(name for name in names if f"field.{name}" not in words) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_codes_of_policy_when_named_then_each_has_a_word_in_the_catalogue(language: str) -> None:
    words = catalogue(language).messages  # type: ignore[arg-type]
    families = {"colour": "colour", "asset_class": "floor_class", "tier": "tier", "group_cap": "indicator_group"}
    for table, family in families.items():
        codes = [str(row[policy()[table].key[0]]) for row in policy()[table].effective(DAY)]
        assert sorted(code for code in codes if f"{family}.{code}" not in words) == []
