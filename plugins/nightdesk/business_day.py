"""Working days of the bank, and the business date, cut-off and morning of a night."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

from nightdesk.errors import PolicyError, UsageError

ONE_DAY = timedelta(days=1)

#: no bank closes longer: a search that goes on beyond it has met a calendar with no working days
_LONGEST_CLOSURE = 366

KINDS = ("china", "weekdays")
#: what a bank's own calendar has as the source of a day that it only guesses
_PROVISIONAL = "provisional"


def business_date_for(run_instant: datetime, timezone: str | ZoneInfo, cut_off: str = "05:00") -> date:
    """The business date that a run at `run_instant` is about: the latest whose cut-off has come.

    A run at 05:00 bank time of D+1 or later that day is about D; one before is about D-1. Only the instant
    counts: in Airflow 3 a cron run has an interval of no width, its UTC day is not the bank's, and
    logical_date may be absent.
    Raises UsageError for an instant without a zone.
    """
    if run_instant.tzinfo is None:
        raise UsageError(f"the instant {run_instant.isoformat()} has no time zone", "Give it one, e.g. +08:00.")
    yesterday = run_instant.astimezone(_zone(timezone)).date() - ONE_DAY
    return yesterday if run_instant >= cutoff_of(yesterday, timezone, cut_off) else yesterday - ONE_DAY


def cutoff_of(business_date: date, timezone: str | ZoneInfo, cut_off: str = "05:00") -> datetime:
    """The instant (aware, bank time) at which the night of `business_date` closes: `cut_off` on D+1."""
    return datetime.combine(morning_of(business_date), time.fromisoformat(cut_off), tzinfo=_zone(timezone))


def morning_of(business_date: date) -> date:
    """The day on whose morning the lists of `business_date` lie on the desks."""
    return business_date + ONE_DAY


@dataclass(frozen=True)
class CalendarGap:
    """The first day of which a calendar of this kind only guesses whether the bank works."""

    kind: str
    first_day: date


class Calendar:
    """Which days the bank works.

    The bank's own days (`overrides`: day -> (works, where it is from)) come first; they are provisional where the
    bank itself says so, by `provisional` as the source. Then, for kind `china`,
    the State Council's calendar with its working weekends, for the years that chinesecalendar knows; beyond
    them Monday to Friday without the statutory holidays that are known ahead, provisional. Kind `weekdays` is
    Monday to Friday, provisional always.
    """

    def __init__(self, kind: str, overrides: Mapping[date, tuple[bool, str]] | None = None) -> None:
        """Raises PolicyError for another kind."""
        if kind not in KINDS:
            raise PolicyError(f"there is no calendar {kind!r}", f"Choose one of: {', '.join(KINDS)}.")
        self.kind = kind
        self._overrides = dict(overrides or {})

    @classmethod
    def of_bank(cls, kind: str, rows: Iterable[Mapping[str, Any]]) -> "Calendar":
        """The calendar with the bank's own days: rows of the contract's table calendar_day that the checks passed."""
        return cls(kind, {row["day"]: (bool(row["is_workday"]), str(row["source"] or "bank")) for row in rows})

    def is_workday(self, day: date) -> bool:
        """Does the bank work on `day`?"""
        return self._look_up(day)[0]

    def is_provisional(self, day: date) -> bool:
        """Is that only a guess, which a calendar published later may change?"""
        return self._look_up(day)[1]

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        for count in range(1, _LONGEST_CLOSURE + 1):
            if self.is_workday(day + count * ONE_DAY):
                return day + count * ONE_DAY
        raise PolicyError(
            f"the calendar has no working day within a year of {day}", "Mend the bank's table calendar_day."
        )

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`; negative when `last` is earlier."""
        if last < first:
            return -self.workdays_between(last, first)
        return sum(self.is_workday(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))

    def table(self, first: date, last: date) -> dict[str, list[Any]]:
        """The columns of a table with a row for each day of `first`..`last`: day (date), is_workday, is_provisional,
        workday_index.

        `workday_index` is the number of working days from `first` to the day, both included, so that the
        working days between two days are the difference of their indexes.
        """
        days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
        found = [self._look_up(day) for day in days]
        works = [works for works, _ in found]
        return {
            "day": days,
            "is_workday": works,
            "is_provisional": [guess for _, guess in found],
            "workday_index": list(accumulate(map(int, works))),
        }

    def first_provisional(self, first: date, last: date) -> date | None:
        """The first day of `first`..`last`, both included, that no calendar covers; None if all are known."""
        days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        return next((day for day in days if self.is_provisional(day)), None)

    def gap(self, first: date, last: date) -> CalendarGap | None:
        """The same with the kind of calendar: what is to be done about it depends on that."""
        day = self.first_provisional(first, last)
        return CalendarGap(self.kind, day) if day else None

    @property
    def version(self) -> str:
        """What the working days were taken from: an equal version gives equal days."""
        parts = [self.kind]
        if self.kind == "china":
            parts += [f"{name} {version(name)}" for name in ("chinesecalendar", "holidays")]
        if self._overrides:
            listed = ";".join(f"{day}={works:d}" for day, (works, _) in sorted(self._overrides.items()))
            parts.append(f"bank {hashlib.sha256(listed.encode()).hexdigest()[:12]}")
        return " / ".join(parts)

    def _look_up(self, day: date) -> tuple[bool, bool]:
        """(works, provisional) of one day."""
        if day in self._overrides:
            works, source = self._overrides[day]
            return works, source.strip().lower() == _PROVISIONAL
        is_weekday = day.weekday() < 5
        if self.kind == "weekdays":
            return is_weekday, True
        said = _state_council(day)
        return (is_weekday and day not in _statutory(day.year), True) if said is None else (said, False)


@cache
def _state_council(day: date) -> bool | None:
    """What the State Council says of a day; None where it has not spoken: it names a year's days in the November
    before. A night asks of the same thousand days again and again."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


@cache
def _statutory(year: int) -> frozenset[date]:
    """The statutory holidays of a year: those that law and moon fix before the State Council speaks."""
    import holidays  # loads slowly, and few commands ask of a year that nobody has spoken of

    return frozenset(holidays.country_holidays("CN", years=year))


def week_begins(calendar: Calendar, morning: date) -> bool:
    """Whether a morning is the first of its week on which the bank works."""
    monday = morning - timedelta(days=morning.weekday())
    return _is_nth_workday(calendar, monday, morning, 1)


def quarter_day(calendar: Calendar, morning: date, number: int) -> bool:
    """Whether a morning is the `number`th of its quarter on which the bank works."""
    first = date(morning.year, (morning.month - 1) // 3 * 3 + 1, 1)
    return _is_nth_workday(calendar, first, morning, number)


def _is_nth_workday(calendar: Calendar, first: date, morning: date, number: int) -> bool:
    before = sum(calendar.is_workday(first + timedelta(days=ahead)) for ahead in range((morning - first).days))
    return calendar.is_workday(morning) and before == number - 1


def _zone(timezone: str | ZoneInfo) -> ZoneInfo:
    return timezone if isinstance(timezone, ZoneInfo) else ZoneInfo(timezone)
