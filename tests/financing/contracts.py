"""Contracts of every kind, from whatever picks one thing of many: a seeded dice, or hypothesis."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from nightdesk.financing.schedule.cycle import Cycle
from nightdesk.financing.schedule.day_count import DAY_COUNTS
from nightdesk.financing.schedule.rolling import ROLLS
from nightdesk.financing.schedule.shapes import names
from nightdesk.financing.schedule.terms import STUBS, Terms

Pick = Callable[[Sequence[Any]], Any]
FIRST = date(2019, 1, 1)
EVERY = ("1M", "3M", "6M", "1Y", "2W", "45D", "1D")


def contract(pick: Pick) -> Terms:
    """A contract that can be held: due dates, draws, resets, grace and capitalising in an order that makes sense."""
    every = Cycle.read(pick(EVERY), pick((False, True)))
    paid_out = FIRST + timedelta(days=pick(range(1500)))
    first_due = pick(
        (every.after(paid_out, 1), every.after(paid_out, 1), paid_out + timedelta(days=pick(range(8, 400))))
    )
    if (first_due - paid_out).days < 8:  # a roll must not reach the day of paying out
        first_due = paid_out + timedelta(days=8)
    periods = pick(range(1, 41))
    last = every.after(first_due, periods - 1)
    days = (last - paid_out).days
    shape = pick(names())
    principal = Decimal(pick((1, 7, 99_999, 100_000, 12_345_678, 9_999_999_999))) / 100
    draws = {paid_out + timedelta(days=pick(range(max(1, days - 15)))): Decimal(pick(range(1, 10**7))) / 100}
    resets = {paid_out + timedelta(days=pick(range(days + 30))): Decimal(pick(range(2400))) / 100 for _ in "12"}
    grace = every.after(first_due, pick(range(periods)))
    capitalise_to = paid_out + timedelta(days=pick(range(1, max(2, (last - paid_out).days - 15))))
    is_capitalised = pick((False, False, True)) and periods > 3 and shape not in ("flat", "principal_rows", "sculpted")
    is_graced = pick((False, True)) and not (is_capitalised and grace <= capitalise_to)
    terms: dict[str, Any] = {
        "principal": principal,
        "rate_pct": Decimal(pick((0, 1, 345, 1000, 3600))) / 100,
        "paid_out": paid_out,
        "first_due": first_due,
        "shape": shape,
        "every": every,
        "day_count": DAY_COUNTS[pick(tuple(DAY_COUNTS))],
        "roll": pick(ROLLS),
        "is_adjusted": pick((True, False)),
        "stub": pick((None, *STUBS)) if not is_capitalised else None,
        "capitalise_to": capitalise_to if is_capitalised else None,
        "first_principal": grace if is_graced else None,
        "resets": tuple(resets.items()) if pick((False, True)) else (),
        "draws": tuple(draws.items()) if pick((False, True)) and days > 20 else (),
        "periods": periods,
    }
    if terms["draws"] and terms["stub"] == "upfront":
        terms["stub"] = None
    if pick((False, True)):
        terms |= {"maturity": last + timedelta(days=pick(range(1, 40))), "periods": None}
    return Terms(**_with_extras(terms, pick, periods, is_graced, grace, first_due))


def _with_extras(
    terms: dict[str, Any], pick: Pick, periods: int, is_graced: bool, grace: date, first_due: date
) -> dict[str, Any]:
    every, shape = terms["every"], terms["shape"]
    if shape == "balloon":
        terms["extras"] = {"balloon": terms["principal"] * pick(range(4)) / 10}
    elif shape == "seasonal":
        terms["extras"] = {"month_weights": tuple(Decimal(pick(range(1, 5))) for _ in range(12))}
    elif shape == "step_up":
        terms["extras"] = {"step_up_pct": Decimal(pick(range(30)))}
    elif shape == "level_principal" and pick((False, True)):
        terms["extras"] = {"payment": terms["principal"] / 3 + 1}
    elif shape in ("principal_rows", "sculpted"):
        before = sum(every.after(first_due, at) < grace for at in range(periods)) if is_graced else 0
        terms |= {"maturity": None, "periods": None}
        count = periods - before
        total = int((terms["principal"] + sum(amount for _, amount in terms["draws"])) * 100)
        if shape == "sculpted":
            terms["extras"] = {"cfads": tuple(Decimal(pick(range(1, 10**6))) for _ in range(count))}
            return terms
        # a row is never more than what was paid out: draws that come later are repaid with the last row
        rows = [int(terms["principal"] * 100) // count] * (count - 1)
        rows.append(total - sum(rows))
        terms["extras"] = {"principal_rows": tuple(Decimal(row) / 100 for row in rows)}
    return terms
