"""The demonstration: what it is told and what it refuses, apart from the nights that it runs."""

import inspect
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from nightdesk.errors import NightdeskError
from nightdesk.settings import Settings
from nightdesk_lab.cli.demo import demo
from nightdesk_lab.demo_bank.generate import generate
from nightdesk_lab.demo_bank.kinds import KINDS
from nightdesk_lab.demo_bank.plan import make_plan
from nightdesk_lab.demo_bank.truth import story_records
from nightdesk_lab.demonstration import MONTHS, SEED, UNTIL, projects_of, run_demo, told_of

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


def test_given_the_bank_of_make_demo_then_it_has_every_story_and_in_each_group_as_many_that_only_look_so() -> None:
    clients = inspect.signature(demo).parameters["clients"].default
    plan = make_plan(
        clients=clients,
        months=MONTHS,
        until=UNTIL,
        seed=SEED,
        branches=inspect.signature(generate).parameters["branches"].default,
        projects=projects_of(clients),
        txn_per_client=None,
    )
    stories = story_records(plan)
    assert {kind.name for kind in KINDS} - {story["story"] for story in stories} == set()
    lived = Counter((group, story["is_look_alike"]) for story in stories for group in story["groups"].split())
    assert {group for group, _ in lived} == set("EFJKOPTX")
    assert [group for group in "EFJKOPTX" if not 0 < lived[group, "false"] <= lived[group, "true"]] == []


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


def test_given_other_lines_than_that_of_a_run_then_they_are_passed_over_and_the_next_run_has_its_own() -> None:
    lines = iter(
        ["a plugin says hello\n", "\n", "2026-10-13: success in 9.1 s\n", "2026-10-14: failed in 0.2 s\n", "end"]
    )
    told = [told_of(lines) for _ in range(3)]
    assert [one and one.groups() for one in told] == [
        ("2026-10-13", "success", "9.1"),
        ("2026-10-14", "failed", "0.2"),
        None,
    ]


def test_given_an_airflow_that_speaks_as_it_is_imported_then_it_is_not_heard_among_the_runs(tmp_path: Path) -> None:
    (tmp_path / "airflow").mkdir()
    (tmp_path / "airflow" / "__init__.py").write_text("print('hello', flush=True)\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "nightdesk.orchestration.trial"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert done.stderr.startswith("hello\n")
    assert "No module named 'airflow.dag_processing'" in done.stderr
