"""What a report's draft takes from the reports before it: the newest two, what was said then, what was copied."""

import datetime
from typing import Any

import pytest

from nightdesk.desk.entries import Entry
from nightdesk.reading.drafting import _copied, _fact, _plain, _with_entered, day_of, newest_reports

RULE = {"fact": "dscr", "block": "figures", "unit": "ratio"}
TEXT = {"name_zh": "偿债备付率", "name_en": "debt service cover"}


def _report(report_id: str, checked_on: str, filed_at: str | None = None, judgement: str = "") -> dict[str, Any]:
    return {"report_id": report_id, "checked_on": checked_on, "filed_at": filed_at, "judgement": judgement}


def test_given_reports_then_the_last_two_are_those_of_the_last_checks_and_of_one_day_those_filed_last() -> None:
    first, second, third = (
        _report("R9", "2026-01-31"),
        _report("R2", "2026-02-28", "2026-03-01 09:00"),
        _report("R1", "2026-02-28", "2026-03-01 10:00"),
    )
    assert newest_reports([]) == (None, None)
    assert newest_reports([first]) == (first, None)
    assert newest_reports([first, second]) == (second, first)
    assert newest_reports([second, first, third]) == (third, second)
    unfiled = _report("R8", "2026-02-28")
    assert newest_reports([third, unfiled, second]) == (third, second)
    assert newest_reports([_report("R1", "2026-02-28"), _report("R2", "2026-02-28")])[0] == _report("R2", "2026-02-28")


def test_given_a_judgement_that_repeats_the_one_before_then_it_is_told_from_the_line_of_policy_on() -> None:
    last, before = _report("R2", "2026-02-28", judgement="abcd"), _report("R1", "2026-01-31", judgement="abce")
    copied = _copied(last, before, 0.0)
    assert copied is not None
    assert copied.report_id == "R1"
    alike = float(copied.alike_pct)
    assert 0 < alike < 100
    same = _copied(last, {**before, "judgement": "abcd"}, 100.0)
    assert same is not None
    assert same.alike_pct == 100
    assert _copied(last, before, 100.0) is None
    assert _copied(last, None, 0.0) is None
    assert _copied(None, before, 0.0) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.50", "1.5"), ("100", "100"), ("100.00", "100"), ("0.00", "0"), ("amber", "amber"), ("-3.10", "-3.1")],
)
def test_given_a_figure_then_no_nought_stands_behind_its_point(value: str, text: str) -> None:
    assert _plain(value) == text


@pytest.mark.parametrize(
    ("told", "value", "before"),
    [
        ({}, None, None),
        ({"value": "1.20"}, "1.2", None),
        ({"word": "amber", "value": "1.20"}, "amber", None),
        ({"word": "", "value": "1.20"}, "", None),
        ({"value": "1.20", "before_value": "1.30"}, "1.2", "1.3"),
    ],
)
def test_given_a_fact_then_its_word_stands_before_its_figure_and_what_is_not_known_is_none(
    told: dict[str, Any], value: str | None, before: str | None
) -> None:
    found = _fact(RULE, TEXT, told, "1.4")
    assert (found.value, found.before, found.since) == (value, before, "1.4")


def test_given_a_date_as_the_lake_or_an_entry_has_it_then_it_is_the_day() -> None:
    day = datetime.date(2026, 3, 31)
    assert [day_of(one) for one in (day, "2026-03-31", "2026-03-31 09:00:00+08:00")] == [day, day, day]


def test_given_what_was_entered_since_then_it_stands_in_the_place_of_its_key_and_lacks_no_column() -> None:
    at = datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC)
    rows = [{"report_id": "R1", "loan_id": "L1", "judgement": "old"}, {"report_id": "R2", "loan_id": "L1"}]
    entered = [
        Entry("check_report", "R1", {"report_id": "R1", "loan_id": "L1"}, at),
        Entry("check_report", "R3", {"report_id": "R3", "loan_id": "L2", "judgement": "new"}, at),
    ]
    assert _with_entered(rows, entered, "report_id") == [
        {"report_id": "R1", "loan_id": "L1", "judgement": None},
        rows[1],
        {"report_id": "R3", "loan_id": "L2", "judgement": "new"},
    ]
    assert _with_entered([], entered[:1], "report_id") == [{"report_id": "R1", "loan_id": "L1"}]
