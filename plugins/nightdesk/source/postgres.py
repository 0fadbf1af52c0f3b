"""Rows out of PostgreSQL by COPY: three times as fast as fetching them, and never more than a block in memory."""

import io
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import Engine

from nightdesk.contract import Table
from nightdesk.source.selection import Selection

DriverError = psycopg.Error

_TEXT_TYPES = {25, 1043, 1042, 705}
_BLOCK = 8 << 20


class _CopyFile(io.RawIOBase):
    """A COPY stream as a readable file."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(self._copy.read())
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def stream(
    engine: Engine, zone: ZoneInfo, table: Table, mapping: str, columns: list[str], selection: Selection
) -> Iterator[pa.RecordBatch]:
    """Batches of text columns of the rows that `selection` wants (every row of a snapshot)."""
    target = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(target, client_encoding="UTF8", options=_options(engine, zone)) as connection:
        connection.read_only = True
        with connection.cursor() as cursor:
            where = _where(cursor, table, mapping, columns, selection)
            listed = ", ".join(f's."{name}"' for name in columns)
            statement = f"copy (select {listed} from ({mapping}) as s{where}) to stdout (format csv)"
            with cursor.copy(statement) as copy:
                source = io.BufferedReader(_CopyFile(copy), _BLOCK)
                if not source.peek(1):
                    return
                yield from pyarrow.csv.open_csv(
                    source,
                    read_options=pyarrow.csv.ReadOptions(column_names=columns, block_size=_BLOCK),
                    parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
                    convert_options=pyarrow.csv.ConvertOptions(
                        column_types={name: pa.string() for name in columns},
                        null_values=[""],
                        strings_can_be_null=True,
                        quoted_strings_can_be_null=False,
                    ),
                )


def _options(engine: Engine, zone: ZoneInfo) -> str:
    """Session settings: those of the URL, and the bank's zone, in which timestamps without one are meant."""
    return f"{engine.url.query.get('options', '')} -c timezone={zone.key} -c datestyle=ISO".strip()


def _where(cursor: "psycopg.Cursor[Any]", table: Table, mapping: str, columns: list[str], selection: Selection) -> str:
    if table.date_column is None:
        return ""
    cursor.execute(f"select s.* from ({mapping}) as s where false")
    texts = {column.name for column in cursor.description or () if column.type_code in _TEXT_TYPES}
    date, is_text = f's."{table.date_column}"', table.date_column in texts
    if is_text and table.columns[table.date_column].type == "timestamp":
        date, is_text = _instant(cursor, table.date_column, is_text=True), False
    known_at = _instant(cursor, "known_at", is_text="known_at" in texts) if "known_at" in columns else None
    return " where " + selection.predicate(date, known_at, is_text=is_text)


def _instant(cursor: "psycopg.Cursor[Any]", name: str, *, is_text: bool) -> str:
    """A column as an instant; text that is none is null, and left for the checks to name."""
    if not is_text:
        return f's."{name}"::timestamptz'
    text = f"nullif(s.\"{name}\", '')"
    if cursor.connection.info.server_version < 160_000:  # cannot ask first: one bad text fails the whole read
        return f"{text}::timestamptz"
    return f"case when pg_input_is_valid({text}, 'timestamptz') then {text}::timestamptz end"
