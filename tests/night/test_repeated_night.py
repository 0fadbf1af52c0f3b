"""What an orchestrator runs again: a published date reads what it read, one that never was is a fresh night."""

from hand_bank import D, days_back
from sqlalchemy import select

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.desk.tables import backfill
from nightdesk.ranges.repeating import Kind, close_as, open_as
from nightdesk.settings import Settings

EVE = days_back(1)


def test_given_a_published_night_when_it_is_repeated_then_it_is_a_replay_of_what_it_read_and_leaves_a_trace(
    eve: Settings, ten_source: str
) -> None:
    settings = eve.model_copy(update={"source_url": ten_source})
    cleared = open_as(settings, D, Kind.cleared, requested_by="airflow")
    assert cleared.attempt.backfill_id is None, "it was never published: the morning's list is still to come"
    close_as(cleared, "done", "")

    with open_desk(settings).connect() as connection:
        published = current(connection, "contract", EVE)
    for kind in (Kind.cleared, Kind.backfill):
        night = open_as(settings, EVE, kind, requested_by="airflow:r1")
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
        (EVE, "stopped", "airflow:r1", False),
        (EVE, "stopped", "airflow:r1", False),
        (days_back(-1), "running", "airflow:r2", True),
    ]
