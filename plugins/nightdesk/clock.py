"""The only place that reads the clock: may this night run yet, and is the deadline past?"""

from datetime import UTC, datetime

from nightdesk.errors import Refused


def now() -> datetime:
    """This instant, aware, in UTC. Never an input of a result; only of refusals, deadlines and the ledger."""
    return datetime.now(UTC)


def require_passed(cutoff: datetime, what: str) -> None:
    """Refuse `what` while `cutoff` (aware) lies ahead.

    Raises Refused with the instant from which it may be asked for.
    """
    if now() < cutoff:
        raise Refused(
            f"{what} has its cut-off at {cutoff.isoformat()}, which has not passed",
            "Run it again after that instant, or name an earlier business date.",
        )
