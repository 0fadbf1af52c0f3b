"""Whether published nights still stand on what they continue, or on a night that was replaced since."""

import datetime
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from nightdesk.desk.tables import attempt, pointer, publication


@dataclass(frozen=True)
class Astray:
    """A published night that continues a state of `replaced` which readers no longer see."""

    business_date: datetime.date
    replaced: datetime.date


def points() -> Any:
    """The condition that joins a pointer to the publication it points to."""
    return (
        (pointer.c.profile == publication.c.profile)
        & (pointer.c.business_date == publication.c.business_date)
        & (pointer.c.revision == publication.c.revision)
    )


def first_astray(connection: Connection, profile: str, before: datetime.date | None = None) -> Astray | None:
    """The earliest published night (before a date) that continues another state than the one published before it.

    A replay that stops half-way leaves such nights behind it: readable, but to be replayed before anything goes on.
    """
    query = (
        select(pointer.c.business_date, attempt.c.attempt_id, attempt.c.parent_attempt_id)
        .join(publication, points())
        .join(attempt, publication.c.attempt_id == attempt.c.attempt_id)
        .where(pointer.c.profile == profile)
        .order_by(pointer.c.business_date)
    )
    if before is not None:
        query = query.where(pointer.c.business_date < before)
    for earlier, later in pairwise(connection.execute(query).all()):
        if later.parent_attempt_id != earlier.attempt_id:
            return Astray(later.business_date, earlier.business_date)
    return None
