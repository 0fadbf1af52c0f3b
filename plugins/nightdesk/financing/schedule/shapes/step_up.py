"""Step-up (阶梯递增): an annuity whose instalment grows by a percentage each year."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.dates import Due
from nightdesk.financing.schedule.money import PRECISE, ZERO, cents
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.solving import Service
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms

_MONTHS = 12


class StepUp(Shape):
    """Every twelve months from the first due date that pays principal the instalment is `step_up_pct` larger.

    Where an instalment would not cover the interest, interest alone is paid and the rest is reckoned anew.
    """

    takes = frozenset({"step_up_pct"})
    needs = takes
    spreads_odd_days = True

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._step_pct = terms.amount("step_up_pct") or ZERO
        self._service = Service(self._weights)
        self._first: date | None = None
        self._unit: Decimal | None = None
        if not 0 <= self._step_pct <= 100:
            raise UsageError(f"--step-up-pct {self._step_pct} is not between 0 and 100", "Give percent a year.")

    def principal(self, at: Standing) -> Decimal:
        """What the year's instalment leaves after the interest."""
        self._first = self._first or at.due.written
        if self._unit is None or at.is_changed:
            self._unit = self._service.unit(at)
        interest, service = cents(at.planned), cents(self._unit * self._weight(at.due.written))
        if service < interest:
            self._unit = None
            return ZERO
        return service - interest

    def _weights(self, dues: Sequence[Due]) -> list[Decimal]:
        return [self._weight(due.written) for due in dues]

    def _weight(self, day: date) -> Decimal:
        first = self._first or day
        months = (day.year - first.year) * _MONTHS + day.month - first.month
        with localcontext(PRECISE):
            return (1 + self._step_pct / 100) ** (months // _MONTHS)


SHAPE = StepUp
