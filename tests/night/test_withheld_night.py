"""A row that is bad tonight hides what stood: its client's warning is neither gone nor green."""

import csv
import io
from pathlib import Path

from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.night.exporting import export
from nightdesk.night.whole import run_night
from nightdesk.settings import Settings


def rows(settings: Settings, table: str, client_id: str) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(export(settings, table, D, "csv", None) or ""))
    return [row for row in found if row["client_id"] == client_id]


def test_given_a_red_loan_whose_row_is_bad_tonight_then_its_client_is_not_green_and_nothing_cleared(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    run_night(settings, days_back(1), source=write_sqlite(bank, tmp_path / "before.db"))
    next(loan for loan in bank["loan"] if loan["loan_id"] == "L05")["product"] = None
    next(client for client in bank["client"] if client["client_id"] == "C04")["name"] = None
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "tonight.db"))
    assert [row["colour"] for row in rows(settings, "warning", "C05")] == ["not_assessed"]
    for client_id in ("C04", "C05"):
        assert rows(settings, "cleared", client_id) == []
        assert "P01" in {row["indicator"] for row in rows(settings, "suspended", client_id)}


def test_given_rows_that_are_bad_on_the_first_night_then_their_clients_are_not_assessed_though_nothing_stood_before(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    overdue = next(loan for loan in bank["loan"] if loan["loan_id"] == "L05")
    overdue["status"] = "open"  # no word of the contract
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "first.db"))
    [warning] = rows(settings, "warning", "C05")
    assert warning["colour"] == "not_assessed"
    assert "quarantine" in warning["not_assessed"].split(",")
