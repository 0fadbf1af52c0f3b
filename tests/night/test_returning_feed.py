"""A table that stops and returns, or comes late: nothing of it is lost, and nothing counts twice."""

import datetime
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import resume_night
from nightdesk.night.whole import run_night
from nightdesk.settings import Settings

pytestmark = pytest.mark.long


def with_balances(bank: Bank) -> Bank:
    """The same bank with balances of the last five days, each known on its own day."""
    bank["balance"] = [
        {
            "account_id": account["account_id"],
            "business_date": days_back(back),
            "eod_balance": 1000.0 * back,
            "known_at": f"{days_back(back)} 22:00:00",
        }
        for account in bank["account"]
        for back in range(5)
    ]
    return bank


def rows_held(settings: Settings, attempt_id: str) -> list[dict[str, Any]]:
    """Every balance row that a night sees."""
    night = resume_night(settings, attempt_id)
    with night_engine(night) as engine:
        Inputs(night, engine).source("balance")
        return engine.rows("select account_id, business_date, eod_balance from source.balance order by all")


def test_a_table_that_returns_brings_the_days_between_and_none_twice(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    path = tmp_path / "bank.db"
    bank = with_balances(ten_clients())
    source = write_sqlite(bank, path)
    settings = fresh_settings()
    run_night(settings, days_back(3), source=source)
    with sqlite3.connect(path) as connection:
        connection.execute("alter table balance rename to kept")
    run_night(settings, days_back(1), source=source)
    with sqlite3.connect(path) as connection:
        connection.execute("alter table kept rename to balance")
    result = run_night(settings, D, source=source)

    held = rows_held(settings, result.publication.attempt_id)
    assert len(held) == len(bank["balance"]) == 50
    assert {row["business_date"] for row in held} == {days_back(back) for back in range(5)}

    fresh = fresh_settings()
    other = run_night(fresh, D, source=source)
    assert rows_held(fresh, other.publication.attempt_id) == held


def test_a_table_that_is_offered_for_the_first_time_is_read_from_its_beginning(eve: Settings, tmp_path: Path) -> None:
    settings = eve
    bank = with_balances(ten_clients())
    for row in bank["balance"]:
        if row["business_date"] < days_back(2):
            row["known_at"] = datetime.datetime.combine(days_back(30), datetime.time()).isoformat(sep=" ")
    result = run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    assert len(rows_held(settings, result.publication.attempt_id)) == 50
