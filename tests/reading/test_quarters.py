"""Quarters as people write them, and the one that is over on a morning."""

import datetime

import pytest

from nightdesk.errors import UsageError
from nightdesk.reading.scorecard import parsed_quarter, quarter_before


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026Q1", "2026-01-01", "2026-03-31"),
        (" 2026q2 ", "2026-04-01", "2026-06-30"),
        ("2026Q3", "2026-07-01", "2026-09-30"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_given_a_quarter_as_it_is_written_then_its_days_are_those_of_the_calendar(
    text: str, first: str, last: str
) -> None:
    found = parsed_quarter(text)
    assert (found.first_day.isoformat(), found.last_day.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["2026", "2026Q0", "2026Q5", "26Q1", "2026Q11", "2026-Q1"])
def test_given_what_is_no_quarter_then_it_is_said(text: str) -> None:
    with pytest.raises(UsageError, match="is no quarter"):
        parsed_quarter(text)


@pytest.mark.parametrize(
    ("business_date", "name"),
    [
        ("2026-03-30", "2025Q4"),
        ("2026-03-31", "2026Q1"),  # its morning is 1 April
        ("2026-06-29", "2026Q1"),
        ("2026-06-30", "2026Q2"),
        ("2026-09-30", "2026Q3"),
        ("2026-12-30", "2026Q3"),
        ("2026-12-31", "2026Q4"),
    ],
)
def test_given_a_night_then_the_last_quarter_that_is_over_on_its_morning(business_date: str, name: str) -> None:
    assert quarter_before(datetime.date.fromisoformat(business_date)).name == name
