"""What every DAG has in common: owner, retries, timeouts, and the schedules, which follow the bank's own hours."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from nightdesk.orchestration.pool import WRITER_POOL
from nightdesk.orchestration.telling import TellOperators, deadline_near
from nightdesk.orchestration.timetable import BankMornings, QuarterDays, WeekBeginnings
from nightdesk.settings import get_settings

#: no run is made for instants before this one; catchup is off, backfills are `backfill_nights`
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_SETTINGS = get_settings()


def _cron(clock: str, delay: timedelta = timedelta()) -> str:
    """Every day at this time of day (HH:MM) and `delay`; past midnight it is early on the next day."""
    at = datetime.combine(FIRST_DAY, time.fromisoformat(clock)) + delay
    return f"{at.minute} {at.hour} * * *"


def _every_day(cron: str) -> BankMornings:
    return BankMornings(cron, timezone=_SETTINGS.timezone, cut_off=_SETTINGS.cut_off)


#: when the night runs: once the cut-off has come, by a margin for clocks that do not agree
AFTER_CUT_OFF = _every_day(_cron(_SETTINGS.cut_off, timedelta(minutes=5)))
#: the deadline by which the lists are out
AT_DEADLINE = _every_day(_cron(_SETTINGS.deadline))
#: the deadline on the first working day of each week, and on one of each quarter: then the night before is out
AT_WEEKS_BEGINNING, AT_QUARTERS_DAY = (
    made(
        _cron(_SETTINGS.deadline),
        timezone=_SETTINGS.timezone,
        cut_off=_SETTINGS.cut_off,
        calendar=_SETTINGS.calendar,
    )
    for made in (WeekBeginnings, QuarterDays)
)

DEFAULTS: dict[str, Any] = {
    "owner": "nightdesk",
    "retries": 2,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": [TellOperators()],
}

#: what a task that writes is told: tonight's go before those of a backfill in the queue for the slot
WRITER: dict[str, Any] = {"pool": WRITER_POOL, "priority_weight": 10, "weight_rule": "absolute"}
REPLAYER: dict[str, Any] = {**WRITER, "priority_weight": 1}
#: seconds after which a run that waits for its turn to write looks again
TURN_POLL = 30.0
#: branches rendered and mailed by one mapped task
BRANCHES_PER_CHUNK = 20

#: how long before the deadline the operators are told that lists are not out
_NOTICE = timedelta(minutes=30)


def night_deadline() -> DeadlineAlert:
    """Airflow's own alert: the night's run has not ended by half an hour before the deadline."""
    begins, ends = (
        datetime.combine(FIRST_DAY, time.fromisoformat(at)) for at in (_SETTINGS.cut_off, _SETTINGS.deadline)
    )
    lasts = max(ends - begins - timedelta(minutes=5) - _NOTICE, timedelta(minutes=1))
    return DeadlineAlert(
        DeadlineReference.DAGRUN_LOGICAL_DATE, lasts, SyncCallback(deadline_near), name="lists_are_due"
    )
