"""The lake after a week: rows as landed and failed attempts are gone, and every published night reads as it did."""

import logging
from pathlib import Path

import pyarrow as pa
import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings
from sqlalchemy import text

from nightdesk.attempt.opening import open_night, resume_night
from nightdesk.desk.database import open_desk
from nightdesk.desk.pins import Pin, set_pins
from nightdesk.errors import StoreError
from nightdesk.lake import batches_in, write_batch
from nightdesk.night.checking import check
from nightdesk.night.extraction import extract
from nightdesk.night.sweeping import sweep
from nightdesk.night.whole import run_night
from nightdesk.reading.explaining import explain
from nightdesk.reading.exporting import export


@pytest.mark.long
def test_given_attempts_older_than_a_week_then_only_what_publications_read_is_kept(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, source = fresh_settings(), write_sqlite(ten_clients(), tmp_path / "bank.db")
    desk = open_desk(settings)
    first = run_night(settings, days_back(1), source=source).publication.attempt_id
    left = open_night(settings, D, source=source)
    extract(left, source)
    check(left)
    second = run_night(settings, D, source=source).publication.attempt_id
    run_night(settings, D, source=source)  # unchanged: its batches are nobody's
    # a step that was ended between its write and its pin, and tried again: nothing names this batch
    write_batch(settings.lake_root, "source/client", D, pa.table({"client_id": ["C01"]}).to_reader(), second)
    night = open_night(settings, D, source=source)
    assert sweep(night, 35) == {}, "nothing is old yet: a step may be tried again"

    with desk.begin() as connection:
        connection.execute(text("update attempt set opened_at = opened_at - interval '8 days'"))
    before = {name: export(settings, name, D, "csv", None) for name in ("client_tier", "signal", "task", "quarantine")}
    night = open_night(settings, D, source=source)
    dropped = sweep(night, 35)
    assert dropped["landing/client"] == 2, "a published night can be replayed from what it read"
    assert dropped["source/client"] == 3
    kept = {batch.rpartition("-")[0] for batch in batches_in(settings.lake_root, "source/client")}
    assert kept == {first, second}
    assert {batch.rpartition("-")[0] for batch in batches_in(settings.lake_root, "landing/client")} == {first, second}
    assert sweep(night, 35) == {}

    again = run_night(settings, D, source=source)
    assert (again.is_new, again.publication.revision) == (False, 1)
    assert {name: export(settings, name, D, "csv", None) for name in before} == before
    assert explain(settings, "C04", D)["warning"]["colour"] == "red"
    with pytest.raises(StoreError, match=r"landing/\w+ of the night 2026-03-31 no longer has the batch"):
        check(resume_night(settings, left.attempt.attempt_id))


def test_given_a_lake_table_that_cannot_be_swept_then_the_night_says_so_and_is_published(
    fresh_settings: MakeSettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings, source = fresh_settings(), write_sqlite(ten_clients(), tmp_path / "bank.db")
    old = open_night(settings, days_back(1), source=source)
    one_row = pa.table({"client_id": ["C01"]}).to_reader()
    batch_id, rows = write_batch(settings.lake_root, "landing/gone_by", days_back(1), one_row, old.attempt.attempt_id)
    set_pins(old.desk, old.attempt, [Pin("landing/gone_by", batch_id, rows, starts_chain=False)])
    with old.desk.begin() as connection:
        connection.execute(text("update attempt set opened_at = opened_at - interval '8 days'"))
    for entry in Path(settings.lake_root).glob("landing/gone_by/_delta_log/*.json"):
        entry.write_text("no log")
    with caplog.at_level(logging.WARNING, logger="nightdesk"):
        done = run_night(settings, D, source=source)
    assert "landing/gone_by cannot be read" in caplog.text
    assert done.publication.revision == 1
