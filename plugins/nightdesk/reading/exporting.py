"""Exports: the published tables and the ledger, for people and programs outside."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from sqlalchemy import Connection, Engine, Select, select

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, current
from nightdesk.desk.releases import by_attempt
from nightdesk.desk.steps import IN_ORDER
from nightdesk.desk.tables import attempt, backfill, pointer, publication, step
from nightdesk.errors import UsageError
from nightdesk.reading import measuring, published, scorecard
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings, sql_root
from nightdesk.whole_file import drafted

#: what is made when it is asked for, of some clients
READING = "indicator_reading"
#: what is made when it is asked for, of the last quarter that was over
SCORECARD = "scorecard"
#: what is made when it is asked for, of the whole night: each file of a layer's folder `export`, by its name
ASKED = {path.stem: f"{path.parts[-3]}_export.{path.stem}" for path in sorted(sql_root().glob("*/export/*.sql"))}
#: everything that can be exported
TABLES = (*published.PUBLISHED, *ASKED, READING, SCORECARD, "night", "step")

#: the ledger's columns; a backfill's trace stands beside every night that it ran, a release beside its attempt
_LEDGER = pa.schema(
    [
        ("business_date", pa.date32()),
        ("profile", pa.string()),
        ("attempt_id", pa.string()),
        ("revision", pa.int32()),
        ("is_current", pa.bool_()),
        ("status", pa.string()),
        ("message", pa.string()),
        ("cutoff_at", pa.timestamp("us", "UTC")),
        ("policy_version", pa.string()),
        ("calendar_version", pa.string()),
        ("code_version", pa.string()),
        ("code_commit", pa.string()),
        ("base_ccy", pa.string()),
        ("source", pa.string()),
        ("source_snapshot", pa.string()),
        ("is_point_in_time", pa.bool_()),
        ("parent_attempt_id", pa.string()),
        ("landing_attempt_id", pa.string()),
        ("backfill_id", pa.int64()),
        ("backfill_from", pa.date32()),
        ("backfill_to", pa.date32()),
        ("backfill_reason", pa.string()),
        ("backfill_by", pa.string()),
        ("backfill_status", pa.string()),
        ("backfill_reread", pa.bool_()),
        ("released_by", pa.string()),
        ("release_reason", pa.string()),
        ("overridden_checks", pa.string()),
        ("release_replayed_from", pa.string()),
        ("content_hash", pa.string()),
        ("state_hash", pa.string()),
        ("opened_at", pa.timestamp("us", "UTC")),
        ("closed_at", pa.timestamp("us", "UTC")),
    ]
)
#: what each step of each attempt took; sizes in bytes
_STEPS = pa.schema(
    [
        ("business_date", pa.date32()),
        ("profile", pa.string()),
        ("attempt_id", pa.string()),
        ("revision", pa.int32()),
        ("attempt_status", pa.string()),
        ("step", pa.string()),
        ("part", pa.string()),
        ("status", pa.string()),
        ("message", pa.string()),
        ("tries", pa.int32()),
        ("row_count", pa.int64()),
        ("written_bytes", pa.int64()),
        ("seconds", pa.decimal128(12, 3)),
        ("cpu_seconds", pa.decimal128(12, 3)),
        ("peak_bytes", pa.int64()),
        ("spill_bytes", pa.int64()),
        ("started_at", pa.timestamp("us", "UTC")),
        ("ended_at", pa.timestamp("us", "UTC")),
    ]
)
_READINGS = pa.schema(
    [
        ("client_id", pa.string()),
        ("indicator", pa.string()),
        ("is_applicable", pa.bool_()),
        ("is_assessed", pa.bool_()),
        ("value", pa.decimal128(18, 4)),
        ("reason_not_assessed", pa.string()),
    ]
)
_SCORES = pa.schema(
    [
        ("staff_id", pa.string()),
        ("quarter", pa.string()),
        ("measure", pa.string()),
        ("actual", pa.decimal128(18, 2)),
        ("target", pa.decimal128(18, 2)),
        ("score", pa.decimal128(9, 2)),
        ("weight", pa.int32()),
        ("n", pa.int32()),
    ]
)
_TRACE = {
    "backfill_from": backfill.c.date_from,
    "backfill_to": backfill.c.date_to,
    "backfill_reason": backfill.c.reason,
    "backfill_by": backfill.c.requested_by,
    "backfill_status": backfill.c.status,
    "backfill_reread": backfill.c.is_rereading,
}


def standing_publication(
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
    client: str | None = None,
    sample: int | None = None,
) -> str | None:
    """Write a published table, the ledger (`night`, `step`), readings or scorecards; returns text where no file is.

    Readings (`indicator_reading`) are of one `client`, or of a `sample` of so many. The file appears whole or not at
    all. Raises UsageError when the date or revision was never published, the night does not know the client, it is
    not said of whom readings are, or the file cannot be written.
    """
    if (table == READING) != ((client is None) != (sample is None)):
        raise UsageError(
            f"--client and --sample say of whom {READING} is, and nothing of another table",
            f"Write nightdesk export {READING} --client ID, or --sample N.",
        )
    desk = open_desk(settings)
    if table == "night":
        return _into(out, lambda place: _ledger(desk, _nights(day), _LEDGER, form, place, profile, revision))
    if table == "step":
        return _into(out, lambda place: _ledger(desk, _steps(day), _STEPS, form, place, profile, revision))
    with desk.connect() as connection:
        found = standing_publication(connection, settings, day, profile, revision)
    if table == READING:
        return _into(out, lambda place: _readings(settings, found, client, sample or 0, form, place))
    if table in ASKED:
        return _into(out, lambda place: _asked(settings, found, table, form, place))
    if table == SCORECARD:
        return _into(out, lambda place: _scores(settings, found, form, place))
    return _into(out, lambda place: published.export(settings, desk, found, table, form, place))


def _asked(settings: Settings, found: Publication, table: str, form: str, out: Path | None) -> str | None:
    name = ASKED[table]
    with PublishedNight(settings, found) as night:
        rows = night.inputs.ask(name)
        schema = night.engine.arrow(f"select * from {name} where false").schema
    return _written(rows, schema, form, out)


def _scores(settings: Settings, found: Publication, form: str, out: Path | None) -> str | None:
    with PublishedNight(settings, found) as night:
        return _written(scorecard.exported(night), _SCORES, form, out)


def _readings(
    settings: Settings, found: Publication, client: str | None, number: int, form: str, out: Path | None
) -> str | None:
    with PublishedNight(settings, found) as night:
        if client is not None:
            measuring.require_client(night, client)
        rows = measuring.readings(night, measuring.sample(night, number) if client is None else [client])
    return _written(rows, _READINGS, form, out)


def _into(out: Path | None, write: Callable[[Path | None], str | None]) -> str | None:
    if out is None:
        return write(None)
    try:
        with drafted(out) as draft:
            write(draft)
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror or error}", "Name another file with --out."
        ) from None
    return None


def _nights(day: datetime.date) -> Select[Any]:
    """The attempts at a date, the publication that each stands behind, its backfill, and who released it."""
    released = by_attempt()
    return (
        select(
            *(attempt.c[name] for name in _LEDGER.names if name in attempt.c),
            publication.c.revision,
            publication.c.content_hash,
            publication.c.state_hash,
            (pointer.c.revision == publication.c.revision).label("is_current"),
            *(column.label(name) for name, column in _TRACE.items()),
            *(column for column in released.c if column.name != "attempt_id"),
        )
        .outerjoin(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .outerjoin(
            pointer,
            (pointer.c.profile == publication.c.profile) & (pointer.c.business_date == publication.c.business_date),
        )
        .outerjoin(backfill, backfill.c.backfill_id == attempt.c.backfill_id)
        .outerjoin(released, released.c.attempt_id == attempt.c.attempt_id)
        .where(attempt.c.business_date == day)
        .order_by(attempt.c.opened_at, attempt.c.attempt_id)
    )


def _steps(day: datetime.date) -> Select[Any]:
    """The steps of the attempts at a date, in their order."""
    own = {"business_date", "profile", "attempt_status", "revision"}
    return (
        select(
            attempt.c.business_date,
            attempt.c.profile,
            attempt.c.status.label("attempt_status"),
            publication.c.revision,
            *(step.c[name] for name in _STEPS.names if name not in own),
        )
        .join(step, step.c.attempt_id == attempt.c.attempt_id)
        .outerjoin(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .where(attempt.c.business_date == day)
        .order_by(attempt.c.opened_at, attempt.c.attempt_id, IN_ORDER, step.c.part)
    )


def _ledger(
    desk: Engine,
    query: Select[Any],
    schema: pa.Schema,
    form: str,
    out: Path | None,
    profile: str | None,
    revision: int | None,
) -> str | None:
    if profile:
        query = query.where(attempt.c.profile == profile)
    if revision is not None:
        query = query.where(publication.c.revision == revision)
    with desk.connect() as connection:
        rows: list[dict[str, Any]] = [
            {name: row._mapping[name] for name in schema.names} for row in connection.execute(query)
        ]
    return _written(rows, schema, form, out)


def _written(rows: list[dict[str, Any]], schema: pa.Schema, form: str, out: Path | None) -> str | None:
    if form == "parquet":
        pyarrow.parquet.write_table(pa.Table.from_pylist(rows, schema=schema), str(out))
        return None
    return published.write_text(rows, schema.names, form, out)
