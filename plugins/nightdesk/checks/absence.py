"""Absence: rows of a snapshot that last night used and tonight does not offer, and the reason in the data, or none.

Last night's rows stay at hand (`before.<table>`) for as long as their absence is unexplained.
"""

import re
from dataclasses import dataclass

from nightdesk.checks import cells
from nightdesk.checks.outcome import SAMPLES, CheckContext, TableOutcome
from nightdesk.checks.typed import Typed
from nightdesk.checks.waiting import WAITING
from nightdesk.contract import Column, Table, contract
from nightdesk.engine import Engine
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal

#: the relation of last good rows that stand in no source batch: cells as JSON, like those that wait
LAST_ROW = WAITING
#: those to be kept after tonight
LAST_ROWS = "absence.last_row"
#: rules by which a row counts as vanished: not offered at all, or only as the bank came to know it after the cut-off
GONE, KNOWN_LATE = "gone", "known_after_cut_off"
#: rows of last night that tonight does not offer, ended or not
_CANDIDATE = "absence.candidate"


@dataclass(frozen=True)
class _Names:
    """Relations of one table: rows as last used, and keys that are gone without a reason (row_key, rule)."""

    before: str
    absent: str


def names_of(table: Table) -> _Names:
    """Where a table's last rows and absent keys are."""
    return _Names(f"before.{table.name}", f"absent.{table.name}")


def find_absent(engine: Engine, outcome: TableOutcome, typed: Typed | None, context: CheckContext) -> None:
    """Make `before.<table>` and `absent.<table>`, and count on the outcome what is gone without a reason.

    `checked.<table>`, and both relations of its parents, are there already.
    """
    table, names = outcome.table, names_of(outcome.table)
    if not engine.exists(LAST_ROWS):
        engine.empty(LAST_ROWS, LAST_ROW)
    engine.empty(names.absent, {"row_key": "VARCHAR", "rule": "VARCHAR"})
    if not _register_before(engine, table, context):
        return
    offered = f"(select row_key from {typed.relation} where not is_late)" if typed else "(select null where false)"
    engine.build(_CANDIDATE, f"select row_key from {names.before} where row_key not in {offered}", as_view=False)
    if not engine.value(f"select count(*) from {_CANDIDATE}"):
        return
    late = f"row_key in (select row_key from {typed.relation} where is_late)" if typed else "false"
    # a row that is missing for longer than policy allows is given up: it was named every night
    old = "false"
    if context.withheld:
        first = context.first_day("withheld_days", table.name)
        old = f"row_key in (select row_key from {_missed_before(table, context)} and since < {literal(first)})"
    engine.execute(
        f"insert into {names.absent}"
        f" select row_key, case when {late} then {literal(KNOWN_LATE)} else {literal(GONE)} end"
        f" from ({_reasons(table, context, names.before)}) as judged"
        f" where not is_ended and not ({old}) and row_key in (select row_key from {_CANDIDATE})"
    )
    _count(engine, outcome, context)


def _count(engine: Engine, outcome: TableOutcome, context: CheckContext) -> None:
    """Say on the outcome what is missing, what of it newly and by a fault of this feed, and of how many living rows."""
    table, names = outcome.table, names_of(outcome.table)
    outcome.rows_absent = int(engine.value(f"select count(*) from {names.absent}"))
    if outcome.rows_absent:
        keys = engine.rows(f"select row_key from {names.absent} order by row_key limit {SAMPLES}")
        outcome.samples["vanished_rows"] = [masked_key(row["row_key"]) for row in keys]
        newly = [_is_on_its_own(table, column) for column in table.required_parents if column.parent != table.name]
        if context.withheld:
            newly.append(f"row_key not in (select row_key from {_missed_before(table, context)})")
        fresh = " and ".join(["true", *newly])
        outcome.rows_vanished = int(engine.value(f"select count(*) from {names.absent} where {fresh}"))
    if outcome.rows_vanished:
        still = f"({living(table, context, names.before)}) as living where row_key not in"
        there = int(engine.value(f"select count(*) from {still} (select row_key from {_CANDIDATE})"))
        outcome.rows_expected = outcome.rows_vanished + there
    elif not outcome.rows_absent and table.ended == "true" and outcome.is_supplied and not outcome.rows_in:
        # each row may go without a word, but not all of them
        outcome.rows_vanished = outcome.rows_expected = int(engine.value(f"select count(*) from {_CANDIDATE}"))


