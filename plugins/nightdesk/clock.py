"""The only place that reads the clock: may this night run yet, and is the deadline past?"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from nightdesk.bank_time import bank_time
from nightdesk.business_day import business_date_for, cutoff_of, morning_of
from nightdesk.errors import Refused


def now() -> datetime:
    """This instant, aware, in UTC. Never an input of a result; only of refusals, deadlines and the ledger."""
    return datetime.now(UTC)


def require_passed(cutoff: datetime, what: str, at: datetime | None = None) -> None:
    """Refuse `what` while `cutoff` (aware) lies ahead of `at` (default: now).

    Raises Refused with the instant from which it may be asked for.
    """
    if (at or now()) < cutoff:
        raise Refused(
            f"{what} has its cut-off at {bank_time(cutoff, cutoff.tzinfo or UTC)}, which has not passed",
            "Run it again after that instant, or name an earlier business date.",
        )


def wait_until(business_date: date, zone: ZoneInfo, cut_off: str, at: datetime | None = None) -> datetime | None:
    """The instant for which a night asked for at `at` (default: now) has to wait; None when its cut-off has come.

    Raises Refused when it is not the next night to come: nobody waits for more than a day.
    """
    asked_at = at or now()
    opens_at = cutoff_of(business_date, zone, cut_off)
    if opens_at <= asked_at:
        return None
    if business_date > morning_of(business_date_for(asked_at, zone, cut_off)):
        require_passed(opens_at, f"the night of {business_date}", asked_at)
    return opens_at
