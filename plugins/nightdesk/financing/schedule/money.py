"""Amounts: to the cent, half up."""

from decimal import ROUND_HALF_UP, Context, Decimal

from nightdesk.errors import UsageError

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: digits of what is not yet rounded to the cent: an exact half cent stays one
PRECISE = Context(prec=50)
#: above it no contract is meant
LARGEST = Decimal(10) ** 15
_BEYOND = Decimal(10) ** 30


def cents(amount: Decimal) -> Decimal:
    """The amount to the cent, half up (a half of a negative amount goes away from zero as well).

    Raises UsageError for more than money can be: interest upon interest at an absurd rate.
    """
    if abs(amount) > _BEYOND:
        raise UsageError("the amounts of this contract grow beyond all measure", "Check the rate and the dates.")
    return amount.quantize(CENT, ROUND_HALF_UP, PRECISE)
