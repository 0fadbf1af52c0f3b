"""What former nights did not note yet, of a table or of their steps: the next night goes on, and they are replayed."""

from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from sqlalchemy import text

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import feeds_of
from nightdesk.night.whole import run_night
from nightdesk.ranges.backfilling import run_backfill
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

EVE = days_back(1)


def test_given_nights_of_which_neither_two_tables_nor_a_step_was_noted_then_the_next_one_goes_on_and_its_trend_begins(
    eve: Settings, ten_source: str
) -> None:
    with open_desk(eve).begin() as connection:
        assert connection.execute(text("delete from feed where table_name in ('staff', 'survey')")).rowcount == 2
        assert connection.execute(text("delete from step")).rowcount
    night = run_night(eve, D, source=ten_source)
    assert (eve.out / str(D) / "quality.html").read_text(encoding="utf-8").count("<rect ") == 1
    with open_desk(eve).connect() as connection:
        feeds = {row["table_name"]: row for row in feeds_of(connection, night.publication.attempt_id)}
    assert (feeds["staff"]["is_supplied"], feeds["survey"]["is_supplied"]) == (True, False)


@pytest.mark.long
def test_given_nights_of_a_contract_with_fewer_tables_then_the_next_night_and_a_replay_go_on(
    eve: Settings, tmp_path: Path
) -> None:
    """Given a ledger without a word of two tables, one of which the bank supplies, when a night and its replay run."""
    settings, source = eve, write_sqlite(ten_clients(), tmp_path / "bank.db")
    desk = open_desk(settings)
    with desk.begin() as connection:
        gone = connection.execute(text("delete from feed where table_name in ('staff', 'survey')"))
        assert gone.rowcount == 2
    run_night(settings, D, source=source)
    said = {table: export(settings, table, D, "csv", None) for table in ("signal", "warning")}
    replayed = run_backfill(settings, EVE, D, reason="other code")
    assert {table: export(settings, table, D, "csv", None) for table in said} == said
    with desk.connect() as connection:
        feeds = {row["table_name"]: row for row in feeds_of(connection, replayed[0].publication.attempt_id)}
    assert [(feeds[name]["is_supplied"], feeds[name]["rows_in"]) for name in ("staff", "survey")] == [(False, 0)] * 2
