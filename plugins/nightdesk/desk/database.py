"""Opening the desk database: the configured one, or the embedded server of this home, at the newest migration."""

from functools import lru_cache
from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, ProgrammingError

from nightdesk.errors import StoreError
from nightdesk.settings import Settings

#: one writer migrates at a time, whichever process comes first
_MIGRATION_LOCK = 7_240_001


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _migrate(connection: Connection) -> None:
    config = _alembic()
    head = ScriptDirectory.from_config(config).get_current_head()
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    is_made = inspect(connection).has_table("alembic_version")
    if is_made and connection.scalar(text("select version_num from alembic_version")) == head:
        return
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")


def desk_url(settings: Settings) -> str:
    """The desk database's URL; starts the embedded server of the home where none is configured."""
    if settings.desk_url:
        return settings.desk_url
    from nightdesk.pg import ensure_server  # starting a server is only for those who have none

    return ensure_server(settings.home).url("nightdesk")


@lru_cache(maxsize=4)
def _open(url: str) -> Engine:
    remedy = "Point NIGHTDESK_DESK_URL at a PostgreSQL database, or unset it to use the embedded server."
    try:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        engine = create_engine(address, pool_size=4, pool_pre_ping=True, future=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise StoreError(f"NIGHTDESK_DESK_URL cannot be used ({str(error).splitlines()[0]})", remedy) from None
    if engine.dialect.name != "postgresql":
        raise StoreError(
            f"the desk database is {engine.dialect.name}, and it must be PostgreSQL",
            remedy,
        )
    try:
        with engine.begin() as connection:
            _migrate(connection)
    except (OperationalError, ProgrammingError) as error:  # the latter: no right to make tables there
        reason = str(error.orig).strip().splitlines()[0]
        raise StoreError(
            f"the desk database at {engine.url.render_as_string(hide_password=True)} cannot be reached ({reason})",
            "Start it, or correct NIGHTDESK_DESK_URL, and run the command again.",
        ) from None
    return engine


def open_desk(settings: Settings) -> Engine:
    """The desk database, migrated to the newest version.

    Raises StoreError when it cannot be reached.
    """
    return _open(desk_url(settings))
