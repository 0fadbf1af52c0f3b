"""Facts whose account the bank makes known a night later: that night counts them as if the account had been there."""

import csv
import io
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings, TwoNights

from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings


def figures(settings: Settings, table: str) -> list[tuple[str, ...]]:
    """What a night says, less how long it has said so."""
    names = {
        "signal": ("client_id", "indicator", "severity", "value", "baseline"),
        "warning": ("client_id", "colour", "score", "coverage"),
    }[table]
    rows = csv.DictReader(io.StringIO(export(settings, table, D, "csv", None) or ""))
    return [tuple(row[name] for name in names) for row in rows]


@pytest.mark.long
def test_given_an_account_known_a_night_late_then_none_of_its_facts_is_lost(
    two_nights: TwoNights, fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank = ten_clients()
    for account in bank["account"]:
        account["known_at"] = f"{days_back(400)} 12:00:00"
    late = next(account for account in bank["account"] if account["client_id"] == "C02")
    late["known_at"] = f"{D} 12:00:00"
    for fact in bank["txn"]:
        fact["known_at"] = f"{fact['booked_on']} 18:00:00"
    settings, source = fresh_settings(), write_sqlite(bank, tmp_path / "bank.db")
    run_night(settings, days_back(1), source=source)
    before = list(csv.DictReader(io.StringIO(export(settings, "quarantine", days_back(1), "csv", None) or "")))
    assert {row["rule"] for row in before} == {"parent_missing"}
    assert len(before) == sum(fact["account_id"] == late["account_id"] for fact in bank["txn"])
    run_night(settings, D, source=source)
    assert export(settings, "quarantine", D, "csv", None).splitlines()[1:] == []
    for table in ("signal", "warning"):
        assert figures(settings, table) == figures(two_nights.settings, table)
