"""The debt that cash flow carries: what repays it with debt service covered so many times on every due date.

Capacity is of new debt: what the debt that is there takes of the cash flow is taken off first. Of a project that is
being built, flows and rates are those of operation: interest until then is paid from its budget, so that on completion
what was lent is owed.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

from nightdesk.financing.proposal.cash import Flow
from nightdesk.financing.schedule.day_count import DAY_COUNTS
from nightdesk.financing.schedule.measures import debt_capacity, life_cover, present_value
from nightdesk.financing.schedule.money import PRECISE, ZERO, cents


def period_rates(days: Sequence[date], rate_pct: Decimal, day_count: str) -> list[Decimal]:
    """What one unit of money earns between each of these days and the next."""
    basis = DAY_COUNTS[day_count]
    with localcontext(PRECISE):
        return [basis.units(begin, end) * rate_pct / 100 / basis.per_year for begin, end in pairwise(days)]


def sculpted_capacity(flows: Sequence[Flow], rates: Sequence[Decimal], cover: Decimal) -> Decimal:
    """Debt whose service follows the cash flow: what cash flow over cover leaves after other debt is worth today."""
    return debt_capacity([flow.cfads - cover * flow.service for flow in flows], rates, cover)


def level_capacity(flows: Sequence[Flow], rates: Sequence[Decimal], cover: Decimal) -> Decimal:
    """Debt whose service is level: what the weakest period leaves is all that any period can pay."""
    with localcontext(PRECISE):
        weakest = min((flow.cfads / cover - flow.service for flow in flows), default=ZERO)
        return cents(present_value([max(weakest, ZERO)] * len(flows), rates))


def life_capacity(flows: Sequence[Flow], rates: Sequence[Decimal], cover: Decimal) -> Decimal:
    """Debt that what cash flow leaves over the loan's life is worth so many times."""
    with localcontext(PRECISE):
        return cents(present_value([flow.cfads - flow.service for flow in flows], rates) / cover)


def loan_life_cover(flows: Sequence[Flow], rates: Sequence[Decimal], debt: Decimal) -> Decimal | None:
    """LLCR: the present value of what cash flow leaves after the debt that is there, over the new debt."""
    return life_cover([flow.cfads - flow.service for flow in flows], rates, debt)
