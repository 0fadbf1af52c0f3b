"""Odd days (零头天): what the first period has beside one whole step, and who pays their interest.

Between `paid_out` and the first due date lies one step, or more, or less. Of a longer period the odd days are those
before its last whole step; of a shorter one all are. A contract says what happens to their interest:

    first    it is paid with the first instalment, which is larger or smaller by it
    last     it is paid with the last instalment
    spread   it is paid in equal parts with every instalment
    upfront  it is paid on the day of paying out

An annuity keeps in all but `spread` the instalment of a first period of one whole step; with `spread`, and where the
contract says nothing, its instalment is level over the periods as they are. Every other shape pays its odd days with
the first instalment where nothing is said, and a flat rate spreads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.accrual import Accrual, Lot
from nightdesk.financing.schedule.dates import Due
from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.terms import Terms


@dataclass
class OddDays:
    """Odd days of one contract. `start` is where the last whole step before the first due date begins; None if there
    are no odd days, or if nothing is to be done about them. `whole` is their interest where it is paid apart from the
    period's own, `left` what of it is still to be paid."""

    start: date | None
    stub: str | None
    parts: int = 1
    whole: Decimal = ZERO
    left: Decimal = ZERO

    @classmethod
    def of(cls, terms: Terms, shape: Shape, dues: Sequence[Due] | None) -> "OddDays":
        """Raises UsageError where the contract leaves no room for what it says of them."""
        if terms.stub is None or terms.every.is_one_step(terms.paid_out, terms.first_due):
            return cls(None, None)
        if terms.capitalise_to is not None:
            raise UsageError(
                "--stub says how the first period's interest is paid, and --capitalise-to has it capitalised",
                "Leave one of them out.",
            )
        if terms.stub == "spread" and shape.spreads_odd_days:
            return cls(None, None)
        if terms.stub == "spread" and dues is None:
            raise UsageError("--stub spread needs to know among how many instalments", "Give --maturity or --periods.")
        start = terms.every.after(terms.first_due, -1)
        odd_end = start if start > terms.paid_out else terms.first_due
        if terms.stub == "upfront" and any(terms.paid_out < day < odd_end for day, _ in terms.draws):
            raise UsageError("--stub upfront would pay interest on what is drawn only later", "Choose another --stub.")
        return cls(start, terms.stub, parts=len(dues) if dues else 1)

    def planned(self, accrual: Accrual, lots: Sequence[Lot], to: date, terms: Terms) -> Decimal | None:
        """The first period's interest had it been one whole step; None where it is taken as it is."""
        if self.start is None:
            return None
        start = min(self.start, to)  # a due date that rolls back over a whole short step leaves odd days only
        whole_step = ((sum_, start if since == terms.paid_out else max(since, start)) for sum_, since in lots)
        return accrual.interest(whole_step, to)

    def set_apart(self, accrued: Decimal, planned: Decimal, terms: Terms, is_on_drawn: bool) -> Decimal:
        """Take the odd days' interest out of the first period's; gives what is taken, to the cent."""
        if self.start is not None and (self.stub != "first" or is_on_drawn):
            is_short = self.start < terms.paid_out
            self.whole = self.left = cents(accrued if is_short else accrued - planned)
        return self.whole

    def upfront(self) -> Decimal:
        """What of it is paid on the day of paying out."""
        return self._take(self.left) if self.stub == "upfront" else ZERO

    def share(self, number: int, is_end: bool) -> Decimal:
        """What of it is paid on a due date, the first of which is number 0."""
        if is_end or (self.stub == "first" and number == 0):
            return self._take(self.left)
        return self._take(min(cents(self.whole / self.parts), self.left)) if self.stub == "spread" else ZERO

    def _take(self, share: Decimal) -> Decimal:
        self.left -= share
        return share
