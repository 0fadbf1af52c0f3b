"""Nights of one bank exclude each other: the loser waits and says so, a backfill lets the fresh night in between."""

import threading
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings
from sqlalchemy import func, select

from nightdesk.desk import turn
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.tables import attempt
from nightdesk.errors import Busy
from nightdesk.night.whole import run_night
from nightdesk.ranges.backfilling import run_backfill


def test_given_another_writer_when_a_night_may_not_wait_then_it_is_refused_and_no_attempt_is_made(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings = fresh_settings()
    desk = open_desk(settings)
    source = write_sqlite(ten_clients(), tmp_path / "bank.db")
    with (
        turn.taken(desk, turn.of_process("contract", D, is_replay=True), 0),
        pytest.raises(Busy, match="first comes the night of 2026-03-31"),
    ):
        run_night(settings, D, source=source, turn_wait=0)
    with desk.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(attempt)) == 0


@pytest.mark.long
def test_given_a_backfill_at_work_when_the_fresh_night_asks_then_it_runs_between_two_nights_of_it(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings = fresh_settings()
    desk = open_desk(settings)
    source = write_sqlite(ten_clients(), tmp_path / "bank.db")
    run_night(settings, days_back(2), source=source)
    asked, ended = threading.Event(), []

    def tonight() -> None:
        request = turn.of_process("contract", D, is_replay=False)
        turn.seek(desk, request)  # enters the wish at once
        asked.set()
        with turn.taken(desk, request, 5), desk.connect() as connection:
            ended.append(latest_published_date(connection, "contract"))

    waiter = threading.Thread(target=tonight)

    def progress(step: str, rows: int | None) -> None:
        if step == "check" and rows is None and not asked.is_set():
            waiter.start()
            asked.wait(60)

    run_backfill(settings, days_back(2), days_back(1), reason="test", source=source, progress=progress)
    waiter.join(60)
    assert ended == [days_back(2)], "the second night of the backfill let it go first"
    with desk.connect() as connection:
        assert latest_published_date(connection, "contract") == days_back(1)
