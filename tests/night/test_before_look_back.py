"""Rows dated before the days that are read again every night: found by counting, kept out, named, and told once."""

import csv
import datetime
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import feeds_of
from nightdesk.night.whole import NightResult, run_night
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

RULE = "before_look_back"


def show(path: Path, key: str, day: datetime.date, known_at: datetime.date | None = None) -> None:
    """A transaction of C10 that the source did not show before."""
    column, value = (", known_at", ", ?") if known_at else ("", "")
    with sqlite3.connect(path) as connection:
        connection.execute(
            f"insert into txn (txn_id, account_id, booked_on, direction, amount, counterparty_kind, purpose{column})"
            f" values (?, 'A10', ?, 'C', 777, 'company', 'other'{value})",
            [key, str(day), *([f"{known_at} 12:00:00"] if known_at else [])],
        )


def rows_of(name: str, night: NightResult, settings: Settings) -> list[dict[str, str]]:
    text = export(settings, name, night.publication.business_date, "csv", None)
    return [row for row in csv.DictReader(io.StringIO(text)) if row["table_name"] == "txn"]


def feed(night: NightResult, settings: Settings) -> dict[str, Any]:
    with open_desk(settings).connect() as connection:
        feeds = feeds_of(connection, night.publication.attempt_id)
    return next(row for row in feeds if row["table_name"] == "txn")


def twin(night: NightResult, settings: Settings) -> dict[str, Any]:
    folder = settings.out / str(night.publication.business_date)
    found: dict[str, Any] = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.long
def test_given_old_rows_without_known_at_then_each_is_named_once_and_its_client_is_not_assessed(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = write_sqlite(ten_clients(), path)
    run_night(settings, days_back(2), source=source)
    show(path, "T-old", days_back(21))  # ten rows of that day are held
    show(path, "T-under", days_back(7))
    show(path, "T-at", days_back(6))
    found = run_night(settings, days_back(1), source=source)
    assert [(row["row_key"], row["rule"]) for row in rows_of("quarantine", found, settings)] == [
        ("T-old", RULE),
        ("T-under", RULE),
    ]
    counts = feed(found, settings)
    assert (counts["rows_read"], counts["rows_stored"]) == (13, 10)
    assert (counts["rows_used"], counts["rows_quarantined"]) == (1, 2)
    withheld = [(row["row_key"], row["client_id"], row["since"]) for row in rows_of("withheld", found, settings)]
    assert withheld == [("T-old", "C10", str(days_back(1))), ("T-under", "C10", str(days_back(1)))]
    warnings = csv.DictReader(io.StringIO(export(settings, "warning", days_back(1), "csv", None)))
    colours = {row["client_id"]: (row["colour"], row["not_assessed"]) for row in warnings}
    assert colours["C10"][0] == "no_credit", "nothing is at risk; what could not be judged is named beside it"
    assert "quarantine:txn" in colours["C10"][1]
    named = [row["row_key"] for row in twin(found, settings)["quarantine"] if row["rule"] == RULE]
    assert len(named) == 2
    assert all("T-" not in key for key in named)

    show(path, "T-second", days_back(21))  # a day that was told is read again: only what is new is new
    after = run_night(settings, D, source=source)
    assert {row["row_key"]: row["since"] for row in rows_of("withheld", after, settings)} == {
        "T-old": str(days_back(1)),
        "T-under": str(days_back(1)),
        "T-second": str(D),
    }
    said = {row["row_key"]: row["since"] for row in twin(after, settings)["quarantine"] if row["rule"] == RULE}
    assert sorted(said.values()) == [str(days_back(1)), str(D)], "the day's two; the other is told no more"


@pytest.mark.long
def test_given_duplicates_and_quarantine_in_the_history_then_only_what_is_new_within_the_days_counted_is_read(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    bank = ten_clients()
    source = write_sqlite(bank, path)
    show(path, "T-twice", days_back(40))
    show(path, "T-twice", days_back(40))
    show(path, "T-bad", days_back(41))
    with sqlite3.connect(path) as connection:
        connection.execute("update txn set direction = 'X' where txn_id = 'T-bad'")
    first = run_night(settings, days_back(1), source=source)
    assert [row["row_key"] for row in rows_of("quarantine", first, settings)] == ["T-bad"]
    show(path, "T-at", days_back(365))
    show(path, "T-over", days_back(366))
    second = run_night(settings, D, source=source)
    assert [row["row_key"] for row in rows_of("quarantine", second, settings)] == ["T-at"]
    read_anyway = [row for row in bank["txn"] if days_back(5) <= row["booked_on"] <= D]
    assert feed(second, settings)["rows_read"] == len(read_anyway) + 1


@pytest.mark.long
def test_given_an_old_known_at_then_it_is_too_old_and_one_within_the_look_back_is_taken(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    bank = ten_clients()
    for fact in bank["txn"]:
        fact["known_at"] = f"{fact['booked_on']} 18:00:00"
    source = write_sqlite(bank, path)
    run_night(settings, days_back(2), source=source)
    show(path, "T-old", days_back(40), known_at=days_back(39))
    show(path, "T-late", days_back(40), known_at=days_back(2))
    found = run_night(settings, days_back(1), source=source)
    assert [(row["row_key"], row["rule"]) for row in rows_of("quarantine", found, settings)] == [("T-old", RULE)]
    assert feed(found, settings)["rows_used"] == 1
    # it is among those counted now, and held: its day is no news, and what was kept out of it is not offered again
    after = run_night(settings, days_back(-5), source=source)
    counts = feed(after, settings)
    assert (counts["rows_quarantined"], counts["rows_used"]) == (0, 0)
    assert (counts["rows_read"], counts["rows_stored"]) == (1, 1)
