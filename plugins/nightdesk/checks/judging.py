"""One table: typed, settled, judged part by part; its rows end up used, quarantined or late, and none elsewhere."""

import datetime
from collections.abc import Collection
from typing import Any

import pyarrow as pa

from nightdesk.checks import cells
from nightdesk.checks.asserting import Verdict, judge
from nightdesk.checks.frames import asked, build_part, frame, parts, slices
from nightdesk.checks.outcome import CheckContext, Feed, TableOutcome
from nightdesk.checks.suites import FAULTS, Expectation, blanked
from nightdesk.checks.typed import typed_view
from nightdesk.checks.versions import settle
from nightdesk.checks.waiting import hold_back, keep_waiting, offered
from nightdesk.contract import Table
from nightdesk.engine import Engine, literal
from nightdesk.render.masking import masked_key

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
_SAMPLES = 5


def checked_columns(table: Table) -> dict[str, str]:
    """Names and types of the rows that a night uses: the contract's columns, known_at (UTC) and row_key."""
    return {
        **{column.name: column.sql_type for column in table.columns.values()},
        "known_at": "TIMESTAMP",
        "row_key": "VARCHAR",
    }


def check_table(engine: Engine, feed: Feed, supplied: Collection[str], context: CheckContext) -> TableOutcome:
    """Check one table; `checked.<parent>` and `quarantined.<parent>` of the parents in `supplied` are there already.

    Raises NightdeskError when rows are not all accounted for.
    """
    table = feed.table
    outcome = TableOutcome(table, is_supplied=feed.landing is not None)
    engine.empty(outcome.quarantined, QUARANTINE)
    if feed.landing is None:
        engine.empty(outcome.checked, checked_columns(table))
        engine.empty(outcome.superseded, {"row_key": "VARCHAR"})
        keep_waiting(engine, table, None, supplied, context)
        return outcome
    typed = typed_view(
        engine,
        table,
        offered(engine, feed, supplied, context),
        feed.columns,
        business_date=context.business_date,
        cutoff=context.cutoff,
        zone=context.zone,
        in_memory_rows=context.frame_rows,
    )
    keep_waiting(engine, table, typed, supplied, context)
    versions = settle(engine, feed, typed, context)
    outcome.settled = versions.relation
    outcome.rows_read = typed.rows
    outcome.rows_duplicate = versions.duplicates
    outcome.rows_superseded = versions.superseded
    outcome.rows_late = versions.late + int(
        engine.value(f"select count(*) from {typed.relation} where is_late and {versions.is_single}")
    )
    expectations = asked(feed, supplied)
    tally = _Tally(expectations)
    split = parts(engine, typed, table.is_daily, context.frame_rows)
    files: list[str] = []
    for number, part in enumerate(split):
        relation = build_part(engine, table, typed, versions, part)
        _judge_part(engine, outcome, relation, expectations, tally, context)
        if len(split) == 1:
            _use(engine, outcome, relation)
        else:
            files.append(str(context.scratch / f"checked-{table.name}-{number:04d}.parquet"))
            engine.execute(f"copy ({_used_sql(outcome, relation)}) to {literal(files[-1])} (format parquet)")
            outcome.rows_used += int(engine.value(f"select count(*) from {relation} where {_IS_USED}"))
        engine.execute(f"drop {'view' if typed.is_materialised else 'table'} {relation}")
    if files:
        engine.view_of_files(outcome.checked, files, checked_columns(table))
    _merge_quarantine(engine, outcome)
    outcome.volume = outcome.days.get(context.business_date, 0)
    if not table.is_daily:
        outcome.volume = outcome.rows_in - outcome.rows_late
        outcome.is_point_in_time = not engine.value(
            f"select count(*) from (select 1 from {outcome.checked} where known_at is null limit 1)"
        )
    outcome.results = tally.rows(table)
    outcome.require_balance()
    return outcome


_IS_USED = "row_key not in (select row_key from part.failed)"


