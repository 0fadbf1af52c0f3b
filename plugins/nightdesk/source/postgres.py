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
    with psycopg.connect(target, options=f"-c timezone={zone.key} -c datestyle=ISO") as connection:
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
                    parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
                    convert_options=pyarrow.csv.ConvertOptions(
                        column_types={name: pa.string() for name in columns},
                        null_values=[""],
                        strings_can_be_null=True,
                        quoted_strings_can_be_null=False,
                    ),
                )


def _where(cursor: "psycopg.Cursor[Any]", table: Table, mapping: str, columns: list[str], selection: Selection) -> str:
    if table.date_column is None:
        return ""
    known_at = None
    if "known_at" in columns:
        cursor.execute(f"select s.known_at from ({mapping}) as s where false")
        is_text = cursor.description is not None and cursor.description[0].type_code in _TEXT_TYPES
        known_at = "nullif(s.known_at, '')::timestamptz" if is_text else "s.known_at::timestamptz"
    return " where " + selection.predicate(f's."{table.date_column}"', known_at)
