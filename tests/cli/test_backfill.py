"""Backfill: planned beforehand, traced afterwards, and nothing goes on upon a night that was replaced."""

import csv
import io
import json
import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from terminal import Terminal

from nightdesk import policy as policies
from nightdesk.settings import sql_root

RANGE = ("--from", str(days_back(1)), "--to", str(D))


def ledger(terminal: Terminal, day: object = D) -> list[dict[str, str]]:
    """The ledger's rows of a date."""
    return list(csv.DictReader(io.StringIO(terminal.run("export", "night", "--date", str(day)).stdout)))


def test_a_plan_says_what_would_be_done_and_does_nothing(terminal: Terminal) -> None:
    terminal.run("outbox", "send", "--date", str(D))
    before = ledger(terminal)
    words = ("backfill", "--from", str(days_back(4)), "--to", str(D), "--plan")
    planned = json.loads(terminal.run(*words, "--send", "--json").stdout)
    assert [(night["business_date"], night["standing_revision"], night["mail"]) for night in planned] == [
        ("2026-03-27", None, "no_workday"),  # a Friday: the morning after is a Saturday
        ("2026-03-28", None, "no_workday"),
        ("2026-03-29", None, "yes"),
        ("2026-03-30", 1, "yes"),
        ("2026-03-31", 1, "sent_before"),
    ]
    assert {night["mail"] for night in json.loads(terminal.run(*words, "--json").stdout)} == {"not_asked"}
    assert str(D) in terminal.run(*words).stdout
    assert ledger(terminal) == before


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (RANGE, 2, "needs a reason"),
        (("--from", str(D), "--to", str(days_back(1)), "--reason", "x"), 2, "before it begins"),
        (("--from", str(days_back(1)), "--to", str(days_back(1)), "--reason", "x"), 5, f"--to {D} --reason TEXT"),
        (("--from", str(D), "--to", "2999-01-04", "--reason", "x"), 5, "has not passed"),
    ],
)
def test_what_a_backfill_refuses(two_published: Terminal, words: tuple[str, ...], exit_code: int, said: str) -> None:
    done = two_published.run("backfill", *words)
    assert (done.exit_code, done.stderr.count("\n")) == (exit_code, 1)
    assert said in done.stderr


@pytest.mark.long
def test_a_backfill_that_stops_half_way_is_gone_on_with_before_anything_else(
    terminal: Terminal, tmp_path: Path
) -> None:
    bank = ten_clients()
    bank["loan"] = [{**row, "outstanding_amt": 2_900_000.0} if row["loan_id"] == "L05" else row for row in bank["loan"]]
    mended = write_sqlite(bank, tmp_path / "mended.db")
    bank["control_total"] = [{"table_name": "loan", "business_date": D, "row_count": 6, "amount_sum": 1.0}]
    terminal.source = write_sqlite(bank, tmp_path / "held.db")

    stopped = terminal.run("backfill", *RANGE, "--reread", "--reason", "L05 was corrected", "--send")
    assert stopped.exit_code == 4
    assert f"stopped at {D} with 1 of 2 nights done" in stopped.stderr
    assert f"nightdesk backfill --from {D} --to {D} --reread --reason TEXT --send" in stopped.stderr
    assert ledger(terminal, days_back(1))[-1]["revision"] == "2"
    assert [row["status"] for row in ledger(terminal)] == ["published", "held"]
    trace = ledger(terminal)[-1]
    assert (trace["backfill_from"], trace["backfill_to"]) == (str(days_back(1)), str(D))
    assert (trace["backfill_reason"], trace["backfill_status"]) == ("L05 was corrected", "stopped")
    assert trace["backfill_by"]
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in (terminal.home / "mail").iterdir()]
    subjects = sorted(mail["Subject"].split("]")[0] for mail in mails)
    assert subjects == [f"[Backfill of {days_back(1)}", f"[补跑 业务日期 {days_back(1)}"], (
        "only the night that was published"
    )

    # the list of D still stands on the night that was replaced: people are told, and no night goes on from it
    replay = f"nightdesk backfill --from {D} --to"
    assert replay in terminal.run("status", "--date", str(D)).stdout
    onward = terminal.run("night", "--date", str(days_back(-1)), source_url=mended)
    assert onward.exit_code == 5
    assert replay in onward.stderr
    later = ("backfill", "--from", str(days_back(-1)), "--to", str(days_back(-1)), "--reason", "x")
    assert terminal.run(*later).exit_code == 5

    terminal.source = mended
    done = terminal.run("backfill", "--from", str(D), "--to", str(D), "--reread", "--reason", "again", "--json")
    assert done.exit_code == 0
    assert [night["revision"] for night in json.loads(done.stdout)] == [2]
    assert replay not in terminal.run("status", "--date", str(D)).stdout


def test_a_day_without_sound_policy_stops_the_range_before_its_first_night(
    two_published: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = shutil.copytree(sql_root(), tmp_path / "sql")
    rows = root / "policy" / "capacity.csv"
    rows.write_text(rows.read_text(encoding="utf-8").replace("rm,20,1900-01-01,,", f"rm,20,1900-01-01,{days_back(1)},"))
    monkeypatch.setattr(policies, "sql_root", lambda: root)
    before = ledger(two_published, days_back(1)), ledger(two_published)
    done = two_published.run("backfill", *RANGE, "--reason", "x")
    assert (done.exit_code, done.stderr.count("\n")) == (8, 1)
    assert "sql/policy/capacity.csv, line 2, rm: has no row in force" in done.stderr
    assert (ledger(two_published, days_back(1)), ledger(two_published)) == before
