"""Writes Arrow tables into a database: PostgreSQL by COPY, SQLite by executemany, others by SQLAlchemy inserts.

All of a bank is written in one transaction, so that a failure leaves the database as it was.
"""

import queue
import sqlite3
import threading
from collections import Counter
from types import TracebackType
from typing import Any, Protocol

import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from nightdesk.addresses import masked_url
from nightdesk.contract import contract
from nightdesk.errors import SourceError, UsageError
from nightdesk.failures import reduced

_BUFFERED_ROWS = 60_000
_SLICE_ROWS = 250_000
_INDEXED = ("txn", "balance", "loan_daily", "payment")

_SQL_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "id": sa.Text(),
    "text": sa.Text(),
    "enum": sa.Text(),
    "code": sa.Text(),
    "ccy": sa.Text(),
    "date": sa.Date(),
    "month": sa.Date(),
    "timestamp": sa.DateTime(),
    # without a scale: a server that rounds to two places would hide an amount with three
    "amount": sa.Numeric(),
    "pct": sa.Numeric(),
    "number": sa.Numeric(),
    "int": sa.BigInteger(),
    "bool": sa.Boolean(),
}


def bank_metadata() -> sa.MetaData:
    """Every contract table with `known_at`, without keys or constraints: a source may be dirty."""
    metadata = sa.MetaData()
    for table in contract().values():
        columns = [sa.Column(column.name, _SQL_TYPES[column.type]) for column in table.columns.values()]
        sa.Table(table.name, metadata, *columns, sa.Column("known_at", sa.DateTime()))
    return metadata


class _Target(Protocol):
    def write(self, name: str, data: pa.Table) -> None: ...


class _PostgresTarget:
    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection

    def write(self, name: str, data: pa.Table) -> None:
        options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
        with self._connection.cursor() as cursor:
            columns = ", ".join(f'"{column}"' for column in data.column_names)
            with cursor.copy(f'copy "{name}" ({columns}) from stdin (format csv)'.encode()) as copy:
                for start in range(0, data.num_rows, _SLICE_ROWS):
                    buffer = pa.BufferOutputStream()
                    pacsv.write_csv(data.slice(start, _SLICE_ROWS), buffer, options)
                    copy.write(memoryview(buffer.getvalue()))


class _SqliteTarget:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, name: str, data: pa.Table) -> None:
        marks = ", ".join("?" for _ in data.column_names)
        statement = f'insert into "{name}" values ({marks})'
        for start in range(0, data.num_rows, _SLICE_ROWS):
            part = data.slice(start, _SLICE_ROWS)
            columns = [_sqlite_values(column) for column in part.columns]
            self._connection.executemany(statement, zip(*columns, strict=True))


def _sqlite_values(column: pa.ChunkedArray) -> list[object]:
    kind = column.type
    if pa.types.is_boolean(kind):
        column = column.cast(pa.int64())
    elif not pa.types.is_integer(kind):
        column = column.cast(pa.string())
    values: list[object] = column.to_pylist()
    return values


class _AnyTarget:
    def __init__(self, connection: Connection, metadata: sa.MetaData) -> None:
        self._connection = connection
        self._metadata = metadata

    def write(self, name: str, data: pa.Table) -> None:
        for part in data.to_batches(max_chunksize=5_000):
            self._connection.execute(self._metadata.tables[name].insert(), part.to_pylist())


class Sink:
    """A database being filled: small frames are gathered, large ones written by a second thread while more are made.

    Use as a context manager; leaving it normally commits, leaving it with an error rolls everything back.
    Raises SourceError when the database cannot be reached or refuses, UsageError when the URL is not one.
    """

    def __init__(self, url: str, *, indexes: bool) -> None:
        try:
            self._url: URL = sa.make_url(url)
        except sa.exc.ArgumentError as error:
            raise UsageError(
                "the database URL is not one that SQLAlchemy reads", "Give one such as sqlite:///bank.db."
            ) from error
        if self._url.get_backend_name() == "postgresql":
            self._url = self._url.set(drivername="postgresql+psycopg")
        self._metadata = bank_metadata()
        self._indexes = indexes
        self._small: dict[str, list[pa.Table]] = {}
        self._queue: queue.Queue[tuple[str, pa.Table] | None] = queue.Queue(maxsize=4)
        self._failure: BaseException | None = None
        self.rows: Counter[str] = Counter(dict.fromkeys(contract(), 0))

    @property
    def address(self) -> str:
        """The URL without its secrets."""
        return masked_url(self._url.render_as_string(hide_password=False))

    def __enter__(self) -> "Sink":
        try:
            self._engine = sa.create_engine(self._url)
            self._connection = self._engine.connect()
        except (sa.exc.SQLAlchemyError, ImportError, OSError) as error:
            raise self._refused(error) from error
        try:
            self._target = self._open()
            self._metadata.drop_all(self._connection)
            self._metadata.create_all(self._connection)
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            self._close()
            raise self._refused(error) from error
        self._thread = threading.Thread(target=self._run, name="demo-bank-writer")
        self._thread.start()
        return self

    def _open(self) -> _Target:
        driver = self._connection.connection.driver_connection
        if isinstance(driver, psycopg.Connection):
            return _PostgresTarget(driver)
        if isinstance(driver, sqlite3.Connection):
            driver.isolation_level = None  # else the driver commits before the first `drop table`
            driver.execute("begin immediate")
            return _SqliteTarget(driver)
        return _AnyTarget(self._connection, self._metadata)

    def _refused(self, error: BaseException) -> SourceError:
        return SourceError(
            f"the demo bank cannot be written to {self.address}: {reduced(error)}",
            "Check that the server runs and that the user may drop and create tables there.",
        )

    def add(self, name: str, data: pa.Table) -> None:
        """Rows of one contract table to be written, in the order given per table."""
        if self._failure is not None:
            raise self._refused(self._failure) from self._failure
        self.rows[name] += data.num_rows
        waiting = self._small.setdefault(name, [])
        waiting.append(data)
        if sum(part.num_rows for part in waiting) >= _BUFFERED_ROWS:
            self._flush(name)

    def _flush(self, name: str) -> None:
        parts = [part for part in self._small.pop(name, []) if part.num_rows]
        for part in parts if len({part.schema for part in parts}) > 1 else [pa.concat_tables(parts)] if parts else []:
            self._queue.put((name, part))

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._failure is None:
                try:
                    self._target.write(*item)
                except Exception as error:  # noqa: BLE001 - handed to the thread that generates
                    self._failure = error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for name in list(self._small):
                    self._flush(name)
            self._queue.put(None)
            self._thread.join()
            if kind is None:
                self._finish()
        finally:
            self._close()

    def _close(self) -> None:
        """Whatever is not committed is rolled back."""
        self._connection.close()
        self._engine.dispose()

    def _finish(self) -> None:
        if self._failure is not None:
            raise self._refused(self._failure) from self._failure
        try:
            if self._indexes:
                for name in _INDEXED:
                    table = self._metadata.tables[name]
                    sa.Index(f"{name}_date", table.c[contract()[name].date_column or ""]).create(self._connection)
                    sa.Index(f"{name}_known_at", table.c.known_at).create(self._connection)
            self._connection.commit()
        except sa.exc.SQLAlchemyError as error:
            raise self._refused(error) from error
