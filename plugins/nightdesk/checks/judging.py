"""One table: typed, settled, judged part by part; its rows end up used, quarantined or late, and none elsewhere."""

from collections.abc import Collection
from typing import Any

import pyarrow as pa

from nightdesk.checks import cells
from nightdesk.checks.absence import find_absent, keep_last_rows, stand_in
from nightdesk.checks.expectation import Expectation
from nightdesk.checks.frames import asked, build_part, frame, parts, slices
from nightdesk.checks.outcome import SAMPLES, CheckContext, Feed, TableOutcome
from nightdesk.checks.quarantine import QUARANTINE, merge_quarantine, quarantine
from nightdesk.checks.questions import judge
from nightdesk.checks.results import Tally, told_rows
from nightdesk.checks.reversals import count_unmatched
from nightdesk.checks.suites import blanked, suite
from nightdesk.checks.taking_back import take_back
from nightdesk.checks.typed import typed_view
from nightdesk.checks.versions import settle
from nightdesk.checks.waiting import hold_back, keep_waiting, offered
from nightdesk.contract import Table
from nightdesk.engine import Engine
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal

#: a cell that cannot be read and is read as missing
UNREADABLE_RULE = "cell_unreadable"


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
    engine.empty(outcome.unreadable, {"row_key": "VARCHAR", "column_name": "VARCHAR"})
    if feed.landing is None:
        engine.empty(outcome.checked, checked_columns(table))
        engine.empty(outcome.superseded, {"row_key": "VARCHAR"})
        keep_waiting(engine, table, None, supplied, context)
        find_absent(engine, outcome, None, context)
        keep_last_rows(engine, outcome)
        return outcome
    reach = context.reach.get(table.name)
    typed = typed_view(
        engine,
        table,
        offered(engine, feed, supplied, context),
        feed.columns,
        business_date=context.business_date,
        cutoff=context.cutoff,
        zone=context.zone,
        in_memory_rows=context.frame_rows,
        is_too_old=reach.is_beyond(table.name, context.waiting) if reach else "false",
    )
    keep_waiting(engine, table, typed, supplied, context)
    versions = settle(engine, feed, typed, context)
    outcome.settled = versions.relation
    take_back(engine, outcome, feed, typed, context)
    outcome.rows_read = typed.rows
    outcome.rows_duplicate = versions.duplicates
    outcome.rows_superseded = versions.superseded
    outcome.rows_stored = versions.stored
    outcome.rows_late = versions.late + int(
        engine.value(f"select count(*) from {typed.relation} where is_late and {versions.is_single}")
    )
    expectations = asked(feed, supplied)
    tally = Tally(expectations)
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
        engine.drop(relation)
    if files:
        engine.view_of_files(outcome.checked, files, checked_columns(table))
    if outcome.rows_quarantined:
        merge_quarantine(engine, outcome)
    outcome.volume = outcome.days.get(context.business_date, 0)
    if not table.is_daily:
        outcome.volume = outcome.rows_in - outcome.rows_late
        outcome.is_point_in_time = not engine.value(
            f"select count(*) from (select 1 from {outcome.checked} where known_at is null limit 1)"
        )
    unreadable = {UNREADABLE_RULE: _unreadable_columns(engine, outcome) if outcome.cells_unreadable else ""}
    outcome.results = [*tally.rows(table, unreadable), *told_rows(outcome)]
    outcome.require_balance()
    find_absent(engine, outcome, typed, context)
    count_unmatched(engine, outcome, context)
    if table.is_carried:
        _carry(engine, outcome, is_view=bool(files))
    keep_last_rows(engine, outcome)
    return outcome


_IS_USED = "row_key not in (select row_key from part.failed)"


def _judge_part(
    engine: Engine,
    outcome: TableOutcome,
    relation: str,
    expectations: list[Expectation],
    tally: Tally,
    context: CheckContext,
) -> None:
    """Ask about one part, add its failing keys to `quarantined` and leave them in `part.failed`."""
    table = outcome.table
    rows = frame(engine, table, relation, expectations, context)
    for day, count in _counted(rows, "on_date"):
        outcome.days[day] = outcome.days.get(day, 0) + count
    for told, count in _counted(rows, "told"):
        for entry in told.split(","):
            rule, _, column = entry.partition(" ")
            outcome.told[rule, column] += count
    engine.empty("part.failed", {"row_key": "VARCHAR"})
    has_failed, is_blanked = False, _is_blanked_unasked(table, expectations)
    for slice_ in slices(rows, context.frame_rows):
        verdicts = judge(table, expectations, slice_)
        is_blanked |= any(verdict.positions for verdict in verdicts if _costs_a_cell(verdict.expectation))
        keys = slice_.column("row_key")
        tally.add(verdicts, keys)
        failing = [verdict for verdict in verdicts if verdict.expectation.is_quarantine and verdict.positions]
        if failing:
            has_failed = True
            quarantine(engine, outcome, failing, slice_, context)
    if has_failed:
        outcome.rows_quarantined += int(engine.value(f"select count(*) from {relation} where not ({_IS_USED})"))
        hold_back(engine, outcome, relation)
    if is_blanked:
        _note_unreadable(engine, outcome, relation)


