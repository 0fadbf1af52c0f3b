"""What an orchestrator runs again: a published date reads what it read, one that never was is a fresh night."""

from pathlib import Path

from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings
from sqlalchemy import select

from nightdesk.desk.database import open_desk
from nightdesk.desk.tables import backfill
from nightdesk.night.whole import run_night
from nightdesk.ranges.repeating import Kind, close_as, open_as
from nightdesk.settings import Settings


def test_given_a_published_night_when_it_is_repeated_then_it_is_a_replay_of_what_it_read_and_leaves_a_trace(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    made = fresh_settings()
    settings = Settings(
        home=made.home, desk_url=made.desk_url, source_url=write_sqlite(ten_clients(), tmp_path / "bank.db")
    )
    cleared = open_as(settings, D, Kind.cleared, requested_by="airflow")
    assert cleared.attempt.backfill_id is None, "it was never published: the morning's list is still to come"
    close_as(cleared, "done", "")

    published = run_night(settings, D).publication
    for kind in (Kind.cleared, Kind.backfill):
        night = open_as(settings, D, kind, requested_by="airflow:r1")
        assert night.attempt.landing_attempt_id == published.attempt_id
        assert night.attempt.backfill_id is not None
        close_as(night, "stopped", "0 of 1 nights")
    fresh = open_as(settings, D, Kind.fresh, requested_by="airflow")
    assert (fresh.attempt.landing_attempt_id, fresh.attempt.backfill_id) == (None, None)
    never = open_as(settings, days_back(-1), Kind.backfill, requested_by="airflow:r2", send=True)
    assert never.attempt.landing_attempt_id is None, "it reads the source"
    with open_desk(settings).connect() as connection:
        rows = connection.execute(select(backfill).order_by(backfill.c.backfill_id)).all()
    assert [(row.date_from, row.status, row.requested_by, row.is_sending) for row in rows] == [
        (D, "stopped", "airflow:r1", False),
        (D, "stopped", "airflow:r1", False),
        (days_back(-1), "running", "airflow:r2", True),
    ]
