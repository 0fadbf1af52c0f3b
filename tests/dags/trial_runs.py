"""Runs of any of our DAGs in one process, which imports Airflow once: `{"dag": …, "conf": {…}}`, a line each on stdin.

`{"trial": [dates]}` runs them as the demonstration does, and is answered by whether all succeeded. A run is answered by
a line: how the run ended, what is noted of it, and of each of its tasks [id, map index, state, what
the web pages call it, where its links lead]. The tasks' logs go to stderr.
"""

import datetime
import json
import os
import sys
from pathlib import Path
from typing import Any

from nightdesk.settings import project_root


def main() -> None:
    """Run what is asked for, until nothing more is."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    from nightdesk.orchestration import trial

    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    initdb()
    bag = DagBag(str(Path(project_root() / "dags")))
    for line in sys.stdin:
        asked = json.loads(line)
        told = _run(bag.dags[asked["dag"]], asked["conf"]) if "dag" in asked else trial.run(_dates(asked["trial"]))
        print(json.dumps(told), file=report, flush=True)


def _dates(texts: list[str]) -> list[datetime.date]:
    return [datetime.date.fromisoformat(text) for text in texts]


def _run(dag: Any, conf: dict[str, Any]) -> dict[str, Any]:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    dag.deadline = None  # the scheduler's business: see orchestration/trial.py
    for task in dag.tasks:
        task.retry_delay = datetime.timedelta()  # that a task is tried again is seen without the minutes before it is
    run = dag.test(run_conf=conf)
    with create_session() as session:
        kept = session.scalars(select(DagRun).where(DagRun.run_id == run.run_id)).one()
        return {"run_id": kept.run_id, "state": kept.state, "note": kept.note, "tasks": _tasks(dag, kept)}


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
