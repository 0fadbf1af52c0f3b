"""Amounts: to the cent, half up."""

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: digits of what is not yet rounded to the cent: an exact half cent stays one
PRECISE = Context(prec=50)
#: above it no contract is meant
LARGEST = Decimal(10) ** 15


def cents(amount: Decimal) -> Decimal:
    """The amount to the cent, half up (a half of a negative amount goes away from zero as well)."""
    return amount.quantize(CENT, ROUND_HALF_UP, PRECISE)
