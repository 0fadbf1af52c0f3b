"""A process that opens one desk after another leaves no connection open behind it."""

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import alembic.command
import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from nightdesk import desk
from nightdesk.desk import only_added, read_mails
from nightdesk.desk.database import _alembic, _newest, open_desk
from nightdesk.desk.tables import metadata
from nightdesk.pg import Server
from nightdesk.settings import Settings


def test_given_desk_after_desk_when_opened_then_connections_stay_to_the_last_four_only(
    tmp_path: Path, pg_server: Server, new_desk: Callable[..., str]
) -> None:
    opened = [Settings(home=tmp_path, desk_url=new_desk()) for _ in range(6)]
    kept = [open_desk(settings) for settings in opened]  # held: nobody waits for them to be forgotten

    left = [0, 0, 1, 1, 1, 1]
    assert connected(pg_server, opened, left) == left
    with kept[0].connect() as connection:
        assert connection.scalar(text("select 1")) == 1  # whoever holds an engine works on


def test_given_a_desk_asked_for_again_when_others_are_opened_then_it_is_still_open(
    tmp_path: Path, pg_server: Server, new_desk: Callable[..., str]
) -> None:
    opened = [Settings(home=tmp_path, desk_url=new_desk()) for _ in range(5)]
    first = open_desk(opened[0])
    for settings in opened[1:4]:
        open_desk(settings)

    assert open_desk(opened[0]) is first
    open_desk(opened[4])

    left = [1, 0, 1, 1, 1]
    assert connected(pg_server, opened, left) == left


def test_given_the_migrations_then_their_files_are_named_by_their_revisions_and_the_newest_is_the_last() -> None:
    migrations = ScriptDirectory.from_config(_alembic())
    named = {Path(script.path).name.partition("_")[0]: script.revision for script in migrations.walk_revisions()}
    assert [name for name, revision in named.items() if name != revision] == []
    assert _newest() == migrations.get_current_head()


def test_given_a_migrated_database_then_it_has_the_tables_that_the_code_writes_down_column_by_column(
    desk_database: str, tmp_path: Path
) -> None:
    with open_desk(Settings(home=tmp_path, desk_url=desk_database)).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_object": _is_no_index}
        )
        assert {only_added.audit.name, read_mails.read_mail.name} <= metadata.tables.keys()
        assert compare_metadata(context, metadata) == []


def test_given_a_desk_with_rows_when_it_goes_down_and_up_again_then_the_count_of_stored_rows_keeps_its_value(
    desk_database: str, tmp_path: Path
) -> None:
    """What an older release wrote as rows_held is read as rows_stored, and an older release finds it again."""
    written = (
        "insert into feed (attempt_id, table_name, is_supplied, rows_read, {column}) values ('A1', 'txn', true, 5, 3)"
    )
    engine = open_desk(Settings(home=tmp_path, desk_url=desk_database))
    config = _alembic()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.downgrade(config, "0011")
        connection.execute(text("set session_replication_role = replica"))
        connection.execute(text(written.format(column="rows_held")))
        alembic.command.upgrade(config, "head")
        assert connection.execute(text("select rows_read, rows_stored from feed")).all() == [(5, 3)]
        alembic.command.downgrade(config, "0011")
        assert connection.execute(text("select rows_read, rows_held from feed")).all() == [(5, 3)]
        alembic.command.upgrade(config, "head")
        connection.rollback()


def _is_no_index(_object: object, _name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Indexes and what must be unique stand in the migrations alone."""
    return kind not in ("index", "unique_constraint")


def connected(server: Server, opened: list[Settings], wanted: list[int]) -> list[int]:
    """How many connections each desk has: the `wanted` numbers, or what it is after ten seconds (a server notices a
    connection that was closed a moment later)."""
    asked = "select count(*) from pg_stat_activity where datname = %s"
    names = [str(settings.desk_url).rpartition("/")[2] for settings in opened]
    until = time.monotonic() + 10
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        while True:
            found = [row[0] for name in names if (row := connection.execute(asked, [name]).fetchone())]
            if found == wanted or time.monotonic() > until:
                return found
            time.sleep(0.05)


def test_given_the_locks_of_the_desk_then_no_two_have_one_number() -> None:
    modules = [import_module(f"nightdesk.desk.{one.name}") for one in iter_modules(desk.__path__)]
    numbers = {
        module.__name__: number
        for module in modules
        for name, number in vars(module).items()
        if name.endswith("_LOCK") and isinstance(number, int)
    }
    assert {"nightdesk.desk.database", "nightdesk.desk.publication"} < set(numbers)
    assert len(set(numbers.values())) == len(numbers), numbers
