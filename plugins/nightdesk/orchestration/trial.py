"""Runs of nightly_monitoring in this one process: `python -m nightdesk.orchestration.trial`, a date a line on stdin.

The environment says which Airflow: see `airflow_environment`. It is begun before the first date is read, so that it
may be started before there is anything to run. A line per date on stdout, the tasks' logs on stderr.
"""

import datetime
import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from nightdesk.settings import project_root

#: the steps of a night, which tasks import when they are run
_STEPS = "nightdesk.night.whole"


def run(dates: Iterable[datetime.date]) -> bool:
    """Run the DAG for each date in order, as they come; false as soon as one run does not succeed."""
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what Airflow writes to the process's standard output, as it is imported too, joins stderr
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    bag = DagBag(str(Path(project_root() / "dags")))
    dag = bag.dags["nightly_monitoring"]
    dag.deadline = None  # the scheduler's business: `dag.test` looks alerts up by ids that only a scheduler has given
    _begin()
    for day in dates:
        began = time.perf_counter()
        outcome = dag.test(run_conf={"business_date": str(day), "send": True})
        print(f"{day}: {outcome.state} in {time.perf_counter() - began:.1f} s", file=report, flush=True)
        if outcome.state != "success":
            return False
    return True


def _begin() -> None:
    """What else the first run would begin with, some ten seconds of it: none of it has to wait for a date."""
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    from nightdesk.desk.database import open_desk
    from nightdesk.judged import rule_reads
    from nightdesk.settings import get_settings

    _ = in_process_api_server().transport
    import_module(_STEPS)
    open_desk(get_settings())  # what is worked out is kept below its home
    rule_reads()


def told() -> Iterator[datetime.date]:
    """The dates on the standard input, as they come; nothing that the tasks start shares it."""
    with os.fdopen(os.dup(0), encoding="utf-8") as given, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        yield from (datetime.date.fromisoformat(line.strip()) for line in given)


if __name__ == "__main__":
    sys.exit(0 if run(told()) else 1)
