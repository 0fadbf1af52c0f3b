"""Runs of nightly_monitoring in this one process: `python -m nightdesk.orchestration.trial DATE [DATE …]`.

The environment says which Airflow: see `airflow_environment`. A line per date on stdout, the tasks' logs on stderr.
"""

import datetime
import os
import sys
import time
from pathlib import Path

from nightdesk.settings import project_root


def run(dates: list[datetime.date]) -> bool:
    """Run the DAG for each date in order; false as soon as one run does not succeed."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the tasks' logs, which Airflow writes to the process's standard output, join stderr
    initdb()
    bag = DagBag(str(Path(project_root() / "dags")))
    dag = bag.dags["nightly_monitoring"]
    dag.deadline = None  # the scheduler's business: `dag.test` looks alerts up by ids that only a scheduler has given
    for day in dates:
        began = time.perf_counter()
        outcome = dag.test(run_conf={"business_date": str(day), "send": True})
        print(f"{day}: {outcome.state} in {time.perf_counter() - began:.1f} s", file=report, flush=True)
        if outcome.state != "success":
            return False
    return True


if __name__ == "__main__":
    sys.exit(0 if run([datetime.date.fromisoformat(text) for text in sys.argv[1:]]) else 1)
