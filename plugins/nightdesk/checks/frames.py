"""Frames: the rows that Great Expectations is asked about, a part of the night at a time, with DuckDB's flags."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyarrow as pa

from nightdesk.checks import cells, row_flags
from nightdesk.checks.expectation import (
    FAULTS,
    PAIR_FLAG,
    SCALES,
    SUM_FLAG,
    Expectation,
    columns_in,
    in_frame_units,
    source_column,
    summands,
)
from nightdesk.checks.outcome import CheckContext, Feed
from nightdesk.checks.suites import suite
from nightdesk.checks.typed import Typed
from nightdesk.checks.versions import Versions
from nightdesk.contract import Column, Table
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

_EPOCH = "date '1970-01-01'"
#: a number beyond this is out of every range anyway, and its smallest places no longer fit
_WHOLE_LIMIT = 90_000_000_000


@dataclass(frozen=True)
class Part:
    """A part of a table's rows: the conditions on its single and on its settled rows."""

    single: str
    settled: str


def parts(engine: Engine, typed: Typed, is_daily: bool, size: int) -> list[Part]:
    """Split a table into parts of about `size` rows: by ranges of the date's text, else by a hash of the key."""
    if typed.rows <= size:
        return [Part("true", "true")]
    if not is_daily:
        count = -(-typed.rows // size)
        return [Part(c, c) for c in (f"hash(row_key) % {count} = {i}" for i in range(count))]
    days = engine.rows(
        f"select left(raw_date, 10) as day, count(*) as n from {typed.relation}"
        " where raw_date is not null group by 1 order by 1"
    )
    starts: list[str] = []
    gathered = 0
    for row in days:
        if starts and gathered + row["n"] > size:
            starts.append(row["day"])
            gathered = 0
        elif not starts:
            starts.append(row["day"])
        gathered += row["n"]
    bounds = [literal(start) for start in starts[1:]]
    conditions = [
        " and ".join(
            [
                *([f"raw_date >= {bounds[i - 1]}"] if i else []),
                *([f"raw_date < {bounds[i]}"] if i < len(bounds) else []),
            ]
        )
        or "true"
        for i in range(len(bounds) + 1)
    ]
    # rows without a date, and settled rows (few), go with the first part
    conditions[0] = f"(raw_date is null or {conditions[0]})"
    return [Part(condition, "true" if i == 0 else "false") for i, condition in enumerate(conditions)]


def build_part(engine: Engine, table: Table, typed: Typed, versions: Versions, part: Part) -> str:
    """Make `part.<table>`: the typed rows of one part that are to be judged; `key_fault` names a contradiction.

    Typed rows that are in memory are not copied once more.
    """
    columns = ", ".join(
        [
            *("row_key", "known_at", "is_known_given", "on_date"),
            *("text_fault", "type_fault", "scale_fault", "cell_fault", "age_fault", "told"),
            *(cells.quoted(name) for name in table.columns),
        ]
    )
    sql = (
        f"select {columns}, cast(null as varchar) as key_fault from {typed.relation}"
        f" where not is_late and {versions.is_single} and {part.single}"
    )
    if versions.relation:
        sql += (
            f" union all select {columns}, case when version_state = 'conflict' then 'known_at' end as key_fault"
            f" from {versions.relation} where version_state in ('newest', 'conflict') and {part.settled}"
        )
    target = f"part.{table.name}"
    engine.build(target, sql, as_view=typed.is_materialised)
    return target


def asked(feed: Feed, supplied: Collection[str]) -> list[Expectation]:
    """The row expectations that can be asked: of columns that the source gives, and of parents that it supplies."""
    found = []
    for expectation in suite(feed.table.name):
        if expectation.scope != "row" or expectation.unless_supplied in supplied:
            continue
        if all(_can_ask(feed, column, supplied) for column in expectation.columns):
            found.append(expectation)
    return found


def _can_ask(feed: Feed, frame_column: str, supplied: Collection[str]) -> bool:
    if frame_column in FAULTS:
        return True
    column = feed.table.columns[source_column(frame_column)]
    if column.name not in feed.columns:
        return False
    if PAIR_FLAG in frame_column:
        return frame_column.partition(PAIR_FLAG)[2] in feed.columns
    flag = frame_column.rpartition("__")[2]
    if flag.startswith(SUM_FLAG):
        return all(name in feed.columns for name in summands(flag))
    if row_flags.is_row_flag(flag):
        return row_flags.can_ask(column, flag, feed.columns, supplied)
    return frame_column == column.name or column.parent == feed.table.name or column.parent in supplied


def frame(
    engine: Engine, table: Table, part: str, expectations: Collection[Expectation], context: CheckContext
) -> pa.Table:
    """The frame of a part: `row_key`, `told`, of a daily table `on_date`, and the columns that the expectations read,
    in whole units.
    """
    wanted = sorted({c for expectation in expectations for c in columns_in(in_frame_units(table, expectation))})
    always = ["row_key", "told", *(["on_date"] if table.is_daily else [])]
    read = (f"{_value(table, name, part, context)} as {cells.quoted(name)}" for name in wanted)
    selected = ",\n    ".join([*always, *read])
    return engine.arrow(f"select\n    {selected}\nfrom {part}").read_all()


def _value(table: Table, frame_column: str, part: str, context: CheckContext) -> str:
    if frame_column in FAULTS:
        return frame_column
    column = table.columns[source_column(frame_column)]
    flag = frame_column.rpartition("__")[2]
    if frame_column == column.name:
        return cells.quoted(column.name) if column.sql_type == "VARCHAR" else whole(column)
    if flag == "given":  # a cell that could not be typed has its own rule: it is there
        faulty = f"contains(concat_ws(',', '', type_fault, scale_fault, cell_fault, ''), ',{column.name},')"
        return f"case when {cells.quoted(column.name)} is not null or {faulty} then 1::tinyint end"
    if flag.startswith(PAIR_FLAG):
        return _pair_flag(column, table.columns[flag.removeprefix(PAIR_FLAG)])
    if flag.startswith(SUM_FLAG):
        return _off_by(column, *(table.columns[name] for name in summands(flag)))
    if row_flags.is_row_flag(flag):
        return row_flags.flag_sql(table, column, flag, context.listed, context.zone)
    return _reference_flag(table, column, flag, part)


def _pair_flag(column: Column, other: Column) -> str:
    """The column's name where it has no value though the other one has (a number: above zero); else null."""
    value = cells.quoted(other.name)
    is_there = f"{value} > 0" if other.type in SCALES else f"{value} is not null"
    return f"case when {cells.quoted(column.name)} is null and {is_there} then '{column.name}' end"


def _off_by(column: Column, *parts: Column) -> str:
    """How far a column lies from the sum of others, in hundredths of a percent of the largest of them all.

    Of a sign that the contract does not allow another rule tells.
    """
    value, parted = cells.quoted(column.name), [cells.quoted(part.name) for part in parts]
    largest = f"greatest({', '.join(f'abs({one})' for one in (value, *parted))})"
    signs = [f"{cells.quoted(one.name)} >= 0" for one in (column, *parts) if one.lowest == 0]
    off = f"cast(round(10000 * abs({value} - ({' + '.join(parted)})) / nullif({largest}, 0)) as bigint)"
    return f"case when {' and '.join(signs or ['true'])} then {off} end"


def whole(column: Column) -> str:
    """A typed value as a whole number: cents, smallest places, days or seconds since 1970, 0 or 1."""
    value = cells.quoted(column.name)
    if column.type == "number":
        # least and greatest skip nulls
        value = f"case when {value} is not null then least(greatest({value}, -{_WHOLE_LIMIT}), {_WHOLE_LIMIT}) end"
    if column.type in SCALES:
        return f"cast(({value}) * {SCALES[column.type]} as bigint)"
    if column.type in ("date", "month"):
        return f"cast(date_diff('day', {_EPOCH}, {value}) as bigint)"
    if column.type == "timestamp":
        return f"cast(date_diff('second', timestamp '1970-01-01 00:00:00', {value}) as bigint)"
    return f"cast({value} as bigint)"


def _reference_flag(table: Table, column: Column, flag: str, part: str) -> str:
    """The column's name and masked value where a reference leads nowhere, or to a quarantined row; else null."""
    value = cells.quoted(column.name)
    parent = column.parent or ""
    keys = part if parent == table.name else f"checked.{parent}"
    is_known = f"{value} in (select row_key from {keys})"
    if parent == table.name or flag == "dangling":
        test = f"not {is_known}"
    else:
        is_held_back = f"{value} in (select row_key from quarantined.{parent})"
        test = f"not {is_known} and " + (is_held_back if flag == "quarantined" else f"not {is_held_back}")
    masked = f"'{column.name} ****' || right({value}, cast(least(4, length({value}) // 2) as bigint))"
    # a reference that cannot be read has its own rule
    return f"case when {value} is not null and text_fault is null and {test} then {masked} end"


def slices(table: pa.Table, size: int) -> Iterator[pa.Table]:
    """A frame in slices of at most `size` rows: one day may have more."""
    for start in range(0, max(table.num_rows, 1), size):
        yield table.slice(start, size)
