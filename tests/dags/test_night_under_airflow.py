"""One real night of the real DAG on a small demo bank, then one that the checks hold: green is whole, red is red."""

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from nightdesk import pg
from nightdesk.orchestration.demonstration import UNTIL
from nightdesk.orchestration.standalone import airflow_environment
from nightdesk.settings import Settings

HELD = UNTIL + datetime.timedelta(days=1)  # the bank's data end before it


class Home:
    """A home of its own, and the commands that a person would run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "NIGHTDESK_HOME": str(folder)}
        self.environment.pop("AIRFLOW_HOME", None)  # the demo brings Airflow's home along

    def nightdesk(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).parent / "nightdesk"), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=280, check=False)

    def dag_run(self, day: datetime.date) -> "subprocess.CompletedProcess[str]":
        environment = {**self.environment, **airflow_environment(Settings(home=self.folder))}
        command = [sys.executable, "-m", "nightdesk.orchestration.trial", str(day)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)

    def json(self, *arguments: str) -> Any:
        return json.loads(self.nightdesk(*arguments).stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("demo-home")
    yield Home(folder)
    pg.remove(folder)


def test_given_a_demo_bank_when_the_dag_runs_its_latest_night_then_it_is_published_rendered_and_mailed_once(
    home: Home,
) -> None:
    shown = home.nightdesk("demo", "--clients", "120", "--nights", "1", "--json")
    assert shown.returncode == 0, shown.stderr
    where = json.loads(shown.stdout)
    assert where["dates"] == [str(UNTIL)]

    branches = {path.name for path in Path(where["lists"]).iterdir()}
    assert all((Path(where["lists"]) / branch / "list.xlsx").exists() for branch in branches)
    assert Path(where["quality"]).exists()
    mails = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in _mails(where)]
    assert len(mails) == len(branches) > 1
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)

    again = home.nightdesk("demo", "--clients", "120", "--nights", "1", "--json")
    assert again.returncode == 0, again.stderr
    assert len(_mails(where)) == len(mails)
    status = home.json("status", "--date", str(UNTIL), "--json")
    assert (status["revision"], status["missing"], status["sent"]) == (1, [], len(branches))


def test_given_a_night_without_transactions_when_the_dag_runs_then_it_is_red_and_the_night_before_stays_visible(
    home: Home,
) -> None:
    run = home.dag_run(HELD)
    assert run.returncode == 1
    assert f"{HELD}: failed" in run.stdout
    assert "feed_empty" in run.stderr

    attempts = home.json("export", "night", "--date", str(HELD), "--format", "json")
    assert [row["status"] for row in attempts] == ["held"]
    assert home.nightdesk("status", "--date", str(HELD)).returncode == 9
    assert home.nightdesk("status", "--date", str(UNTIL)).returncode == 0


def _mails(where: dict[str, str]) -> list[Path]:
    return sorted(Path(where["mails"]).glob("*.eml"))
