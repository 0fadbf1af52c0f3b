"""Bullet (到期一次还本): interest on every due date, all of the principal on the last."""

from decimal import Decimal

from nightdesk.financing.schedule.money import ZERO
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.standing import Standing


class Bullet(Shape):
    """Nothing before the end: the last due date takes all."""

    def principal(self, at: Standing) -> Decimal:
        """Nothing."""
        del at
        return ZERO


SHAPE = Bullet
