"""A way of repaying a bundle's loan as terms of the one calculator (nightdesk.financing.schedule)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.proposal.cash import Flow
from nightdesk.financing.schedule.cycle import Cycle
from nightdesk.financing.schedule.day_count import DAY_COUNTS
from nightdesk.financing.schedule.money import ZERO, cents
from nightdesk.financing.schedule.terms import Extra, Terms

_MONTHS = 12
#: ways of repaying that the calculator knows by another name
_CALLED = {"grace": "level_principal", "take_out": "bullet"}


@dataclass(frozen=True)
class Loan:
    """What all ways of repaying share. `cod_on`: the project is completed then; until it has run for a whole period no
    principal is due, and interest is paid from its budget; `cover`: how often debt service is to be covered; `season`:
    inflow by calendar month, where twelve are known."""

    paid_out: date
    tenor_months: int
    every_months: int
    rate_pct: Decimal
    day_count: str
    grace_months: int
    cover: Decimal | None = None
    cod_on: date | None = None
    season: Mapping[int, Decimal] | None = None

    @property
    def days(self) -> list[date]:
        """The day of paying out, and each due date."""
        step = Cycle(self.every_months, 0)
        first = step.after(self.paid_out, 1)
        return [self.paid_out, *(step.after(first, number) for number in range(self.tenor_months // self.every_months))]

    @property
    def waiting(self) -> int:
        """The due dates before a whole period of operation lies behind: cash flow is asked for nothing on them."""
        return sum(begin < self.cod_on for begin in self.days[:-1]) if self.cod_on else 0


def agreed(
    loan: Loan, principal: Decimal, shape: str, share_pct: Decimal | None, flows: Sequence[Flow] | None
) -> Terms:
    """The terms of one shape. Raises UsageError where it lacks what it follows: cash flows, or a year of inflow."""
    days = loan.days
    first = _first_principal(loan, shape)
    return Terms(
        principal=principal,
        rate_pct=loan.rate_pct,
        paid_out=loan.paid_out,
        first_due=days[1],
        shape=_CALLED.get(shape, shape),
        periods=len(days) - 1,
        every=Cycle(loan.every_months, 0),
        day_count=DAY_COUNTS[loan.day_count],
        first_principal=first,
        extras=_extras(loan, principal, shape, share_pct, flows, first),
    )


def _first_principal(loan: Loan, shape: str) -> date | None:
    if not loan.waiting or loan.cod_on is None:
        return None
    days = loan.days[1:]
    if loan.waiting == len(days):
        raise UsageError(
            f"the loan ends before its project, complete on {loan.cod_on}, has run", "Give a longer tenor."
        )
    first = days[loan.waiting]
    return max(first, Cycle(loan.grace_months, 0).after(loan.cod_on, 1)) if shape == "grace" else first


def _extras(
    loan: Loan,
    principal: Decimal,
    shape: str,
    share_pct: Decimal | None,
    flows: Sequence[Flow] | None,
    first: date | None,
) -> dict[str, Extra]:
    share = share_pct or ZERO
    if shape == "balloon":
        return {"balloon": cents(principal * share / 100)}
    if shape == "step_up":
        return {"step_up_pct": share}
    if shape == "seasonal":
        if loan.season is None or len(loan.season) < _MONTHS:
            raise UsageError("no year of inflow is known, which a seasonal shape follows", "Choose another shape.")
        return {"month_weights": tuple(max(loan.season[month], ZERO) for month in range(1, _MONTHS + 1))}
    if shape == "sculpted":
        if flows is None or loan.cover is None:
            raise UsageError("no cash flow is known, which a sculpted shape follows", "Choose another shape.")
        left = [max(cents(flow.cfads / loan.cover) - flow.service, ZERO) for flow in flows]
        paying = [one for day, one in zip(loan.days[1:], left, strict=True) if first is None or day >= first]
        return {"cfads": tuple(paying)}
    return {}
