"""Waiting rows: daily rows that only their parent held back, offered again in the night that knows the parent.

The source gives a daily row once; its parent may come, or be mended, nights later.
"""

from collections.abc import Collection

from nightdesk.checks import cells
from nightdesk.checks.outcome import CheckContext, Feed, TableOutcome
from nightdesk.checks.typed import Typed
from nightdesk.contract import UNREADABLE, Column, Table
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

#: the relation of waiting rows: `row_cells` is the row as JSON, each cell in the text that a source would give
WAITING = {"table_name": "VARCHAR", "row_key": "VARCHAR", "row_cells": "VARCHAR"}
#: the rows that wait after tonight
KEPT = "waiting.kept"
#: the rules by which a row waits; one that breaks another too has a fault of its own, and its source must mend it
HELD_BACK = ("parent_missing", "parent_quarantined")


def _waits(table: Table) -> bool:
    """A snapshot comes whole every night; a row without a required parent is never held back."""
    return table.is_daily and bool(table.required_parents)


def _released(table: Table, supplied: Collection[str]) -> str:
    """The condition for waiting rows of a table whose required parents are all there tonight."""
    tests = [f"table_name = {literal(table.name)}"]
    for column in table.required_parents:
        if column.parent in supplied:
            tests.append(f"{_cell(column.name)} in (select row_key from checked.{column.parent})")
    return " and ".join(tests)


def _cell(name: str) -> str:
    return f"json_extract_string(row_cells, '$.{name}')"


def offered(engine: Engine, feed: Feed, supplied: Collection[str], context: CheckContext) -> str:
    """The relation of rows to check: as landed, and with them the waiting rows whose parents are there tonight."""
    landing, table = str(feed.landing), feed.table
    if context.waiting is None or not _waits(table):
        return landing
    names = sorted(feed.columns)
    released = f"waiting.{table.name}"
    texts = ", ".join(f"{_cell(name)} as {cells.quoted(name)}" for name in names)
    engine.build(released, f"select {texts} from {context.waiting} where {_released(table, supplied)}", as_view=False)
    if not engine.value(f"select count(*) from {released}"):
        return landing
    listed = ", ".join(cells.quoted(name) for name in names)
    both = f"select {listed} from {landing} union all select {listed} from {released}"
    engine.build(f"offered.{table.name}", both, as_view=True)
    return f"offered.{table.name}"


def keep_waiting(
    engine: Engine, table: Table, typed: Typed | None, supplied: Collection[str], context: CheckContext
) -> None:
    """Let the rows wait on whose parents are not there, unless tonight brought their key again."""
    if not engine.exists(KEPT):
        engine.empty(KEPT, WAITING)
    if context.waiting is None or not _waits(table):
        return
    condition = f"table_name = {literal(table.name)}"
    if typed is not None:
        condition += (
            f" and not ({_released(table, supplied)})"
            f" and row_key not in (select row_key from {typed.relation} where has_key and not is_late)"
        )
    engine.execute(f"insert into {KEPT} select {', '.join(WAITING)} from {context.waiting} where {condition}")


def hold_back(engine: Engine, outcome: TableOutcome, part: str) -> None:
    """Let the quarantined rows of a part wait that broke no rule but those of HELD_BACK."""
    table = outcome.table
    if not _waits(table):
        return
    own = ", ".join(literal(rule) for rule in HELD_BACK)
    texts = [f"{literal(column.name)}: {_cell_text(table, column)}" for column in table.columns.values()]
    # an instant that was not stated but assumed is assumed again
    texts.append(f"'known_at': case when is_known_given then {_text('timestamp', 'known_at')} end")
    engine.execute(
        f"insert into {KEPT} select {literal(table.name)}, row_key, to_json({{{', '.join(texts)}}}) from {part}"
        " where row_key in (select row_key from part.failed)"
        f" and row_key not in (select row_key from {outcome.quarantined} where rule not in ({own}))"
    )


def _cell_text(table: Table, column: Column) -> str:
    """A cell as its source would give it; one that could not be read is to be as unreadable when the row comes in."""
    text = _text(column.type, cells.quoted(column.name))
    if column not in table.dispensable:
        return text
    is_faulty = f"list_contains(string_split(cell_fault, ','), {literal(column.name)})"
    return f"case when {is_faulty} then {literal(UNREADABLE)} else {text} end"


def _text(kind: str, value: str) -> str:
    text = f"cast({value} as varchar)"
    return f"{text} || 'Z'" if kind == "timestamp" else text
