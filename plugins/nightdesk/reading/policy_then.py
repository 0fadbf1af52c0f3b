"""Whether policy's rows of a date are still those that its night was made with: an edited row rewrites its past."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from nightdesk import pg
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import standing_attempt
from nightdesk.errors import StoreError
from nightdesk.policy import policy_version, ruling_version
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Rewritten:
    """A date whose rows are others than its published night read; the ledger keeps the versions, and not the rows."""

    business_date: datetime.date
    version_then: str
    version_now: str


def rewritten(settings: Settings, profile: str, days: Iterable[datetime.date]) -> list[Rewritten]:
    """Which of these dates have a published night of another policy version than their rows come to now, in order.

    Where only words, reasons or periods are others nothing ruled that date otherwise, and nothing is told.
    Empty where there is no desk database to ask: none is made for it. Raises StoreError where the one configured cannot
    be reached or the embedded server does not run (it is not started for a remark), PolicyError where policy of such a
    date is wrong.
    """
    if not settings.desk_url:
        server = pg.status(settings.home)
        if server.data is None:
            return []
        if server.port is None:
            raise StoreError(
                f"the embedded PostgreSQL of {settings.home} does not run", "Start it with: nightdesk pg start."
            )
    found: list[Rewritten] = []
    with open_desk(settings).connect() as connection:
        for day in sorted(set(days)):
            night = standing_attempt(connection, profile, day)
            now = None if night is None else policy_version(day, profile)
            if night and now and ruling_version(night.policy_version) != ruling_version(now):
                found.append(Rewritten(day, night.policy_version, now))
    return found
