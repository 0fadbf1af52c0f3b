"""A bank behind a SQLAlchemy URL."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from nightdesk.addresses import masked_url, unusable_url
from nightdesk.errors import PolicyError, SourceError
from nightdesk.failures import reason
from nightdesk.settings import sql_root
from nightdesk.source import postgres
from nightdesk.source.drivers import missing_driver
from nightdesk.source.moment import Moment, one_moment


@dataclass(frozen=True)
class Source:
    """A source and the profile that maps it to the contract; `without` are required tables that it has not."""

    engine: Engine
    profile: str
    zone: ZoneInfo
    without: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The source's address without its secrets, for the ledger and for messages."""
        return masked_url(str(self.engine.url))

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        """The bank at one moment; leaving it ends the transaction that holds it.

        Raises SourceError when the source cannot be reached.
        """
        with ExitStack() as stack:
            try:
                connection, snapshot = stack.enter_context(one_moment(self.engine))
            except (SQLAlchemyError, postgres.DriverError) as error:
                raise SourceError(
                    f"the source {self.label} cannot be reached ({reason(error, is_reading=False)})",
                    "Mend the source or NIGHTDESK_SOURCE_URL, then run the night again; nothing was published.",
                ) from None
            yield Moment(connection, snapshot, self.profile, self.zone, self.label, self.without)


def _bytes_or_text(raw: bytes) -> str | bytes:
    """SQLite's text where it is UTF-8, else its bytes: one bad cell must not end the table."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _engine(address: URL, zone: ZoneInfo) -> Engine:
    is_postgres = address.get_backend_name() == "postgresql"
    arguments: dict[str, Any] = postgres.connect_args(address, zone) if is_postgres else {}
    engine = create_engine(address, pool_pre_ping=True, connect_args=arguments)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _read_text(connection: Any, _record: object) -> None:
            connection.text_factory = _bytes_or_text

    return engine


def open_source(url: str, profile: str, zone: ZoneInfo, without: frozenset[str] = frozenset()) -> Source:
    """The source at a SQLAlchemy URL; `without` are required tables that it need not have.

    Raises SourceError when the URL or its driver cannot be used, or a SQLite file is not there; PolicyError when the
    profile is not there.
    """
    folder = sql_root() / "extract" / profile
    if not profile.replace("_", "").isalnum() or not folder.is_dir():
        known = ", ".join(sorted(path.name for path in (sql_root() / "extract").iterdir() if path.is_dir()))
        raise PolicyError(f"there is no profile {profile!r}", f"Choose one of: {known}.")
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _unusable(error) from None
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite" and address.database:
        file = Path(address.database.removeprefix("file:").partition("?")[0])
        if not file.exists():
            raise SourceError(f"the SQLite file {file} does not exist", "Correct the source URL.")
    try:
        return Source(_engine(address, zone), profile, zone, without)
    except (NoSuchModuleError, ImportError) as error:
        raise missing_driver(address, error) from None
    except (ArgumentError, ValueError) as error:
        raise _unusable(error) from None


def _unusable(error: Exception) -> SourceError:
    return SourceError(
        f"the source URL cannot be used ({unusable_url(error)})",
        "Give a SQLAlchemy URL such as postgresql+psycopg://user:password@host/database.",
    )
