"""Whether a run mails weeks and scorecards: on their day, or when it is told to; and what became of each mail."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nightdesk.business_day import Calendar
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import open_attempt
from nightdesk.desk.publication import Publication, publish
from nightdesk.errors import MailError
from nightdesk.night.letters import Told
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
MORNING = datetime.datetime.fromisoformat("2026-04-01T05:05:00+08:00")
OUT = (Told("one@bank.example", "sent"), Told("two@bank.example", "already"), Told("three@bank.example", "sent"))


@pytest.fixture
def reference(desk_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What tasks know a published night by."""
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_SOURCE", "sqlite:///bank.db")
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_DESK", desk_database)
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://localhost")
    desk = open_desk(Settings(home=tmp_path, desk_url=desk_database))
    attempt = open_attempt(
        desk,
        profile="contract",
        business_date=D,
        cutoff_at=MORNING,
        source="sqlite://",
        base_ccy="CNY",
        policy_version="p",
        code_version="c",
    )
    publish(desk, attempt, "content", "state")
    return {"profile": "contract", "business_date": str(D), "revision": 1}


def sent(
    reference: dict[str, Any] | None,
    send: bool | None,
    run_type: str,
    *,
    is_day: bool = True,
    told: Sequence[Told] = OUT,
) -> dict[str, int]:
    from airflow.sdk.execution_time.context import set_current_context

    from nightdesk.orchestration.people import _sent

    asked: list[datetime.date] = []

    def on_its_day(calendar: Calendar, morning: datetime.date) -> bool:
        assert calendar.is_workday(morning)
        asked.append(morning)
        return is_day

    def mail(_settings: Settings, published: Publication) -> Sequence[Told]:
        assert published.business_date == D
        return told

    run = SimpleNamespace(
        dag_id="weekly_summary", run_id="r1", logical_date=MORNING, run_after=MORNING, run_type=run_type, clear_number=0
    )
    with set_current_context({"params": {"send": send}, "dag_run": run}):  # type: ignore[typeddict-item]
        found = _sent(reference, on_its_day, mail)
    assert asked == ([D + datetime.timedelta(days=1)] if send is None else [])
    return found


@pytest.mark.parametrize(("send", "run_type"), [(True, "manual"), (True, "scheduled"), (None, "scheduled")])
def test_given_its_day_or_a_word_then_it_mails_and_counts_what_became_of_each(
    reference: dict[str, Any], send: bool | None, run_type: str
) -> None:
    assert sent(reference, send, run_type) == {"sent": 2, "already": 1}


@pytest.mark.parametrize(
    ("send", "run_type", "is_day", "why"),
    [
        (False, "scheduled", True, "mails nothing"),
        (None, "manual", True, "a person started"),
        (None, "scheduled", False, "not their day"),
    ],
)
def test_given_another_day_or_a_person_s_run_that_says_nothing_then_it_mails_nobody(
    reference: dict[str, Any], send: bool | None, run_type: str, is_day: bool, why: str
) -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match=why):
        sent(reference, send, run_type, is_day=is_day)


def test_given_no_night_then_there_is_nothing_to_tell_of(reference: dict[str, Any]) -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match="no night"):
        sent(None, True, "manual")


def test_given_mails_that_did_not_leave_then_the_task_is_red_and_says_how_many(reference: dict[str, Any]) -> None:
    told = (*OUT, Told("four@bank.example", "refused"), Told("five@bank.example", "deferred"))
    with pytest.raises(MailError, match="2 of 5 mails did not leave"):
        sent(reference, True, "manual", told=told)
