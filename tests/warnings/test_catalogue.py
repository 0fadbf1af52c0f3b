"""One SQL file and one policy row for each indicator, and words that the numbers fit into."""

import datetime
import re

import pytest

from nightdesk.models import models, sql_root
from nightdesk.policy import policy

DAY = datetime.date(2026, 3, 31)
ROWS = {str(row["indicator"]): row for row in policy()["indicator"].effective(DAY)}
FILES = {path.stem[:3].upper(): path for path in (sql_root() / "warnings" / "indicator").glob("*.sql")}
PLACEHOLDER = re.compile(r"\{[^}]*\}")
STYLES = ("pct", "num", "ratio", "int", "days", "amt")
KNOWN = {"{detail}", "{data_date}", "{amber}", "{red}", "{second_red}", "{margin}"} | {
    f"{{{name}:{style}}}"
    for name in ("value", "baseline", "second", "line")
    for style in (STYLES[:-1] if name == "line" else STYLES)
}
TEMPLATES = [
    pytest.param(str(row["reason_zh"]), str(row["reason_en"]), id=f"{row['indicator']}.{row.get('reason_case', '')}")
    for table in ("indicator", "indicator_reason")
    for row in policy()[table].effective(DAY)
    if row["indicator"] != "*"
]


def test_given_the_files_and_the_policy_when_compared_then_each_has_the_other() -> None:
    assert set(FILES) == set(ROWS)


@pytest.mark.parametrize("code", sorted(FILES))
def test_given_an_indicator_file_when_read_then_it_names_its_own_row_and_is_part_of_the_verdict(code: str) -> None:
    text = FILES[code].read_text(encoding="utf-8")
    assert f"where indicator = '{code}'" in text
    union = "verdict.quality" if code.startswith("Q") else "verdict.reading"
    assert f"indicator.{FILES[code].stem}" in models()[union].reads


@pytest.mark.parametrize(("chinese", "english"), TEMPLATES)
def test_given_a_reason_when_read_then_both_languages_have_the_same_slots_and_each_gets_filled(
    chinese: str, english: str
) -> None:
    slots = PLACEHOLDER.findall(chinese)
    assert set(slots) == set(PLACEHOLDER.findall(english))
    assert set(slots) <= KNOWN
    names = [slot.strip("{}").partition(":")[0] for slot in set(slots)]
    assert len(names) == len(set(names)), "one style for each number"


@pytest.mark.parametrize("code", sorted(ROWS))
def test_given_an_indicator_when_read_then_its_playbook_and_thresholds_make_sense(code: str) -> None:
    row = ROWS[code]
    assert str(row["playbook"]).startswith("PB-")
    assert row["group_code"] == code[0]
    assert row["counts_for_colour"] is (code[0] != "Q")
    worse = 1 if row["direction"] == "high" else -1
    amber, red, hard = (row[name] for name in ("amber_value", "red_value", "hard_value"))
    assert amber is not None
    assert row["amber_when"] in ("reached", "passed")
    assert red is None or (row["red_when"] and worse * (red - amber) > 0)
    assert hard is None or worse * (hard - red) > 0


def test_given_the_group_caps_when_read_then_every_group_of_an_indicator_has_one() -> None:
    caps = {row["group_code"] for row in policy()["group_cap"].effective(DAY)}
    assert {row["group_code"] for row in ROWS.values()} <= caps
