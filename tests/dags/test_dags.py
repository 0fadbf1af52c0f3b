"""The DAGs are the ones that operations expects."""

from datetime import timedelta
from typing import Any

import pytest

from nightdesk.settings import project_root

SCHEDULES = {
    "nightly_monitoring": "5 5 * * *",
    "morning_watch": "30 7 * * *",
    "backfill_nights": None,
}


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(project_root() / "dags"))
    assert not bag.import_errors
    return bag.dags


def test_the_dags_and_their_schedules_in_bank_time(dags: dict[str, Any]) -> None:
    found = {name: getattr(dag.timetable, "expression", None) for name, dag in dags.items()}
    assert found == SCHEDULES
    zones = {str(dag.timetable.timezone) for name, dag in dags.items() if SCHEDULES[name]}
    assert zones == {"Asia/Shanghai"}
    assert all(not dag.catchup and dag.max_active_runs == 1 for dag in dags.values())


def test_every_task_has_owner_retries_and_timeouts(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert dag.dagrun_timeout
        for task in dag.tasks:
            assert task.owner == "nightdesk"
            assert task.execution_timeout
            assert task.execution_timeout <= timedelta(hours=23)
    night = dags["nightly_monitoring"]
    assert {task.retries for task in night.tasks if task.task_id != "watcher"} == {2}


def test_every_dag_is_its_operators_manual(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert len(dag.doc_md) > 300
        assert "nightdesk" in dag.doc_md or "red" in dag.doc_md


def test_red_is_red(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        leaves = [task for task in dag.tasks if not task.downstream_task_ids]
        assert [task.task_id for task in leaves] == ["watcher"]
        assert leaves[0].trigger_rule == "one_failed"


def test_a_backfill_mails_nobody_by_default_and_its_dates_are_dates(dags: dict[str, Any]) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = dags["backfill_nights"].params
    assert params.get_param("send").value is False
    assert params.get_param("date_from").resolve("2026-03-01") == "2026-03-01"
    with pytest.raises(ParamValidationError):
        params.get_param("date_from").resolve("last March")


def test_branches_are_rendered_and_mailed_in_chunks(dags: dict[str, Any]) -> None:
    mapped = {task.task_id for task in dags["nightly_monitoring"].tasks if task.is_mapped}
    assert mapped == {"render_branches", "send_lists"}
