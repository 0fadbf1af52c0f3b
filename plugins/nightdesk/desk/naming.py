"""Messages of the outbox by the names that people use: a handle of date, branch and revision, or a Message-ID."""

import datetime
from collections.abc import Sequence

from sqlalchemy import Connection

from nightdesk.desk.outbox import Item, list_rows
from nightdesk.errors import UsageError


def named_rows(connection: Connection, names: Sequence[str], profile: str | None = None) -> list[Item]:
    """The messages of these names, each a handle or a Message-ID (its brackets may lack), in their order.

    Raises UsageError for a name that is none's, or, without a profile, several banks'.
    """
    found = []
    for name in names:
        rows = [row for row in list_rows(connection, profile=profile, business_date=_day_of(name)) if _is(row, name)]
        if not rows:
            raise UsageError(f"no list {name} in the outbox", "See `nightdesk outbox list` for the ids.")
        if len(rows) > 1:
            banks = ", ".join(row.profile for row in rows)
            raise UsageError(f"{name} is a list of several profiles: {banks}", "Name one of them with --profile.")
        found += rows
    return found


def _day_of(name: str) -> datetime.date | None:
    """The business date that a handle begins with."""
    try:
        return datetime.date.fromisoformat(name.partition("/")[0])
    except ValueError:
        return None


def _is(row: Item, name: str) -> bool:
    return name in (row.handle, row.message_id, row.message_id.strip("<>"))
