"""Facts of a night's feeds: is something missing, stale, too little, too much, or too often in quarantine?"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

import pyarrow as pa

from nightdesk.checks.asserting import ask
from nightdesk.checks.judging import result_row
from nightdesk.checks.outcome import CheckContext, HeldReason, TableOutcome, Volume
from nightdesk.checks.suites import TABLE_FRAMES, Expectation, suite

#: facts in percent stand in hundredths of it in the frame, the others as they are
_SCALES = {"quarantined_pct": 100, "volume_pct": 100}
_SCHEMA = pa.schema([("row_key", pa.string()), *((name, pa.int64()) for name in TABLE_FRAMES["facts"])])


def recent_volumes(outcome: TableOutcome, context: CheckContext) -> list[Volume]:
    """Former volumes to compare with: of nights like this one (working days with working days), newest first.

    On a first night the days of the history that it loads stand in for nights.
    """
    known = list(context.recent.get(outcome.table.name, ()))
    span = int(context.setting("volume_nights", outcome.table.name))
    if outcome.table.is_daily:
        if not known and context.parent_date is None and outcome.days:
            days = (context.business_date - datetime.timedelta(days=n) for n in range(1, 3 * span))
            first = min(outcome.days)
            known = [Volume(day, outcome.days.get(day, 0)) for day in days if day >= first]
        kind = context.is_workday(context.business_date)
        known = [v for v in known if context.is_workday(v.business_date) == kind]
    known = [v for v in known if v.business_date < context.business_date]
    return sorted(known, key=lambda v: v.business_date, reverse=True)[:span]


def facts_of(outcome: TableOutcome, context: CheckContext) -> dict[str, int | None]:
    """The facts of one table, null where nothing can be said: no history, too few rows, not a working day."""
    name, day = outcome.table.name, context.business_date
    facts: dict[str, int | None] = dict.fromkeys(TABLE_FRAMES["facts"])
    facts["rows_in"] = outcome.rows_in
    if outcome.rows_in > outcome.rows_late:
        facts["usable_rows"] = outcome.rows_used
    if outcome.rows_own_fault >= context.setting("quarantine_min_rows", name):
        facts["quarantined_pct"] = 10_000 * outcome.rows_own_fault // outcome.rows_in
    recent = recent_volumes(outcome, context)
    usual = Decimal(median(v.rows for v in recent)) if recent else Decimal(0)
    if usual < context.setting("volume_min_rows", name):
        return facts
    facts["volume_pct"] = int(10_000 * outcome.volume / usual)
    if outcome.table.is_daily and context.is_workday(day):
        facts["rows_of_day"] = outcome.volume
        dates = [d for d in outcome.days if d <= day] or [v.business_date for v in recent if v.rows]
        facts["data_age_days"] = (day - max(dates)).days if dates else None
    return facts


def judge_facts(outcomes: Iterable[TableOutcome], context: CheckContext) -> list[HeldReason]:
    """Ask every table-wide expectation about facts, all tables in one frame; results go to the outcomes."""
    supplied = {outcome.table.name: outcome for outcome in outcomes if outcome.is_supplied}
    facts = {name: facts_of(outcome, context) for name, outcome in supplied.items()}
    groups: dict[tuple[Any, ...], tuple[Expectation, dict[str, Any], set[str]]] = {}
    for name in supplied:
        for expectation in suite(name):
            if expectation.frame == "facts":
                given = _resolved(expectation, name, context)
                key = (expectation.rule, expectation.severity, expectation.expect, *sorted(given.items()))
                groups.setdefault(key, (expectation, given, set()))[2].add(name)
    held: list[HeldReason] = []
    for expectation, given, names in groups.values():
        column = expectation.columns[0]
        asked = sorted(names)
        rows = [{"row_key": name, column: facts[name][column]} for name in asked]
        frame = pa.Table.from_pylist(rows, schema=pa.schema([_SCHEMA.field("row_key"), _SCHEMA.field(column)]))
        failing = {asked[position] for position in ask("facts", [(expectation, given)], frame)[0].positions}
        for name in asked:
            seen = _shown(column, facts[name][column])
            supplied[name].results.append(
                result_row(name, expectation, int(bool(seen)), int(name in failing), [], observed=seen)
            )
            if name in failing and expectation.severity == "critical":
                held.append(HeldReason(name, expectation.rule, f"{name}: {expectation.rule}, {column} is {seen}"))
    return held


def _resolved(expectation: Expectation, table: str, context: CheckContext) -> dict[str, Any]:
    """Arguments with bounds from the policy, in the frame's units."""
    column = expectation.columns[0]
    scale = _SCALES.get(column, 1)
    given: dict[str, Any] = {}
    for name, value in expectation.arguments.items():
        if name in ("min_setting", "max_setting"):
            given[name.replace("setting", "value")] = int(context.setting(str(value), table) * scale)
        elif name in ("min_value", "max_value"):
            given[name] = int(Decimal(str(value)) * scale)
        else:
            given[name] = value
    return given


def _shown(column: str, value: int | None) -> str:
    if value is None:
        return ""
    return f"{Decimal(value) / _SCALES[column]:.2f}" if column in _SCALES else str(value)
