"""Quarantine: the keys of rows that a critical expectation keeps out, each with the rules that it broke."""

import pyarrow as pa

from nightdesk.checks import cells
from nightdesk.checks.expectation import FAULTS
from nightdesk.checks.outcome import CheckContext, TableOutcome
from nightdesk.checks.questions import Verdict
from nightdesk.contract import Table
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

#: the relation of quarantined keys
QUARANTINE = {
    "business_date": "DATE",
    "table_name": "VARCHAR",
    "row_key": "VARCHAR",
    "rule": "VARCHAR",
    "severity": "VARCHAR",
    "detail": "VARCHAR",
    "row_count": "BIGINT",
}
#: rows that fail this follow from another row's fault, and say nothing about their own feed
CONSEQUENCE = "parent_quarantined"
#: nor do those of days that no night asks for any more
TOO_OLD = "before_look_back"


def quarantine(
    engine: Engine, outcome: TableOutcome, failing: list[Verdict], data: pa.Table, context: CheckContext
) -> None:
    keys, day = data.column("row_key"), context.business_date
    told = _told_before(engine, outcome.table, context)
    again: set[int] = set()
    found: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
    own: set[int] = set()
    old: set[int] = set()
    for verdict in failing:
        rule, column = verdict.expectation.rule, verdict.expectation.columns[0]
        says = data.column(column) if column in FAULTS or "__" in column else None
        known = {position for position in verdict.positions if keys[position].as_py() in told}
        again |= known
        if rule == TOO_OLD:
            old.update(set(verdict.positions) - known)
        elif rule != CONSEQUENCE:
            own.update(set(verdict.positions) - known)
        for position in verdict.positions:
            positions, details = found.setdefault((keys[position].as_py(), rule), (set(), set()))
            positions.add(position)
            details.add(str(says[position].as_py()) if says is not None else column)
    outcome.rows_own_fault += len(own - old)
    outcome.rows_too_old += len(old)
    outcome.rows_again += len(again)
    lines = {
        "row_key": [key for key, _ in found],
        "rule": [rule for _, rule in found],
        "detail": [", ".join(sorted(details)) for _, details in found.values()],
        "row_count": [len(positions) for positions, _ in found.values()],
    }
    engine.register_arrow("part.found", pa.table(lines))
    engine.execute(
        f"insert into {outcome.quarantined} select {literal(day)}, {literal(outcome.table.name)}, row_key, rule,"
        " 'critical', detail, row_count from part.found"
    )
    engine.execute("insert into part.failed select distinct row_key from part.found")


def _told_before(engine: Engine, table: Table, context: CheckContext) -> set[str]:
    """Keys of a daily table that a former night has told of: their rows are offered again, and stand in quarantine.

    Not those that any row may have: behind them a new flood would be no news.
    """
    if context.withheld is None or not table.is_daily:
        return set()
    rows = engine.rows(
        f"select distinct row_key from {context.withheld} where table_name = $t and row_key is not null"
        f" and column_name is null and {cells.is_whole_key(table, 'row_key')}",
        t=table.name,
    )
    return {str(row["row_key"]) for row in rows}


def merge_quarantine(engine: Engine, outcome: TableOutcome) -> None:
    """One line a key and rule, also where a key without value turned up in several parts."""
    once = "business_date, table_name, row_key, rule, severity"
    engine.build(
        outcome.quarantined,
        f"select {once}, min(detail) as detail, sum(row_count) as row_count from {outcome.quarantined} group by {once}",
        as_view=False,
        columns=QUARANTINE,
    )
