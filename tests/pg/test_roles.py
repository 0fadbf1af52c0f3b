"""A role for each database of the embedded server, on a real one: nobody but its owner enters, old homes follow."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from nightdesk import pg
from nightdesk.errors import UsageError
from nightdesk.pg import state
from nightdesk.pg.roles import ROLES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("roles") / "home"
    yield place
    pg.remove(place)


@pytest.mark.parametrize(
    ("mine", "other"), [pair for pair in itertools.permutations([*ROLES, "postgres"], 2) if pair[0] in ROLES]
)
def test_given_the_role_of_one_database_when_it_enters_another_then_it_is_refused(
    home: Path, mine: str, other: str
) -> None:
    server = pg.ensure_server(home)
    foreign = server.url(mine, "postgresql").rpartition("/")[0] + f"/{other}"
    with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{other}"'):
        psycopg.connect(foreign)


@pytest.mark.parametrize("database", ROLES)
def test_given_the_role_of_a_database_when_it_works_then_it_may_do_all_in_it_and_nothing_to_the_cluster(
    home: Path, database: str
) -> None:
    server = pg.ensure_server(home)
    with psycopg.connect(server.url(database, "postgresql"), autocommit=True) as connection:
        connection.execute("create table of_its_own as select 1 as n")
        connection.execute("drop table of_its_own")
        connection.execute("create schema its_own")
        for forbidden in ("create database more", "create role more", "copy (select 1) to '/tmp/more'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)
        assert connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (False,)
    with psycopg.connect(server.admin_url("postgres", "postgresql")) as connection:
        row = connection.execute("select rolpassword from pg_authid where rolname = %s", (ROLES[database],)).fetchone()
        assert row is not None
        assert row[0].startswith("SCRAM-SHA-256$")


def test_given_the_passwords_when_read_then_each_is_another_and_for_their_owner_only(home: Path) -> None:
    server = pg.ensure_server(home)
    folder = state.folder_of(home)
    files = [folder / "password", *(folder / f"password.{role}" for role in ROLES.values())]
    assert len({path.read_text() for path in files}) == len(files)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert not [password for password in server.passwords.values() if password in repr(server)]
    assert server.password not in "".join(server.url(database) for database in ROLES)


def test_given_a_database_that_is_not_there_when_its_url_is_asked_for_then_the_choice_is_named(home: Path) -> None:
    with pytest.raises(UsageError, match=r"no database 'postgres'\. Choose one of: nightdesk, airflow, demo_bank"):
        pg.ensure_server(home).url("postgres")


def test_given_a_lost_password_file_when_ensured_then_the_role_gets_a_new_one(home: Path) -> None:
    before = pg.ensure_server(home).passwords["desk"]
    (state.folder_of(home) / "password.desk").unlink()
    server = pg.ensure_server(home)
    assert server.passwords["desk"] != before
    with psycopg.connect(server.url("nightdesk", "postgresql")) as connection:
        assert connection.execute("select current_user").fetchone() == ("desk",)


def test_given_a_home_of_one_superuser_when_ensured_then_its_databases_change_hands_with_all_that_is_in_them(
    home: Path,
) -> None:
    server = pg.ensure_server(home)
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        for database, role in ROLES.items():  # as older versions left it
            connection.execute(f"drop database {database} with (force)")
            connection.execute(f"create database {database}")
            connection.execute(f"drop role {role}")
    with psycopg.connect(server.admin_url("nightdesk", "postgresql"), autocommit=True) as connection:
        connection.execute("create type colour as enum ('red', 'green')")
        connection.execute("create table kept (id bigserial primary key, again int generated always as identity)")
        connection.execute("alter table kept add column c colour default 'red'")
        connection.execute('create schema "Odd name" create view seen as select 1 as n')
        connection.execute('create sequence "Odd name".alone')
        connection.execute("create function two() returns int language sql as 'select 2'")
        connection.execute("insert into kept default values")
    for role in ROLES.values():
        (state.folder_of(home) / f"password.{role}").unlink()

    server = pg.ensure_server(home)
    with psycopg.connect(server.url("nightdesk", "postgresql"), autocommit=True) as connection:
        connection.execute("insert into kept default values")
        assert connection.execute("select id, again, c from kept order by id").fetchall() == [
            (1, 1, "red"),
            (2, 2, "red"),
        ]
        connection.execute("alter table kept add column more int")
        connection.execute("alter type colour add value 'blue'")
        connection.execute('drop schema "Odd name" cascade')
        connection.execute("drop function two()")
        connection.execute("drop table kept")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(server.url("airflow", "postgresql").rpartition("/")[0] + "/nightdesk")
