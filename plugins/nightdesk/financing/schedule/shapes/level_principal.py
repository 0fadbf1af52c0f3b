"""Level principal (等额本金): the same principal on every due date, and the interest on what is still owed."""

from decimal import Decimal

from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.standing import Standing


class LevelPrincipal(Shape):
    """Balance over due dates left, reckoned anew when money is drawn; or the principal that `payment` names."""

    takes = frozenset({"payment"})
    _share: Decimal | None = None

    @property
    def ends_when_repaid(self) -> bool:
        """With a payment, which may repay before the end."""
        return self.terms.amount("payment") is not None

    def principal(self, at: Standing) -> Decimal:
        """The share of one due date."""
        named = self.terms.amount("payment")
        if named is not None:
            return named
        if self._share is None or at.is_drawn:
            self._share = cents(at.balance / at.left) if at.left else ZERO
        return self._share


SHAPE = LevelPrincipal
