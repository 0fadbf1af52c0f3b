"""One bundle's loan in every way of repaying it: amount, tables, and what they mean for who pays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nightdesk.errors import UsageError
from nightdesk.financing.proposal.agreed import Loan, agreed
from nightdesk.financing.proposal.capacity import (
    level_capacity,
    life_capacity,
    loan_life_cover,
    period_rates,
    sculpted_capacity,
)
from nightdesk.financing.proposal.cash import Cash, Flow
from nightdesk.financing.proposal.take_out import SHAPE, TakeOut, left_to_cash, problem_of
from nightdesk.financing.schedule import measures
from nightdesk.financing.schedule.money import ZERO
from nightdesk.financing.schedule.table import Row, schedule

#: the amount is what cash flow carries; of every other sizing it is settled before
BY_CASH = "cash"


@dataclass(frozen=True)
class Shaped:
    """One way of repaying. Covers are None where the loan is not repaid from a cash flow; `problem` says why it has no
    table: cash_unknown, cash_none, too_little, shape (it lacks what it follows), or why nothing takes it out (see
    take_out)."""

    shape: str
    place: int
    amount: Decimal | None = None
    rows: Sequence[Row] = ()
    min_dscr: Decimal | None = None
    avg_dscr: Decimal | None = None
    min_dscr_down: Decimal | None = None
    life_cover: Decimal | None = None
    life_cover_down: Decimal | None = None
    peak_service: Decimal | None = None
    total_interest: Decimal | None = None
    average_life_years: Decimal | None = None
    problem: str | None = None

    def is_covered(self, least: Decimal | None) -> bool:
        """As often as asked; what is not repaid from a cash flow is asked for nothing."""
        return least is None or self.min_dscr is None or self.min_dscr >= least


@dataclass(frozen=True)
class Reckoned:
    """A bundle's loan: its amount, what its cash flow could carry (base and downside case), and the shapes in the order
    of policy; `cash` in all from completion on, `flows` of the base case by due date, `cover` how often debt service
    has to be covered, `chosen` the shape that is proposed, `take_out` what the need says repays a bullet."""

    shapes: Sequence[Shaped]
    amount: Decimal | None = None
    capacity: Decimal | None = None
    capacity_down: Decimal | None = None
    cash: Decimal | None = None
    flows: Sequence[Flow] = field(default_factory=tuple)
    cover: Decimal | None = None
    chosen: Shaped | None = None
    take_out: TakeOut | None = None


def reckon(terms: Sequence[Mapping[str, Any]], cash: Cash, season: Mapping[int, Decimal]) -> Reckoned:
    """`terms` are the rows of care_proposal.term of one proposal, one a shape."""
    ordered = sorted(terms, key=lambda row: row["place"])
    head = ordered[0]
    loan = Loan(
        paid_out=head["paid_out_on"],
        tenor_months=head["tenor_months"],
        every_months=head["every_months"],
        rate_pct=head["rate_pct"],
        day_count=head["day_count"],
        cover=head["cover_least"],
        cod_on=head["cod_on"],
        grace_months=head["grace_months"],
        season=season or None,
    )
    if head["sizing"] != BY_CASH:
        shapes = [_shaped(loan, row, head["wanted_amt"], None, head["downside_pct"]) for row in ordered]
        return Reckoned(shapes, head["wanted_amt"], chosen=chosen(shapes, None))
    flows = cash.flows(loan.days)
    if flows is None:
        return Reckoned(_without(ordered, "cash_unknown"))
    paying = flows[loan.waiting :]
    total = sum((flow.cfads for flow in paying), ZERO)
    down = [flow.less(head["downside_pct"]) for flow in paying]
    capacity, capacity_down = (_carried(loan, ordered, each) for each in (paying, down))
    if total <= 0 or capacity <= 0:
        return Reckoned(_without(ordered, "cash_none"), None, capacity, capacity_down, total, flows)
    amount = _amount(head["wanted_amt"], capacity, head["round_amt"])
    if amount < max(head["least_amt"] or ZERO, Decimal("0.01")):
        return Reckoned(_without(ordered, "too_little"), amount, capacity, capacity_down, total, flows)
    shapes = [_shaped(loan, row, amount, flows, head["downside_pct"]) for row in ordered]
    best, take_out = chosen(shapes, loan.cover), TakeOut.of(head)
    return Reckoned(shapes, amount, capacity, capacity_down, total, flows, loan.cover, best, take_out)


def chosen(shapes: Iterable[Shaped], cover: Decimal | None) -> Shaped | None:
    """Of the shapes that are covered as often as asked that with the least interest; where none is, the best covered;
    of a loan that is not repaid from a cash flow the first of policy."""
    made = [shape for shape in shapes if shape.problem is None]
    if not made:
        return None
    if cover is None or all(shape.min_dscr is None for shape in made):
        return min(made, key=lambda shape: shape.place)
    fit = [shape for shape in made if shape.is_covered(cover)]
    if fit:
        return min(fit, key=lambda shape: (shape.total_interest or ZERO, shape.place))
    return max(made, key=lambda shape: (shape.min_dscr or ZERO, -shape.place))


def _carried(loan: Loan, terms: Sequence[Mapping[str, Any]], flows: Sequence[Flow]) -> Decimal:
    """The debt that these cash flows carry: by the cover of each due date and by that of the loan's life."""
    carried = sculpted_capacity if any(row["shape"] == "sculpted" for row in terms) else level_capacity
    by_date, life = carried(flows, _rates(loan), loan.cover or Decimal(1)), terms[0]["life_cover_least"]
    return min(by_date, life_capacity(flows, _rates(loan), life)) if life else by_date


