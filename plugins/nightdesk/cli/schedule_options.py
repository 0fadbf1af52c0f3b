"""How the options of `nightdesk schedule` are written: amounts, rows of them, dated values, names of conventions."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

from nightdesk.cli.options import day
from nightdesk.errors import UsageError

if TYPE_CHECKING:
    from nightdesk.business_day import Calendar
    from nightdesk.financing.schedule.day_count import DayCount

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_CALENDARS = ("weekdays", "china")
#: options that may be repeated, and may as well be followed by all of their values
_REPEATED = ("--reset", "--draw")
#: the years of which the china calendar can at least guess the statutory holidays
_GUESSED_YEARS = range(1950, 2101)


class ScheduleCommand(TyperCommand):
    """Takes `--reset D=R D=R` for `--reset D=R --reset D=R`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments with the option before each of its values."""
        return super().parse_args(ctx, list(_each_with_its_option(args)))


def _each_with_its_option(args: Iterable[str]) -> Iterator[str]:
    option, has_value = None, False
    for word in args:
        if word.startswith("--"):
            option, has_value = (word if word in _REPEATED else None), False
        elif option and has_value:
            yield option
        else:
            has_value = True
        yield word


def number(text: str | None, option: str) -> Decimal | None:
    """A number as it is written, None where the option is not given. Raises UsageError."""
    return None if text is None else needed(text, option)


def needed(text: str, option: str) -> Decimal:
    """A number that has to be there."""
    if not _NUMBER.fullmatch(text.strip()):
        raise UsageError(f"{option} {text!r} is not a number", "Write digits and a point, e.g. 1250000.00.")
    return Decimal(text.strip())


def numbers(text: str | None, option: str) -> tuple[Decimal, ...] | None:
    """Numbers between commas."""
    return None if text is None else tuple(needed(one, option) for one in text.split(","))


def amount(text: str | None, option: str) -> Decimal | None:
    """An amount as it is written, None where the option is not given. Raises UsageError."""
    return None if text is None else needed_amount(text, option)


def needed_amount(text: str, option: str) -> Decimal:
    """An amount that changes hands, and has to be there: of one finer than a cent nobody knows which cent is meant."""
    return _to_the_cent(needed(text, option), option)


def amounts(text: str | None, option: str) -> tuple[Decimal, ...] | None:
    """Amounts between commas."""
    return None if text is None else tuple(needed_amount(one, option) for one in text.split(","))


def dated_amounts(given: Iterable[str] | None, option: str) -> tuple[tuple[date, Decimal], ...]:
    """Every DATE=AMOUNT of an option that may be repeated."""
    return tuple((when, _to_the_cent(value, option)) for when, value in dated(given, option))


def is_finer_than_a_cent(value: Decimal | None) -> bool:
    """Has it more than two decimals, as a reckoned instalment may have?"""
    return value is not None and value != round(value, 2)


def _to_the_cent(value: Decimal, option: str) -> Decimal:
    if is_finer_than_a_cent(value):
        raise UsageError(f"{option} {value} has more than two decimals", "Write the amount to the cent, e.g. 100.00.")
    return value


def dated(given: Iterable[str] | None, option: str) -> tuple[tuple[date, Decimal], ...]:
    """Every DATE=VALUE of an option that may be repeated."""
    pairs = [(text, text.partition("=")) for text in given or ()]
    for text, (_, sign, _) in pairs:
        if not sign:
            raise UsageError(f"{option} {text!r} is no dated value", "Write it as DATE=VALUE, e.g. 2027-01-01=3.2.")
    return tuple((day(first.strip(), option), needed(value, option)) for _, (first, _, value) in pairs)


def day_count(name: str) -> "DayCount":
    """A day count by its name."""
    from nightdesk.financing.schedule.day_count import DAY_COUNTS

    if name.upper() not in DAY_COUNTS:
        raise UsageError(f"--day-count {name!r} is unknown", f"Choose one of: {', '.join(DAY_COUNTS)}.")
    return DAY_COUNTS[name.upper()]


def is_adjusted(accrual: str) -> bool:
    """Does interest run to the rolled due date?"""
    if accrual not in ("adjusted", "unadjusted"):
        raise UsageError(f"--accrual {accrual!r} is unknown", "Choose one of: adjusted, unadjusted.")
    return accrual == "adjusted"


class Days:
    """Working days of a calendar. `provisional_from`: the first day of those asked for that it only guessed."""

    def __init__(self, kind: str) -> None:
        """Raises UsageError for a calendar that does not exist."""
        if kind not in _CALENDARS:
            raise UsageError(f"--calendar {kind!r} is unknown", f"Choose one of: {', '.join(_CALENDARS)}.")
        self._kind = kind
        self.provisional_from: date | None = None

    def works(self, asked: date) -> bool:
        """Do banks work on that day? Raises UsageError for a year of which the calendar knows nothing."""
        if self._kind == "china":
            if asked.year not in _GUESSED_YEARS:
                raise UsageError(
                    f"the china calendar knows nothing of the year {asked.year}", "Use --calendar weekdays."
                )
            if self._calendar.is_provisional(asked):  # Monday to Friday, where asked for, is no guess
                self.provisional_from = min(asked, self.provisional_from or asked)
        return self._calendar.is_workday(asked)

    @cached_property
    def _calendar(self) -> "Calendar":
        from nightdesk.business_day import Calendar  # loads slowly, and where nothing rolls it is not needed

        return Calendar(self._kind)
