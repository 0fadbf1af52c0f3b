"""Rows out of any other database, streamed through SQLAlchemy and written as text."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection, Select

from nightdesk.contract import Table
from nightdesk.source.cell import cell_text, text_array
from nightdesk.source.selection import ONE_DAY, Selection
from nightdesk.source.statement import rows_of

_ROWS = 20_000


def instant(value: str | None, zone: ZoneInfo) -> datetime.datetime | None:
    """A timestamp's instant; one without a zone is bank time. None where it cannot be read."""
    if not value:
        return None
    try:
        read = datetime.datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def is_text(connection: Connection, code: object) -> bool:
    """Whether a column of a result's description holds text, by the type objects that every driver has.

    SQLite tells no types: what stands in its columns may always be text.
    """
    if connection.dialect.name == "sqlite":
        return True
    kind = getattr(connection.dialect.dbapi, "STRING", str)
    return code is str or bool(code == kind)


def stream(
    connection: Connection,
    zone: ZoneInfo,
    table: Table,
    mapping: str,
    spelled: Mapping[str, str],
    texts: set[str],
    selection: Selection,
) -> Iterator[pa.RecordBatch]:
    """Batches of text columns of the rows that `selection` wants (every row of a snapshot).

    `spelled` says how the source writes each contract column, `texts` which of them hold text. Text timestamps may
    carry zones, so SQL asks for a day more on each side and each row is asked again here.
    """
    columns = list(spelled)
    statement = rows_of(
        connection.dialect,
        mapping,
        list(spelled.values()),
        _wide(selection) if table.date_column else None,
        date=spelled.get(table.date_column or "", ""),
        known_at=spelled.get("known_at"),
        texts={spelled[name] for name in texts},
    )
    coded = [name in table.columns and table.columns[name].is_coded for name in columns]
    schema = pa.schema([(name, pa.string()) for name in columns])
    with connection.execute(statement.execution_options(stream_results=True, yield_per=_ROWS)) as result:
        for part in result.partitions(_ROWS):
            rows = [_texts(row, coded) for row in part]
            if table.date_column is not None:
                rows = _wanted(rows, columns, table, zone, selection)
            yield pa.RecordBatch.from_arrays(
                [text_array([row[i] for row in rows]) for i in range(len(columns))], schema=schema
            )


def count_by_day(
    connection: Connection, zone: ZoneInfo, table: Table, statement: Select[Any]
) -> dict[datetime.date, int]:
    """Rows by date, of a statement that gives dates as they stand (a time of day with them) and a number of rows."""
    counted: Counter[datetime.date] = Counter()
    for value, rows in connection.execute(statement):
        day = day_of(table, cell_text(value), zone)
        if day is not None:
            counted[day] += rows
    return dict(counted)


def _texts(row: Any, coded: list[bool]) -> list[str | None]:
    return [cell_text(value, is_coded=is_coded) for value, is_coded in zip(row, coded, strict=True)]


def _wide(selection: Selection) -> Selection:
    return Selection(
        until=selection.until + ONE_DAY,
        after=selection.after - ONE_DAY if selection.after else None,
        known_after=selection.known_after.replace(tzinfo=None) - ONE_DAY * 2 if selection.known_after else None,
        lookback_from=selection.lookback_from - ONE_DAY if selection.lookback_from else None,
        days=tuple(sorted({day + n * ONE_DAY for day in selection.days for n in (-1, 0, 1)})),
    )


def _wanted(
    rows: list[list[str | None]], columns: list[str], table: Table, zone: ZoneInfo, selection: Selection
) -> list[list[str | None]]:
    at = columns.index(str(table.date_column))
    known = columns.index("known_at") if "known_at" in columns else None
    kept = []
    for row in rows:
        day = day_of(table, row[at], zone)
        known_at = instant(row[known], zone) if known is not None else None
        if selection.wants(day, known_at):
            kept.append(row)
    return kept


def day_of(table: Table, value: str | None, zone: ZoneInfo) -> datetime.date | None:
    """The bank day that the text of a daily table's date says; None where it says none."""
    if table.columns[str(table.date_column)].type == "timestamp":
        moment = instant(value, zone)
        return moment.astimezone(zone).date() if moment else None
    try:
        return datetime.date.fromisoformat((value or "").strip()[:10])
    except ValueError:
        return None
