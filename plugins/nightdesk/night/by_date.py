"""A table's rows in the order of a date, a range of days at a time: a large one, sorted whole, takes all memory."""

import datetime
from collections.abc import Iterator

import pyarrow as pa

from nightdesk.engine import Engine
from nightdesk.sql_text import literal

#: what is sorted at once, unless a single day has more
_ROWS_AT_ONCE = 1_000_000


def by_date(engine: Engine, table: str, date: str, rows_at_once: int = _ROWS_AT_ONCE) -> pa.RecordBatchReader:
    """The rows of `schema.name` by its DATE column `date`, those without one last: a stream that sorts at most
    `rows_at_once` together, or those of one day. A day's rows come in any order."""
    if engine.value(f"select count(*) from {table}") <= rows_at_once:
        return engine.arrow(f"select * from {table} order by {date}")
    ranges = _ranges(engine, table, date, rows_at_once)
    first = _within(engine, table, date, *next(ranges))

    def batches() -> Iterator[pa.RecordBatch]:
        yield from first
        for begin, end in ranges:
            yield from _within(engine, table, date, begin, end)

    return pa.RecordBatchReader.from_batches(first.schema, batches())


def _ranges(
    engine: Engine, table: str, date: str, rows_at_once: int
) -> Iterator[tuple[datetime.date | None, datetime.date | None]]:
    """First and last days of ranges, in order; None and None where there is no date."""
    begin: datetime.date | None = None
    end: datetime.date | None = None
    gathered = 0
    days = engine.rows(f"select {date} as day, count(*) as row_count from {table} group by all order by day nulls last")
    for day in days:
        if begin is not None and (gathered + day["row_count"] > rows_at_once or day["day"] is None):
            yield begin, end
            begin, gathered = None, 0
        begin, end, gathered = begin or day["day"], day["day"], gathered + day["row_count"]
    yield begin, end


def _within(
    engine: Engine, table: str, date: str, begin: datetime.date | None, end: datetime.date | None
) -> pa.RecordBatchReader:
    where = f"{date} is null" if begin is None else f"{date} between {literal(begin)} and {literal(end)}"
    return engine.arrow(f"select * from {table} where {where} order by {date}")
