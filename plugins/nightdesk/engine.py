"""The engine: DuckDB in this process, in memory, with a limit and a spill folder; all it does goes through here."""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import copy
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from nightdesk.errors import StoreError
from nightdesk.instances import instance
from nightdesk.metering import look
from nightdesk.scratch import SPILL, scratch
from nightdesk.sql_text import as_texts, literal
from nightdesk.statement_errors import told_plainly

#: a parameter; or a comment or quoted text, in which a dollar is a dollar
_PARAMETER = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$([a-z_]+)")
#: Parquet files of less than this in all become tables: to open them costs every statement more than their rows do
_READ_ONCE_BYTES = 500_000


def _is_small(files: Sequence[str]) -> bool:
    """Whether local files are read once rather than again by every statement that asks for their rows."""
    try:
        return sum(map(os.path.getsize, files)) <= _READ_ONCE_BYTES
    except OSError:  # of an object store, or gone, which is said when they are read
        return False


def _parquet(files: Sequence[str]) -> str:
    listed = ", ".join(literal(file) for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


class Engine:
    """One in-memory DuckDB database; use it as a context manager.

    `parameters` are the values bound to `$name` in every statement that names them.
    """

    def __init__(
        self,
        parameters: Mapping[str, object] | None = None,
        *,
        memory_limit: str = "640MB",
        threads: int = 2,
        spill: Path | None = None,
        is_on_disk: bool = False,
    ) -> None:
        self.parameters: dict[str, object] = dict(parameters or {})
        self._memory_limit = memory_limit
        self._open = ExitStack()
        folder = self._open.enter_context(scratch(spill or Path(gettempdir()), SPILL))
        self._instance = self._open.enter_context(instance(memory_limit, threads, folder, is_on_disk=is_on_disk))
        self._connection = self._instance.connection
        self._schemas: set[str] = set()
        #: what was made here, and as what: the catalog takes milliseconds to say it
        self._made: dict[str, str] = {}

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the database and its spill folder."""
        look()  # what it spilled is gone with it
        self._open.close()

    @contextmanager
    def hands(self, count: int) -> Iterator[list["Engine"]]:
        """This engine, or several connections to the same database, each for one thread at a time.

        What is registered with this one (register_arrow), those others do not see.
        """
        with ExitStack() as opened:
            yield [opened.enter_context(self._beside()) for _ in range(count)] if count > 1 else [self]

    @contextmanager
    def _beside(self) -> Iterator["Engine"]:
        other = copy(self)
        other._instance = self._instance.another()
        other._connection = other._instance.connection
        try:
            yield other
        finally:
            other._connection.close()

    def interrupt(self) -> None:
        """Have the statement at work fail, from another thread than the one that runs it; nothing where none is."""
        self._connection.interrupt()

    # -- statements ---------------------------------------------------------------------------------------------

    def execute(self, sql: str, **extra: object) -> duckdb.DuckDBPyConnection:
        """Run one statement with the `$name` parameters it mentions bound."""
        used = self._used(sql, extra)
        with self._telling(sql):
            return self._connection.execute(sql, used) if used else self._connection.execute(sql)

    def _telling(self, sql: str) -> AbstractContextManager[None]:
        return told_plainly(sql, self._memory_limit)

    def _used(self, sql: str, extra: Mapping[str, object]) -> dict[str, object]:
        known = {**self.parameters, **extra}
        return {name: known[name] for name in _PARAMETER.findall(sql) if name}

    def rows(self, sql: str, **extra: object) -> list[dict[str, Any]]:
        """All rows of a query, as dictionaries."""
        result = self.execute(sql, **extra)
        names = [column[0] for column in result.description or ()]
        with self._telling(sql):
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def value(self, sql: str, **extra: object) -> Any:
        """The first column of the first row of a query; None where there is no row."""
        result = self.execute(sql, **extra)
        with self._telling(sql):
            rows = result.fetchall()  # a result left unfinished blocks the connection
        return rows[0][0] if rows else None

    def arrow(self, sql: str, **extra: object) -> pa.RecordBatchReader:
        """A query's rows as a stream of Arrow batches."""
        used = self._used(sql, extra)
        with self._telling(sql):
            relation = self._connection.sql(sql, params=used) if used else self._connection.sql(sql)
            reader = relation.to_arrow_reader(100_000)

        def batches() -> Iterator[pa.RecordBatch]:
            with self._telling(sql):
                yield from reader

        return pa.RecordBatchReader.from_batches(reader.schema, batches())

    # -- tables and views ---------------------------------------------------------------------------------------

    def schema(self, name: str) -> None:
        """Make a schema if it is not there yet."""
        if name not in self._schemas:
            self._connection.execute(f'create schema if not exists "{name}"')
            self._schemas.add(name)

    def exists(self, table: str) -> bool:
        """Whether `schema.name` is a table or view that was made here."""
        return table in self._made

    def drop(self, *tables: str) -> None:
        """Free tables and views, those that are there."""
        for table in tables:
            if kind := self._made.pop(table, None):
                self._connection.execute(f"drop {kind} {table}")

    def columns(self, table: str) -> dict[str, str]:
        """Column names and types of `schema.name`."""
        return {row[0]: row[1] for row in self._connection.execute(f"describe {table}").fetchall()}

    def empty(self, table: str, columns: Mapping[str, str]) -> None:
        """Make `schema.name` an empty table of these columns and types."""
        self._make_room(table, "table")
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self._connection.execute(self._instance.parsed(f"create or replace table {table} ({body})"))
        self._made[table] = "table"

    def insert(self, table: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> None:
        """Make `schema.name` a small table of these rows; a column that a row lacks is null."""
        self.insert_arrow(table, columns, as_texts(columns, rows))

    def insert_arrow(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Make `schema.name` a table of these rows, each column cast to its type: one statement, however many rows."""
        if not rows.num_rows:
            self.empty(table, columns)
            return
        self._make_room(table, "table")
        body = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
        self._connection.register("inserted_rows", rows)
        made = f"create or replace table {table} as select {body} from inserted_rows"
        with self._telling(made):
            self._connection.execute(self._instance.parsed(made))
        self._connection.unregister("inserted_rows")
        self._made[table] = "table"

    def register_arrow(self, table: str, data: "pa.Table | pa.dataset.Dataset | pa.RecordBatchReader") -> None:
        """Make `schema.name` a view of Arrow data held by this process."""
        schema, _, name = table.partition(".")
        self._make_room(table, "view")
        self._connection.register(f"arrow_{schema}_{name}", data)
        self._instance.registered.add(f"arrow_{schema}_{name}")
        self._connection.execute(f"create or replace view {table} as select * from arrow_{schema}_{name}")
        self._made[table] = "view"

    def columns_of_files(self, files: Sequence[str]) -> dict[str, str]:
        """Names and types of the columns that Parquet files have."""
        sql = f"describe select * from {_parquet(files)}"
        with self._telling(sql):
            told = self._connection.execute(sql).fetchall()
        return {row[0]: row[1] for row in told}

    def hash_of_files(self, files: Sequence[str], where: str = "", without: str = "") -> str:
        """Columns, types, count and sum of the hashes of the rows of Parquet files, whatever their order; empty for no
        file. Of the rows that meet `where`, if there is a condition, and no column `without`. As fast as they are read;
        another version of DuckDB may hash otherwise."""
        if not files:
            return ""
        kept = f"columns(lambda name: name <> {literal(without)})"
        told = self.rows(
            "select min(typeof(t)) as kinds, count(*) as row_count, cast(sum(hash(t)) as varchar) as total "
            f"from (select {kept} from {_parquet(files)} where {where or 'true'}) as t"
        )
        return "{kinds}:{row_count}:{total}".format(**told[0])

    def view_of_files(
        self,
        table: str,
        files: Sequence[str],
        columns: Mapping[str, str],
        where: str = "",
        *,
        is_complete: bool = False,
    ) -> None:
        """Make `schema.name` a view of Parquet files, or a table of them where they are small; no file, no row.

        A column that some files lack is null there: supply varies, and what a former night did not record is unknown.
        With `is_complete` that is refused (StoreError): a sum that goes on must not begin from nothing.
        """
        if not files:
            self.empty(table, columns)
            return
        with self._telling(f"table {table}"):
            try:
                self._of_files(table, files, columns, where, columns)
            except duckdb.BinderException:  # no file has one of the columns: the exception, which is looked into
                present = self.columns_of_files(files)
                lacking = [name for name in columns if name not in present]
                if lacking and is_complete:
                    raise StoreError(
                        f"the batch of {table} lacks the column {', '.join(lacking)}",
                        "It was written by other code: replay the night that wrote it (nightdesk backfill),"
                        " then this one.",
                    ) from None
                self._of_files(table, files, columns, where, present)

    def _of_files(
        self, table: str, files: Sequence[str], columns: Mapping[str, str], where: str, present: Container[str]
    ) -> None:
        body = ", ".join(
            f'"{name}"::{kind} as "{name}"' if name in present else f'null::{kind} as "{name}"'
            for name, kind in columns.items()
        )
        kind = "table" if _is_small(files) else "view"
        self._make_room(table, kind)
        self._connection.execute(f"create or replace {kind} {table} as select {body} from {_parquet(files)} {where}")
        self._made[table] = kind

    def _make_room(self, table: str, kind: str) -> None:
        """See to the schema, and that nothing of another kind stands where a table or view is to be made."""
        self.schema(table.partition(".")[0])
        if self._made.get(table, kind) != kind:
            self.drop(table)

    def build(self, table: str, sql: str, *, as_view: bool, columns: Mapping[str, str] | None = None) -> None:
        """Make `schema.name` from one SELECT; declared `columns` fix its names, order and types."""
        self._make_room(table, "view" if as_view else "table")
        if columns:
            body = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
            sql = f"select {body} from (\n{sql}\n) as built"
        if as_view:  # DuckDB binds no parameters in a view
            sql = _PARAMETER.sub(lambda match: literal(self.parameters[match[1]]) if match[1] else match[0], sql)
            self._connection.execute(f"create or replace view {table} as {sql}")
        else:
            made = f"create or replace table {table} as {sql}"
            used = self._used(made, {})
            with self._telling(made):
                self._connection.execute(self._instance.parsed(made), used or None)
        self._made[table] = "view" if as_view else "table"
