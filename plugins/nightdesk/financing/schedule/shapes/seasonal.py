"""Seasonal (季节性还款): principal by the month's weight, where the money comes in; interest on every due date."""

from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms

_MONTHS = 12


class Seasonal(Shape):
    """`month_weights` are twelve weights from January on; a month of weight 0 pays interest only."""

    takes = frozenset({"month_weights"})
    needs = takes

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._weights = terms.amounts("month_weights") or ()
        self._unit: Decimal | None = None
        if len(self._weights) != _MONTHS or any(weight < 0 for weight in self._weights):
            raise UsageError("--month-weights is not twelve weights", "Give twelve numbers from 0, January first.")

    def principal(self, at: Standing) -> Decimal:
        """The share of the month, as written."""
        weight = self._weights[at.due.written.month - 1]
        if self._unit is None or at.is_drawn:
            total = weight + sum((self._weights[due.written.month - 1] for due, _ in at.ahead), ZERO)
            if not total:
                raise UsageError("--month-weights is 0 in every month of a due date", "Give one of them a weight.")
            self._unit = at.balance / total
        return cents(self._unit * weight)


SHAPE = Seasonal
