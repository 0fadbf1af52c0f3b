"""What every DAG has in common: owner, retries, timeouts, and the bank's time zone and deadline."""

from datetime import UTC, datetime, timedelta
from typing import Any

from nightdesk.settings import get_settings

#: the bank's time zone: schedules are in bank time
BANK_TIME = get_settings().timezone
#: no run is made for instants before this one; catchup is off, backfills are `backfill_nights`
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
#: cron of the deadline by which the lists are out
DEADLINE_CRON = "{1} {0} * * *".format(*(int(part) for part in get_settings().deadline.split(":")))

DEFAULTS: dict[str, Any] = {
    "owner": "nightdesk",
    "retries": 2,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=2),
}
