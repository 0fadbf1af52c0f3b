"""What takes a bullet loan out at its end: a sale, a bond, a refinancing or equity that the need names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.table import Row

#: the shape that is repaid by it
SHAPE = "take_out"


@dataclass(frozen=True)
class TakeOut:
    """The money that is expected, what of it the downside case leaves (`sure`), and the day it comes."""

    kind: str
    amount: Decimal
    sure: Decimal
    on: date

    @classmethod
    def of(cls, term: Mapping[str, Any]) -> "TakeOut | None":
        """What a row of care_proposal.term names; None where its kind, amount or day is not known."""
        kind, amount, on = (term.get(f"take_out_{name}") for name in ("kind", "amt", "on"))
        if kind is None or not amount or on is None:
            return None
        return cls(kind, amount, cents(amount * (100 - term["downside_pct"]) / 100), on)


def problem_of(take_out: TakeOut | None, loan: Decimal, paid_out_on: date, ends_on: date) -> str | None:
    """Why nothing takes this loan out: take_out_none, _past, _short or _late; None where something does.

    What comes by the day of paying out is money that the client has, and repays nothing later.
    """
    if take_out is None:
        return "take_out_none"
    if take_out.on <= paid_out_on:
        return "take_out_past"
    if take_out.sure < loan:
        return "take_out_short"
    return "take_out_late" if take_out.on > ends_on else None


def left_to_cash(dues: Sequence[Row]) -> list[Row]:
    """The due dates with what cash flow has to pay of them: all but the principal of the last, which is taken out."""
    return [*dues[:-1], replace(dues[-1], principal=ZERO)]
