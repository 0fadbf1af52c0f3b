"""What a repayment table means for who pays it: cover of debt service by cash flow, cost, and how long money is owed.

Ratios are given to four decimals, half up. What nothing can be said of is None, never 0.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.day_count import DAY_COUNTS, DayCount
from nightdesk.financing.schedule.money import PRECISE, ZERO, cents
from nightdesk.financing.schedule.table import Row

_RATIO = Decimal("0.0001")


def total_interest(rows: Iterable[Row]) -> Decimal:
    """All interest, what was capitalised included."""
    return sum((row.interest for row in rows), ZERO)


def peak_service(rows: Iterable[Row]) -> Decimal:
    """The most that is to be paid on one day."""
    return max((row.service for row in rows), default=ZERO)


def average_life_years(rows: Sequence[Row], day_count: DayCount = DAY_COUNTS["A/365"]) -> Decimal | None:
    """For how many years, counted from paying out, one unit of the principal is owed on average."""
    start, repaid = rows[0].due_on, sum((row.principal for row in rows), ZERO)
    if not repaid:
        return None
    with localcontext(PRECISE):
        weighted = sum((row.principal * day_count.units(start, row.due_on) for row in rows), ZERO)
        return _ratio(weighted, repaid * day_count.per_year)


def dscr(cfads: Sequence[Decimal], services: Sequence[Decimal]) -> list[Decimal | None]:
    """Debt service cover of each period; None where none is due. A negative cash flow covers negatively."""
    return [_ratio(cash, service) for cash, service in zip(cfads, services, strict=True)]


def lowest(covers: Iterable[Decimal | None]) -> Decimal | None:
    """The least of those that are known."""
    return min((cover for cover in covers if cover is not None), default=None)


def average(covers: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of those that are known."""
    known = [cover for cover in covers if cover is not None]
    return _ratio(sum(known, ZERO), Decimal(len(known))) if known else None


def present_value(flows: Sequence[Decimal], rates: Sequence[Decimal]) -> Decimal:
    """What flows at the ends of periods are worth at the beginning of the first, not rounded.

    `rates` is what one unit of money earns in each period, e.g. Decimal("0.05").
    """
    with localcontext(PRECISE):
        discount, worth = Decimal(1), ZERO
        for flow, rate in zip(flows, rates, strict=True):
            discount /= 1 + rate
            worth += flow * discount
        return worth


def life_cover(cfads: Sequence[Decimal], rates: Sequence[Decimal], debt: Decimal) -> Decimal | None:
    """Cash flow still to come over debt: LLCR with flows up to the loan's end, PLCR up to the project's; None without
    debt."""
    return _ratio(present_value(cfads, rates), debt)


def debt_capacity(cfads: Sequence[Decimal], rates: Sequence[Decimal], target_dscr: Decimal) -> Decimal:
    """The debt that these cash flows repay at this cover of every period, to the cent: what sculpting can carry.

    A negative cash flow carries nothing. Raises UsageError for a cover that is not above zero.
    """
    if target_dscr <= 0:
        raise UsageError(f"a debt service cover of {target_dscr} carries no debt", "Give one above 0.")
    with localcontext(PRECISE):
        return cents(present_value([max(flow, ZERO) for flow in cfads], rates) / target_dscr)


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    if not whole:
        return None
    with localcontext(PRECISE):
        return (part / whole).quantize(_RATIO, ROUND_HALF_UP)
