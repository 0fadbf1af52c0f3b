"""What is noted of a run: its date when it begins, at the end what its tasks left; a person's note stays."""

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from nightdesk.desk.backfills import begin
from nightdesk.desk.database import open_desk
from nightdesk.desk.tables import backfill
from nightdesk.errors import DeadlineMissed
from nightdesk.settings import Settings, project_root

D = datetime.date(2026, 3, 31)

DAGS = """
import datetime
from airflow.sdk import dag, task
from nightdesk.orchestration.notes import leave_note, leave_summary
from nightdesk.settings import Settings
from nightdesk.orchestration.timetable import BankMornings

@task
def say(text):
    leave_note(text)

@task
def fail():
    leave_note("why it failed")
    raise SystemExit("no")

@task
def unreachable():
    away = Settings(home="/nowhere", desk_url="postgresql+psycopg://nobody@127.0.0.1:1/away")
    leave_summary(away, datetime.date(2026, 3, 31))

@task
def nothing():
    pass

@dag(schedule=None)
def leaves():
    say("first") >> say.override(task_id="later")("second")

@dag(schedule=None)
def long():
    say("x" * 5000)

@dag(schedule=None)
def fails():
    fail()

@dag(schedule=None)
def no_desk():
    unreachable()

@dag(schedule=None)
def silent():
    nothing()

@dag(
    schedule=BankMornings("5 5 * * *", timezone="Asia/Shanghai", cut_off="05:00"),
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
    catchup=False,
)
def mornings():
    nothing()

for one in (leaves, long, fails, no_desk, silent, mornings):
    one()
"""


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("noted")
    (home / "dags").mkdir()
    (home / "dags" / "small.py").write_text(DAGS, encoding="utf-8")
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project_root() / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    command = [sys.executable, str(Path(__file__).with_name("noted_runs.py")), str(home / "dags")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_given_tasks_that_leave_notes_when_the_run_ends_then_the_last_one_is_its_note(noted: dict[str, Any]) -> None:
    assert noted["leaves"] == ["success", "second"]


def test_given_a_run_that_fails_then_it_is_noted_as_well(noted: dict[str, Any]) -> None:
    assert noted["fails"] == ["failed", "why it failed"]


def test_given_a_note_that_is_too_long_then_it_is_cut_and_the_run_ends_all_the_same(noted: dict[str, Any]) -> None:
    assert noted["long"] == ["success", "x" * 1000]


def test_given_nothing_left_then_nothing_is_noted(noted: dict[str, Any]) -> None:
    assert noted["silent"] == ["success", None]


def test_given_a_desk_that_does_not_answer_then_there_is_no_note_and_the_task_goes_on(noted: dict[str, Any]) -> None:
    assert noted["no_desk"] == ["success", None]


def test_given_a_run_that_begins_then_it_is_called_by_the_date_that_it_is_about(noted: dict[str, Any]) -> None:
    today = noted["begins"]
    assert len(today) == len("2026-03-31")
    assert noted["begins, asked"] == "2026-03-31"
    assert noted["begins, native backfill"] == today, "its runs share their parameters"
    assert noted["begins, no date of its own"] == "second", "another DAG's run is left alone"


def test_given_a_run_that_ends_within_the_schedulers_session_then_it_is_noted_there(noted: dict[str, Any]) -> None:
    assert noted["ends"] == "second"


def test_given_a_note_that_a_person_wrote_when_the_run_ends_then_it_stays(noted: dict[str, Any]) -> None:
    assert noted["noted by a person"] == "seen, all is well"


NOT_TAKEN = "there is no note of this run: run_note was not taken"


class Mute(SimpleNamespace):
    """A task of a run whose notes cannot be written; it reads what the tasks before it left (`pulled`, by key)."""

    dag_id, run_id = "nightly_monitoring", "r1"

    def xcom_push(self, key: str, **_left: object) -> None:
        raise ConnectionError(f"{key} was not taken")

    def xcom_pull(self, key: str = "return_value", **_asked: object) -> Any:
        return self.pulled[key]

    def get_task_states(self, **_asked: object) -> dict[str, dict[str, str]]:
        return {"r1": {"night.replay_night_0": "success"}}


@pytest.fixture
def mute(desk_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Within a task of the run of D whose notes cannot be written."""
    from airflow.sdk.execution_time.context import set_current_context

    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_SOURCE", f"sqlite:///{tmp_path / 'bank.db'}")
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_DESK", desk_database)
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://localhost:1025")
    desk = open_desk(Settings(home=tmp_path, desk_url=desk_database))
    backfill_id = begin(desk, "contract", D, D, "a look", False, "airflow")
    ti = Mute(pulled={"backfill_id": backfill_id, "return_value": [str(D)]})
    run = SimpleNamespace(dag_id=ti.dag_id, run_id=ti.run_id, run_type="manual", logical_date=None, run_after=None)
    context: Any = {"ti": ti, "dag_run": run, "params": {"business_date": str(D)}}
    with set_current_context(context):
        yield desk
    desk.dispose()


def test_given_a_note_that_is_not_taken_when_a_backfill_is_closed_then_the_task_ends_as_it_would(
    mute: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    from nightdesk.orchestration.replaying import close_backfill

    assert close_backfill.function() == "done: 1 of 1 nights"
    with mute.connect() as connection:
        assert connection.scalars(select(backfill.c.status)).all() == ["done"]
    assert NOT_TAKEN in caplog.text


@pytest.mark.usefixtures("mute")
def test_given_a_note_that_is_not_taken_when_lists_are_out_or_not_then_the_task_says_so_as_it_would(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    from nightdesk.orchestration.tasks import lists_are_out
    from nightdesk.reading import morning

    with pytest.raises(AirflowFailException, match=f"the lists of {D} are not out") as missed:
        lists_are_out.function()
    assert isinstance(missed.value.__cause__, DeadlineMissed)
    monkeypatch.setattr(morning, "require_lists_out", lambda *_asked: "all are out")
    assert lists_are_out.function() == "all are out"
    assert caplog.text.count(NOT_TAKEN) == 2
