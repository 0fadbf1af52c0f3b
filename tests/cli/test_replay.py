"""A replay says what the night said: it reads the rows that the night read, whatever the source says since."""

import csv
import hashlib
import io
import json
import sqlite3
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from terminal import Terminal

RANGE = ("backfill", "--from", str(days_back(1)), "--to", str(D))


def files(terminal: Terminal) -> dict[str, str]:
    return {
        str(path.relative_to(terminal.home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((terminal.home / "out").rglob("*"))
        if path.is_file()
    }


def ledger(terminal: Terminal, day: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(terminal.run("export", "night", "--date", str(day)).stdout)))


@pytest.mark.long
def test_given_a_source_that_changed_since_then_a_replay_writes_the_same_bytes_and_a_reread_does_not(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.source = write_sqlite(ten_clients(), tmp_path / "bank.db")
    before = files(terminal)
    with sqlite3.connect(tmp_path / "bank.db") as connection:  # snapshots without known_at: what they were is gone
        connection.execute("update loan set outstanding_amt = 1.0 where loan_id = 'L05'")
        connection.execute("update client set name = '改名有限公司'")
        connection.execute("drop table staff")
    planned = json.loads(terminal.run(*RANGE, "--plan", "--json").stdout)
    assert [night["reads"] for night in planned] == ["landing", "landing"]
    done = terminal.run(*RANGE, "--reason", "to see the same", "--json")
    assert done.exit_code == 0, done.output
    assert [night["is_new"] for night in json.loads(done.stdout)] == [False, False]
    assert files(terminal) == before
    for day in (days_back(1), D):
        first, again = ledger(terminal, day)
        assert again["landing_attempt_id"] == first["attempt_id"]
        assert first["landing_attempt_id"] == ""

    planned = json.loads(terminal.run(*RANGE, "--plan", "--reread", "--json").stdout)
    assert [night["reads"] for night in planned] == ["source", "source"]
    done = terminal.run(*RANGE, "--reread", "--reason", "names were wrong", "--json")
    assert done.exit_code == 0, done.output
    assert [night["revision"] for night in json.loads(done.stdout)] == [2, 2]
    assert files(terminal) != before
    assert ledger(terminal, D)[-1]["backfill_reread"] == "true"
    third = ledger(terminal, D)[-1]["attempt_id"]
    assert terminal.run(*RANGE, "--reason", "again").exit_code == 0
    assert ledger(terminal, D)[-1]["landing_attempt_id"] == third, "what stands is what is read again"


@pytest.mark.long
def test_given_the_source_gone_then_a_replay_of_published_nights_still_runs(terminal: Terminal, tmp_path: Path) -> None:
    terminal.source = f"sqlite:///{tmp_path / 'gone.db'}"
    done = terminal.run(*RANGE, "--reason", "the source is away")
    assert done.exit_code == 0, done.output
    assert terminal.run(*RANGE, "--reread", "--reason", "the source is away").exit_code == 3
