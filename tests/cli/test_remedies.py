"""What a refusal says to do is done here, word for word, and works; and no command makes a ledger that cannot go on."""

import csv
import io
import sqlite3
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from sqlalchemy import text
from terminal import Terminal, printed
from typer.testing import Result

from nightdesk.desk.database import open_desk

pytestmark = pytest.mark.long

NEXT, AFTER_NEXT = days_back(-1), days_back(-2)


def attempts(terminal: Terminal, day: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(terminal.run("export", "night", "--date", str(day)).stdout)))


def refused(terminal: Terminal, *words: str, exit_code: int = 5) -> list[str]:
    """Run a command that is refused in one line; returns the one command that it names."""
    done = terminal.run(*words)
    assert done.exit_code == exit_code, done.output
    (command,) = printed(done)
    return command


def works(terminal: Terminal, words: list[str]) -> Result:
    done = terminal.run(*words)
    assert done.exit_code == 0, done.output
    return done


def test_given_a_cut_off_out_of_its_bounds_then_it_is_refused_and_the_command_named_runs(terminal: Terminal) -> None:
    within_its_own_day = refused(terminal, "night", "--date", str(NEXT), "--known-at", f"{NEXT}T23:59:59")
    before_its_publication = refused(terminal, "night", "--date", str(D), "--known-at", f"{NEXT}T04:00")
    assert attempts(terminal, NEXT) == []
    assert len(attempts(terminal, D)) == 1
    assert before_its_publication == ["night", "--date", str(D)]
    works(terminal, before_its_publication)
    works(terminal, within_its_own_day)
    assert [row["status"] for row in attempts(terminal, NEXT)] == ["published"]


def test_given_a_night_that_has_not_been_then_no_cut_off_makes_it(terminal: Terminal) -> None:
    for known_at in ("2026-11-20T12:00", "2999-12-31T12:00"):  # before its day, and not yet
        done = terminal.run("night", "--date", "2999-12-01", "--known-at", known_at)
        assert (done.exit_code, done.stderr.count("\n")) == (5, 1)
    assert attempts(terminal, "2999-12-01") == []
    works(terminal, ["night", "--date", str(NEXT)])


def test_given_a_night_published_with_a_late_cut_off_then_it_and_the_nights_after_it_can_be_run_again(
    terminal: Terminal,
) -> None:
    works(terminal, ["night", "--date", str(NEXT), "--known-at", "2026-04-20T09:00"])
    before_that = refused(terminal, "night", "--date", str(AFTER_NEXT), "--known-at", "2026-04-03T05:00")
    works(terminal, before_that)
    assert attempts(terminal, AFTER_NEXT)[-1]["cutoff_at"].startswith("2026-04-20T01:00")
    under_later_nights = refused(terminal, "night", "--date", str(NEXT))
    assert under_later_nights[:5] == ["backfill", "--from", str(NEXT), "--to", str(AFTER_NEXT)]
    works(terminal, under_later_nights)
    assert {row["cutoff_at"][:16] for row in attempts(terminal, NEXT)} == {"2026-04-20T01:00"}
    a_part = refused(terminal, "backfill", "--from", str(D), "--to", str(D), "--reason", "x")
    assert a_part[:5] == ["backfill", "--from", str(D), "--to", str(AFTER_NEXT)], "as the one before, a night more"


def test_given_a_date_that_was_never_published_then_the_command_named_publishes_it(terminal: Terminal) -> None:
    later = refused(terminal, "export", "task", "--date", str(NEXT), exit_code=2)
    assert later == ["night", "--date", str(NEXT)]
    earlier = refused(terminal, "export", "task", "--date", str(days_back(2)), exit_code=2)
    works(terminal, earlier)
    assert terminal.run("export", "task", "--date", str(days_back(2))).exit_code == 0
    assert terminal.run("export", "task", "--date", str(D)).exit_code == 0
    works(terminal, later)
    no_revision = terminal.run("export", "task", "--date", str(D), "--revision", "9")
    assert (no_revision.exit_code, "no revision 9" in no_revision.stderr) == (2, True)


def test_given_a_replay_that_stopped_half_way_then_each_command_that_is_named_leads_on(
    terminal: Terminal, tmp_path: Path
) -> None:
    bank = ten_clients()
    bank["loan"] = [{**row, "outstanding_amt": 2_900_000.0} if row["loan_id"] == "L05" else row for row in bank["loan"]]
    bank["control_total"] = [{"table_name": "loan", "business_date": D, "row_count": 6, "amount_sum": 1.0}]
    terminal.source = write_sqlite(bank, tmp_path / "bank.db")
    words = ("backfill", "--from", str(days_back(1)), "--to", str(D), "--reread", "--reason", "x")
    goes_on = refused(terminal, *words, exit_code=4)
    with sqlite3.connect(tmp_path / "bank.db") as connection:
        connection.execute("delete from control_total")
    replay_first = refused(terminal, "night", "--date", str(NEXT))
    begin_there = refused(terminal, "backfill", "--from", str(NEXT), "--to", str(NEXT), "--reason", "x")
    assert replay_first == begin_there
    assert "--reread" in goes_on
    works(terminal, goes_on)
    works(terminal, replay_first)
    assert attempts(terminal, NEXT)[-1]["status"] == "published"


def test_given_rows_that_are_no_longer_kept_then_a_replay_is_refused_and_the_command_named_asks_the_source(
    terminal: Terminal,
) -> None:
    with open_desk(terminal.settings()).begin() as connection:
        connection.execute(text("update attempt set opened_at = opened_at - interval '36 days'"))
    works(terminal, ["night", "--date", str(NEXT)])  # what is old is swept
    again = refused(terminal, "backfill", "--from", str(D), "--to", str(NEXT), "--reason", "x")
    assert "--reread" in again
    assert attempts(terminal, D)[-1]["backfill_reread"] == ""
    works(terminal, again)
    assert attempts(terminal, D)[-1]["backfill_reread"] == "true"
    assert attempts(terminal, D)[-1]["landing_attempt_id"] == ""
