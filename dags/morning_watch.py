"""
### Are the morning's lists out?

At the deadline (07:30 bank time) asks whether the business date before is published, its lists are rendered and, on a
workday, whether every list was sent. It asks the desk database, the night's branch registry and the output folder, and
shares no task with the night, so it is red also when the night never started.

When it is red: `nightdesk status` says what is missing; then look at `nightly_monitoring`, or run
`nightdesk night --date D --send` by hand. The same question without Airflow, for cron: `nightdesk status --deadline 07:30`.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag

from nightdesk.orchestration import tasks
from nightdesk.orchestration.defaults import BANK_TIME, DEADLINE_CRON, DEFAULTS, FIRST_DAY


@dag(
    schedule=CronTriggerTimetable(DEADLINE_CRON, timezone=BANK_TIME),
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    default_args={**DEFAULTS, "retries": 1, "execution_timeout": timedelta(minutes=5)},
    params={"business_date": Param(None, type=["null", "string"], format="date", description="empty: the day before")},
    doc_md=__doc__,
    tags=["nightdesk"],
)
def morning_watch():
    tasks.lists_are_out() >> tasks.watcher()


morning_watch()
