"""From how far ahead a night tells the first day that no calendar covers."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from nightdesk.attempt.calendars import gap_ahead
from nightdesk.business_day import Calendar
from nightdesk.checks import check_settings

CHINA = Calendar("china")
ONE_DAY = datetime.timedelta(days=1)
AHEAD = CHINA.gap(datetime.date(2026, 1, 1), datetime.date(2040, 1, 1))


@pytest.mark.parametrize(("days_beyond_notice", "is_told"), [(1, False), (0, True), (-1, True)])
def test_given_the_policys_notice_then_the_day_is_told_from_so_many_days_before_it_on(
    days_beyond_notice: int, is_told: bool
) -> None:
    assert AHEAD is not None
    notice = int(check_settings(AHEAD.first_day, "contract")["calendar_notice_days", ""])
    night: Any = SimpleNamespace(
        business_date=AHEAD.first_day - (notice + days_beyond_notice) * ONE_DAY,
        profile=SimpleNamespace(name="contract"),
    )
    assert gap_ahead(night, CHINA) == (AHEAD if is_told else None)


def test_given_the_night_before_it_then_its_own_morning_is_that_day() -> None:
    assert AHEAD is not None
    night: Any = SimpleNamespace(business_date=AHEAD.first_day - ONE_DAY, profile=SimpleNamespace(name="contract"))
    assert gap_ahead(night, CHINA) == AHEAD
