"""Control totals: the source's own counts and sums against the raw rows, to the cent, before anything is kept out."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from nightdesk.checks.expectation import TABLE_FRAMES
from nightdesk.checks.outcome import SAMPLES, CheckContext, HeldReason, Rows, TableOutcome
from nightdesk.checks.questions import ask
from nightdesk.checks.results import result_row
from nightdesk.checks.suites import suite
from nightdesk.checks.typed import CONTROLLED
from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

_OWN_CCY = ("txn", "balance", "loan")


def judge_totals(
    engine: Engine, outcomes: Mapping[str, TableOutcome], context: CheckContext
) -> tuple[Rows, list[HeldReason]]:
    """Hold every control total of tonight (and, as a warning, of the days since the last night) against the raw rows.

    The `typed.<table>` relations of the supplied tables are still there. Returns the totals for the quality page, and
    why the night is held.
    """
    day = context.business_date
    first = context.parent_date or day - datetime.timedelta(days=1)
    wanted = engine.rows(
        f"select row_key, table_name, business_date, branch_id, ccy, row_count, amount_sum from checked.control_total"
        f" where business_date > {literal(first)} and business_date <= {literal(day)} order by row_key"
    )
    found: dict[tuple[str, datetime.date], Rows] = {}
    rows: Rows = []
    for total in wanted:
        name = total["table_name"]
        if name not in CONTROLLED or not outcomes[name].is_supplied:
            continue
        if total["business_date"] != day and not contract()[name].is_daily:
            continue  # the state of an earlier day is gone
        key = (name, total["business_date"])
        if key not in found:
            found[key] = _groups(engine, outcomes[name], total["business_date"], context)
        rows.append(_compared(total, found[key]))
    held = _judged(outcomes["control_total"], rows, day)
    return rows, held


def _groups(engine: Engine, outcome: TableOutcome, day: datetime.date, context: CheckContext) -> Rows:
    """Counts and sums of the raw rows of one table and day by branch and currency.

    Twice: of the newest versions that the cut-off shows, and of every version (`all_*`): a source that keeps corrected
    rows beside their corrections counts both.
    """
    table, name = outcome.table, outcome.table.name
    behind = context.business_date - day
    typed = f"typed.{name}"
    is_newest = "true"
    settled = outcome.settled
    if settled and not behind:
        is_newest = (
            f"not exists (select 1 from {settled} as s where s.version_state in ('older', 'stored')"
            " and s.row_key = t.row_key and s.known_at is not distinct from t.known_at)"
        )
    visible = "not t.is_late"
    if table.is_daily:
        visible += f" and t.on_date = {literal(day)}"
        # raw text begins with its date (or with a blank): the filter lets a scan skip what is far from it
        near = [literal(str(day + datetime.timedelta(days=n))) for n in (-1, 2)]
        visible += f" and (t.raw_date >= {near[0]} and t.raw_date < {near[1]} or t.raw_date < '0')"
    if behind:
        visible += f" and (t.known_at is null or t.known_at <= {literal(context.cutoff_utc - behind)})"
    branch, ccy, joins = _paths(engine, name)
    return engine.rows(f"""
with raw as (
    select
        {branch} as branch_id,
        coalesce({ccy}, {literal(context.base_ccy)}) as ccy,
        t.control_amount as amount,
        {is_newest} as is_newest
    from {typed} as t
    {joins}
    where {visible}
)

select
    branch_id,
    ccy,
    count(*) filter (where is_newest) as row_count,
    coalesce(sum(amount) filter (where is_newest), 0) as amount_sum,
    count(*) as all_count,
    coalesce(sum(amount), 0) as all_sum
from raw
group by branch_id, ccy""")


def _paths(engine: Engine, name: str) -> tuple[str, str, str]:
    """SQL of a raw row's branch and currency, and the joins that lead there, over rows as read."""
    joins = ""
    if name in ("txn", "balance"):
        joins += f"left join {_newest(engine, 'account', ('client_id', 'branch_id'))} as a on t.account_id = a.row_key "
        client, own = "a.client_id", "a.branch_id"
    elif name == "instalment":
        joins += f"left join {_newest(engine, 'loan', ('client_id', 'ccy'))} as l on t.loan_id = l.row_key "
        client, own = "l.client_id", "null"
    else:
        client, own = "t.client_id", "null"
    joins += f"left join {_newest(engine, 'client', ('branch_id',))} as c on {client} = c.row_key"
    return f"coalesce({own}, c.branch_id)", "t.ccy" if name in _OWN_CCY else "l.ccy", joins


