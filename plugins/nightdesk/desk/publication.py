"""Publications: whole nights become visible by moving one pointer in one transaction."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.bank_time import bank_time
from nightdesk.desk.ledger import Attempt, get_attempt, latest_published_date, published_attempt, require_own
from nightdesk.desk.remedy import night_command, replay_command
from nightdesk.desk.standing import points
from nightdesk.desk.tables import attempt, pointer, publication
from nightdesk.errors import Refused, UsageError

_LOCK = 7_240_002


@dataclass(frozen=True)
class Publication:
    """What readers see of one business date. `revision` starts at 1.

    `content_hash` is over the published tables, `state_hash` over all that later nights read.
    """

    profile: str
    business_date: datetime.date
    revision: int
    attempt_id: str
    cutoff_at: datetime.datetime
    content_hash: str
    state_hash: str = ""


_COLUMNS = [publication.c[name] for name in Publication.__dataclass_fields__]


def publish(
    desk: Engine,
    item: Attempt,
    content_hash: str,
    state_hash: str = "",
    *,
    is_standing_whole: bool = True,
    zone: datetime.tzinfo = datetime.UTC,
) -> tuple[Publication, bool]:
    """Make an attempt's results what readers see; returns the publication and whether it is new.

    The same content keeps the standing revision, and an attempt that is published already stays so. Where its state
    differs, it continues another parent, or what stands is damaged (`is_standing_whole` false), the attempt behind the
    revision is replaced; else the attempt closes as unchanged. Raises Refused when the state that the attempt continued
    is no longer the published one, a later night was published meanwhile, or the standing revision has a later cut-off:
    the pointer never moves back, as it says in the bank's `zone`.
    """
    with desk.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        row = connection.execute(_current(item.profile, item.business_date)).one_or_none()
        standing = None if row is None else Publication(*row)
        is_same = standing is not None and standing.content_hash == content_hash
        if standing is not None and is_same and standing.attempt_id == item.attempt_id:
            return standing, True
        if standing is not None and is_same and _is_unchanged(connection, item):
            return standing, False
        require_own(connection, item)
        _require_in_order(connection, item, standing, zone)
        if (
            standing is not None
            and is_same
            and is_standing_whole
            and standing.state_hash == state_hash
            and not _continues(connection, item)
        ):
            _close(connection, item, "unchanged", f"same content as revision {standing.revision}")
            return standing, False
        if standing is not None and is_same:
            made = replace(standing, attempt_id=item.attempt_id, cutoff_at=item.cutoff_at, state_hash=state_hash)
            _move_on(connection, made)
            _close(connection, item, "published", f"revision {made.revision}: same content, another state behind it")
            return made, False
        made = Publication(
            item.profile,
            item.business_date,
            standing.revision + 1 if standing is not None else 1,
            item.attempt_id,
            item.cutoff_at,
            content_hash,
            state_hash,
        )
        connection.execute(insert(publication).values(**made.__dict__))
        connection.execute(
            upsert(pointer)
            .values(profile=item.profile, business_date=item.business_date, revision=made.revision)
            .on_conflict_do_update(index_elements=["profile", "business_date"], set_={"revision": made.revision})
        )
        _close(connection, item, "published", f"revision {made.revision}")
        return made, True


def _require_in_order(
    connection: Connection, item: Attempt, standing: Publication | None, zone: datetime.tzinfo
) -> None:
    latest = latest_published_date(connection, item.profile)
    if item.backfill_id is None and latest is not None and latest > item.business_date:
        raise Refused(
            f"while {item.business_date} was being computed another run published a night after it, {latest}",
            f"Nothing was published. Replay them in order: {replay_command(item.profile, item.business_date, latest)}",
        )
    again = f"Nothing was published. Run the night again: {night_command(item.profile, item.business_date)}"
    parent = published_attempt(connection, item.profile, item.business_date)
    if (parent.attempt_id if parent else None) != item.parent_attempt_id:
        raise Refused(f"while {item.business_date} was being computed another run published a night before it", again)
    if standing is not None and item.cutoff_at < standing.cutoff_at:
        raise Refused(
            f"{item.business_date} is published with a later cut-off, {bank_time(standing.cutoff_at, zone)}", again
        )


def _move_on(connection: Connection, made: Publication) -> None:
    """Let a standing revision, whose published tables are the same, stand on another attempt: what its pages print
    beside them, as names, the cut-off and up to when data came, is from then on that attempt's.
    """
    connection.execute(
        update(publication)
        .where(
            publication.c.profile == made.profile,
            publication.c.business_date == made.business_date,
            publication.c.revision == made.revision,
        )
        .values(attempt_id=made.attempt_id, cutoff_at=made.cutoff_at, state_hash=made.state_hash)
    )


def _is_unchanged(connection: Connection, item: Attempt) -> bool:
    """Whether an earlier call has closed the attempt already, its content being what stood."""
    return get_attempt(connection, item.attempt_id).status == "unchanged"


def _continues(connection: Connection, item: Attempt) -> bool:
    """Whether the standing publication continues another parent than this attempt: then its state must move on."""
    standing_parent = connection.scalar(
        select(attempt.c.parent_attempt_id)
        .join(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .join(pointer, points())
        .where(pointer.c.profile == item.profile, pointer.c.business_date == item.business_date)
    )
    return bool(standing_parent != item.parent_attempt_id)


def _close(connection: Connection, item: Attempt, status: str, message: str) -> None:
    connection.execute(
        update(attempt)
        .where(attempt.c.attempt_id == item.attempt_id)
        .values(status=status, message=message, closed_at=func.now())
    )


def _current(profile: str, business_date: datetime.date) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(pointer, points())
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
        raise _unknown(connection, profile, business_date, revision)
    return Publication(*row)


def _unknown(connection: Connection, profile: str, business_date: datetime.date, revision: int | None) -> UsageError:
    standing = connection.execute(_current(profile, business_date)).one_or_none()
    if standing is not None:
        return UsageError(
            f"the night {business_date} of the profile {profile!r} has no revision {revision}",
            f"Readers see revision {standing.revision}: leave --revision out, or name one up to it.",
        )
    latest = latest_published_date(connection, profile)
    run = (
        night_command(profile, business_date)
        if latest is None or latest < business_date
        else replay_command(profile, business_date, latest)
    )
    return UsageError(
        f"there is no published night {business_date} of the profile {profile!r}",
        f"Run it: {run} (or name another --date or --profile).",
    )


def published_between(
    connection: Connection, profile: str, first: datetime.date, last: datetime.date
) -> list[Publication]:
    """What readers see of each date of a range, in order."""
    rows = connection.execute(
        select(*_COLUMNS)
        .join(pointer, points())
        .where(pointer.c.profile == profile, pointer.c.business_date.between(first, last))
        .order_by(pointer.c.business_date)
    )
    return [Publication(*row) for row in rows]


def published_profiles(connection: Connection, first: datetime.date, last: datetime.date) -> list[str]:
    """The profiles with a published night in a range."""
    query = select(pointer.c.profile).distinct().where(pointer.c.business_date.between(first, last))
    return list(connection.scalars(query.order_by(pointer.c.profile)))
