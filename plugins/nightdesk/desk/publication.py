"""Publications: whole nights become visible by moving one pointer in one transaction."""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk.ledger import Attempt, get_attempt, latest_published_date, published_attempt, require_own
from nightdesk.desk.tables import attempt, pointer, publication
from nightdesk.errors import Refused, UsageError

_LOCK = 7_240_002


@dataclass(frozen=True)
class Publication:
    """What readers see of one business date. `revision` starts at 1."""

    profile: str
    business_date: datetime.date
    revision: int
    attempt_id: str
    cutoff_at: datetime.datetime
    content_hash: str


_COLUMNS = [publication.c[name] for name in Publication.__dataclass_fields__]


def publish(desk: Engine, item: Attempt, content_hash: str) -> tuple[Publication, bool]:
    """Make an attempt's results what readers see; returns the publication and whether it is new.

    The same content keeps the standing revision, and an attempt that is published already stays so. Raises Refused
    when the state that the attempt continued is no longer the published one, a later night was published meanwhile, or
    the standing revision has a later cut-off: the pointer never moves back.
    """
    with desk.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        standing = connection.execute(_current(item.profile, item.business_date)).one_or_none()
        if standing is not None and (standing.attempt_id, standing.content_hash) == (item.attempt_id, content_hash):
            return Publication(*standing), True
        if standing is not None and standing.content_hash == content_hash and _is_unchanged(connection, item):
            return Publication(*standing), False
        require_own(connection, item)
        latest = latest_published_date(connection, item.profile)
        if item.backfill_id is None and latest is not None and latest > item.business_date:
            raise Refused(
                f"while {item.business_date} was being computed another run published a night after it, {latest}",
                f"Nothing was published. Replay them in order: nightdesk backfill --from {item.business_date} "
                f"--to {latest} --reason TEXT",
            )
        parent = published_attempt(connection, item.profile, item.business_date)
        if (parent.attempt_id if parent else None) != item.parent_attempt_id:
            raise Refused(
                f"while {item.business_date} was being computed another run published a night before it",
                "Nothing was published. Run the night again.",
            )
        if standing is not None and item.cutoff_at < standing.cutoff_at:
            raise Refused(
                f"{item.business_date} is published with a later cut-off, {standing.cutoff_at.isoformat()}",
                "Nothing was published. Name a cut-off that is not earlier.",
            )
        if standing is not None and standing.content_hash == content_hash and not _continues(connection, item):
            _close(connection, item, "unchanged", f"same content as revision {standing.revision}")
            return Publication(*standing), False
        made = Publication(
            item.profile,
            item.business_date,
            standing.revision + 1 if standing and standing.content_hash != content_hash else _revision(standing),
            item.attempt_id,
            item.cutoff_at,
            content_hash,
        )
        if standing is not None and made.revision == standing.revision:
            # same content on a replayed parent: the revision and its bytes stay, the state behind it moves on
            connection.execute(
                update(publication)
                .where(
                    publication.c.profile == item.profile,
                    publication.c.business_date == item.business_date,
                    publication.c.revision == standing.revision,
                )
                .values(attempt_id=item.attempt_id, cutoff_at=item.cutoff_at)
            )
        else:
            connection.execute(insert(publication).values(**made.__dict__))
        connection.execute(
            upsert(pointer)
            .values(profile=item.profile, business_date=item.business_date, revision=made.revision)
            .on_conflict_do_update(index_elements=["profile", "business_date"], set_={"revision": made.revision})
        )
        _close(connection, item, "published", f"revision {made.revision}")
        return made, standing is None or made.revision != standing.revision


def _revision(standing: Any) -> int:
    return 1 if standing is None else int(standing.revision)


def _is_unchanged(connection: Connection, item: Attempt) -> bool:
    """Whether an earlier call has closed the attempt already, its content being what stood."""
    return get_attempt(connection, item.attempt_id).status == "unchanged"


def _continues(connection: Connection, item: Attempt) -> bool:
    """Whether the standing publication continues another parent than this attempt: then its state must move on."""
    standing_parent = connection.scalar(
        select(attempt.c.parent_attempt_id)
        .join(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .join(pointer, _points())
        .where(pointer.c.profile == item.profile, pointer.c.business_date == item.business_date)
    )
    return bool(standing_parent != item.parent_attempt_id)


def _close(connection: Connection, item: Attempt, status: str, message: str) -> None:
    connection.execute(
        update(attempt)
        .where(attempt.c.attempt_id == item.attempt_id)
        .values(status=status, message=message, closed_at=func.now())
    )


def _points() -> Any:
    return (
        (pointer.c.profile == publication.c.profile)
        & (pointer.c.business_date == publication.c.business_date)
        & (pointer.c.revision == publication.c.revision)
    )


def _current(profile: str, business_date: datetime.date) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(pointer, _points())
        .where(pointer.c.profile == profile, pointer.c.business_date == business_date)
    )


def current(
    connection: Connection, profile: str, business_date: datetime.date, revision: int | None = None
) -> Publication:
    """The publication that readers see of a date, or one revision of it.

    Raises UsageError when the date, or that revision, was never published.
    """
    query = _current(profile, business_date)
    if revision is not None:
        query = select(*_COLUMNS).where(
            publication.c.profile == profile,
            publication.c.business_date == business_date,
            publication.c.revision == revision,
        )
    row = connection.execute(query).one_or_none()
    if row is None:
        which = "" if revision is None else f" revision {revision} of"
        raise UsageError(
            f"there is no{which} published night {business_date} of the profile {profile!r}",
            f"Run it: nightdesk night --date {business_date}, or name another --date or --profile.",
        )
    return Publication(*row)
