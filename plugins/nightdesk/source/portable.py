"""Rows out of any other database, streamed through SQLAlchemy and written as text."""

import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Engine, text

from nightdesk.contract import Table
from nightdesk.source.selection import ONE_DAY, Selection

_ROWS = 20_000


def cell_text(value: Any) -> str | None:
    """One value as the text that the checks type; None stays None.

    A binary float (SQLite's REAL) within its own error of a whole cent is that cent exactly.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return repr(value)
        cent = Decimal(value).quantize(Decimal("0.01")) if abs(value) < 1e24 else Decimal(value)
        is_cent = abs(Decimal(value) - cent) <= abs(Decimal(value)) * Decimal(2) ** -50
        return format(cent if is_cent else Decimal(repr(value)), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)


def instant(value: str | None, zone: ZoneInfo) -> datetime.datetime | None:
    """A timestamp's instant; one without a zone is bank time. None where it cannot be read."""
    if not value:
        return None
    try:
        read = datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def stream(
    engine: Engine, zone: ZoneInfo, table: Table, mapping: str, columns: list[str], selection: Selection
) -> Iterator[pa.RecordBatch]:
    """Batches of text columns of the rows that `selection` wants (every row of a snapshot).

    Text timestamps may carry zones, so SQL asks for a day more on each side and each row is asked again here.
    """
    schema = pa.schema([(name, pa.string()) for name in columns])
    quote = engine.dialect.identifier_preparer.quote
    listed = ", ".join(f"s.{quote(name)}" for name in columns)
    statement = f"select {listed} from ({mapping}) as s"
    if table.date_column is not None:
        statement += " where " + _wide(selection).predicate(
            f"s.{quote(table.date_column)}",
            "nullif(s.known_at, '')" if "known_at" in columns else None,
            is_text=engine.dialect.name == "sqlite",
        )
    with engine.connect().execution_options(stream_results=True, yield_per=_ROWS) as connection:
        result = connection.execute(text(statement.replace(":", "\\:")))
        for part in result.partitions(_ROWS):
            rows = [[cell_text(value) for value in row] for row in part]
            if table.date_column is not None:
                rows = _wanted(rows, columns, table, zone, selection)
            yield pa.RecordBatch.from_arrays(
                [pa.array([row[i] for row in rows], pa.string()) for i in range(len(columns))], schema=schema
            )


def _wide(selection: Selection) -> Selection:
    return Selection(
        until=selection.until + ONE_DAY,
        after=selection.after - ONE_DAY if selection.after else None,
        known_after=selection.known_after.replace(tzinfo=None) - ONE_DAY * 2 if selection.known_after else None,
        lookback_from=selection.lookback_from - ONE_DAY if selection.lookback_from else None,
    )


def _wanted(
    rows: list[list[str | None]], columns: list[str], table: Table, zone: ZoneInfo, selection: Selection
) -> list[list[str | None]]:
    date_column = str(table.date_column)
    at = columns.index(date_column)
    known = columns.index("known_at") if "known_at" in columns else None
    has_time = table.columns[date_column].type == "timestamp"
    kept = []
    for row in rows:
        day = _day(row[at], zone, has_time)
        known_at = instant(row[known], zone) if known is not None else None
        if selection.wants(day, known_at):
            kept.append(row)
    return kept


def _day(value: str | None, zone: ZoneInfo, has_time: bool) -> datetime.date | None:
    if has_time:
        moment = instant(value, zone)
        return moment.astimezone(zone).date() if moment else None
    try:
        return datetime.date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