class _Tally:
    """Counts and sample keys of each expectation over all parts."""

    def __init__(self, expectations: list[Expectation]) -> None:
        self._expectations = expectations
        self._elements = [0] * len(expectations)
        self._unexpected = [0] * len(expectations)
        self._samples: list[list[str]] = [[] for _ in expectations]

    def add(self, verdicts: list[Verdict], keys: pa.ChunkedArray) -> None:
        """Count one slice's verdicts; `keys` are its row keys by position."""
        for number, verdict in enumerate(verdicts):
            self._elements[number] += verdict.element_count
            self._unexpected[number] += verdict.unexpected_count
            samples = self._samples[number]
            wanted = verdict.positions[: _SAMPLES - len(samples)]
            samples.extend(masked_key(keys[position].as_py()) for position in wanted)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """The results of the quality page."""
        return [
            result_row(table.name, expectation, elements, unexpected, sorted(samples))
            for expectation, elements, unexpected, samples in zip(
                self._expectations, self._elements, self._unexpected, self._samples, strict=True
            )
        ]


def result_row(
    table: str, expectation: Expectation, elements: int, unexpected: int, samples: list[str], observed: str = ""
) -> dict[str, Any]:
    """One line of the quality page; keys in it are masked."""
    columns = ", ".join(expectation.columns)
    return {
        "table_name": table,
        "expectation": expectation.rule,
        "rule": expectation.rule,
        "expect": expectation.expect,
        "column_name": columns,
        "severity": expectation.severity,
        "scope": expectation.scope,
        "success": unexpected == 0,
        "element_count": elements,
        "unexpected_count": unexpected,
        "observed": observed,
        "sample_keys": ";".join(samples),
        "detail": " · ".join(part for part in (columns, observed, ", ".join(samples)) if part),
    }


def _judge_part(
    engine: Engine,
    outcome: TableOutcome,
    relation: str,
    expectations: list[Expectation],
    tally: _Tally,
    context: CheckContext,
) -> None:
    """Ask about one part, add its failing keys to `quarantined` and leave them in `part.failed`."""
    table = outcome.table
    if table.is_daily:
        dated = f"select on_date, count(*) as n from {relation} where on_date is not null group by on_date"
        for row in engine.rows(dated):
            outcome.days[row["on_date"]] = outcome.days.get(row["on_date"], 0) + row["n"]
    engine.empty("part.failed", {"row_key": "VARCHAR"})
    for slice_ in slices(frame(engine, table, relation, expectations), context.frame_rows):
        verdicts = judge(table, expectations, slice_)
        keys = slice_.column("row_key")
        tally.add(verdicts, keys)
        failing = [verdict for verdict in verdicts if verdict.expectation.is_quarantine and verdict.positions]
        if failing:
            _quarantine(engine, outcome, failing, slice_, context.business_date)
    outcome.rows_quarantined += int(engine.value(f"select count(*) from {relation} where not ({_IS_USED})"))
    hold_back(engine, outcome, relation)


def _quarantine(
    engine: Engine, outcome: TableOutcome, failing: list[Verdict], data: pa.Table, day: datetime.date
) -> None:
    keys = data.column("row_key")
    found: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
    own: set[int] = set()
    for verdict in failing:
        rule, column = verdict.expectation.rule, verdict.expectation.columns[0]
        says = data.column(column) if column in FAULTS or "__" in column else None
        if rule != CONSEQUENCE:
            own.update(verdict.positions)
        for position in verdict.positions:
            positions, details = found.setdefault((keys[position].as_py(), rule), (set(), set()))
            positions.add(position)
            details.add(str(says[position].as_py()) if says is not None else column)
    outcome.rows_own_fault += len(own)
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


def _merge_quarantine(engine: Engine, outcome: TableOutcome) -> None:
    """One line a key and rule, also where a key without value turned up in several parts."""
    once = "business_date, table_name, row_key, rule, severity"
    engine.build(
        outcome.quarantined,
        f"select {once}, min(detail) as detail, sum(row_count) as row_count from {outcome.quarantined} group by {once}",
        as_view=False,
        columns=QUARANTINE,
    )


def _used_sql(outcome: TableOutcome, relation: str) -> str:
    """The rows of a part that no critical expectation failed, cells outside their domain read as missing."""
    domain = blanked(outcome.table)
    columns = ", ".join(f"{domain.get(c, cells.quoted(c))} as {cells.quoted(c)}" for c in outcome.table.columns)
    return f"select {columns}, known_at, row_key from {relation} where {_IS_USED}"


def _use(engine: Engine, outcome: TableOutcome, relation: str) -> None:
    columns = checked_columns(outcome.table)
    engine.build(outcome.checked, _used_sql(outcome, relation), as_view=False, columns=columns)
    outcome.rows_used = int(engine.value(f"select count(*) from {outcome.checked}"))
