"""The step from one due date to the next: days, weeks, months or years."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from nightdesk.errors import UsageError

_WRITTEN = re.compile(r"(\d{1,5})([DWMY])")
_LONGEST_MONTHS = 1200
_MONTHS, _DAYS = {"M": 1, "Y": 12}, {"D": 1, "W": 7}


@dataclass(frozen=True)
class Cycle:
    """A step of so many days, or of so many months."""

    months: int
    days: int
    #: a series that begins on the last day of a month stays on last days
    is_month_end: bool = False

    @classmethod
    def read(cls, text: str, is_month_end: bool = False) -> "Cycle":
        """A step as it is written, `1M`. Raises UsageError."""
        written = _WRITTEN.fullmatch(text.strip().upper())
        count, unit = (int(written[1]), written[2]) if written else (0, "D")
        step = cls(count * _MONTHS.get(unit, 0), count * _DAYS.get(unit, 0), is_month_end)
        if not 0 < step.months + step.days / 30 <= _LONGEST_MONTHS:
            raise UsageError(f"--every {text!r} is no step", "Write a number and D, W, M or Y, e.g. 1M, 3M or 2W.")
        return step

    def after(self, anchor: date, count: int) -> date:
        """The day `count` steps after the anchor (before it, where negative).

        Months are counted from the anchor, not from the step before: January 31 has February 28 and March 31.
        """
        if self.days:
            return anchor + timedelta(days=count * self.days)
        month = anchor.year * 12 + anchor.month - 1 + count * self.months
        year, month = month // 12, month % 12 + 1
        last = monthrange(year, month)[1]
        if self.is_month_end and is_last_of_month(anchor):
            return date(year, month, last)
        return date(year, month, min(anchor.day, last))

    def is_one_step(self, first: date, last: date) -> bool:
        """Does one step lead from the first day to the last, counted forwards or backwards?"""
        return self.after(first, 1) == last or self.after(last, -1) == first


def is_last_of_month(day: date) -> bool:
    """Is it the last day of its month?"""
    return day.day == monthrange(day.year, day.month)[1]
