"""The steps of a night: a row each in the ledger, whoever ran it, and how it ended."""

import csv
import io
import logging
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings, TwoNights
from sqlalchemy import text

from nightdesk.attempt.opening import open_night, resume_night, take_night
from nightdesk.errors import HeldNight, StoreError, UsageError
from nightdesk.night.stepping import step
from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings
from nightdesk.steps import STEPS


def steps(settings: Settings, **which: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(settings, "step", D, "csv", None, **which) or "")))  # type: ignore[arg-type]


def test_given_a_night_that_was_mailed_then_each_of_its_steps_has_a_row_in_their_order(two_nights: TwoNights) -> None:
    rows = steps(two_nights.settings)
    assert tuple(row["step"] for row in rows) == STEPS
    assert {(row["status"], row["tries"], row["message"], row["revision"]) for row in rows} == {("done", "1", "", "1")}
    counted = {row["step"]: row["row_count"] for row in rows}
    assert counted == {**{name: str(n) for name, n in two_nights.second.rows.items()}, "publish": ""}
    assert counted["send"] == "2"
    for row in rows:
        assert row["started_at"] <= row["ended_at"]
        assert Decimal(row["seconds"]) > 0
        assert Decimal(row["cpu_seconds"]) >= 0
        assert int(row["peak_bytes"]) > 10_000_000
    # what a step keeps in the lake or writes as a file is counted; publishing writes none, and the bank has no projects
    assert {row["step"] for row in rows if int(row["written_bytes"])} == set(STEPS) - {"esg", "publish"}


def test_given_the_export_as_parquet_then_it_has_the_same_rows_with_their_types(
    two_nights: TwoNights, tmp_path: Path
) -> None:
    export(two_nights.settings, "step", D, "parquet", tmp_path / "step.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "step.parquet")
    assert [str(value) for value in table["seconds"].to_pylist()] == [
        row["seconds"] for row in steps(two_nights.settings)
    ]
    assert steps(two_nights.settings, revision=2) == []


def test_given_a_held_night_then_its_check_is_held_and_tried_again_it_counts_the_tries(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank = ten_clients()
    bank["control_total"] = [{"table_name": "loan", "business_date": D, "row_count": 6, "amount_sum": 1.0}]
    settings = fresh_settings()
    with pytest.raises(HeldNight):
        run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    extracted, checked = steps(settings)
    assert (extracted["status"], checked["status"], checked["attempt_status"]) == ("done", "held", "held")
    assert checked["message"].startswith(f"the night of {D} is held: ")
    night = take_night(settings, checked["attempt_id"])
    with pytest.raises(UsageError), step(night, "check"):
        raise UsageError("nothing to look at", "Look elsewhere.")
    again = steps(settings)[1]
    assert (again["tries"], again["status"], again["message"]) == ("2", "failed", "nothing to look at. Look elsewhere.")


@pytest.mark.parametrize("name", ["check", "render"])
def test_given_a_step_that_fails_then_its_cell_is_in_no_message_and_only_before_publication_it_ends_the_attempt(
    fresh_settings: MakeSettings, tmp_path: Path, name: str
) -> None:
    settings = fresh_settings()
    night = open_night(settings, D, source=write_sqlite(ten_clients(), tmp_path / "bank.db"))

    def work() -> None:
        with step(night, name, "B1") as taken:
            taken.rows = 3
            duckdb.connect().sql("select cast('13912345678x' as integer)").fetchall()

    with pytest.raises(duckdb.Error):
        work()
    (row,) = steps(settings)
    assert (row["part"], row["status"], row["message"], row["row_count"]) == (
        "B1",
        "failed",
        "conversion exception",
        "3",
    )
    assert row["attempt_status"] == ("failed" if name == "check" else "running")
    told = export(settings, "night", D, "csv", None) or ""
    assert "13912345678" not in told
    assert ("conversion exception" in told) is (name == "check")


def test_given_chunks_of_a_step_then_each_has_its_row(fresh_settings: MakeSettings, tmp_path: Path) -> None:
    settings = fresh_settings()
    night = open_night(settings, D, source=write_sqlite(ten_clients(), tmp_path / "bank.db"))
    with step(night, "render", "1"), step(night, "render", "0"):
        pass
    with pytest.raises(ValueError, match="no step 'rendr'"), step(night, "rendr"):
        pass
    assert [(row["step"], row["part"], row["status"]) for row in steps(settings)] == [
        ("render", "0", "done"),
        ("render", "1", "done"),
    ]


def test_given_a_step_then_the_log_has_a_line_of_it(two_nights: TwoNights, caplog: pytest.LogCaptureFixture) -> None:
    night = resume_night(two_nights.settings, two_nights.first.publication.attempt_id)
    with caplog.at_level(logging.INFO, logger="nightdesk"), step(night, "render", "2") as taken:
        taken.rows = 1234
    assert f"{days_back(1)} render 2: 1,234 rows, " in caplog.text


def test_given_a_night_then_its_quality_page_shows_what_it_and_the_one_before_took(two_nights: TwoNights) -> None:
    pages = {
        day: (two_nights.settings.out / str(day) / "quality.html").read_text(encoding="utf-8")
        for day in (days_back(1), D)
    }
    assert [page.count("<rect ") for page in pages.values()] == [1, 2]
    section = pages[D][pages[D].index('id="cost"') :]
    seconds = {row["step"]: f"{Decimal(row['seconds']):,.1f}" for row in steps(two_nights.settings)}
    assert f'<td class="num">{seconds["features"]}</td>' in section
    assert 'lang="en">render<' not in section, "a page cannot tell what its own rendering took"


def test_given_a_desk_that_is_gone_when_a_step_fails_then_what_it_failed_of_is_said(
    fresh_settings: MakeSettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = fresh_settings()
    night = open_night(settings, D, source=write_sqlite(ten_clients(), tmp_path / "bank.db"))

    def work() -> None:
        with step(night, "render"):
            with night.desk.begin() as connection:
                connection.execute(text("alter table step rename to gone"))
            raise StoreError("the lake is full", "Make room.")

    with pytest.raises(StoreError, match="the lake is full"):
        work()
    assert "render could not be closed in the ledger" in caplog.text
