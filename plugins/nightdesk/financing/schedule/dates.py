"""The days of a contract: when something is due, and up to which day interest runs by then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.rolling import rolled
from nightdesk.financing.schedule.terms import Terms

_LONGEST = timedelta(days=36525)


@dataclass(frozen=True)
class Due:
    """A due date: as written, as rolled (`on`), and the day up to which its interest runs.

    `is_capitalised`: interest is added to the balance instead of being paid; `pays_principal`: an instalment of the
    principal is due as well.
    """

    written: date
    on: date
    accrues_to: date
    is_capitalised: bool
    pays_principal: bool


def due_dates(terms: Terms, principal_dues: int | None) -> list[Due]:
    """All due dates of a contract whose end is known: by maturity, by number, or by a number that pay principal."""
    if terms.maturity is None and terms.periods is None and principal_dues is None:
        raise UsageError(
            f"neither --maturity nor --periods is given for shape {terms.shape}", "Give one of them: when does it end?"
        )
    found: list[Due] = []
    paying = 0
    for due in endless_due_dates(terms):
        if terms.maturity is not None and due.written >= terms.maturity:
            break
        found.append(due)
        paying += due.pays_principal
        if terms.periods is not None and len(found) == terms.periods:
            break
        if terms.maturity is None and terms.periods is None and paying == principal_dues:
            break
    if terms.maturity is not None:
        found.append(_due(terms, terms.maturity))
    last = found[-1]
    if terms.capitalise_to is not None and last.is_capitalised:
        raise UsageError(
            f"--capitalise-to {terms.capitalise_to} reaches the last due date {last.on}",
            "End the capitalising before it: something has to be left to be paid.",
        )
    if not last.pays_principal:
        raise UsageError(
            f"--first-principal {terms.first_principal} lies after the last due date {last.on}",
            "Give a day on which an instalment is due.",
        )
    for day, _ in terms.draws:
        if day >= last.on:
            raise UsageError(
                f"--draw {day} is not before the last due date {last.on}", "Draw before it, or set a later end."
            )
    return list(with_capitalising_day(terms, found))


def endless_due_dates(terms: Terms) -> Iterator[Due]:
    """The due dates from the first one on. Raises UsageError when they go on for more than a hundred years."""
    for number in count():
        written = terms.every.after(terms.first_due, number)
        if written - terms.paid_out > _LONGEST:
            raise UsageError(
                f"the schedule is longer than a hundred years from {terms.paid_out}",
                "Check --maturity, --periods and --every, or give a larger --payment.",
            )
        due = _due(terms, written)
        if number == 0 and due.on <= terms.paid_out:
            raise UsageError(
                f"--first-due {written} rolls to {due.on}, which is not after --paid-out {terms.paid_out}",
                "Give a later first due date, or another --roll.",
            )
        yield due


def with_capitalising_day(terms: Terms, dues: Iterable[Due]) -> Iterator[Due]:
    """The same with the day on which capitalising ends, where nothing is due on it."""
    day = terms.capitalise_to
    for due in dues:
        if day is not None and day <= max(due.written, due.on):
            if not due.is_capitalised:
                yield Due(day, day, day, is_capitalised=True, pays_principal=False)
            day = None
        yield due


def _due(terms: Terms, written: date) -> Due:
    on = rolled(written, terms.roll, terms.works)
    is_capitalised = terms.capitalise_to is not None and min(written, on) <= terms.capitalise_to
    pays = not is_capitalised and terms.pays_principal(max(written, on))
    return Due(written, on, on if terms.is_adjusted else written, is_capitalised, pays)
