"""One real night of the real DAG on a small demo bank, then one that the checks hold: green is whole, red is red."""

import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from airflow_child import AirflowChild

from nightdesk import pg
from nightdesk.bank_time import bank_time
from nightdesk.business_day import business_date_for, cutoff_of
from nightdesk.clock import now
from nightdesk.orchestration.standalone import airflow_environment
from nightdesk.settings import Settings
from nightdesk_lab.demonstration import UNTIL

pytestmark = [pytest.mark.slow, pytest.mark.night]
SHANGHAI = ZoneInfo("Asia/Shanghai")
HELD = UNTIL + datetime.timedelta(days=1)  # the bank's data end before it


class Home:
    """A home of its own, and the commands that a person would run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "NIGHTDESK_HOME": str(folder)}
        self.environment.pop("AIRFLOW_HOME", None)  # the demo brings Airflow's home along
        self.child = AirflowChild(folder, self.airflow)
        self.shown: subprocess.CompletedProcess[str] | None = None  # what the demo that fills it said

    def nightdesk(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).parent / "nightdesk"), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=900, check=False)

    def airflow(self) -> dict[str, str]:
        return {**self.environment, **airflow_environment(Settings(home=self.folder))}

    def json(self, *arguments: str) -> Any:
        return json.loads(self.nightdesk(*arguments).stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("demo-home")
    made = Home(folder)
    made.shown = made.nightdesk("demo", "--clients", "120", "--nights", "1", "--json")
    yield made
    made.child.close()
    pg.remove(folder)


def test_given_a_demo_bank_when_the_dag_runs_its_latest_night_then_it_is_published_rendered_and_mailed_once(
    home: Home,
) -> None:
    assert home.shown is not None
    assert home.shown.returncode == 0, home.shown.stderr
    where = json.loads(home.shown.stdout)
    assert where["dates"] == [str(UNTIL)]

    branches = {path.name for path in Path(where["lists"]).iterdir()}
    assert all((Path(where["lists"]) / branch / "list.xlsx").exists() for branch in branches)
    assert Path(where["quality"]).exists()
    every = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in _mails(where)]
    kinds = {mail["Message-ID"]: mail["Message-ID"].split(".")[4].partition("%3A")[0] for mail in every}
    mails = [mail for mail in every if kinds[mail["Message-ID"]] in ("person", "branch_list")]
    assert "digest" in kinds.values(), "head office gets its own"
    assert {mail["Message-ID"].split(".")[3] for mail in mails} == branches, "each branch's people, or its mailbox"
    assert len({(mail["To"], mail["Message-ID"].split(".")[3]) for mail in mails}) == len(mails) >= len(branches) > 1
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)

    again = home.nightdesk("demo", "--clients", "120", "--nights", "1", "--json")
    assert again.returncode == 0, again.stderr
    assert len(_mails(where)) == len(every)
    status = home.json("status", "--date", str(UNTIL), "--json")
    with_address = {branch for branch in branches if not branch.startswith("B9")}  # an office has people, and no box
    assert (status["revision"], status["missing"], status["sent"]) == (1, [], len(with_address))


@pytest.mark.long
def test_given_a_night_without_transactions_when_the_dag_runs_then_it_is_red_and_the_night_before_stays_visible(
    home: Home,
) -> None:
    assert not home.child.trial(HELD)
    assert f"{HELD}: failed" in home.child.log
    assert "feed_empty" in home.child.log

    attempts = home.json("export", "night", "--date", str(HELD), "--format", "json")
    assert [row["status"] for row in attempts] == ["held"]
    assert home.nightdesk("status", "--date", str(HELD)).returncode == 9
    assert home.nightdesk("status", "--date", str(UNTIL)).returncode == 0


def test_given_a_night_later_than_the_next_when_the_dag_runs_then_it_is_refused_with_its_instant(home: Home) -> None:
    later = business_date_for(now(), SHANGHAI) + datetime.timedelta(days=3)
    run = home.child.run("nightly_monitoring", business_date=str(later))
    assert run["state"] == "failed"
    told = f"the night of {later} has its cut-off at {bank_time(cutoff_of(later, SHANGHAI), SHANGHAI)}"
    assert told in home.child.log


def test_given_a_night_asked_for_before_its_cut_off_when_the_dag_runs_then_it_waits_for_that_instant(
    home: Home,
) -> None:
    """The last one: its run does not end."""
    coming = business_date_for(now(), SHANGHAI) + datetime.timedelta(days=1)
    home.child.begin(dag="nightly_monitoring", conf={"business_date": str(coming)})
    assert _waiting(home) == [("prepare.await_cut_off", "up_for_reschedule", cutoff_of(coming, SHANGHAI))]
    home.child.close()
    assert home.json("export", "night", "--date", str(coming), "--format", "json") == [], "no attempt was made"


def _waiting(home: Home) -> list[tuple[str, str, datetime.datetime]]:
    """The tasks that wait for an instant, as soon as one does."""
    query = "select task_id, state, reschedule_date from task_instance join task_reschedule on task_instance.id = ti_id"
    metadata = home.airflow()["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg", "")
    with psycopg.connect(metadata, autocommit=True) as connection:
        while home.child.is_running:
            found = connection.execute(query).fetchall()
            if found and found[0][1] == "up_for_reschedule":
                return found
            time.sleep(0.2)
    raise AssertionError(home.child.log[-3000:])


def _mails(where: dict[str, str]) -> list[Path]:
    return sorted(Path(where["mails"]).glob("*.eml"))