def _counted(rows: pa.Table, column: str) -> list[tuple[Any, int]]:
    """The values of a frame's column, each with its number of rows; none where the frame does not have it."""
    if column not in rows.column_names:
        return []
    counts = rows.column(column).drop_null().value_counts()
    return [(one["values"], one["counts"]) for one in counts.to_pylist()]


def _costs_a_cell(expectation: Expectation) -> bool:
    """Whether a row that fails it has a cell that is read as missing."""
    return expectation.is_blanked or expectation.columns == ("cell_fault",)


def _is_blanked_unasked(table: Table, expectations: Collection[Expectation]) -> bool:
    """Whether a cell may be read as missing that nothing here was asked about."""
    return not all(one in expectations for one in suite(table.name) if _costs_a_cell(one))


def _note_unreadable(engine: Engine, outcome: TableOutcome, relation: str) -> None:
    """Name the cells of used rows that are read as missing: not of their type, or outside their domain."""
    outside = [
        f"case when {cells.quoted(column)} is not null and {domain} is null then {literal(column)} end"
        for column, domain in blanked(outcome.table).items()
    ]
    faulty = f"concat_ws(',', {', '.join(['cell_fault', *outside])})"
    added = engine.value(
        f"insert into {outcome.unreadable} select distinct row_key, unnest(string_split(faulty, ','))"
        f" from (select row_key, {faulty} as faulty from {relation} where {_IS_USED}) as used where faulty <> ''"
    )
    outcome.cells_unreadable += int(added)


def _unreadable_columns(engine: Engine, outcome: TableOutcome) -> str:
    """The columns of `cell_fault`, each with its count."""
    names = ", ".join(literal(column.name) for column in outcome.table.dispensable)
    if not names:
        return ""
    counted = engine.rows(
        f"select column_name, count(*) as n from {outcome.unreadable} where column_name in ({names})"
        " group by column_name order by column_name"
    )
    return ", ".join(f"{row['column_name']} {row['n']}" for row in counted)


def _carry(engine: Engine, outcome: TableOutcome, *, is_view: bool) -> None:
    """Let last good rows stand in for those that are held back or gone, so that what refers to them finds them."""
    columns = ", ".join(cells.quoted(name) for name in checked_columns(outcome.table))
    good = f"select row_key from {outcome.checked}"
    engine.build(
        "absence.carried",
        f"select {columns} from ({stand_in(outcome.table)}) as missing where row_key not in ({good})",
        as_view=False,
    )
    outcome.rows_carried = int(engine.value("select count(*) from absence.carried"))
    if outcome.rows_carried:
        if is_view:
            both = f"select {columns} from {outcome.checked} union all select {columns} from absence.carried"
            engine.build(f"absence.whole_{outcome.table.name}", both, as_view=False)
            engine.build(outcome.checked, f"select * from absence.whole_{outcome.table.name}", as_view=True)
        else:
            engine.execute(f"insert into {outcome.checked} select {columns} from absence.carried")
        keys = engine.rows(f"select row_key from absence.carried order by row_key limit {SAMPLES}")
        outcome.samples["carried_rows"] = [masked_key(row["row_key"]) for row in keys]


def _used_sql(outcome: TableOutcome, relation: str) -> str:
    """The rows of a part that no critical expectation failed, cells outside their domain read as missing."""
    domain = blanked(outcome.table)
    columns = ", ".join(f"{domain.get(c, cells.quoted(c))} as {cells.quoted(c)}" for c in outcome.table.columns)
    return f"select {columns}, known_at, row_key from {relation} where {_IS_USED}"


def _use(engine: Engine, outcome: TableOutcome, relation: str) -> None:
    columns = checked_columns(outcome.table)
    engine.build(outcome.checked, _used_sql(outcome, relation), as_view=False, columns=columns)
    outcome.rows_used = int(engine.value(f"select count(*) from {outcome.checked}"))
