"""What one process of the tests makes for all: what it fails of all are told, what it left is in nobody's way."""

from pathlib import Path

import psycopg
import pytest
from databases import CONNECTIONS, copy_database, execute, make_database
from made_once import PROCESS, Unmade, made_once

from nightdesk import pg


def test_given_one_that_cannot_be_made_when_others_ask_then_they_are_told_what_the_first_failed_of(
    tmp_path: Path,
) -> None:
    tried: list[Path] = []

    def make(folder: Path) -> str:
        tried.append(folder)
        raise KeyError("no such branch")

    with pytest.raises(KeyError):
        made_once(tmp_path, "night", make)
    with pytest.raises(Unmade, match=r"night could not be made:\n[^$]*KeyError: 'no such branch'"):
        made_once(tmp_path, "night", make)
    assert tried == [tmp_path / "night"]


def test_given_a_database_that_a_killed_process_left_when_it_is_made_again_then_it_is_new(
    pg_server: pg.Server,
) -> None:
    left, model = f"left_{PROCESS}", f"model_{PROCESS}"
    make_database(pg_server, model)
    make_database(pg_server, left)
    with psycopg.connect(pg_server.admin_url(left, "postgresql")) as of_the_killed:
        of_the_killed.execute("create table half_done (n int)")
        of_the_killed.commit()
        make_database(pg_server, left)
    assert _tables(pg_server, left) == 0
    with psycopg.connect(pg_server.admin_url(left, "postgresql")) as of_the_killed:
        of_the_killed.execute("create table half_done (n int)")
        of_the_killed.commit()
        copy_database(pg_server, model, left)
    assert _tables(pg_server, left) == 0
    for name in (left, model):
        execute(pg_server, f"drop database {name} with (force)")


def test_given_the_processes_of_a_run_then_the_server_takes_the_connections_of_all(pg_server: pg.Server) -> None:
    with psycopg.connect(pg_server.admin_url("postgres", "postgresql")) as connection:
        shown = [connection.execute(f"show {name}").fetchone() for name in ("max_connections", "fsync")]
    assert shown == [(str(CONNECTIONS),), ("off",)]


def _tables(server: pg.Server, database: str) -> int:
    with psycopg.connect(server.admin_url(database, "postgresql")) as connection:
        found = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    assert found is not None
    return int(found[0])