def _newest(engine: Engine, name: str, columns: tuple[str, ...]) -> str:
    """One line a key of a snapshot as read: what its newest visible version says, quarantined or not."""
    target = f"versions.{name}_newest"
    if not engine.exists(target):
        listed = ", ".join(columns)
        engine.build(
            target,
            f"""
with ordered as (
    select
        row_key,
        {listed},
        row_number() over (partition by row_key order by known_at desc nulls last, {listed}) as nth
    from typed.{name}
    where not is_late
)

select row_key, {listed}
from ordered
where nth = 1""",
            as_view=False,
        )
    return target


def _compared(total: dict[str, Any], groups: Rows) -> dict[str, Any]:
    mine = [
        group
        for group in groups
        if total["branch_id"] in (None, group["branch_id"]) and total["ccy"] in (None, group["ccy"])
    ]
    names = (*_names(""), *_names("all_"))
    read = {name: sum((group[name] for group in mine), Decimal(0)) for name in names}
    prefix = "all_" if _gap(total, read, "all_") == (0, 0) else ""
    count_gap, sum_gap = _gap(total, read, prefix)
    actual_count, actual_sum = _names(prefix)
    return {
        "row_key": total["row_key"],
        "table_name": total["table_name"],
        "business_date": total["business_date"],
        "branch_id": total["branch_id"],
        "ccy": total["ccy"],
        "expected_count": total["row_count"],
        "actual_count": int(read[actual_count]),
        "expected_sum": total["amount_sum"],
        "actual_sum": read[actual_sum].quantize(Decimal("0.01")),
        "count_gap": count_gap,
        "sum_gap": sum_gap,
        "success": count_gap == 0 and sum_gap == 0,
    }


def _names(prefix: str) -> tuple[str, str]:
    return ("all_count", "all_sum") if prefix else ("row_count", "amount_sum")


def _gap(total: dict[str, Any], read: dict[str, Decimal], prefix: str) -> tuple[int, int]:
    """Rows and cents read beyond what the source counted; a number that the source leaves empty has no gap."""
    count_name, sum_name = _names(prefix)
    count, amount = total["row_count"], total["amount_sum"]
    count_gap = int(read[count_name]) - count if count is not None else 0
    sum_gap = read[sum_name].quantize(Decimal("0.01")) - amount if amount is not None else 0
    return count_gap, int(sum_gap * 100)


def _judged(outcome: TableOutcome, rows: Rows, day: datetime.date) -> list[HeldReason]:
    if not outcome.is_supplied:
        return []
    frame = pa.Table.from_pylist(
        [
            {name if row["business_date"] == day else f"{name}_earlier": row[name] for name in ("count_gap", "sum_gap")}
            for row in rows
        ],
        schema=pa.schema([(name, pa.int64()) for name in TABLE_FRAMES["totals"]]),
    )
    expectations = [e for e in suite("control_total") if e.frame == "totals"]
    held: dict[str, HeldReason] = {}
    for verdict in ask("totals", [(e, dict(e.arguments)) for e in expectations], frame):
        expectation = verdict.expectation
        asked = sum(value is not None for value in frame.column(expectation.columns[0]).to_pylist())
        failing = [rows[position] for position in verdict.positions]
        outcome.results.append(
            result_row(
                "control_total", expectation, asked, len(failing), sorted(r["row_key"] for r in failing)[:SAMPLES]
            )
        )
        if expectation.severity == "critical":
            held.update({r["row_key"]: HeldReason(r["table_name"], expectation.rule, _says(r)) for r in failing})
    return list(held.values())


def _says(row: dict[str, Any]) -> str:
    where = f"branch {row['branch_id'] or 'all'}, currency {row['ccy'] or 'all'}"
    return (
        f"the control total of {row['table_name']} for {row['business_date']} ({where}) does not agree: "
        f"the source counts {_number(row['expected_count'])} rows and {_number(row['expected_sum'])}, "
        f"{row['actual_count']} rows and {row['actual_sum']} were read"
    )


def _number(value: object) -> str:
    return "(not given)" if value is None else str(value)
