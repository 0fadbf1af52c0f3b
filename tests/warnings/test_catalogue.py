"""One SQL file and one policy row for each indicator, and words that the numbers fit into."""

import datetime
import re

import pytest

from nightdesk.judged import indicator_reads
from nightdesk.models import models
from nightdesk.policy import policy
from nightdesk.render.catalogue import catalogue
from nightdesk.render.sentences import SLOT, STYLES
from nightdesk.settings import sql_root

DAY = datetime.date(2026, 3, 31)
ROWS = {str(row["indicator"]): row for row in policy()["indicator"].effective(DAY)}
FILES = {path.stem[:3].upper(): path for path in (sql_root() / "warnings" / "indicator").glob("*.sql")}
PLACEHOLDER = re.compile(r"\{[^}]*\}")
TEXTS = {str(row["indicator"]): row for row in policy()["indicator_text"].effective(DAY)}
#: a name in the list of what a model fills its sentences with
FIGURE = re.compile(r"(?<=[\[ ])'([a-z_]+)'(?=[\],])")
#: the model that fills the sentences of a policy table, by where those are
TOLD_BY = {
    "indicator_text": ["warnings.signal"],
    "indicator_reason": ["warnings.signal", "warnings.cleared", "warnings.closed"],
    "task_text": sorted(name for name in models() if name.startswith("tasks_candidate.")),
}
TEMPLATES = [
    pytest.param(
        table,
        str(row["reason_zh"]),
        str(row["reason_en"]),
        id=".".join(str(row[part]) for part in policy()[table].key),
    )
    for table in TOLD_BY
    for row in policy()[table].effective(DAY)
]


def test_given_the_files_and_the_policy_when_compared_then_each_has_the_other() -> None:
    assert set(FILES) == set(ROWS) == set(TEXTS)


@pytest.mark.parametrize("code", sorted(FILES))
def test_given_an_indicator_file_when_read_then_it_names_its_own_row_and_is_part_of_the_verdict(code: str) -> None:
    text = FILES[code].read_text(encoding="utf-8")
    assert f"where indicator = '{code}'" in text
    part = "quality" if code.startswith("Q") else "contagion" if ROWS[code]["is_contagion"] else "reading"
    union = f"warnings_verdict.{part}"
    assert f"warnings_indicator.{FILES[code].stem}" in models()[union].reads


@pytest.mark.parametrize("code", sorted(FILES))
def test_given_an_indicator_when_its_sql_is_followed_down_then_it_reads_the_tables_and_columns_that_it_declares(
    code: str,
) -> None:
    reads = indicator_reads()[code]
    for token in filter(None, re.split(r"[;|+?]", str(ROWS[code]["requires"] or ""))):
        table, _, column = token.partition(".")
        assert table in reads
        assert not column or column in reads[table]


def test_given_what_indicators_read_then_it_goes_through_features_and_their_histories_and_no_further() -> None:
    reads = indicator_reads()
    assert {"loan", "instalment", "payment"} <= set(reads["P01"])
    assert "maturity_date" in reads["P01"]["loan"]
    assert "txn" in reads["T02"]
    assert "covenant_test" in reads["J16"]
    assert not {"covenant_test", "permit", "txn"} & set(reads["P01"])
    assert "loan" not in reads["T02"]  # joined on the way, for columns that it does not ask for
    assert {"loan_id", "accelerated_on"} <= reads["P01"]["loan"]
    assert "asset_class" not in reads["P01"]["loan"]
    assert reads["Q04"] == {}  # what the verdicts say of a client, and nothing of the source itself


@pytest.mark.parametrize(("table", "chinese", "english"), TEMPLATES)
def test_given_a_reason_when_read_then_both_languages_have_the_same_slots_and_each_gets_filled(
    table: str, chinese: str, english: str
) -> None:
    slots = PLACEHOLDER.findall(chinese)
    assert set(slots) == set(PLACEHOLDER.findall(english))
    assert all(SLOT.fullmatch(slot) for slot in slots)
    said = {match[1]: match[2] for match in map(SLOT.fullmatch, slots) if match}
    assert len(said) == len(set(slots)), "one style for each number"
    families = {key.partition(".")[0] for key in catalogue("en").messages}
    assert all(style is None or style in {*STYLES, "unit", *families} for style in said.values())
    given = [set(FIGURE.findall(models()[name].sql)) for name in TOLD_BY[table]]
    assert any(all({name, f"{name}_zh"} & figures for name in said) for figures in given)


@pytest.mark.parametrize("code", sorted(ROWS))
def test_given_an_indicator_when_read_then_its_thresholds_make_sense(code: str) -> None:
    row = ROWS[code]
    assert row["group_code"] == code[0]
    assert row["counts_for_colour"] is (code[0] != "Q")
    assert row["amber_value"] is not None
