"""Exports: the published tables and the ledger, for people and programs outside."""

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from sqlalchemy import Connection, Engine, select

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, current
from nightdesk.desk.tables import attempt, pointer, publication
from nightdesk.night import published
from nightdesk.settings import Settings

#: everything that can be exported
TABLES = (*published.PUBLISHED, "night")

_LEDGER = (
    "business_date",
    "profile",
    "attempt_id",
    "revision",
    "is_current",
    "status",
    "message",
    "cutoff_at",
    "policy_version",
    "calendar_version",
    "code_version",
    "base_ccy",
    "source",
    "is_point_in_time",
    "parent_attempt_id",
    "backfill_id",
    "content_hash",
    "opened_at",
    "closed_at",
)


def published_night(
    connection: Connection,
    settings: Settings,
    day: datetime.date,
    profile: str | None,
    revision: int | None = None,
) -> Publication:
    """The publication of a date: of the named profile, of the set one, or of the only one that has it."""
    if profile is None:
        profiles = list(
            connection.scalars(select(pointer.c.profile).where(pointer.c.business_date == day).order_by("profile"))
        )
        profile = profiles[0] if len(profiles) == 1 else settings.profile
    return current(connection, profile, day, revision)


def export(
    settings: Settings,
    table: str,
    day: datetime.date,
    form: str,
    out: Path | None,
    *,
    revision: int | None = None,
    profile: str | None = None,
) -> str | None:
    """Write a published table, or the ledger (`night`); returns its text when no file is named.

    Raises UsageError when the date or revision was never published.
    """
    desk = open_desk(settings)
    if table == "night":
        return _ledger(desk, day, form, out, profile)
    with desk.connect() as connection:
        found = published_night(connection, settings, day, profile, revision)
    return published.export(settings, desk, found, table, form, out)


def _ledger(desk: Engine, day: datetime.date, form: str, out: Path | None, profile: str | None) -> str | None:
    query = (
        select(
            *(attempt.c[name] for name in _LEDGER if name in attempt.c),
            publication.c.revision,
            publication.c.content_hash,
            (pointer.c.revision == publication.c.revision).label("is_current"),
        )
        .outerjoin(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .outerjoin(
            pointer,
            (pointer.c.profile == publication.c.profile) & (pointer.c.business_date == publication.c.business_date),
        )
        .where(attempt.c.business_date == day)
        .order_by(attempt.c.opened_at)
    )
    if profile:
        query = query.where(attempt.c.profile == profile)
    with desk.connect() as connection:
        rows: list[dict[str, Any]] = [
            {name: row._mapping[name] for name in _LEDGER} for row in connection.execute(query)
        ]
    if form == "parquet":
        pyarrow.parquet.write_table(pa.Table.from_pylist(rows), str(out))
        return None
    return published.write_text(rows, list(_LEDGER), form, out)
