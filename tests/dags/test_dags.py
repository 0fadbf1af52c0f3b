"""The DAGs are the ones that operations expects."""

import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from golden import matches
from nightdesk.settings import project_root

#: what stands for a date in each language
DATES = {"out/<日期>", "out/<date>", "nightdesk night --date 业务日期 --send", "nightdesk night --date D --send"}
SCHEDULES = {
    "nightly_monitoring": "5 5 * * *",
    "morning_watch": "30 7 * * *",
    "backfill_nights": None,
    "esg_review": "by asset",
    "weekly_summary": "30 7 * * * (workday 1 of a week)",
    "quarterly_scorecards": "30 7 * * * (workday 5 of a quarter)",
}


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(project_root() / "dags"))
    assert not bag.import_errors
    return bag.dags


def test_the_dags_and_their_schedules_in_bank_time(dags: dict[str, Any]) -> None:
    found = {
        name: getattr(dag.timetable, "summary", "by asset") if dag.schedule else None for name, dag in dags.items()
    }
    assert found == SCHEDULES
    zones = {dag.timetable.zone for dag in dags.values() if hasattr(dag.timetable, "zone")}
    assert zones == {"Asia/Shanghai"}
    assert all(not dag.catchup and dag.max_active_runs == 1 for dag in dags.values())


def test_the_operators_are_told_half_an_hour_before_the_deadline_that_the_night_has_not_ended(
    dags: dict[str, Any],
) -> None:
    (alert,) = dags["nightly_monitoring"].deadline
    begins, deadline = timedelta(hours=5, minutes=5), timedelta(hours=7, minutes=30)
    assert begins + alert.interval == deadline - timedelta(minutes=30)


def test_every_task_has_owner_retries_and_timeouts(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert dag.dagrun_timeout
        for task in dag.tasks:
            assert task.owner == "nightdesk"
            assert task.execution_timeout
            assert task.execution_timeout <= timedelta(hours=23)
    night = dags["nightly_monitoring"]
    assert {task.retries for task in night.tasks if task.task_id != "watcher"} == {2}


def test_every_dag_is_its_operators_manual_in_both_languages_and_both_say_the_same_of_the_same_tasks(
    dags: dict[str, Any],
) -> None:
    for dag in dags.values():
        chinese, english = re.split(r"(?m)^(?=### [A-Z])", dag.doc_md)
        assert re.match(r"\s*### [\u4e00-\u9fff]", chinese)
        named = [set(re.findall(r"`([^`]+)`", text)) - DATES for text in (chinese, english)]
        assert named[0] == named[1], "a task, command or parameter that only one of them names"
        tasks = {task.task_id.rpartition(".")[2] for task in dag.tasks}
        assert {name for name in named[0] if name in tasks} or dag.dag_id == "morning_watch"


def test_everything_that_people_see_of_a_dag_is_in_both_languages(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        shown = [dag.dag_display_name, *(task.task_display_name for task in dag.tasks)]
        shown += [dag.params.get_param(name).description for name in dag.params]
        for text in shown:
            assert re.search(r"[\u4e00-\u9fff].* · [A-Za-z]", text), text
        assert len({task.task_display_name for task in dag.tasks}) == len(dag.tasks), "two tasks of one name"


def test_the_names_of_tasks_in_the_manual_are_tasks(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        rows = re.findall(r"(?m)^\| `(\w+)`", dag.doc_md)
        assert set(rows) <= {task.task_id.rpartition(".")[2] for task in dag.tasks}


def test_red_is_red(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        leaves = [task for task in dag.tasks if not task.downstream_task_ids]
        assert [task.task_id for task in leaves] == ["watcher"]
        assert leaves[0].trigger_rule == "one_failed"


def test_a_page_that_could_not_be_written_keeps_no_mail_waiting(dags: dict[str, Any]) -> None:
    rules = {task.task_id.rpartition(".")[2]: task.trigger_rule for dag in dags.values() for task in dag.tasks}
    assert [rules[name] for name in ("send_lists", "send_weeks", "send_scorecards")] == ["all_done"] * 3


def test_a_backfill_mails_nobody_by_default_and_its_dates_are_dates(dags: dict[str, Any]) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = deepcopy(dags["backfill_nights"].params)  # what is resolved is kept by it
    assert params.get_param("send").value is False
    assert params.get_param("date_from").resolve("2026-03-01") == "2026-03-01"
    with pytest.raises(ParamValidationError):
        params.get_param("date_from").resolve("last March")


def test_branches_are_rendered_and_mailed_in_chunks(dags: dict[str, Any]) -> None:
    mapped = {task.task_id for task in dags["nightly_monitoring"].tasks if task.is_mapped}
    assert mapped == set(), "chunks are mapped as groups"


_TOLD = (
    "retries", "retry_delay", "retry_exponential_backoff", "max_retry_delay", "execution_timeout", "pool",
    "priority_weight", "weight_rule", "trigger_rule", "mode", "timeout", "poke_interval", "max_active_tis_per_dagrun",
)  # fmt: skip


def _told(task: Any) -> str:
    """How a task is tried, waits and is queued."""
    values = ((name, getattr(task, name, None)) for name in _TOLD)
    calls = [type(one).__name__ for one in task.on_failure_callback or ()]
    return ", ".join([*(f"{name} {value}" for name, value in values if value is not None), f"on failure {calls}"])


def test_given_the_dags_then_how_each_task_is_tried_waits_and_is_queued_is_the_golden_table(
    dags: dict[str, Any],
) -> None:
    # as nightdesk.orchestration.defaults has it, and its tasks: nightdesk.orchestration.tasks, those of people in
    # nightdesk.orchestration.people, of backfills in nightdesk.orchestration.replaying, of reviews in
    # nightdesk.orchestration.reviewing
    lines = []
    for name, dag in sorted(dags.items()):
        asked = {key: dag.params.get_param(key).value for key in dag.params}
        lines.append(f"# {name}: from {dag.start_date}, at most {dag.dagrun_timeout}, asked {asked}")
        alike: dict[str, list[str]] = {}
        for task in dag.tasks:
            alike.setdefault(_told(task), []).append(task.task_id)
        lines += [f"{', '.join(sorted(tasks))}\n    {told}" for told, tasks in alike.items()]
    assert matches("dag_tasks.txt", "\n".join(lines) + "\n")
