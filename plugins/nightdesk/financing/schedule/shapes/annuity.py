"""Annuity (等额本息): principal and interest together are the same on every due date."""

from decimal import Decimal
from typing import ClassVar

from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.shape import Shape, too_small
from nightdesk.financing.schedule.solving import Service
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms


class Annuity(Shape):
    """The instalment that repays exactly over the periods as they are, each with the interest of its own days.

    It is reckoned anew when money is drawn or the rate changes. With `payment` it is that amount throughout, and the
    last due date takes what is left.
    """

    takes: ClassVar[frozenset[str]] = frozenset({"payment"})
    spreads_odd_days = True

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._service = Service(lambda dues: [Decimal(1)] * len(dues))
        self._instalment: Decimal | None = None

    @property
    def ends_when_repaid(self) -> bool:
        """With a payment, which may repay before the end."""
        return self.terms.amount("payment") is not None

    def principal(self, at: Standing) -> Decimal:
        """What the instalment leaves after the interest."""
        interest, named = cents(at.planned), self.terms.amount("payment")
        if named is not None:
            if named < interest or (named == interest and at.left is None and at.balance):
                raise too_small(at, named, interest)
            return named - interest
        if self._instalment is None or at.is_changed:
            self._instalment = cents(self._service.unit(at, self.remainder(at)))
        if self._instalment < interest:
            self._instalment = None  # a long first period eats the instalment: the rest is reckoned anew
            return ZERO
        return self._instalment - interest

    def remainder(self, at: Standing) -> Decimal:
        """What stays owed after the last instalment."""
        del at
        return ZERO


SHAPE = Annuity
