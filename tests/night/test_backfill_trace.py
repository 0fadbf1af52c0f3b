"""A backfill leaves a trace of how it ended, wherever it ended."""

from pathlib import Path

import pytest
from hand_bank import D, ten_clients, write_sqlite
from night_runs import MakeSettings
from sqlalchemy import select

from nightdesk.desk.database import open_desk
from nightdesk.desk.tables import backfill
from nightdesk.night.whole import NightResult
from nightdesk.ranges.backfilling import run_backfill


def test_given_a_backfill_ended_from_outside_after_a_night_was_published_then_its_trace_says_stopped(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, source = fresh_settings(), write_sqlite(ten_clients(), tmp_path / "bank.db")

    def ended(_: NightResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_backfill(settings, D, D, reason="a test", source=source, on_night=ended)
    with open_desk(settings).connect() as connection:
        trace = connection.execute(select(backfill.c.status, backfill.c.message)).one()
    assert trace.status == "stopped"
    assert trace.message.startswith("1 of 1 nights")
