"""All tables of a night are read as they stood at one moment, whatever is booked in between."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bank_reading import FIRST, SHANGHAI, MakeSource
from sqlalchemy import create_engine

from nightdesk.contract import contract
from nightdesk.source import Moment, Source, open_source
from nightdesk.source.moment import NONE, ONE_SNAPSHOT, WAYS, one_moment

_TABLES = (
    "create table collateral (collateral_id text)",
    "create table collateral_loan (collateral_id text, loan_id text)",
    "insert into collateral values ('K1')",
    "insert into collateral_loan values ('K1', 'L1')",
)


def ids(bank: Moment, name: str) -> list[str]:
    table = contract()[name]
    rows: list[dict[str, Any]] = bank.stream(table, bank.columns(table) or [], FIRST).read_all().to_pylist()
    return [row["collateral_id"] for row in rows]


def connected(url: str) -> Any:
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"))
    return psycopg.connect(url.replace("+psycopg", ""))


def book(url: str) -> None:
    """What a bank does while a night reads: a new record, and another that refers to it; and a new table."""
    bank = connected(url)
    for statement in (
        "insert into collateral values ('K2')",
        "insert into collateral_loan values ('K2', 'L2')",
        "create table training (staff_id text, course text)",
    ):
        bank.execute(statement)
    bank.commit()
    bank.close()


@pytest.fixture
def collateral(bank: MakeSource, url: str) -> Source:
    """A bank whose writer need not wait for its readers."""
    source = bank(*_TABLES)
    if url.startswith("sqlite"):
        connected(url).execute("pragma journal_mode = wal")
    return source


def test_given_a_booking_between_two_tables_then_neither_shows_it_and_the_next_moment_shows_both(
    collateral: Source, url: str
) -> None:
    with collateral.moment() as before:
        assert ids(before, "collateral") == ["K1"]
        book(url)
        assert ids(before, "collateral_loan") == ["K1"]  # no orphan
        assert before.columns(contract()["training"]) is None
        assert before.snapshot == ("one_transaction" if url.startswith("sqlite") else "one_snapshot")
    with collateral.moment() as after:
        assert (ids(after, "collateral"), ids(after, "collateral_loan")) == (["K1", "K2"], ["K1", "K2"])
        assert after.columns(contract()["training"]) == ["staff_id", "course"]


def test_given_the_moment_is_taken_then_even_a_first_read_shows_nothing_booked_after_it(
    collateral: Source, url: str
) -> None:
    with collateral.moment() as before:
        book(url)
        assert ids(before, "collateral") == ["K1"]


def test_given_sqlite_without_a_write_ahead_log_then_the_writer_waits_for_the_end_of_the_moment(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    with create_engine(url).begin() as connection:
        for statement in _TABLES:
            connection.exec_driver_sql(statement)
    source = open_source(url, "contract", SHANGHAI)
    with source.moment() as before:
        assert ids(before, "collateral") == ["K1"]
        writer = sqlite3.connect(tmp_path / "bank.db", timeout=0)
        writer.execute("insert into collateral_loan values ('K2', 'L2')")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.commit()
        assert ids(before, "collateral_loan") == ["K1"]
    writer.commit()
    writer.close()


def test_given_a_source_that_refuses_to_hold_still_then_it_is_read_and_that_is_said(
    bank: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = bank(*_TABLES)
    name = source.engine.dialect.name
    broken = WAYS[name].__class__("one_snapshot", ("set snapshot to whatever",), WAYS[name].isolation)
    monkeypatch.setitem(WAYS, name, broken)
    with source.moment() as bank_now:
        assert bank_now.snapshot == NONE
        assert ids(bank_now, "collateral") == ["K1"]
    monkeypatch.delitem(WAYS, name)
    with one_moment(source.engine) as (_, snapshot):
        assert snapshot == NONE


def test_given_a_moment_in_postgresql_then_nothing_can_be_written_in_it(empty_database: str) -> None:
    source = open_source(empty_database, "contract", SHANGHAI)
    with source.moment() as now, pytest.raises(Exception, match="read-only transaction"):
        now.connection.exec_driver_sql("create table t (x int)")


@pytest.mark.parametrize(("said", "snapshot"), [("1", "one_transaction"), ("0", NONE), ("2", NONE)])
def test_given_a_database_that_has_to_allow_it_then_only_where_it_does_it_is_made_to_hold_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, snapshot: str
) -> None:
    monkeypatch.setitem(WAYS, "sqlite", replace(WAYS["sqlite"], allowed=f"select {said}"))
    with one_moment(create_engine(f"sqlite:///{tmp_path / 'bank.db'}")) as (_, held):
        assert held == snapshot


def test_given_a_server_that_ended_its_connections_since_then_the_next_moment_holds_still_all_the_same(
    empty_database: str,
) -> None:
    source = open_source(empty_database, "contract", SHANGHAI)
    with source.moment() as now:
        assert now.snapshot == ONE_SNAPSHOT
    with psycopg.connect(empty_database.replace("+psycopg", "")) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid()"
        )
    with source.moment() as now:
        assert now.snapshot == ONE_SNAPSHOT
