"""Debt service in given proportions that repays a loan exactly."""

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from nightdesk.financing.schedule.dates import Due
from nightdesk.financing.schedule.money import PRECISE, ZERO
from nightdesk.financing.schedule.standing import Standing


class Service:
    """The debt service of weight 1: that on each due date is it times the due date's weight.

    Each period bears the interest of its own days at the rate that holds now. One pass from the end backwards serves
    every later due date as long as the rate stays, however often the service is reckoned anew.
    """

    def __init__(self, weights: Callable[[Sequence[Due]], Sequence[Decimal]]) -> None:
        """`weights` gives those of the due dates still to come, in their order."""
        self._weights = weights
        self._rate_pct: Decimal | None = None
        #: with so many due dates left: what they discount a service of weight 1 to, and an amount at the very end
        self._worth: list[tuple[Decimal, Decimal]] = []

    def unit(self, at: Standing, remainder: Decimal = ZERO) -> Decimal:
        """Not rounded, for this and every later due date; after the last exactly `remainder` is owed. 0 where no due
        date has a weight."""
        if self._rate_pct != at.rate_pct:
            self._rate_pct, self._worth = at.rate_pct, self._from_the_end(at)
        service, end = self._worth[at.left or 0]
        with localcontext(PRECISE):
            return (at.balance + at.planned - remainder * end) / service if service else ZERO

    def _from_the_end(self, at: Standing) -> list[tuple[Decimal, Decimal]]:
        weights = self._weights([at.due, *(due for due, _ in at.ahead)])
        factors = [factor for _, factor in at.ahead]
        with localcontext(PRECISE):
            worth = [(ZERO, Decimal(1)), (weights[-1], Decimal(1))]
            for weight, factor in zip(reversed(weights[:-1]), reversed(factors), strict=True):
                service, end = worth[-1]
                worth.append((weight + service / (1 + factor), end / (1 + factor)))
        return worth
