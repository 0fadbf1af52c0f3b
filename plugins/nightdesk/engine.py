"""The engine: DuckDB in this process, in memory, with a limit and a spill folder; all it does goes through here."""

import datetime
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

_PARAMETER = re.compile(r"\$([a-z_]+)")


def literal(value: object) -> str:
    """A SQL literal of a date, timestamp, number, boolean, text or null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime.datetime):
        return f"timestamp '{value:%Y-%m-%d %H:%M:%S.%f}'"
    if isinstance(value, datetime.date):
        return f"date '{value:%Y-%m-%d}'"
    return "'" + str(value).replace("'", "''") + "'"


class Engine:
    """One in-memory DuckDB connection; use it as a context manager.

    `parameters` are the values bound to `$name` in every statement that names them.
    """

    def __init__(
        self,
        parameters: Mapping[str, object] | None = None,
        *,
        memory_limit: str = "640MB",
        threads: int = 2,
        spill: Path | None = None,
    ) -> None:
        self.parameters: dict[str, object] = dict(parameters or {})
        self._spill = tempfile.TemporaryDirectory(prefix="spill-", dir=spill)
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory_limit,
                "threads": str(threads),
                "temp_directory": self._spill.name,
            },
        )
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute("set timezone = 'UTC'")
        self._schemas: set[str] = set()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the connection and its spill folder."""
        self._connection.close()
        self._spill.cleanup()

    # -- statements ---------------------------------------------------------------------------------------------

    def execute(self, sql: str, **extra: object) -> duckdb.DuckDBPyConnection:
        """Run one statement with the `$name` parameters it mentions bound."""
        known = {**self.parameters, **extra}
        used = {name: known[name] for name in _PARAMETER.findall(sql)}
        return self._connection.execute(sql, used) if used else self._connection.execute(sql)

    def rows(self, sql: str, **extra: object) -> list[dict[str, Any]]:
        """All rows of a query, as dictionaries."""
        result = self.execute(sql, **extra)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def value(self, sql: str, **extra: object) -> Any:
        """The first column of the first row of a query; None where there is no row."""
        rows = self.execute(sql, **extra).fetchall()  # a result left unfinished blocks the connection
        return rows[0][0] if rows else None

    def arrow(self, sql: str, **extra: object) -> pa.RecordBatchReader:
        """A query's rows as a stream of Arrow batches."""
        known = {**self.parameters, **extra}
        used = {name: known[name] for name in _PARAMETER.findall(sql)}
        relation = self._connection.sql(sql, params=used) if used else self._connection.sql(sql)
        return relation.to_arrow_reader(100_000)

    # -- tables and views ---------------------------------------------------------------------------------------

    def schema(self, name: str) -> None:
        """Make a schema if it is not there yet."""
        if name not in self._schemas:
            self._connection.execute(f'create schema if not exists "{name}"')
            self._schemas.add(name)

    def exists(self, table: str) -> bool:
        """Whether `schema.name` is a table or view here."""
        schema, _, name = table.partition(".")
        return bool(
            self.value(
                "select count(*) from information_schema.tables "
                "where table_schema = $schema_name and table_name = $name",
                schema_name=schema,
                name=name,
            )
        )

    def columns(self, table: str) -> dict[str, str]:
        """Column names and types of `schema.name`."""
        return {row[0]: row[1] for row in self._connection.execute(f"describe {table}").fetchall()}

    def empty(self, table: str, columns: Mapping[str, str]) -> None:
        """Make `schema.name` an empty table of these columns and types."""
        self.schema(table.partition(".")[0])
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self._connection.execute(f"create or replace table {table} ({body})")

    def insert(self, table: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> None:
        """Make `schema.name` a small table of these rows; a column that a row lacks is null."""
        self.empty(table, columns)
        values = [[row.get(name) for name in columns] for row in rows]
        marks = "(" + ", ".join("?" for _ in columns) + ")"
        for start in range(0, len(values), 200):  # one statement for many rows: a statement a row is slow
            part = values[start : start + 200]
            body = ", ".join(marks for _ in part)
            self._connection.execute(f"insert into {table} values {body}", [v for row in part for v in row])

    def register_arrow(self, table: str, data: "pa.Table | pa.dataset.Dataset | pa.RecordBatchReader") -> None:
        """Make `schema.name` a view of Arrow data held by this process."""
        schema, _, name = table.partition(".")
        self.schema(schema)
        self._connection.register(f"arrow_{schema}_{name}", data)
        self._connection.execute(f"create or replace view {table} as select * from arrow_{schema}_{name}")

    def view_of_files(self, table: str, files: Sequence[str], columns: Mapping[str, str], where: str = "") -> None:
        """Make `schema.name` a view of Parquet files; a column that some files lack is null. No file, no row."""
        if not files:
            self.empty(table, columns)
            return
        self.schema(table.partition(".")[0])
        listed = ", ".join(literal(file) for file in files)
        source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false, filename = true)"
        present = {row[0] for row in self._connection.execute(f"describe select * from {source}").fetchall()}
        body = ", ".join(
            f'"{name}"::{kind} as "{name}"' if name in present else f'null::{kind} as "{name}"'
            for name, kind in columns.items()
        )
        self._connection.execute(f"create or replace view {table} as select {body} from {source} {where}")

    def build(self, table: str, sql: str, *, as_view: bool, columns: Mapping[str, str] | None = None) -> None:
        """Make `schema.name` from one SELECT; declared `columns` fix its names, order and types."""
        self.schema(table.partition(".")[0])
        if columns:
            body = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
            sql = f"select {body} from (\n{sql}\n) as built"
        if as_view:  # DuckDB binds no parameters in a view
            sql = _PARAMETER.sub(lambda match: literal(self.parameters[match[1]]), sql)
            self._connection.execute(f"create or replace view {table} as {sql}")
        else:
            self.execute(f"create or replace table {table} as {sql}")
