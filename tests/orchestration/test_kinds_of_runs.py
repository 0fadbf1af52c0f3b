"""What a run is: fresh, of a native backfill, or cleared; by that its date, and whether it mails."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nightdesk.ranges.repeating import Kind

D = datetime.date(2026, 3, 31)
MORNING = datetime.datetime.fromisoformat("2026-04-01T05:05:00+08:00")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_SOURCE", "sqlite:///bank.db")
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_DESK", "postgres://db/desk")
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://localhost")


def within(run_type: object, params: dict[str, Any], *, cleared: int = 0) -> Any:
    """The context of a task of such a run."""
    from airflow.sdk.execution_time.context import set_current_context

    run = SimpleNamespace(
        dag_id="nightly_monitoring",
        run_id="r1",
        logical_date=MORNING,
        run_after=MORNING,
        run_type=run_type,
        clear_number=cleared,
    )
    return set_current_context({"params": params, "dag_run": run})  # type: ignore[typeddict-item]


def test_the_kinds_are_told_by_what_airflow_itself_says() -> None:
    from airflow.sdk.api.datamodels._generated import DagRunType

    from nightdesk.orchestration.runs import kind_of_run

    for run_type, cleared, kind in (
        (DagRunType.SCHEDULED, 0, Kind.fresh),
        (DagRunType.MANUAL, 0, Kind.fresh),
        (DagRunType.SCHEDULED, 2, Kind.cleared),
        (DagRunType.BACKFILL, 0, Kind.backfill),
        (DagRunType.BACKFILL, 1, Kind.backfill),
    ):
        with within(run_type, {}, cleared=cleared):
            assert kind_of_run() is kind


def test_a_run_of_a_native_backfill_is_about_the_date_of_its_own_instant() -> None:
    from nightdesk.orchestration.runs import business_date_of_run

    with within("backfill", {"business_date": "2020-01-01"}):
        assert business_date_of_run() == D
    with within("manual", {"business_date": "2020-01-01"}):
        assert business_date_of_run() == datetime.date(2020, 1, 1)


@pytest.mark.parametrize(
    ("params", "is_repeat", "expected"),
    [
        ({}, False, True),
        ({"send": False}, False, False),
        ({"send": True}, True, False),
        ({"send": True, "send_repeats": True}, True, True),
        ({"send": False, "send_repeats": True}, False, False),
    ],
)
def test_a_repeated_night_mails_only_where_it_is_told_to(
    params: dict[str, Any], is_repeat: bool, expected: bool
) -> None:
    from nightdesk.orchestration.runs import mails

    with within("backfill", params):
        assert mails(is_repeat=is_repeat) is expected


def test_the_fresh_night_asks_for_the_turn_before_a_backfill_does() -> None:
    from nightdesk.desk.turn import FRESH, REPLAY
    from nightdesk.orchestration.runs import turn_of_run

    with within("scheduled", {}):
        assert (turn_of_run().rank, turn_of_run().business_date) == (FRESH, D)
    with within("backfill", {}):
        assert turn_of_run().rank == REPLAY
