"""Runs of any of our DAGs in one process, which imports Airflow once: `{"dag": …, "conf": {…}}`, a line each on stdin.

`after` is the id of an earlier run whose asset events start this one. `{"trial": [dates]}` runs them as the
demonstration does, and is answered by whether all succeeded. A run is answered by a line: how the run ended, what is
noted of it, and of each of its tasks [id, map index, state, what the web pages call it, where its links lead]. The
tasks' logs go to stderr.
"""

import datetime
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nightdesk.settings import project_root


def main() -> None:
    """Run what is asked for, until nothing more is."""
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    from nightdesk.orchestration import trial

    initdb()
    bag = DagBag(str(Path(project_root() / "dags")))
    for line in sys.stdin:
        asked = json.loads(line)
        told = (
            _run(bag.dags[asked["dag"]], asked["conf"], asked.get("after", ""))
            if "dag" in asked
            else trial.run(_dates(asked["trial"]))
        )
        print(json.dumps(told), file=report, flush=True)


def _dates(texts: list[str]) -> list[datetime.date]:
    return [datetime.date.fromisoformat(text) for text in texts]


def _run(dag: Any, conf: dict[str, Any], after: str = "") -> dict[str, Any]:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    dag.deadline = None  # the scheduler's business: see orchestration/trial.py
    for task in dag.tasks:
        task.retry_delay = datetime.timedelta()  # that a task is tried again is seen without the minutes before it is
    with _started_by(after), _own_params(dag):
        run = dag.test(run_conf=conf)
    with create_session() as session:
        kept = session.scalars(select(DagRun).where(DagRun.run_id == run.run_id)).one()
        return {"run_id": kept.run_id, "state": kept.state, "note": kept.note, "tasks": _tasks(dag, kept)}


@contextmanager
def _own_params(dag: Any) -> Iterator[None]:
    """A run writes what it was given into the params of the DAG at hand: the next one begins with its defaults."""
    held = [owner.params.get_param(name) for owner in (dag, *dag.tasks) for name in owner.params]
    values = [param.value for param in held]
    try:
        yield
    finally:
        for param, value in zip(held, values, strict=True):
            param.value = value


@contextmanager
def _started_by(run_id: str) -> Iterator[None]:
    """The run that is made meanwhile has consumed the asset events of an earlier one, as if a scheduler had started it
    by them; of no run: nothing."""
    from airflow.models import dagrun
    from airflow.models.asset import AssetEvent
    from sqlalchemy import select

    made = dagrun.get_or_create_dagrun

    def consuming(*, session: Any, **values: Any) -> Any:
        run = made(session=session, **values)
        run.consumed_asset_events.extend(
            session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == run_id)).all()
        )
        session.commit()
        return run

    if run_id:
        dagrun.get_or_create_dagrun = consuming
    try:
        yield
    finally:
        dagrun.get_or_create_dagrun = made


def _tasks(dag: Any, run: Any) -> list[list[Any]]:
    """The links are those that the API server finds: it knows the DAG as it was serialized."""
    from airflow.serialization.serialized_objects import DagSerialization

    known = DagSerialization.from_dict(DagSerialization.to_dict(dag))
    return [
        [
            ti.task_id,
            ti.map_index,
            ti.state,
            ti.rendered_map_index,
            {
                name: known.get_task(ti.task_id).get_extra_links(ti, name)
                for name in known.get_task(ti.task_id).extra_links
            },
        ]
        for ti in run.get_task_instances()
    ]


if __name__ == "__main__":
    main()
