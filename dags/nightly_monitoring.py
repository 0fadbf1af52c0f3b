"""
### The night: from the bank's tables to the morning lists

Runs after the cut-off (05:00 bank time) for the business date before, every calendar day; lists are mailed when the
day is a workday, by 07:30.

| what you see | what it means | what to do |
|---|---|---|
| `check` is red | a critical check held the night; yesterday's lists stay | read its last line and the quality page; when the source is mended, clear `prepare.open_night` and everything after it |
| `extract` is red | the source is away, or lacks a required table or column | mend it; the task tries twice more by itself |
| `publish` is red | another run published first | start the run again |
| `send_lists` is red | a list was refused, or its fate is unknown | `nightdesk outbox list`, then `nightdesk outbox resolve`; nothing is sent twice by itself |
| `watcher` is red | something before it is | look there |

Start it by hand with `business_date` for one date; `send: false` renders without mailing. For a range, or for a date
under later nights, use `backfill_nights`. Rerunning a night is safe: equal content keeps its revision.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task_group

from nightdesk.orchestration import tasks
from nightdesk.orchestration.defaults import BANK_TIME, DEFAULTS, FIRST_DAY


@dag(
    schedule=CronTriggerTimetable("5 5 * * *", timezone=BANK_TIME),
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    default_args=DEFAULTS,
    params={
        "business_date": Param(None, type=["null", "string"], format="date", description="empty: the day before"),
        "send": Param(True, type="boolean", description="mail the lists when the next day is a workday"),
    },
    doc_md=__doc__,
    tags=["nightdesk"],
)
def nightly_monitoring():
    @task_group
    def prepare():
        return tasks.check(tasks.extract(tasks.open_night()))

    @task_group
    def compute(attempt_id):
        for layer in ("features", "warnings", "tiers", "tasks", "esg"):
            attempt_id = tasks.compute.override(task_id=layer)(attempt_id, layer)
        return attempt_id

    published = tasks.publish(compute(prepare()))
    chunks = tasks.branch_chunks(published)
    pages = tasks.render_pages(published)
    rendered = tasks.render_branches.partial(reference=published).expand(branches=chunks)
    sent = tasks.send_lists.partial(reference=published).expand(branches=rendered)
    [sent, pages] >> tasks.watcher()


nightly_monitoring()
