"""Runs of small DAGs under a real Airflow, and what is noted of them: a JSON document on stdout.

`python noted_runs.py FOLDER`, where FOLDER has the DAGs; the environment says which Airflow.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def main(folder: str) -> None:
    """Run each DAG once, then let a run begin and end again in other circumstances; each step's note goes to stdout."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.dagrun import DagRun, DagRunNote
    from airflow.utils.db import initdb
    from airflow.utils.session import create_session
    from sqlalchemy import select

    from nightdesk.orchestration import notes

    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    initdb()
    bag = DagBag(folder)
    assert not bag.import_errors, bag.import_errors
    told: dict[str, Any] = {}

    def kept(dag_id: str, change: Callable[[Any], None] | None = None) -> Any:
        """The note of a DAG's run, after a change to the run within its own session."""
        with create_session() as session:
            run = session.scalars(select(DagRun).where(DagRun.dag_id == dag_id)).one()
            run.dag = bag.dags[dag_id]
            if change:
                change(run)
            session.flush()
            return run.note

    for dag_id, dag in sorted(bag.dags.items()):
        run = dag.test()
        told[dag_id] = [run.state, kept(dag_id)]

    def begins(conf: dict[str, Any], run_type: str = "manual") -> Callable[[Any], None]:
        def change(run: Any) -> None:
            run.conf, run.run_type = conf, run_type
            notes.on_dag_run_running(dag_run=run, msg="")

        return change

    told["begins"] = kept("mornings", begins({}))
    told["begins, asked"] = kept("mornings", begins({"business_date": "2026-03-31"}))
    told["begins, native backfill"] = kept("mornings", begins({"business_date": "2026-03-31"}, "backfill"))
    told["begins, no date of its own"] = kept("leaves", begins({}))
    told["ends"] = kept("leaves", lambda run: notes.on_dag_run_success(dag_run=run, msg=""))

    def by_a_person(run: Any) -> None:
        run.dag_run_note = DagRunNote("seen, all is well", user_id="banker")
        notes.on_dag_run_failed(dag_run=run, msg="")

    told["noted by a person"] = kept("leaves", by_a_person)
    print(json.dumps(told), file=report, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
