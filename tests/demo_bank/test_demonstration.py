"""The demonstration: what it is told and what it refuses, apart from the nights that it runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nightdesk.errors import NightdeskError
from nightdesk.settings import Settings
from nightdesk_lab.demonstration import MONTHS, SEED, UNTIL, run_demo

#: tells each date as it comes, and whether a program that it starts could take the next one
TOLD = """
import subprocess
from nightdesk.orchestration.trial import told

for day in told():
    print(day, subprocess.run(["cat"], capture_output=True).stdout, flush=True)
"""


def test_given_a_home_with_another_bank_then_nothing_is_begun_and_both_are_named(tmp_path: Path) -> None:
    made = {"clients": 20, "months": MONTHS, "until": str(UNTIL), "seed": SEED}
    (tmp_path / "demo_bank.json").write_text(json.dumps(made), encoding="utf-8")
    said: list[str] = []
    with pytest.raises(NightdeskError, match="a demo bank of 20 clients, not of 30"):
        run_demo(Settings(home=tmp_path), clients=30, nights=3, say=lambda key, **_: said.append(key))
    assert said == []
    assert [path.name for path in tmp_path.iterdir()] == ["demo_bank.json"]


def test_given_dates_one_after_the_other_then_each_is_run_before_the_next_is_there_and_no_task_takes_one() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for day in ("2026-10-13", "2026-10-14"):
            print(day, file=process.stdin, flush=True)
            assert process.stdout.readline() == f"{day} b''\n"
        process.stdin.close()
        assert process.wait(60) == 0