def _missed_before(table: Table, context: CheckContext) -> str:
    """What follows FROM to read the table's rows that were withheld last night."""
    return f"{context.withheld} where table_name = {literal(table.name)} and column_name is null"


def _is_on_its_own(table: Table, column: Column) -> str:
    """The condition that a row's parent is not gone as well: a fault of the parent's feed is not one of this feed."""
    gone = f"select row_key from {names_of(contract()[str(column.parent)]).absent}"
    return (
        f"row_key not in (select row_key from {names_of(table).before} where {cells.quoted(column.name)} in ({gone}))"
    )


def stand_in(table: Table) -> str:
    """The last good rows of a carried table whose own row is held back or gone, as `checked` has them."""
    names = names_of(table)
    missing = f"select row_key from quarantined.{table.name} union select row_key from {names.absent}"
    return f"select * from {names.before} where row_key in ({missing})"


def keep_last_rows(engine: Engine, outcome: TableOutcome) -> None:
    """Keep the last good rows of what is held back or gone, where no source batch of tonight has them."""
    table, names = outcome.table, names_of(outcome.table)
    is_whole = not (outcome.rows_quarantined or outcome.rows_absent)
    if table.is_daily or is_whole or not engine.exists(names.before):
        return
    texts = [f"{literal(name)}: cast({cells.quoted(name)} as varchar)" for name in [*table.columns, "known_at"]]
    engine.execute(
        f"insert into {LAST_ROWS} select {literal(table.name)}, row_key, to_json({{{', '.join(texts)}}})"
        f" from ({stand_in(table)}) as missing where row_key not in (select row_key from {outcome.checked})"
    )


def _register_before(engine: Engine, table: Table, context: CheckContext) -> bool:
    """Make `before.<table>`: the rows that last night used, and last rows kept since; False where there are none."""
    columns = {**{c.name: c.sql_type for c in table.columns.values()}, "known_at": "TIMESTAMP"}
    target, parts = names_of(table).before, []
    if table.name in context.before:
        listed = ", ".join(cells.quoted(name) for name in columns)
        parts.append(
            f"select {listed}, {cells.row_key(table, context.zone)} as row_key from {context.before[table.name]}"
        )
    if context.last_rows:
        read = ", ".join(
            f"cast(json_extract_string(row_cells, '$.{name}') as {kind}) as {cells.quoted(name)}"
            for name, kind in columns.items()
        )
        parts.append(f"select {read}, row_key from {context.last_rows} where table_name = {literal(table.name)}")
    if table.is_daily or not parts:
        engine.empty(target, {**columns, "row_key": "VARCHAR"})
        return False
    engine.build(target, " union all ".join(parts), as_view=True)
    return True


def living(table: Table, context: CheckContext, rows: str) -> str:
    """A SELECT of those of a snapshot's `rows` (`row_key`) that the data do not say to have ended."""
    return f"select row_key from ({_reasons(table, context, rows)}) as judged where not is_ended"


def _reasons(table: Table, context: CheckContext, rows: str) -> str:
    """A SELECT of every one of `rows` (`row_key`) and whether the data say that it may be gone (`is_ended`)."""
    names = names_of(table)
    condition = table.ended.replace("$business_date", literal(context.business_date))
    joins, keys = "", [f"was.{cells.quoted(name)}" for name in table.key]
    for column in table.references:
        alias = column.name.removesuffix("_id")
        if re.search(rf"\b{alias}\.", condition):
            parent = names_of(contract()[str(column.parent)]).before
            used = f"checked.{column.parent}"
            listed = ", ".join(cells.quoted(name) for name in [*contract()[str(column.parent)].columns, "row_key"])
            joins += (
                f" left join (select {listed} from {used} union all select {listed} from {parent}"
                f" where row_key not in (select row_key from {used})) as {alias} on was.{column.name} = {alias}.row_key"
            )
    succeeded = "false"
    if table.period and "is_succeeded" in condition:
        same = [f"{key} is not distinct from {key.replace('was.', 'later.')}" for key in keys]
        same.remove(same[table.key.index(table.period)])
        later = " and ".join([*same, f"later.{table.period} > was.{table.period}"])
        succeeded = f"exists (select 1 from checked.{table.name} as later where {later})"
    tonight = f"select *, row_key not in (select row_key from {names.before}) as is_new from checked.{table.name}"
    return (
        f"with tonight as ({tonight}), was as (select was.*, {succeeded} as is_succeeded from {rows} as was)"
        f" select was.row_key, coalesce(({condition}), false) as is_ended from was{joins}"
    )
