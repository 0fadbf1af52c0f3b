"""Which published nights were put together afterwards, from tables that do not say when the bank knew a row."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from nightdesk.desk.standing import points
from nightdesk.desk.tables import attempt, feed, pointer, publication
from nightdesk.reading.assessment import colouring_indicators, colours_without_record


@dataclass(frozen=True)
class Told:
    """When a night was first told, when what stands of it was, and when the rows that this rests on were read."""

    business_date: datetime.date
    attempt_id: str
    first_at: datetime.datetime
    standing_at: datetime.datetime
    read_at: datetime.datetime

    def is_live(self, live_days: int, zone: datetime.tzinfo) -> bool:
        """Whether it was told at most so many calendar days after its date, of rows that had been read by then.

        What stands may be a later revision: one that rests on rows which a revision told in time had read knows
        nothing that came to light since.
        """
        told_at = min(self.standing_at, max(self.first_at, self.read_at))
        return told_at.astimezone(zone).date() <= self.business_date + datetime.timedelta(days=live_days)


def reconstructed_nights(
    connection: Connection, profile: str, until: datetime.date, live_days: int, zone: datetime.tzinfo
) -> list[datetime.date]:
    """The published nights of a profile up to a date that were not computed live, and whose colours rest on tables
    that do not say when the bank knew a row: they may know what came to light after them."""
    late = [night for night in _told(connection, profile, until) if not night.is_live(live_days, zone)]
    undated = _undated_feeds(connection, [night.attempt_id for night in late])
    return [
        night.business_date
        for night in late
        if colours_without_record(undated[night.attempt_id], colouring_indicators(profile, night.business_date))
    ]


def _told(connection: Connection, profile: str, until: datetime.date) -> list[Told]:
    first = (
        select(publication.c.business_date, func.min(publication.c.published_at).label("first_at"))
        .where(publication.c.profile == profile, publication.c.business_date <= until)
        .group_by(publication.c.business_date)
        .subquery()
    )
    reading = attempt.alias("reading")
    rows = connection.execute(
        select(
            publication.c.business_date,
            publication.c.attempt_id,
            first.c.first_at,
            publication.c.published_at,
            func.coalesce(reading.c.opened_at, attempt.c.opened_at),
        )
        .join(pointer, points())
        .join(first, first.c.business_date == publication.c.business_date)
        .join(attempt, attempt.c.attempt_id == publication.c.attempt_id)
        .outerjoin(reading, reading.c.attempt_id == attempt.c.landing_attempt_id)
        .where(publication.c.profile == profile)
        .order_by(publication.c.business_date)
    )
    return [Told(*row) for row in rows]


def _undated_feeds(connection: Connection, attempts: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The tables supplied to each attempt that did not say when the bank knew a row."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    wanted = select(feed).where(feed.c.attempt_id.in_(attempts), feed.c.is_supplied, feed.c.is_point_in_time.is_(False))
    for row in connection.execute(wanted.order_by(feed.c.attempt_id, feed.c.table_name)):
        found[row.attempt_id].append(dict(row._mapping))
    return found