def _without(terms: Iterable[Mapping[str, Any]], problem: str) -> list[Shaped]:
    return [Shaped(row["shape"], row["place"], problem=problem) for row in terms]


def _amount(wanted: Decimal, capacity: Decimal, step: Decimal) -> Decimal:
    """What is wanted, or what the cash flow carries in whole steps."""
    return wanted if wanted <= capacity else capacity // step * step


def _shaped(
    loan: Loan, row: Mapping[str, Any], amount: Decimal, flows: Sequence[Flow] | None, downside_pct: Decimal
) -> Shaped:
    is_taken_out = row["shape"] == SHAPE
    if is_taken_out and (problem := problem_of(TakeOut.of(row), amount, loan.paid_out, loan.days[-1])):
        return Shaped(row["shape"], row["place"], amount, problem=problem)
    try:
        rows = schedule(agreed(loan, amount, row["shape"], row["share_pct"], flows))
    except UsageError:
        return Shaped(row["shape"], row["place"], amount, problem="shape")
    dues = rows[1:]
    base = down = life = life_down = None
    if flows is not None:
        paying, rates = flows[loan.waiting :], _rates(loan)
        lower = [flow.less(downside_pct) for flow in paying]
        served = left_to_cash(dues) if is_taken_out else dues
        base, down = (_covers(each, served[loan.waiting :]) for each in (paying, lower))
        life, life_down = (loan_life_cover(each, rates, amount) for each in (paying, lower))
    return Shaped(
        shape=row["shape"],
        place=row["place"],
        amount=amount,
        rows=rows,
        min_dscr=measures.lowest(base) if base else None,
        avg_dscr=measures.average(base) if base else None,
        min_dscr_down=measures.lowest(down) if down else None,
        life_cover=life,
        life_cover_down=life_down,
        peak_service=measures.peak_service(dues),
        total_interest=measures.total_interest(rows),
        average_life_years=measures.average_life_years(rows),
    )


def _rates(loan: Loan) -> list[Decimal]:
    """What money earns in each period from which debt is served."""
    return period_rates(loan.days[loan.waiting :], loan.rate_pct, loan.day_count)


def _covers(flows: Sequence[Flow], dues: Sequence[Row]) -> list[Decimal | None]:
    """Debt service cover of each due date, of all debt that cash flow has to serve: what is there and the new loan."""
    services = [flow.service + due.service for flow, due in zip(flows, dues, strict=True)]
    return measures.dscr([flow.cfads for flow in flows], services)
