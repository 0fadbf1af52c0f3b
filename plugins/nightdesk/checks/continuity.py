"""Balance continuity: yesterday's balance and today's flows make today's balance. A warning, never quarantine."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from nightdesk.checks.outcome import CheckContext, TableOutcome
from nightdesk.checks.questions import ask
from nightdesk.checks.results import result_row
from nightdesk.checks.suites import suite
from nightdesk.engine import Engine, literal
from nightdesk.row_key import masked_key


def judge_continuity(engine: Engine, outcomes: Mapping[str, TableOutcome], context: CheckContext) -> None:
    """Ask of every account with a balance on D, and on the day before this night's facts, whether the flows explain it.

    Cents are compared; an account with flows in another currency than its balance's is left out.
    """
    balance, txn = outcomes["balance"], outcomes["txn"]
    if not (balance.is_supplied and txn.is_supplied):
        return
    before = context.parent_date or context.business_date - datetime.timedelta(days=1)
    frame = engine.arrow(_gaps(context, before)).read_all()
    for expectation in (e for e in suite("balance") if e.frame == "continuity"):
        allowed = int(context.setting("continuity_amt", "balance") * 100)
        arguments = {"column": expectation.columns[0], "min_value": -allowed, "max_value": allowed}
        verdict = ask("continuity", [(expectation, arguments)], frame)[0]
        keys = [masked_key(frame.column("row_key")[position].as_py()) for position in verdict.positions[:5]]
        off = sum((abs(Decimal(frame.column("gap")[p].as_py())) for p in verdict.positions), Decimal(0)) / 100
        observed = f"{off:.2f}" if verdict.positions else ""
        balance.results.append(
            result_row("balance", expectation, verdict.element_count, verdict.unexpected_count, sorted(keys), observed)
        )


def _gaps(context: CheckContext, before: datetime.date) -> str:
    """One line an account: `gap` is its balance less the one before and the flows between, in cents."""
    day, ccy = literal(context.business_date), literal(context.base_ccy)
    opening = f"select account_id, eod_balance, ccy from checked.balance where business_date = {literal(before)}"
    held = context.held.get("balance")
    if held:
        opening += (
            f" union all select account_id, eod_balance, ccy from {held.relation}"
            f" where business_date = {literal(before)} and (account_id, business_date) not in"
            " (select (account_id, business_date) from checked.balance)"
        )
    return f"""
with opening as (
    {opening}
),

closing as (
    select account_id, eod_balance, coalesce(ccy, {ccy}) as ccy
    from checked.balance
    where business_date = {day}
),

flow as (
    select
        account_id,
        sum(case when direction = 'C' then amount else -amount end) as net_amt,
        min(coalesce(ccy, {ccy})) as first_ccy,
        max(coalesce(ccy, {ccy})) as last_ccy
    from checked.txn
    where booked_on > {literal(before)} and booked_on <= {day}
    group by account_id
)

select
    closing.account_id as row_key,
    cast((closing.eod_balance - opening.eod_balance - coalesce(flow.net_amt, 0)) * 100 as bigint) as gap
from closing
inner join opening on closing.account_id = opening.account_id and closing.ccy = coalesce(opening.ccy, {ccy})
left join flow on closing.account_id = flow.account_id
where coalesce(flow.first_ccy, closing.ccy) = closing.ccy and coalesce(flow.last_ccy, closing.ccy) = closing.ccy
order by closing.account_id"""
