"""Facts that the source takes back leave the state as they leave the table, and many at once hold the night."""

import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from hand_bank import D, days_back
from night_runs import MakeSettings
from other_code import Code
from test_late_rows import bank_with_known_at, inflow_90d, show_late

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.errors import HeldNight
from nightdesk.night.whole import NightResult, run_night
from nightdesk.ranges.backfilling import run_backfill
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

pytestmark = pytest.mark.long

PUBLISHED = ("client_tier", "signal", "warning", "task")


def delete(path: Path, keys: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("delete from txn where txn_id like ?", (keys,))


def standing_inflow(settings: Settings) -> Decimal:
    """What the published night of D says, whoever ran it."""
    with open_desk(settings).connect() as connection:
        publication = current(connection, "contract", D)
    return inflow_90d(NightResult(publication, is_new=True, rows={}, deliveries=[]), settings)


def test_given_a_fact_that_is_deleted_then_the_state_is_that_of_a_home_that_never_saw_it(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    for number in range(13):
        show_late(path, f"T-{number:02d}", 100, booked=2, known_at=f"{days_back(2)} 12:00:00")
    before = run_night(settings, days_back(1), source=source)
    delete(path, "T-07")
    after = run_night(settings, D, source=source)
    assert inflow_90d(after, settings) == inflow_90d(before, settings) - 100
    twin = json.loads((settings.out / str(D) / "quality.json").read_text(encoding="utf-8"))
    (told,) = [row for row in twin["expectations"] if row["rule"] == "rows_taken_back" and not row["success"]]
    assert (told["table_name"], told["severity"], told["observed"]) == ("txn", "warning", "1")
    assert "T-07" not in json.dumps(twin), "keys are masked"
    assert told["sample_keys"]

    fresh = fresh_settings()
    run_night(fresh, days_back(1), source=source)
    run_night(fresh, D, source=source)
    for table in PUBLISHED:
        assert export(fresh, table, D, "csv", None) == export(settings, table, D, "csv", None)

    delete(path, "T-__")  # every row of those days: no deletion, but a feed cut short
    remedy = r"txn: 13 of 13 held rows .*\(100\.00%\).* give txn a taken_back_max_pct for this date"
    with pytest.raises(HeldNight, match=remedy):
        run_night(settings, D, source=source)
    meant = Code(tmp_path / "meant")
    row = f"taken_back_max_pct,txn,100,{D},{D},data,a day was booked twice\n"
    meant.change("sql/policy/check.csv", "taken_back_max_pct,", f"{row}taken_back_max_pct,")
    meant.night(settings, source)
    assert standing_inflow(settings) == inflow_90d(before, settings) - 1300


def test_given_a_table_with_a_look_back_of_its_own_then_only_what_was_asked_for_is_looked_for(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    """Given a policy row for one table, longer than the one for all, when a row beyond the latter is there or goes."""
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    for key in ("T-kept", "T-gone"):
        show_late(path, key, 100, booked=8, known_at=f"{days_back(8)} 12:00:00")
    before = run_night(settings, days_back(1), source=source)
    longer = Code(tmp_path / "longer")
    for name in ("look_back_days", "source_keeps_days"):
        longer.change("sql/policy/check.csv", f"{name},,5", f"{name},txn,10,1900-01-01,,data,ten days\n{name},,5")
    longer.night(settings, source)
    assert standing_inflow(settings) == inflow_90d(before, settings), "all that was asked for is there"
    delete(path, "T-gone")
    longer.night(settings, source)
    assert standing_inflow(settings) == inflow_90d(before, settings) - 100


def test_given_a_row_taken_back_when_a_night_before_is_filled_in_then_the_replay_takes_it_back_as_well(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    """Given a row that its source deletes and offers again, when a replay reads older rows than the night before it."""
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    for key in ("T-away", "T-stays"):
        show_late(path, key, 100, booked=3, known_at=f"{days_back(3)} 12:00:00")
    before = run_night(settings, days_back(2), source=source)
    delete(path, "T-away")
    first = run_night(settings, D, source=source)
    assert inflow_90d(first, settings) == inflow_90d(before, settings) - 100
    show_late(path, "T-away", 100, booked=3, known_at=f"{days_back(3)} 12:00:00")
    between, replayed = run_backfill(settings, days_back(1), D, reason="the night between", source=source)
    assert inflow_90d(between, settings) == inflow_90d(before, settings)
    assert inflow_90d(replayed, settings) == inflow_90d(first, settings)
    (again,) = run_backfill(settings, D, D, reason="and once more")
    assert inflow_90d(again, settings) == inflow_90d(first, settings)


def test_given_a_night_that_reads_newer_rows_than_the_replay_after_it_then_what_that_lacks_is_not_taken_back(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    source = bank_with_known_at(path)
    run_night(settings, days_back(2), source=source)
    before = run_night(settings, D, source=source)
    show_late(path, "T-between", 100, booked=1, known_at=f"{days_back(1)} 12:00:00")
    _, after = run_backfill(settings, days_back(1), D, reason="the night between", source=source)
    assert inflow_90d(after, settings) == inflow_90d(before, settings) + 100
