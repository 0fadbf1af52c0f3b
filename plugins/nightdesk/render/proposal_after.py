"""Beside the proposals on the bank's own page: the formula, covenants after the draw, and what became of needs."""

from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.proposal_source import ProposalInput, Proposed
from nightdesk.render.rows import Row, day_of, decimal_of, int_of, text_of

_HUNDRED = Decimal(100)


def formula(source: ProposalInput, t: Catalogue, f: Figures) -> Sheet | None:
    """The formula of working capital with every figure; None where the client asks for no working capital."""
    asked = any(
        one.row["capacity_amt"] is not None and _sizing(one, source) == "working_capital" for one in _all(source)
    )
    row = source.working
    if not asked or not row:
        return None
    money = ("sales_amt", "need_amt", "own_funds_amt", "working_loan_amt", "capacity_amt")
    shares = ("margin_pct", "growth_pct")
    days = ("inventory_days", "receivable_days", "payable_days", "cycle_days")
    order = ("sales_amt", *shares, *days, "need_amt", "own_funds_amt", "working_loan_amt", "capacity_amt")

    def figure(name: str) -> str:
        value = decimal_of(row, name)
        if name in money:
            return f.money(value)
        return f.percent(value) if name in shares else f.number(value, 1)

    return Sheet(
        title=t("proposal.formula"),
        hint=t("proposal.formula_hint", day=f.day(day_of(row, "period_end"))),
        facts=tuple(Fact(t(f"working_capital.{name}"), figure(name)) for name in order),
        said=t("proposal.formula_note"),
    )


def after_the_draw(one: Proposed, source: ProposalInput, t: Catalogue, f: Figures) -> Sheet | None:
    """Each covenant of the project before and after: debt service cover by the table, gearing by the new debt."""
    project, amount = one.row["project_id"], decimal_of(one.row, "amount")
    rows = [row for row in source.covenants if row["project_id"] == project]
    need = next((need.row for need in source.needs if need.row["need_id"] == one.row["need_id"]), {})
    if not rows or amount is None:
        return None

    def cells(row: Row) -> tuple[Cell, ...]:
        limit = decimal_of(row, "limit_value")
        after = _after(row, one.row, need)
        is_least = text_of(row, "operator") != "<="
        kept = None if after is None or limit is None else after >= limit if is_least else after <= limit
        tone = {True: ("pass", "green"), False: ("fail", "red"), None: ("not_assessed", "not_assessed")}[kept]
        return (
            Cell("", Mark(t.label("gate_verdict", tone[0]), tone[1])),
            Cell(text_of(row, "name") or str(row["covenant_id"]), is_heading=True),
            Cell(f"{text_of(row, 'operator') or ''} {f.trimmed(limit)}", is_number=True),
            Cell(f.trimmed(decimal_of(row, "actual")), is_number=True),
            Cell(f.trimmed(after), is_number=True),
        )

    names = ("met", "covenant", "limit", "actual", "after")
    return Sheet(
        title=t("proposal.covenants"),
        columns=tuple((t(f"proposal_column.{name}"), name in ("limit", "actual", "after")) for name in names),
        rows=tuple(cells(row) for row in rows),
    )


def _after(covenant: Row, proposal: Row, need: Row) -> Decimal | None:
    """A covenant's figure after the draw; None where the table says nothing of it."""
    metric, limit = text_of(covenant, "metric"), decimal_of(covenant, "limit_value")
    if metric == "dscr":
        return decimal_of(proposal, "min_dscr")
    debt, budget, amount = (
        decimal_of(*pair) for pair in ((need, "project_debt_amt"), (need, "budget_amt"), (proposal, "amount"))
    )
    if metric != "gearing" or debt is None or not budget or amount is None or limit is None:
        return None
    share = (debt + amount) / budget
    return share if limit <= 1 else share * _HUNDRED


def outcomes(source: ProposalInput, t: Catalogue, f: Figures) -> Sheet | None:
    """What became of the client's needs, newest first."""
    if not source.outcomes:
        return None
    names = ("need_kind", "raised_on", "asked", "offered_on", "accepted_on", "funded_on", "year_on", "outcome")

    def cells(row: Row) -> tuple[Cell, ...]:
        late = int_of(row, "max_days_past_due_12m")
        return (
            Cell(t.label("need", row["need_kind"]), is_heading=True),
            Cell(f.day(day_of(row, "raised_on")), is_whole=True),
            Cell(f.money(decimal_of(row, "asked_amt")), is_number=True),
            *(Cell(f.day(day_of(row, name)), is_whole=True) for name in ("offered_on", "accepted_on", "funded_on")),
            Cell(_year(row, late, t, f)),
            Cell(_state(row, t)),
        )

    newest = sorted(source.outcomes, key=lambda row: (str(row["raised_on"]), str(row["need_id"])), reverse=True)
    return Sheet(
        title=t("proposal.outcomes"),
        hint=t("proposal.outcomes_hint"),
        columns=tuple((t(f"proposal_column.{name}"), name == "asked") for name in names),
        rows=tuple(cells(row) for row in newest),
    )


def _year(row: Row, late: int | None, t: Catalogue, f: Figures) -> str:
    """How the loan did in its first year, once that is over: the outcome, with its longest arrears and its class."""
    outcome, found = text_of(row, "risk_outcome_12m"), text_of(row, "class_12m")
    if outcome is None:
        return f.day(None)
    said = [] if late is None else [t("proposal.year_late", n=late)]
    said += [t.label("floor_class", found)] if found else []
    return t.label("need_risk", outcome) + (t("list.aside", text=t("list.join").join(said)) if said else "")


def _state(row: Row, t: Catalogue) -> str:
    state = t.label("need_state", row["state"])
    reason = text_of(row, "lost_reason")
    return t("proposal.lost", state=state, reason=t.label("lost_reason", reason)) if reason else state


def lost_needs(source: ProposalInput, t: Catalogue, f: Figures) -> Sheet | None:
    """Why the client's branch lost needs."""
    if not source.lost:
        return None
    names = ("lost_reason", "lost_count", "decided_count", "lost_amt", "last_on")

    def cells(row: Row) -> tuple[Cell, ...]:
        return (
            Cell(t.label("lost_reason", row["lost_reason"]), is_heading=True),
            Cell(f.count(int_of(row, "lost_count")), is_number=True),
            Cell(f.count(int_of(row, "decided_count")), is_number=True),
            Cell(f.money(decimal_of(row, "lost_amt")), is_number=True),
            Cell(f.day(day_of(row, "last_on")), is_whole=True),
        )

    return Sheet(
        title=t("proposal.lost_needs"),
        columns=tuple((t(f"proposal_column.{name}"), name.endswith(("count", "amt"))) for name in names),
        rows=tuple(cells(row) for row in sorted(source.lost, key=lambda row: -(int_of(row, "lost_count") or 0))),
    )


def _all(source: ProposalInput) -> list[Proposed]:
    return [one for need in source.needs for one in need.bundles]


def _sizing(one: Proposed, source: ProposalInput) -> str | None:
    return text_of(source.words.product[str(one.row["product"])], "sizing")
