"""Flat rate (等本等息): interest on all that was drawn to the end, and the same instalment on every due date."""

from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.shape import Shape, too_small
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms


class Flat(Shape):
    """Principal over due dates; the interest of the whole life at the flat rate, over due dates as well.

    Principal is reckoned anew when money is drawn, interest also when the rate changes; the last due date takes the
    residue of both. What was charged is never given back: a rate that leaves less than it to the end is refused.
    With `payment` the instalment is that amount: interest as before, and the rest of it principal, also where rounding
    up has used the interest up before the last due date.
    """

    takes = frozenset({"payment"})
    is_on_drawn = True

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        if terms.capitalise_to is not None:
            raise UsageError("a flat rate runs on what was drawn: nothing is capitalised", "Leave out --capitalise-to.")
        self._earned = self._charged = self._to_come = self._due = ZERO
        self._interest: Decimal | None = None
        self._principal: Decimal | None = None

    def interest(self, at: Standing) -> Decimal:
        """An equal part of what is earned to the end, and no more than is left of it."""
        self._earned += at.accrued
        if self._interest is None or at.is_changed:
            to_end = self._earned + sum((at.drawn * factor for _, factor in at.ahead), ZERO)
            self._to_come = cents(to_end) - self._charged
            if self._to_come < ZERO:
                raise UsageError(
                    f"before {at.due.on} a flat rate has charged {self._charged} of interest, and to the end "
                    f"only {cents(to_end)} is earned at the rate of {at.rate_pct:f}",
                    "Nothing is given back: give a higher --reset, or another --shape.",
                )
            self._interest = cents(self._to_come / (len(at.ahead) + 1))
        self._due = min(self._interest, self._to_come) if at.ahead else self._to_come
        self._charged += self._due
        self._to_come -= self._due
        return self._due

    def principal(self, at: Standing) -> Decimal:
        """An equal part of what is owed, or what `payment` leaves."""
        payment = self.terms.amount("payment")
        if payment is not None:
            # the last due date pays what is left, residue of interest and all: it is not held to the payment
            interest = min(self._due, self._interest or ZERO)
            if payment < interest:
                raise too_small(at, payment, interest)
            return payment - interest
        if self._principal is None or at.is_drawn:
            self._principal = cents(at.balance / (at.left or 1))
        return self._principal


SHAPE = Flat
