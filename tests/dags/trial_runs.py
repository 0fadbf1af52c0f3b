"""Runs of any of our DAGs in one process: `python trial_runs.py '[{"dag": …, "conf": {…}}, …]'`, a JSON line each.

A line says how the run ended, what is noted of it, and of each of its tasks [id, map index, state, what the web pages
call it, where its links lead].
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from nightdesk.settings import project_root


def main(wanted: list[dict[str, object]]) -> None:
    """Run them in order; the tasks' logs go to stderr."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.dagrun import DagRun
    from airflow.utils.db import initdb
    from airflow.utils.session import create_session
    from sqlalchemy import select

    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    initdb()
    bag = DagBag(str(Path(project_root() / "dags")))
    for one in wanted:
        dag = bag.dags[str(one["dag"])]
        dag.deadline = None  # the scheduler's business: see orchestration/trial.py
        run = dag.test(run_conf=one["conf"])
        with create_session() as session:
            kept = session.scalars(select(DagRun).where(DagRun.run_id == run.run_id)).one()
            told = {"run_id": kept.run_id, "state": kept.state, "note": kept.note, "tasks": _tasks(dag, kept)}
        print(json.dumps(told), file=report, flush=True)


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
    main(json.loads(sys.argv[1]))
