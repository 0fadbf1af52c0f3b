"""A bank's tables behind a SQLAlchemy URL: what is supplied, and its rows as a stream of text columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from nightdesk.contract import Table
from nightdesk.errors import SourceError
from nightdesk.models import sql_root
from nightdesk.source import portable, postgres
from nightdesk.source.selection import Selection


@dataclass(frozen=True)
class Source:
    """A source and the profile that maps it to the contract."""

    engine: Engine
    profile: str
    zone: ZoneInfo

    @property
    def label(self) -> str:
        """The source's address without its password, for the ledger and for messages."""
        return self.engine.url.render_as_string(hide_password=True)

    def _select(self, table: str) -> str | None:
        """The profile's mapping of a contract table; None where the profile has none."""
        path = sql_root() / "extract" / self.profile / f"{table}.sql"
        if not path.exists() or (self.profile == "contract" and not inspect(self.engine).has_table(table)):
            return None
        return path.read_text(encoding="utf-8").rstrip().rstrip(";")

    def columns(self, table: Table) -> list[str] | None:
        """The contract columns (and known_at) that the source supplies of a table; None where it has no such table.

        Raises SourceError when a required table, or a required column of a supplied table, is missing.
        """
        with self._errors(table.name):
            mapping = self._select(table.name)
            if mapping is None:
                if table.is_required:
                    raise SourceError(
                        f"the required table {table.name!r} is missing from {self.label} (profile {self.profile})",
                        f"Offer a table or view {table.name!r}, or map it in "
                        f"sql/extract/{self.profile}/{table.name}.sql.",
                    )
                return None
            with self.engine.connect() as connection:
                result = connection.execute(text(f"select * from ({_escaped(mapping)}) as s where 1 = 0"))
                offered = {name.lower() for name in result.keys()}  # noqa: SIM118  # a result is no mapping
        missing = [name for name in table.required_columns if name not in offered]
        if missing:
            raise SourceError(
                f"the table {table.name!r} in {self.label} lacks the required column {', '.join(missing)}",
                f"Add it to the table, or map it in sql/extract/{self.profile}/{table.name}.sql.",
            )
        return [name for name in (*table.columns, "known_at") if name in offered]

    def stream(self, table: Table, columns: list[str], selection: Selection) -> pa.RecordBatchReader:
        """The rows that a night asks for, every column as text, in batches: memory stays flat.

        Raises SourceError when the source goes away or refuses.
        """
        mapping = self._select(table.name)
        if mapping is None:
            raise SourceError(f"the table {table.name!r} is not supplied by {self.label}", "Map it first.")
        schema = pa.schema([(name, pa.string()) for name in columns])
        reader = postgres.stream if self.engine.dialect.name == "postgresql" else portable.stream
        rows = reader(self.engine, self.zone, table, mapping, columns, selection)

        def guarded() -> Iterator[pa.RecordBatch]:
            with self._errors(table.name):
                yield from rows

        return pa.RecordBatchReader.from_batches(schema, guarded())

    @contextmanager
    def _errors(self, table: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, postgres.DriverError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            reason = (str(cause).strip() or type(error).__name__).splitlines()[0]
            raise SourceError(
                f"the source {self.label} failed while reading {table!r} ({reason})",
                "Mend the source or NIGHTDESK_SOURCE_URL, then run the night again; nothing was published.",
            ) from None


def _escaped(mapping: str) -> str:
    """A mapping as SQLAlchemy text: a colon in it is SQL, not a parameter."""
    return mapping.replace(":", "\\:")


def open_source(url: str, profile: str, zone: ZoneInfo) -> Source:
    """The source at a SQLAlchemy URL.

    Raises SourceError when the URL, its driver or the profile cannot be used, or a SQLite file is not there.
    """
    folder = sql_root() / "extract" / profile
    if not profile.replace("_", "").isalnum() or not folder.is_dir():
        known = ", ".join(sorted(path.name for path in (sql_root() / "extract").iterdir() if path.is_dir()))
        raise SourceError(f"there is no profile {profile!r}", f"Choose one of: {known}.")
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql" and "+" not in address.drivername:
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite" and address.database:
            file = Path(address.database.removeprefix("file:").partition("?")[0])
            if not file.exists():
                raise SourceError(f"the SQLite file {file} does not exist", "Correct the source URL.")
        return Source(create_engine(address, pool_pre_ping=True), profile, zone)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise SourceError(
            f"the source URL cannot be used ({str(error).splitlines()[0]})",
            "Give a SQLAlchemy URL such as postgresql+psycopg://user:password@host/database.",
        ) from None
