"""The table of a contract: what is drawn and due on each day, and what is owed after it.

Laws that every table keeps: days come in strict order; nothing is negative; what is repaid is what was drawn and the
interest that was capitalised, to the cent; the last row owes nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from nightdesk.financing.schedule.accrual import Accrual, Lot
from nightdesk.financing.schedule.dates import Due, due_dates, endless_due_dates, with_capitalising_day
from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.odd_days import OddDays
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.shapes import shape_of
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms

_ONE_NIGHT = timedelta(days=1)


@dataclass
class Row:
    """One day of the table. `interest` is due on that day, but for `capitalised` of it, which is added to `balance`:
    what is owed after all that the row says."""

    due_on: date
    drawn: Decimal = ZERO
    principal: Decimal = ZERO
    interest: Decimal = ZERO
    balance: Decimal = ZERO
    capitalised: Decimal = ZERO

    @property
    def service(self) -> Decimal:
        """What is to be paid on that day."""
        return self.principal + self.interest - self.capitalised


def schedule(terms: Terms) -> list[Row]:
    """The table of a contract, a row for the day of paying out, each draw and each due date.

    Raises UsageError for a contract that cannot keep the laws.
    """
    return _Loan(terms).rows()


class _Loan:
    """A contract as it is lived through, one due date after the other."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._shape: Shape = shape_of(terms)
        self._accrual = Accrual(terms)
        is_endless = self._shape.ends_when_repaid and terms.maturity is None and terms.periods is None
        self._dues: Sequence[Due] | None = None if is_endless else due_dates(terms, self._shape.principal_dues)
        self._left = list(accumulate(int(due.pays_principal) for due in reversed(self._dues or ())))[::-1]
        self._odd = OddDays.of(terms, self._shape, self._dues)
        self._pending = deque(terms.draws)
        self._lots: list[Lot] = [(terms.principal, terms.paid_out)]
        self._balance = self._drawn = terms.principal
        self._rate: Decimal | None = None
        self._is_drawn = self._is_reset = False
        self._number = 0
        self._rows: dict[date, Row] = {}
        self._row(terms.paid_out).drawn += terms.principal

    def rows(self) -> list[Row]:
        dues: Iterable[Due] = self._dues or with_capitalising_day(self._terms, endless_due_dates(self._terms))
        for index, due in enumerate(dues):
            self._draw(before=due.on)
            if self._pass(index, due):
                break
        found, balance = [self._rows[day] for day in sorted(self._rows)], ZERO
        for row in found:
            balance += row.drawn + row.capitalised - row.principal
            row.balance = balance
        return found

    def _row(self, day: date) -> Row:
        return self._rows.setdefault(day, Row(day))

    def _draw(self, before: date) -> None:
        while self._pending and self._pending[0][0] < before:
            day, amount = self._pending.popleft()
            self._row(day).drawn += amount
            self._lots.append((amount, day))
            self._balance += amount
            self._drawn += amount
            self._is_drawn = True

    def _pass(self, index: int, due: Due) -> bool:
        """Live through a due date; is the contract over with it?"""
        earning = [lot for lot in self._lots if lot[1] < due.accrues_to]
        later = [lot for lot in self._lots if lot[1] >= due.accrues_to]
        accrued = self._accrual.interest(earning, due.accrues_to)
        rate = self._accrual.rate_on(due.accrues_to - _ONE_NIGHT)
        self._is_reset |= rate != self._rate
        self._rate = rate
        row, before = self._row(due.on), self._balance
        is_end = False
        if due.is_capitalised:
            capitalised = cents(accrued)
            row.interest += capitalised
            row.capitalised += capitalised
            self._balance += capitalised
        else:
            is_end = self._pay(index, due, earning, accrued, row)
        earned = ZERO if self._shape.is_on_drawn else self._balance - before
        settled = sum((amount for amount, _ in earning), earned)
        self._lots = [(settled, due.accrues_to), *later]
        return is_end

    def _pay(self, index: int, due: Due, earning: Sequence[Lot], accrued: Decimal, row: Row) -> bool:
        planned = None
        if index == 0:
            planned = self._odd.planned(self._accrual, earning, due.accrues_to, self._terms)
            accrued -= self._odd.set_apart(accrued, planned or ZERO, self._terms, self._shape.is_on_drawn)
            self._row(self._terms.paid_out).interest += self._odd.upfront()
        at = Standing(
            due=due,
            balance=self._balance,
            drawn=self._drawn,
            accrued=accrued,
            planned=accrued if planned is None else planned,
            is_drawn=self._is_drawn,
            is_reset=self._is_reset,
            rate_pct=self._rate or ZERO,
            number=self._number,
            left=self._left[index] if self._left else None,
            later=self._later(index),
        )
        interest, principal = self._shape.interest(at), ZERO
        if due.pays_principal:
            principal = min(self._shape.principal(at), self._balance)
            self._number += 1
        is_last = self._dues is not None and index == len(self._dues) - 1
        if is_last:
            principal = self._balance
        self._balance -= principal
        self._is_drawn = self._is_reset = False
        is_end = is_last or (self._shape.ends_when_repaid and not self._balance and not self._pending)
        row.principal += principal
        row.interest += interest + self._odd.share(index, is_end)
        return is_end

    def _later(self, index: int) -> Callable[[], list[tuple[Due, Decimal]]]:
        """Every later due date with what one unit of money earns in its period at the rate that holds now."""

        def later() -> list[tuple[Due, Decimal]]:
            dues, rate = self._dues or (), self._rate or ZERO
            pairs = zip(dues[index:], dues[index + 1 :], strict=False)
            return [(due, self._accrual.factor(past.accrues_to, due.accrues_to, rate)) for past, due in pairs]

        return later
