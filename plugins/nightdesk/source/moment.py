"""A bank at one moment: what is supplied, and its rows, all out of one transaction where the source can hold one."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from nightdesk.contract import Table
from nightdesk.errors import SourceError
from nightdesk.failures import reason
from nightdesk.settings import sql_root
from nightdesk.source import portable, postgres
from nightdesk.source.selection import Selection
from nightdesk.source.statement import counts_of, first, probe

#: how a night's tables were read: as of one snapshot, in one transaction that holds still, or each at its own time
ONE_SNAPSHOT, ONE_TRANSACTION, NONE = "one_snapshot", "one_transaction", "none"


@dataclass(frozen=True)
class Way:
    """How a database is made to hold still: its isolation level, the statements that begin the transaction, and what
    has to be 1 where the database must allow it.
    """

    snapshot: str
    begin: tuple[str, ...]
    isolation: str | None = None
    allowed: str | None = None


_MYSQL = Way(ONE_SNAPSHOT, ("start transaction with consistent snapshot, read only",), "REPEATABLE READ")
#: databases that can, by dialect; any other is read table by table, and that is said
WAYS = {
    "postgresql": Way(ONE_SNAPSHOT, ("set transaction read only", "select 1"), "REPEATABLE READ"),
    "sqlite": Way(ONE_TRANSACTION, ("begin", "select count(*) from sqlite_master")),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "oracle": Way(ONE_TRANSACTION, ("set transaction read only",)),
    "mssql": Way(
        ONE_SNAPSHOT,
        (),
        "SNAPSHOT",
        "select count(*) from sys.databases where name = db_name() and snapshot_isolation_state = 1",
    ),
}


@contextmanager
def one_moment(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """A connection whose transaction sees one state of the source to its end, and how well it does.

    A source that cannot, or refuses, is read all the same, table by table.
    """
    connection, snapshot = engine.connect(), NONE
    try:
        way = WAYS.get(engine.dialect.name)
        if way is not None:
            try:
                snapshot = _begin(connection, way)
            except DBAPIError:  # one that is gone fails again here
                connection.close()
                connection = engine.connect()
        yield connection, snapshot
    finally:
        connection.close()


def _begin(connection: Connection, way: Way) -> str:
    if way.allowed:
        is_allowed = connection.exec_driver_sql(way.allowed).scalar() == 1
        connection.rollback()
        if not is_allowed:
            return NONE
    if way.isolation:
        connection.execution_options(isolation_level=way.isolation)
    for statement in way.begin:
        connection.exec_driver_sql(statement)
    return way.snapshot


@dataclass
class Moment:
    """A bank's tables as they stand at one moment. `snapshot` says how well the source holds it: ONE_SNAPSHOT,
    ONE_TRANSACTION or NONE; `without` are required tables that the bank need not have. Streams are read one after the
    other, each to its end.
    """

    connection: Connection
    snapshot: str
    profile: str
    zone: ZoneInfo
    label: str
    without: frozenset[str] = frozenset()
    _found: dict[str, dict[str, tuple[str, object]]] = field(default_factory=dict)

    @cached_property
    def _inspector(self) -> Any:
        return inspect(self.connection)

    def _select(self, table: str) -> str | None:
        """The profile's mapping of a contract table; None where the profile has none."""
        path = sql_root() / "extract" / self.profile / f"{table}.sql"
        if not path.exists() or (self.profile == "contract" and not self._inspector.has_table(table)):
            return None
        return path.read_text(encoding="utf-8").rstrip().rstrip(";")

    def _offered(self, table: Table, mapping: str) -> dict[str, tuple[str, object]]:
        """The contract's columns (and known_at) that a mapping gives: how it spells each, and of which type it is."""
        if table.name not in self._found:
            with self.connection.execute(probe(mapping)) as result:
                types = [column[1] for column in result.cursor.description]
                given = {name.lower(): (name, kind) for name, kind in zip(result.keys(), types, strict=True)}
            self._found[table.name] = {name: given[name] for name in (*table.columns, "known_at") if name in given}
        return self._found[table.name]

    def columns(self, table: Table) -> list[str] | None:
        """The contract columns (and known_at) that the source supplies of a table; None where it has no such table.

        Raises SourceError when a required table, or a required column of a supplied table, is missing.
        """
        with self._errors(table.name):
            mapping = self._select(table.name)
            if mapping is None:
                if self.is_needed(table):
                    raise SourceError(
                        f"the required table {table.name!r} is missing from {self.label} (profile {self.profile})",
                        f"Offer a table or view {table.name!r}, or map it in "
                        f"sql/extract/{self.profile}/{table.name}.sql.",
                    )
                return None
            offered = self._offered(table, mapping)
        missing = [name for name in table.required_columns if name not in offered]
        if missing:
            raise SourceError(
                f"the table {table.name!r} in {self.label} lacks the required column {', '.join(missing)}",
                f"Add it to the table, or map it in sql/extract/{self.profile}/{table.name}.sql.",
            )
        return list(offered)

    def is_needed(self, table: Table) -> bool:
        """Whether no night can run without the table."""
        return table.is_required and table.name not in self.without

    def is_offered(self, table: Table) -> bool:
        """Whether the source has such a table at all."""
        with self._errors(table.name):
            return self._select(table.name) is not None

    def is_empty(self, table: Table) -> bool:
        """Whether a table has no row, offered or not; asks for one and no more."""
        with self._errors(table.name, is_reading=True):
            mapping = self._select(table.name)
            return mapping is None or self.connection.execute(first(mapping)).first() is None

    def count_by_day(
        self, table: Table, first: datetime.date, before: datetime.date, known_by: datetime.datetime
    ) -> dict[datetime.date, int]:
        """How many rows of a daily table there are of each date from `first` on and before `before`: of those known by
        `known_by`, or without a word of when.
        """
        with self._errors(table.name, is_reading=True):
            mapping = self._select(table.name)
            if mapping is None:
                return {}
            offered = self._offered(table, mapping)
            statement = counts_of(
                self.connection.dialect,
                mapping,
                first,
                before,
                known_by.astimezone(self.zone).replace(tzinfo=None),
                date=offered[str(table.date_column)][0],
                known_at=offered["known_at"][0] if "known_at" in offered else None,
                texts={name for name, kind in offered.values() if portable.is_text(self.connection, kind)},
            )
            return portable.count_by_day(self.connection, self.zone, table, statement)

    def stream(self, table: Table, columns: list[str], selection: Selection) -> pa.RecordBatchReader:
        """The rows that a night asks for, every column as text, in batches: memory stays flat.

        Raises SourceError when the source goes away or refuses.
        """
        with self._errors(table.name):
            mapping = self._select(table.name)
            if mapping is None:
                raise SourceError(f"the table {table.name!r} is not supplied by {self.label}", "Map it first.")
            offered = self._offered(table, mapping)
        spelled = {name: offered[name][0] for name in columns}
        types = {name: offered[name][1] for name in columns}

        def guarded() -> Iterator[pa.RecordBatch]:
            with self._errors(table.name, is_reading=True):
                yield from self._rows(table, mapping, spelled, types, selection)

        schema = pa.schema([(name, pa.string()) for name in columns])
        return pa.RecordBatchReader.from_batches(schema, guarded())

    def _rows(
        self,
        table: Table,
        mapping: str,
        spelled: Mapping[str, str],
        types: Mapping[str, object],
        selection: Selection,
    ) -> Iterator[pa.RecordBatch]:
        if self.connection.dialect.name == "postgresql":
            driver: Any = self.connection.connection.driver_connection
            return postgres.stream(driver, table, mapping, spelled, types, selection)
        texts = {name for name, kind in types.items() if portable.is_text(self.connection, kind)}
        return portable.stream(self.connection, self.zone, table, mapping, spelled, texts, selection)

    @contextmanager
    def _errors(self, table: str, *, is_reading: bool = False) -> Iterator[None]:
        """A failure of the source as one line that says the table and never a cell: `is_reading` where rows are asked
        for, be it to be counted."""
        try:
            yield
        except (SQLAlchemyError, postgres.DriverError) as error:
            raise self._failed(table, reason(error, is_reading=is_reading)) from None
        except (UnicodeError, pa.ArrowInvalid, ArithmeticError, ValueError) as error:
            # a driver's own reading of a cell: it does not say which row, and what it says quotes the cell
            raise SourceError(
                f"the source {self.label} gave a cell of {table!r} that its driver cannot read "
                f"({reason(error, is_reading=True)})",
                "Set the encoding in the URL as the database has it, or mend the table; nothing was published.",
            ) from None

    def _failed(self, table: str, why: str) -> SourceError:
        return SourceError(
            f"the source {self.label} failed while reading {table!r} ({why})",
            "Mend the source or NIGHTDESK_SOURCE_URL, then run the night again; nothing was published.",
        )
