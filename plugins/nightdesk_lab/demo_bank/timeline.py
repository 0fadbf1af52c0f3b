"""The bank's days: months, workdays, the Spring Festival and the working pace of each day."""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.frames import DAY, Bools, Floats, Ints, frame

EPOCH = date(1970, 1, 1)
#: how far the calendar reaches on either side of the bank's own days
_BEFORE, _AFTER = 40, 460

_SPRING_FESTIVALS = (
    date(2018, 2, 16),
    date(2019, 2, 5),
    date(2020, 1, 25),
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
)


def epoch_day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def from_epoch(day: int) -> date:
    """The date of an epoch day."""
    return EPOCH + timedelta(days=int(day))


def _known_workday(day: date) -> tuple[bool, str]:
    try:
        return bool(chinese_calendar.is_workday(day)), "chinesecalendar"
    except NotImplementedError:
        return day.weekday() < 5, "provisional"


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Timeline:
    """Days as epoch days; months counted from 0 at the month of `first`.

    `month_starts` has one entry more than there are months (the day after the last month's end, which may lie
    after `last`). `workday` and `rolled` cover calendar_first .. calendar_first + len - 1.
    """

    first: int
    last: int
    month_starts: Ints
    calendar_first: int
    workday: Bools
    source: tuple[str, ...]
    rolled: Ints
    pace: Floats

    @property
    def days(self) -> int:
        """Number of the bank's days."""
        return self.last - self.first + 1

    @property
    def months(self) -> int:
        """Number of months, the last one perhaps unfinished."""
        return len(self.month_starts) - 1

    @property
    def _first_month(self) -> int:
        return int(np.datetime64(int(self.month_starts[0]), "D").astype("datetime64[M]").astype(np.int64))

    def month_of(self, day: Ints) -> Ints:
        """Month number of epoch days; negative before the bank's first month."""
        return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - self._first_month

    def month_start(self, month: Ints) -> Ints:
        """First epoch day of months, also of those before and after the bank's own."""
        return (month + self._first_month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)

    @property
    def calendar_month(self) -> Ints:
        """1-12 for each of the bank's months."""
        return np.asarray((np.arange(self.months) + self._first_month) % 12 + 1, dtype=np.int64)

    def is_workday(self, day: Ints) -> Bools:
        """Whether the bank works on these days."""
        return self.workday[np.clip(day - self.calendar_first, 0, len(self.workday) - 1)]

    def roll(self, day: Ints) -> Ints:
        """The day itself or the next workday; days outside the calendar stay."""
        at = day - self.calendar_first
        inside = (at >= 0) & (at < len(self.rolled))
        return np.where(inside, self.rolled[np.clip(at, 0, len(self.rolled) - 1)], day)

    def workday_of_month(self, month: Ints, draw: Floats) -> Ints:
        """A workday of each row's month, chosen by a number from 0 to 1."""
        spans = zip(self.month_starts[:-1], self.month_starts[1:], strict=True)
        table = [days[self.is_workday(days)] for days in (np.arange(start, end) for start, end in spans)]
        counts = np.array([len(days) for days in table])
        first = np.r_[0, np.cumsum(counts)[:-1]]
        at = first[month] + np.floor(draw * counts[month]).astype(np.int64)
        return np.asarray(np.concatenate(table)[at], dtype=np.int64)

    def month_pace(self) -> Floats:
        """Mean working pace of each month: below 1 around the Spring Festival, above it just before."""
        sums = np.add.reduceat(self.pace, self.month_starts[:-1] - self.month_starts[0])
        return np.asarray(sums / np.diff(self.month_starts), dtype=np.float64)

    def calendar_frame(self) -> pa.Table:
        """The `calendar_day` table."""
        days = np.arange(self.calendar_first, self.calendar_first + len(self.workday), dtype=np.int64)
        known = np.full(len(days), (self.first - 30) * DAY, dtype=np.int64)
        return frame("calendar_day", {"day": days, "is_workday": self.workday, "source": list(self.source)}, known)


def _festival_pace(day: date) -> float:
    distance = min(((day - festival).days for festival in _SPRING_FESTIVALS), key=abs)
    if -25 <= distance <= -6:
        return 1.2
    if -5 <= distance <= 10:
        return 0.35
    return 1.0


def make_timeline(until: date, months: int) -> Timeline:
    """The days from the first of the month `months` full months before the morning after `until`, to `until`."""
    start = _add_months(until + timedelta(days=1), -months)
    starts = [start]
    while starts[-1] <= until:
        starts.append(_add_months(starts[-1], 1))
    calendar_first = epoch_day(start) - _BEFORE
    reach = epoch_day(until) + _AFTER - calendar_first
    known = [_known_workday(from_epoch(calendar_first + step)) for step in range(reach)]
    workday = np.array([is_workday for is_workday, _ in known])
    rolled = np.arange(calendar_first, calendar_first + reach, dtype=np.int64)
    for at in range(reach - 2, -1, -1):
        if not workday[at]:
            rolled[at] = rolled[at + 1]
    month_starts = np.array([epoch_day(day) for day in starts], dtype=np.int64)
    pace = [_festival_pace(from_epoch(day)) for day in range(month_starts[0], month_starts[-1])]
    return Timeline(
        first=epoch_day(start),
        last=epoch_day(until),
        month_starts=month_starts,
        calendar_first=calendar_first,
        workday=workday,
        source=tuple(source for _, source in known),
        rolled=rolled,
        pace=np.array(pace),
    )
