"""Debt service in given proportions that repays a loan exactly."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from nightdesk.financing.schedule.money import PRECISE, ZERO
from nightdesk.financing.schedule.standing import Standing


def service_unit(at: Standing, weights: Sequence[Decimal], remainder: Decimal = ZERO) -> Decimal:
    """The debt service of weight 1, not rounded: the service on this and each later due date is that times its weight.

    Each period bears the interest of its own days at the rate that holds now; after the last service exactly
    `remainder` is owed. Raises ZeroDivisionError where no due date has a weight.
    """
    with localcontext(PRECISE):
        discount, discounted = Decimal(1), weights[0]
        for (_, factor), weight in zip(at.ahead, weights[1:], strict=True):
            discount /= 1 + factor
            discounted += weight * discount
        return (at.balance + at.planned - remainder * discount) / discounted
