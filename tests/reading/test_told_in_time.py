"""Whether a night was told in time: at most so many days after its date, of rows that had been read by then."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from nightdesk.reading.reconstructed import Told

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime.date(2026, 3, 31)


def at(day: int, clock: str = "05:00") -> datetime.datetime:
    """An instant of April, bank time."""
    return datetime.datetime.combine(datetime.date(2026, 4, day), datetime.time.fromisoformat(clock), tzinfo=ZONE)


@pytest.mark.parametrize(
    ("first", "standing", "read", "is_live"),
    [
        (at(1), at(1), at(1), True),
        (at(3, "23:59"), at(3, "23:59"), at(1), True),
        (at(4, "00:00"), at(4, "00:00"), at(1), False),
        (at(1), at(20), at(1), True),  # a later revision of rows that were read in time
        (at(1), at(20), at(20), False),  # a later revision of rows read then
        (at(20), at(20), at(1), False),
        (at(1), at(20), at(3, "23:59"), True),
        (at(1), at(20), at(4, "00:00"), False),
        (at(1), at(2), at(20), True),  # what stands was told before: it rests on no row that was read since
    ],
)
def test_given_three_days_then_a_night_is_live_to_the_end_of_the_third(
    first: datetime.datetime, standing: datetime.datetime, read: datetime.datetime, is_live: bool
) -> None:
    assert Told(DAY, "a", first, standing, read).is_live(3, ZONE) is is_live
