"""Facts of a night's feeds: is something missing, stale, too little, too much, or too often in quarantine?"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

import pyarrow as pa

from nightdesk.checks.expectation import TABLE_FRAMES, Expectation
from nightdesk.checks.outcome import CheckContext, HeldReason, TableOutcome, Volume
from nightdesk.checks.questions import ask
from nightdesk.checks.results import result_row
from nightdesk.checks.suites import suite

#: facts in percent stand in hundredths of it in the frame, the others as they are
_SHARES = ("quarantined_pct", "volume_pct", "vanished_pct", "many_vanished_pct", "taken_back_pct")
_SCALES = dict.fromkeys(_SHARES, 100)


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
    facts["rows_in"] = outcome.rows_new
    if outcome.rows_new > outcome.rows_late:
        facts["usable_rows"] = outcome.rows_used
    if outcome.rows_own_fault >= context.setting("quarantine_min_rows", name):
        facts["quarantined_pct"] = 10_000 * outcome.rows_own_fault // outcome.rows_new
    facts["parts_gone"] = len(outcome.parts_gone)
    facts["carried_rows"] = outcome.rows_carried
    facts["stopped_series"] = outcome.rows_absent
    facts["vanished_rows"], gone = outcome.rows_absent, outcome.rows_vanished
    if gone:
        share = 10_000 * gone // outcome.rows_expected
        if gone == outcome.rows_expected or gone >= context.setting("vanished_min_rows", name):
            facts["vanished_pct"] = share
        if gone >= context.setting("many_vanished_min_rows", name):
            facts["many_vanished_pct"] = share
    facts |= _taken_back(outcome, context)
    facts["unmatched_rows"] = outcome.rows_unmatched
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


def _taken_back(outcome: TableOutcome, context: CheckContext) -> dict[str, int | None]:
    """A few rows taken back say nothing of a share; where the feed brought no row at all, they all count. Of what a
    replay says again the share was judged.
    """
    gone = outcome.rows_taken_back
    if not gone or not outcome.rows_read_again:
        return {"taken_back_rows": gone}
    is_many = gone >= context.setting("taken_back_min_rows", outcome.table.name) or outcome.rows_read == 0
    return {"taken_back_rows": gone, "taken_back_pct": 10_000 * gone // outcome.rows_read_again if is_many else None}


def judge_facts(outcomes: Iterable[TableOutcome], context: CheckContext) -> list[HeldReason]:
    """Ask every table-wide expectation about facts, all tables in one frame; results go to the outcomes."""
    # of a table that is no longer supplied only that can be said
    supplied = {outcome.table.name: outcome for outcome in outcomes if outcome.is_supplied or outcome.parts_gone}
    facts = {name: facts_of(outcome, context) for name, outcome in supplied.items()}
    groups: dict[tuple[Any, ...], tuple[Expectation, dict[str, Any], set[str]]] = {}
    for name in supplied:
        for expectation in suite(name):
            if expectation.frame == "facts" and (supplied[name].is_supplied or expectation.columns == ("parts_gone",)):
                given = _resolved(expectation, name, context)
                key = (expectation.rule, expectation.severity, expectation.expect, *sorted(given.items()))
                groups.setdefault(key, (expectation, given, set()))[2].add(name)
    held: list[HeldReason] = []
    tables = sorted(supplied)
    columns: dict[str, pa.Array] = {"row_key": pa.array(tables, pa.string())}
    arguments = []
    for number, (expectation, given, names) in enumerate(groups.values()):
        column = expectation.columns[0]
        cells = [facts[name][column] if name in names else None for name in tables]
        columns[f"{column} {number}"] = pa.array(cells, pa.int64())
        arguments.append((expectation, given | {"column": f"{column} {number}"}))
    verdicts = ask("facts", arguments, pa.table(columns))
    for verdict, (_, _, names) in zip(verdicts, groups.values(), strict=True):
        expectation, column = verdict.expectation, verdict.expectation.columns[0]
        asked = sorted(names)
        failing = {tables[position] for position in verdict.positions} & names
        for name in asked:
            outcome, seen = supplied[name], _shown(column, facts[name][column])
            if column == "parts_gone" and name in failing:
                seen = ", ".join(part or name for part in outcome.parts_gone)
            samples = outcome.samples.get(column, [])
            unexpected = (facts[name][column] or 0) if samples else int(name in failing)
            outcome.results.append(result_row(name, expectation, int(bool(seen)), unexpected, samples, observed=seen))
            if name in failing and expectation.severity == "critical":
                held.append(HeldReason(name, expectation.rule, _says(outcome, expectation, column, seen)))
    return held


def _says(outcome: TableOutcome, expectation: Expectation, column: str, seen: str) -> str:
    name = outcome.table.name
    if column.endswith("vanished_pct"):
        what = f"{outcome.rows_vanished} of {outcome.rows_expected} rows of last night are gone without a reason in"
        what += f" the data ({seen}%)"
        if besides := outcome.rows_absent - outcome.rows_vanished:
            what += f", besides {besides} not counted here: gone with what they belong to, or missing before"
    elif column == "taken_back_pct":
        what = f"{outcome.rows_taken_back} of {outcome.rows_read_again} stored rows of the days that are read again are"
        what += f" no longer offered ({seen}%)"
    else:
        return f"{name}: {expectation.rule}, {column} is {seen}"
    if "max_setting" not in expectation.arguments:
        return f"{name}: {what}"
    return (
        f"{name}: {what}; if the bank means it, give {name} a {expectation.arguments['max_setting']} for this date"
        " in sql/policy/check.csv"
    )


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
