"""Sculpted (按现金流还款): debt service in proportion to the cash flow available for it, so that DSCR is level."""

from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.solving import Service
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms


class Sculpted(Shape):
    """`cfads` is one amount for each due date that pays principal: service = CFADS over the one DSCR that repays.

    Where the service would not cover the interest, interest alone is paid and the rest is sculpted anew.
    """

    takes = frozenset({"cfads"})
    needs = takes
    spreads_odd_days = True

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._cfads = terms.amounts("cfads") or ()
        self._service = Service(lambda dues: self._cfads[len(self._cfads) - len(dues) :])
        self._unit: Decimal | None = None
        if any(one < 0 for one in self._cfads) or not any(self._cfads):
            raise UsageError("--cfads has a negative amount, or none above 0", "Sculpting needs cash flows from 0.")

    @property
    def principal_dues(self) -> int | None:
        """As many as there are cash flows."""
        return len(self._cfads)

    def principal(self, at: Standing) -> Decimal:
        """What the service leaves after the interest. Raises UsageError when cash flows and due dates do not fit."""
        if at.left != len(self._cfads) - at.number:
            raise UsageError(
                f"--cfads has {len(self._cfads)} amounts for {at.number + (at.left or 0)} due dates",
                "Give one amount for each due date that pays principal.",
            )
        if self._unit is None or at.is_changed:
            self._unit = self._service.unit(at)
        interest, service = cents(at.planned), cents(self._unit * self._cfads[at.number])
        if service < interest:
            self._unit = None
            return ZERO
        return service - interest


SHAPE = Sculpted
