"""A night asked for before its cut-off waits when it is the next to come, and is refused when it is a later one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nightdesk.clock import now, wait_until
from nightdesk.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
D = date(2026, 3, 31)
CUT_OFF = datetime(2026, 4, 1, 6, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asked_at", "waits_for"),
    [
        (CUT_OFF - timedelta(hours=24), CUT_OFF),
        (CUT_OFF - timedelta(seconds=1), CUT_OFF),
        (CUT_OFF, None),
        (CUT_OFF + timedelta(days=400), None),
    ],
)
def test_the_next_night_waits_for_its_own_cut_off(asked_at: datetime, waits_for: datetime | None) -> None:
    assert wait_until(D, SHANGHAI, "06:00", asked_at) == waits_for


def test_a_later_night_is_refused_with_its_instant() -> None:
    with pytest.raises(Refused, match=r"2026-04-01 06:00 \(Asia/Shanghai\)"):
        wait_until(D, SHANGHAI, "06:00", CUT_OFF - timedelta(hours=24, seconds=1))
    with pytest.raises(Refused):
        wait_until(now().astimezone(SHANGHAI).date() + timedelta(days=2), SHANGHAI, "06:00")
