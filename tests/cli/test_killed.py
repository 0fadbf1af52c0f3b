"""A night that is killed: the next one calls it lost, sweeps what it left, and publishes."""

import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from hand_bank import days_back, ten_clients, write_sqlite
from terminal import Terminal

DAY = str(days_back(-1))


def ledger(terminal: Terminal, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(terminal.run("export", table, "--date", DAY).stdout)))


def test_given_a_night_killed_within_a_step_then_the_next_one_ends_it_as_lost_and_leaves_nothing_of_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "bank.db"
    source = write_sqlite(ten_clients(), file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("begin exclusive")  # the extract waits for the lock until it is killed
    env = {
        "NIGHTDESK_HOME": str(terminal.home),
        "NIGHTDESK_DESK_URL": terminal.server.admin_url(terminal.database),
        "NIGHTDESK_SOURCE_URL": f"{source}?timeout=60",
    }
    words = [sys.executable, "-c", "from nightdesk.cli import app; app()", "night", "--date", DAY]
    process = subprocess.Popen(words, env={**os.environ, **env}, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not any(row["step"] == "extract" for row in ledger(terminal, "step")):
        assert time.monotonic() < until
        time.sleep(0.1)
    killed = ledger(terminal, "night")[0]["attempt_id"]
    assert ledger(terminal, "night")[0]["status"] == "running", "it lives"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    holder.close()
    for left in ("spill-abc", "check-abc"):
        (terminal.home / "work" / left).mkdir(parents=True)
    torn = [
        terminal.home / "lake" / table / f"night={DAY}" / f"batch_id={killed}-{name}"
        for table, name in (("landing/client", "aa"), ("source/nobody", "bb"))
    ]
    for folder in torn:
        folder.mkdir(parents=True)
        (folder / "part-0.parquet").write_bytes(b"PAR1 half")

    terminal.source = source
    done = terminal.run("night", "--date", DAY)
    assert done.exit_code == 0, done.output
    assert [(row["attempt_id"] == killed, row["status"]) for row in ledger(terminal, "night")] == [
        (True, "lost"),
        (False, "published"),
    ]
    assert [(row["step"], row["status"]) for row in ledger(terminal, "step") if row["attempt_id"] == killed] == [
        ("extract", "lost")
    ]
    assert list((terminal.home / "work").iterdir()) == []
    assert not any(folder.exists() for folder in torn)
