"""Balance continuity: yesterday's balance and today's flows make today's balance. A warning, never quarantine."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from nightdesk.checks.outcome import SAMPLES, CheckContext, TableOutcome
from nightdesk.checks.questions import ask
from nightdesk.checks.results import result_row
from nightdesk.checks.suites import suite
from nightdesk.engine import Engine
from nightdesk.models import build
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal

_BALANCE, _FLOW = "checked.balance", "checked.txn"
_GAP = "asked.balance_gap"


def judge_continuity(engine: Engine, outcomes: Mapping[str, TableOutcome], context: CheckContext) -> None:
    """Ask of every account with a balance on D, and on the day before this night's facts, whether the flows explain it.

    Cents are compared; an account with flows in another currency than its balance's is left out.
    """
    balance, txn = outcomes["balance"], outcomes["txn"]
    if not (balance.is_supplied and txn.is_supplied):
        return
    before = context.parent_date or context.business_date - datetime.timedelta(days=1)
    _give(engine, context, before)
    build(engine, [_GAP])
    frame = engine.arrow(f"select row_key, gap from {_GAP} order by row_key").read_all()
    for expectation in (e for e in suite("balance") if e.frame == "continuity"):
        allowed = int(context.setting("continuity_amt", "balance") * 100)
        arguments = {"column": expectation.columns[0], "min_value": -allowed, "max_value": allowed}
        verdict = ask("continuity", [(expectation, arguments)], frame)[0]
        keys = [masked_key(frame.column("row_key")[position].as_py()) for position in verdict.positions[:SAMPLES]]
        off = sum((abs(Decimal(frame.column("gap")[p].as_py())) for p in verdict.positions), Decimal(0)) / 100
        observed = f"{off:.2f}" if verdict.positions else ""
        balance.results.append(
            result_row("balance", expectation, verdict.element_count, verdict.unexpected_count, sorted(keys), observed)
        )


def _give(engine: Engine, context: CheckContext, before: datetime.date) -> None:
    """What sql/asked/balance_gap.sql reads: balances before and tonight, and the flows between."""
    day, ccy = literal(context.business_date), literal(context.base_ccy)
    columns = f"account_id, eod_balance, coalesce(ccy, {ccy}) as ccy"
    opening = f"select {columns} from {_BALANCE} where business_date = {literal(before)}"
    stored = context.stored.get("balance")
    if stored:
        opening += (
            f" union all select {columns} from {stored.relation}"
            f" where business_date = {literal(before)} and (account_id, business_date) not in"
            f" (select (account_id, business_date) from {_BALANCE})"
        )
    closing = f"select {columns} from {_BALANCE} where business_date = {day}"
    flow = f"select account_id, direction, amount, coalesce(ccy, {ccy}) as ccy from {_FLOW}"
    flow += f" where booked_on > {literal(before)} and booked_on <= {day}"
    for name, sql in (("opening", opening), ("closing", closing), ("flow", flow)):
        engine.build(f"night.balance_{name}", sql, as_view=True)
