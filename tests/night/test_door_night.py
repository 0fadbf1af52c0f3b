"""Nights of a bank whose cells are as core systems hand them over, and that books on while it is read."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import psycopg
import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from made_once import PROCESS
from night_runs import MakeSettings
from sqlalchemy import create_engine

from nightdesk import pg
from nightdesk.attempt.opening import open_night
from nightdesk.night.extraction import extract
from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

pytestmark = pytest.mark.long


def rows(settings: Settings, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(settings, table, D, "csv", None) or "")))


def as_written(settings: Settings, table: str) -> str:
    return export(settings, table, D, "csv", None) or ""


_IDS = ("branch_id", "staff_id", "client_id", "account_id", "loan_id", "txn_id", "payment_id", "rm_id")
_CODES = ("role", "language", "list_email", "kind", "direction", "purpose", "counterparty_kind", "product", "status")


def padded(bank: Bank) -> Bank:
    """Ids and codes with blanks behind them, as columns of type CHAR(n) have them."""
    for lines in bank.values():
        for line in lines:
            line |= {name: f"{line[name]:<24}" for name in (*_IDS, *_CODES, "repay_account_id") if line.get(name)}
    return bank


def test_given_a_bank_of_fixed_width_then_what_is_published_is_that_of_the_bare_one(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bare, wide = fresh_settings(), fresh_settings()
    run_night(bare, D, source=write_sqlite(ten_clients(), tmp_path / "bare.db"))
    run_night(wide, D, source=write_sqlite(padded(ten_clients()), tmp_path / "wide.db"))
    for table in ("client_tier", "signal", "warning", "task"):
        assert as_written(wide, table) == as_written(bare, table)
    assert as_written(wide, "signal").count("\n") > 5
    shown = wide.out / str(D)
    lists = sorted(str(path.relative_to(shown)) for path in shown.rglob("list.txt"))
    assert lists == [f"branch/{branch}/list.txt" for branch in ("B1", "B2")]


def test_given_a_loan_held_back_in_a_bank_of_fixed_width_then_its_client_is_not_assessed(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = padded(ten_clients()), fresh_settings()
    next(loan for loan in bank["loan"] if loan["loan_id"].strip() == "L05")["status"] = (
        "open  "  # no word of the contract
    )
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    [warning] = [row for row in rows(settings, "warning") if row["client_id"] == "C05"]
    assert warning["colour"] == "not_assessed"


def test_given_ids_in_columns_of_floats_then_they_join_with_those_in_text(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    numbers = {client["client_id"]: float(n) for n, client in enumerate(bank["client"], 1)}
    for table in ("client", "account", "loan"):
        for line in bank[table]:
            number = numbers[line["client_id"]]
            line["client_id"] = number if table != "loan" else f"{number:.0f}"
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    found = {row["client_id"] for row in rows(settings, "signal") if row["indicator"] == "P01"}
    assert found == {"3", "4", "5"}
    assert rows(settings, "quarantine") == []


def test_given_a_currency_without_a_rate_and_one_with_an_old_rate_then_both_are_named_and_their_clients_not_green(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    for loan in bank["loan"]:
        loan["ccy"] = {"L07": "RMB", "L08": "usd "}.get(loan["loan_id"], " cny")
    bank["fx_rate"] = [{"ccy": "USD", "business_date": days_back(670), "rate": 7.0}]
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    warnings = {row["client_id"]: row for row in rows(settings, "warning")}
    named = {client: warnings[client]["not_supplied"].split(",") for client in ("C06", "C07", "C08")}
    assert "fx_rate:RMB" in named["C07"]
    assert f"fx_rate:USD:{days_back(670)}" in named["C08"]
    assert not [token for token in named["C06"] if token.startswith("fx_rate")]
    assert {warnings["C07"]["colour"], warnings["C08"]["colour"]} & {"green"} == set()
    page = json.loads((settings.out / str(D) / "quality.json").read_text(encoding="utf-8"))
    said = {row["rule"]: row["observed"] for row in page["expectations"] if row["table_name"] == "loan"}
    assert (said["rate_missing"], said["rate_old"]) == ("RMB", f"USD {days_back(670)}")


def _postgres(bank: Bank, server: pg.Server) -> str:
    """The bank's tables as text in a new database of the server."""
    name = f"moving_bank_{PROCESS}"
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name}")
    url = server.admin_url(name)
    with create_engine(url).begin() as connection:
        for table, lines in bank.items():
            names = list(dict.fromkeys(name for line in lines for name in line))
            connection.exec_driver_sql(f"create table {table} ({', '.join(f'{name} text' for name in names)})")
            for line in lines:
                values = [None if line.get(name) is None else str(line[name]) for name in names]
                marks = ", ".join("%s" for _ in names)
                connection.exec_driver_sql(f"insert into {table} values ({marks})", tuple(values))
    return url


def _book(url: str) -> None:
    """A new account and a transaction on it."""
    bank = sqlite3.connect(url[10:]) if url.startswith("sqlite") else psycopg.connect(url.replace("+psycopg", ""))
    bank.execute(
        "insert into account (account_id, client_id, kind, opened_on) values ('A99', 'C01', 'deposit', '2026-03-31')"
    )
    bank.execute(
        "insert into txn (txn_id, account_id, booked_on, direction, amount)"
        " values ('T99', 'A99', '2026-03-31', 'C', '5.00')"
    )
    bank.commit()
    bank.close()


@pytest.mark.parametrize(("kind", "held"), [("sqlite", "one_transaction"), ("postgresql", "one_snapshot")])
def test_given_a_booking_while_the_night_reads_then_no_table_shows_it_and_the_ledger_says_how_the_source_held_still(
    kind: str, held: str, fresh_settings: MakeSettings, tmp_path: Path, pg_server: pg.Server
) -> None:
    settings = fresh_settings()
    url = write_sqlite(ten_clients(), tmp_path / "bank.db") if kind == "sqlite" else _postgres(ten_clients(), pg_server)
    if kind == "sqlite":
        sqlite3.connect(tmp_path / "bank.db").execute("pragma journal_mode = wal")
    night = open_night(settings, D, source=url)

    def book_after_accounts(table: str, _rows: int) -> None:
        if table == "account":
            _book(url)

    read = extract(night, url, book_after_accounts)
    assert (read["account"], read["txn"]) == (10, 320)
    [entry] = [row for row in rows(settings, "night") if row["attempt_id"] == night.attempt.attempt_id]
    assert entry["source_snapshot"] == held
    assert extract(open_night(settings, D, source=url), url)["txn"] == 321
