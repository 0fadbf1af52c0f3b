"""
### Backfill: nights in order, mailing nobody by default

Runs every night from `date_from` to `date_to` again, oldest first, each with the cut-off and the policy of its own
date. Leaves a trace in the ledger: range, reason and who. It stops at the first night that fails and names the command
that goes on from there.

* The range must reach the latest published night: later nights continue the state of the ones before them.
* Look first: `nightdesk backfill --from D1 --to D2 --plan` says what would be run, rewritten and mailed.
* With `send` the mails say in their subject that they are a backfill; a list that was sent is not sent again.
"""

from datetime import timedelta

from airflow.sdk import Param, dag

from nightdesk.orchestration import tasks
from nightdesk.orchestration.defaults import DEFAULTS, FIRST_DAY


@dag(
    schedule=None,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args={**DEFAULTS, "retries": 0, "execution_timeout": timedelta(hours=23)},
    params={
        "date_from": Param(type="string", format="date", description="first business date"),
        "date_to": Param(type="string", format="date", description="last business date, included"),
        "reason": Param(type="string", minLength=3, description="why; kept in the ledger"),
        "send": Param(False, type="boolean", description="mail the lists, marked as a backfill"),
    },
    doc_md=__doc__,
    tags=["nightdesk"],
)
def backfill_nights():
    tasks.replay() >> tasks.watcher()


backfill_nights()
