"""Day counts: which part of a year lies between two days.

A year fraction is kept as a whole number of units over the convention's own denominator, so that fractions add up
exactly, and interest is divided and rounded once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DayCount:
    """One convention: `units` from a day up to another (negative backwards), `per_year` of which are a year."""

    name: str
    per_year: int
    units: Callable[[date, date], int]


def _days_30e(first: date, last: date) -> int:
    """Months of 30 days; the 31st counts as the 30th, and February's end is no end of a month (30E/360, ICMA)."""
    years, months = last.year - first.year, last.month - first.month
    return 360 * years + 30 * months + min(last.day, 30) - min(first.day, 30)


def _days(first: date, last: date) -> int:
    return (last - first).days


def _units_of_actual_years(first: date, last: date) -> int:
    """Days of leap years over 366, all others over 365, split at the turn of each year (Actual/Actual ISDA)."""
    if last < first:
        return -_units_of_actual_years(last, first)
    units = 0
    for year in range(first.year, last.year + 1):
        from_day, to_day = max(first, date(year, 1, 1)), min(last, date(year + 1, 1, 1))
        units += _days(from_day, to_day) * (365 if _is_leap(year) else 366)
    return units


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


DAY_COUNTS = {
    one.name: one
    for one in (
        DayCount("30E/360", 360, _days_30e),
        DayCount("A/360", 360, _days),
        DayCount("A/365", 365, _days),
        DayCount("A/A", 365 * 366, _units_of_actual_years),
    )
}
