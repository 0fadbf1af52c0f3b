"""The business date of a run under Airflow: of its parameter, or by the bank's own cut-off and time zone."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("said", "instant", "expected"),
    [
        ({}, "2026-04-01T05:05:00+08:00", "2026-03-31"),
        ({"CUT_OFF": "06:30"}, "2026-04-01T06:35:00+08:00", "2026-03-31"),
        ({"CUT_OFF": "06:30"}, "2026-04-01T06:29:59+08:00", "2026-03-30"),
        ({"PROFILE": "berka"}, "2026-04-01T05:05:00+02:00", "2026-03-31"),
        ({"PROFILE": "berka"}, "2026-04-01T05:05:00+08:00", "2026-03-30"),
    ],
)
def test_a_run_is_about_the_latest_date_whose_own_cut_off_has_come(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: dict[str, str], instant: str, expected: str
) -> None:
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    for name, value in said.items():
        monkeypatch.setenv(f"NIGHTDESK_{name}", value)
    # Airflow's connections are asked of its own environment here: nothing is to be asked of a server
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_SOURCE", "sqlite:///bank.db")
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_DESK", "postgres://db/desk")
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://localhost")
    assert _of_run({}, datetime.datetime.fromisoformat(instant)) == datetime.date.fromisoformat(expected)
    assert _of_run({"business_date": "2026-01-02"}, None) == datetime.date(2026, 1, 2)


def _of_run(params: dict[str, Any], instant: datetime.datetime | None) -> datetime.date:
    from airflow.sdk.execution_time.context import set_current_context

    from nightdesk.orchestration.runs import business_date_of_run

    run = SimpleNamespace(logical_date=None, run_after=instant, run_type="manual", clear_number=0)
    with set_current_context({"params": params, "dag_run": run}):  # type: ignore[typeddict-item]
        return business_date_of_run()
