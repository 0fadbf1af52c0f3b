"""Opening the desk database: the configured one, or the embedded server of this home, at the newest migration."""

import threading
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, ProgrammingError

from nightdesk.addresses import masked_url, unusable_url
from nightdesk.closed import close_home
from nightdesk.errors import StoreError
from nightdesk.failures import reason
from nightdesk.settings import Settings
from nightdesk.worked_out import keep_below

if TYPE_CHECKING:
    from alembic.config import Config

#: one writer migrates at a time, whichever process comes first
_MIGRATION_LOCK = 7_240_001
#: engines by URL, the one asked for last at the end; a process has one desk, a process of tests many
_OPENED: OrderedDict[str, Engine] = OrderedDict()
_KEPT_OPEN = 4
_OPENING = threading.Lock()
_MIGRATIONS = Path(__file__).parent / "migrations"
_REMEDY = "Point NIGHTDESK_DESK_URL at a PostgreSQL database, or unset it to use the embedded server."


def _alembic() -> "Config":
    from alembic.config import Config  # loads slowly, and a desk is migrated once

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


@cache
def _newest() -> str:
    """The newest migration: files are named by the revision that they come to."""
    return max(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _migrate(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    is_made = inspect(connection).has_table("alembic_version")
    if is_made and connection.scalar(text("select version_num from alembic_version")) == _newest():
        return
    import alembic.command

    config = _alembic()
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")


def desk_url(settings: Settings) -> str:
    """The desk database's URL; starts the embedded server of the home where none is configured."""
    if settings.desk_url:
        return settings.desk_url
    from nightdesk.pg import ensure_server  # starting a server is only for those who have none

    return ensure_server(settings.home).url("nightdesk")


def desk_address(url: str) -> URL:
    """The address of a desk database; raises StoreError when the URL cannot be used. Asks no server."""
    try:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        address.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise StoreError(f"the desk database has no usable URL ({unusable_url(error)})", _REMEDY) from None
    if address.get_backend_name() != "postgresql":
        raise StoreError(
            f"the desk database is {address.get_backend_name()}, and it must be PostgreSQL",
            _REMEDY,
        )
    return address


def _open(url: str) -> Engine:
    """The engine of a desk, asked for its migrations once; of the desks opened longest ago no connection stays open."""
    with _OPENING:
        engine = _OPENED[url] = _OPENED.get(url) or _migrated(url)
        _OPENED.move_to_end(url)
        while len(_OPENED) > _KEPT_OPEN:
            _OPENED.popitem(last=False)[1].dispose()  # whoever still works on it keeps the connection that he has
        return engine


def _migrated(url: str) -> Engine:
    engine = create_engine(desk_address(url), pool_size=4, pool_pre_ping=True, hide_parameters=True)
    try:
        with engine.begin() as connection:
            _migrate(connection)
    except (OperationalError, ProgrammingError) as error:  # the latter: no right to make tables there
        raise StoreError(
            f"the desk database at {masked_url(url)} cannot be reached ({reason(error, is_reading=False)})",
            "Start it, or correct NIGHTDESK_DESK_URL, and run the command again.",
        ) from None
    return engine


def open_desk(settings: Settings) -> Engine:
    """The desk database, migrated to the newest version.

    Raises StoreError when it cannot be reached.
    """
    engine = _open(desk_url(settings))
    close_home(settings.home)  # whoever reads or writes a home's results comes by here
    keep_below(settings.home)
    return engine
