"""Rows that the source shows late: they arrive in the next night, once, and a rerun that finds one keeps its state."""

import csv
import io
import sqlite3
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings
from sqlalchemy import text

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import feeds_of, get_attempt
from nightdesk.desk.pins import pins_of
from nightdesk.lake import files_of
from nightdesk.night.whole import NightResult, run_night
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

CLIENT = "C10"


def bank_with_known_at(path: Path) -> str:
    bank = ten_clients()
    for fact in bank["txn"]:
        fact["known_at"] = f"{fact['booked_on']} 18:00:00"
    return write_sqlite(bank, path)


def show_late(path: Path, key: str, amount: int, *, booked: int, known_at: str | None) -> None:
    """A transaction of CLIENT that nobody saw before now."""
    day = days_back(booked)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "insert into txn (txn_id, account_id, booked_on, direction, amount, counterparty_kind, purpose, known_at)"
            " values (?, 'A10', ?, 'C', ?, 'company', 'other', ?)",
            (key, str(day), amount, known_at),
        )


def feed(result: NightResult, settings: Settings) -> dict[str, int]:
    with open_desk(settings).connect() as connection:
        feeds = feeds_of(connection, result.publication.attempt_id)
    return next(row for row in feeds if row["table_name"] == "txn")


def inflow_90d(result: NightResult, settings: Settings) -> Decimal:
    """What the rolling state says of CLIENT."""
    with open_desk(settings).connect() as connection:
        pin = pins_of(connection, result.publication.attempt_id)["features/client_window"]
    rows = pq.read_table(files_of(settings.lake_root, "features/client_window", [pin.batch_id])[0]).to_pylist()
    return next(row["inflow_90d_amt"] for row in rows if row["client_id"] == CLIENT)


@pytest.mark.long
def test_given_a_row_known_before_the_cut_off_and_shown_after_the_read_then_it_arrives_once(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    before = run_night(settings, days_back(2), source=source)
    # known at noon of the day before the first night; its cut-off was 05:00 after it
    show_late(path, "T-late", 777, booked=3, known_at=f"{days_back(3)} 12:00:00")
    show_late(path, "T-late-old", 1000, booked=40, known_at=f"{days_back(4)} 12:00:00")
    next_night = run_night(settings, days_back(1), source=source)
    assert inflow_90d(next_night, settings) == inflow_90d(before, settings) + 1777
    counts = feed(next_night, settings)
    assert (counts["rows_used"], counts["rows_duplicate"], counts["rows_superseded"]) == (2, 0, 0)
    assert counts["rows_in"] == 2
    after = run_night(settings, D, source=source)
    assert inflow_90d(after, settings) == inflow_90d(next_night, settings)
    counts = feed(after, settings)
    assert (counts["rows_used"], counts["rows_stored"]) == (0, counts["rows_read"])
    assert counts["rows_stored"] >= 2, "both were offered again, and stored already"


@pytest.mark.long
def test_given_a_rerun_that_finds_a_late_row_which_no_published_figure_shows_then_its_state_is_kept(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    run_night(settings, days_back(2), source=source)
    first = run_night(settings, days_back(1), source=source)
    warning = export(settings, "warning", days_back(1), "csv", None)
    show_late(path, "T-late", 1, booked=2, known_at=f"{days_back(2)} 12:00:00")
    again = run_night(settings, days_back(1), source=source)
    assert again.publication.content_hash == first.publication.content_hash
    assert again.publication.state_hash != first.publication.state_hash
    assert (again.is_new, again.publication.revision) == (False, 1)
    assert export(settings, "warning", days_back(1), "csv", None) == warning
    with open_desk(settings).connect() as connection:
        assert get_attempt(connection, again.publication.attempt_id).status == "published"
    last = run_night(settings, D, source=source)
    assert inflow_90d(last, settings) == inflow_90d(first, settings) + 1
    equal = run_night(settings, D, source=source)
    assert equal.publication.attempt_id == last.publication.attempt_id
    with open_desk(settings).connect() as connection:
        statuses = list(connection.scalars(text("select status from attempt order by opened_at")))
    assert statuses == ["published"] * 4 + ["unchanged"]


@pytest.mark.long
def test_given_a_row_in_quarantine_that_the_look_back_offers_again_then_it_does_no_harm(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    for number in range(10):
        show_late(path, f"T-bad-{number}", 1, booked=1, known_at=f"{days_back(1)} 12:00:00")
    with sqlite3.connect(path) as connection:
        connection.execute("update txn set direction = 'X' where txn_id like 'T-bad-%'")
    first = run_night(settings, days_back(1), source=source)
    second = run_night(settings, D, source=source)
    for night in (first, second):
        rows = csv.DictReader(io.StringIO(export(settings, "quarantine", night.publication.business_date, "csv", None)))
        assert sum(row["table_name"] == "txn" for row in rows) == 10
    counts = feed(second, settings)
    assert (counts["rows_quarantined"], counts["rows_used"], counts["rows_in"]) == (10, 0, 10)
