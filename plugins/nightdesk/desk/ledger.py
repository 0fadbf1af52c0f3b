"""The ledger: attempts at nights, which state each continues, and what became of every row."""

import datetime
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from nightdesk.bank_time import bank_time
from nightdesk.desk.liveness import end_lost
from nightdesk.desk.remedy import night_command, replay_command, status_command
from nightdesk.desk.standing import first_astray, points
from nightdesk.desk.tables import attempt, feed, pointer, publication
from nightdesk.errors import Refused, StoreError


@dataclass(frozen=True)
class Attempt:
    """One attempt at one night. `cutoff_at` is aware; `token` fences a second copy of the same attempt.

    `landing_attempt_id`: the attempt whose landing batches it reads; None where it asks the source.
    """

    attempt_id: str
    profile: str
    business_date: datetime.date
    cutoff_at: datetime.datetime
    parent_attempt_id: str | None
    token: str
    source: str
    source_snapshot: str
    base_ccy: str
    policy_version: str
    calendar_version: str
    status: str
    backfill_id: int | None
    opened_at: datetime.datetime
    landing_attempt_id: str | None = None


_ATTEMPT = [attempt.c[name] for name in Attempt.__dataclass_fields__]


def published_attempt(connection: Connection, profile: str, before: datetime.date) -> Attempt | None:
    """The attempt behind the latest publication before a date: the state that the next night continues."""
    row = connection.execute(
        select(*_ATTEMPT)
        .join(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .join(pointer, points())
        .where(pointer.c.profile == profile, pointer.c.business_date < before)
        .order_by(pointer.c.business_date.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Attempt(*row)


def latest_published_date(connection: Connection, profile: str) -> datetime.date | None:
    """The newest business date that readers can see."""
    return connection.scalar(
        select(pointer.c.business_date)
        .where(pointer.c.profile == profile)
        .order_by(pointer.c.business_date.desc())
        .limit(1)
    )


def published_span(connection: Connection, profile: str) -> tuple[datetime.date, datetime.date, int] | None:
    """The first and the newest business date that readers can see, and how many there are; None where there is none."""
    first, newest, n = connection.execute(
        select(func.min(pointer.c.business_date), func.max(pointer.c.business_date), func.count()).where(
            pointer.c.profile == profile
        )
    ).one()
    return (first, newest, n) if n else None


def standing_attempt(connection: Connection, profile: str, day: datetime.date) -> Attempt | None:
    """The attempt behind what readers see of a date; None where it was never published."""
    row = connection.execute(
        select(*_ATTEMPT)
        .join(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .join(pointer, points())
        .where(pointer.c.profile == profile, pointer.c.business_date == day)
    ).one_or_none()
    return None if row is None else Attempt(*row)


def latest_attempt(connection: Connection, profile: str, day: datetime.date) -> tuple[Attempt, str] | None:
    """The newest attempt at a date, whatever became of it, and the line that says it; None where there is none."""
    row = connection.execute(
        select(*_ATTEMPT, attempt.c.message)
        .where(attempt.c.profile == profile, attempt.c.business_date == day)
        .order_by(attempt.c.opened_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (Attempt(*row[:-1]), row.message)


def held_attempt(connection: Connection, profile: str, day: datetime.date) -> tuple[Attempt, str] | None:
    """The attempt at a date that waits for a person, and the line that says why; None where none does.

    A later attempt that failed or was lost found nothing out, and takes nobody's decision away.
    """
    row = connection.execute(
        select(*_ATTEMPT, attempt.c.message)
        .where(attempt.c.profile == profile, attempt.c.business_date == day)
        .where(attempt.c.status.not_in(("failed", "lost")))
        .order_by(attempt.c.opened_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None or row.status != "held" else (Attempt(*row[:-1]), row.message)


def least_cutoff(connection: Connection, profile: str, day: datetime.date) -> datetime.datetime | None:
    """The earliest cut-off that an attempt at a date may have: its published one, or that of the night it continues."""
    known = (standing_attempt(connection, profile, day), published_attempt(connection, profile, day))
    return max((item.cutoff_at for item in known if item is not None), default=None)


def new_attempt_id(business_date: datetime.date) -> str:
    """An id that no other attempt has, and that says which night it is at."""
    return f"{business_date:%Y%m%d}-{secrets.token_hex(6)}"


def open_attempt(
    desk: Engine,
    *,
    profile: str,
    business_date: datetime.date,
    cutoff_at: datetime.datetime,
    source: str,
    base_ccy: str,
    policy_version: str,
    code_version: str,
    code_commit: str = "",
    backfill_id: int | None = None,
    landing_attempt_id: str | None = None,
    attempt_id: str | None = None,
) -> Attempt:
    """Enter a new attempt at a night in the ledger, and close as lost what nobody works on any more.

    `attempt_id`: the id whose lock (liveness.working_on) this process holds, and will hold until the attempt's end;
    without one, each step holds the attempt's lock by itself.

    Raises Refused when later nights are published (unless within a backfill, which replays them), when a night before
    it stands on a state that was replaced, or when its cut-off lies before that of the date's publication or of the
    night before: the ledger could not be continued.
    """
    with desk.begin() as connection:
        latest = latest_published_date(connection, profile)
        if backfill_id is None and latest is not None and latest > business_date:
            raise Refused(
                f"nights after {business_date} are published (up to {latest}) and continue its state",
                f"Replay them in order: {replay_command(profile, business_date, latest)} (with --reread the source is "
                "asked anew; else they read what they read then)",
            )
        astray = first_astray(connection, profile, business_date)
        if astray is not None:
            last = max(latest or business_date, business_date)
            raise Refused(
                f"the published night {astray.business_date} continues a state of {astray.replaced} that was replaced",
                f"Replay first: {replay_command(profile, astray.business_date, last)}",
            )
        least = least_cutoff(connection, profile, business_date)
        zone = cutoff_at.tzinfo or datetime.UTC
        if least is not None and cutoff_at < least:
            raise Refused(
                f"the cut-off {bank_time(cutoff_at, zone)} lies before {bank_time(least, zone)}, up to which "
                f"{business_date} or the night before is published",
                f"Leave --known-at out: {night_command(profile, business_date)}",
            )
        end_lost(connection, profile, business_date)
        parent = published_attempt(connection, profile, business_date)
        row = connection.execute(
            insert(attempt)
            .values(
                attempt_id=attempt_id or new_attempt_id(business_date),
                is_one_process=attempt_id is not None,
                profile=profile,
                business_date=business_date,
                cutoff_at=cutoff_at,
                parent_attempt_id=parent.attempt_id if parent else None,
                token=secrets.token_hex(8),
                source=source,
                base_ccy=base_ccy,
                policy_version=policy_version,
                code_version=code_version,
                code_commit=code_commit,
                status="running",
                backfill_id=backfill_id,
                landing_attempt_id=landing_attempt_id,
            )
            .returning(*_ATTEMPT)
        ).one()
        return Attempt(*row)


def get_attempt(connection: Connection, attempt_id: str, *, is_locked: bool = False) -> Attempt:
    """The attempt of this id, its row locked where asked; raises StoreError when the ledger does not know it."""
    query = select(*_ATTEMPT).where(attempt.c.attempt_id == attempt_id)
    row = connection.execute(query.with_for_update() if is_locked else query).one_or_none()
    if row is None:
        raise StoreError(f"the ledger knows no attempt {attempt_id}", "Open the night again.")
    return Attempt(*row)


def lineage(connection: Connection, attempt_id: str) -> list[str]:
    """The attempt and all it continues, oldest first."""
    chain = select(attempt.c.attempt_id, attempt.c.parent_attempt_id, attempt.c.business_date).where(
        attempt.c.attempt_id == attempt_id
    )
    walk = chain.cte("lineage", recursive=True)
    walk = walk.union_all(
        select(attempt.c.attempt_id, attempt.c.parent_attempt_id, attempt.c.business_date).join(
            walk, attempt.c.attempt_id == walk.c.parent_attempt_id
        )
    )
    return list(connection.scalars(select(walk.c.attempt_id).order_by(walk.c.business_date)))


def begin_step(desk: Engine, attempt_id: str) -> Attempt:
    """Take an attempt over for a step that begins: a new token, and the status running where it had stopped.

    Another copy of the step that is still at work holds the old token, and can write nothing from here on. Raises
    Refused when the attempt is lost: another one has begun in its place.
    """
    with desk.begin() as connection:
        known = get_attempt(connection, attempt_id, is_locked=True)
        status = known.status
        if status == "lost":
            raise Refused(
                f"attempt {attempt_id} at {known.business_date} was given up as lost when another one began",
                f"Nothing was changed. If that one did not publish it, run the night again from its first step: "
                f"{night_command(known.profile, known.business_date)}",
            )
        values: dict[str, Any] = {"token": secrets.token_hex(8)}
        if status in ("failed", "held"):
            values |= {"status": "running", "message": "tried again", "closed_at": None}
        connection.execute(update(attempt).where(attempt.c.attempt_id == attempt_id).values(**values))
        return get_attempt(connection, attempt_id)


def require_own(connection: Connection, item: Attempt) -> None:
    """Lock an attempt for this transaction.

    Raises Refused when it is no longer running, or another copy of the step has taken it over.
    """
    now = get_attempt(connection, item.attempt_id, is_locked=True)
    if now.token != item.token or now.status != "running":
        why = "was taken over by another copy of this step" if now.status == "running" else f"is {now.status}"
        raise Refused(
            f"attempt {item.attempt_id} at {item.business_date} {why}",
            f"Nothing was changed. Look at `{status_command(item.profile)}` before running the night again.",
        )


def record_feed(desk: Engine, item: Attempt, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record what became of each source table's rows; a check run again replaces its record.

    Raises Refused when the attempt is no longer this copy's to write.
    """
    with desk.begin() as connection:
        require_own(connection, item)
        connection.execute(feed.delete().where(feed.c.attempt_id == item.attempt_id))
        if rows:
            connection.execute(insert(feed), [{"attempt_id": item.attempt_id, **row} for row in rows])
        connection.execute(
            update(attempt)
            .where(attempt.c.attempt_id == item.attempt_id)
            .values(is_point_in_time=all(row.get("is_point_in_time", True) for row in rows if row["is_supplied"]))
        )


def feeds_of(connection: Connection, attempt_id: str) -> list[dict[str, Any]]:
    """The recorded counts of each source table of an attempt."""
    rows = connection.execute(select(feed).where(feed.c.attempt_id == attempt_id).order_by(feed.c.table_name))
    return [dict(row._mapping) for row in rows]


def last_supplied(connection: Connection, attempt_id: str) -> dict[str, dict[str, Any]]:
    """Of each source table that a night of the lineage was supplied with, what the newest of them recorded."""
    rows = [row for night in lineage(connection, attempt_id) for row in feeds_of(connection, night)]
    return {row["table_name"]: row for row in rows if row["is_supplied"]}


def close_attempt(desk: Engine, item: Attempt, status: str, message: str) -> None:
    """Close a running attempt that failed or is held, with the one line that explains it.

    One that is published already, or that another copy has taken over, stays as it is.
    """
    with desk.begin() as connection:
        connection.execute(
            update(attempt)
            .where(attempt.c.attempt_id == item.attempt_id, attempt.c.token == item.token)
            .where(attempt.c.status == "running")
            .values(status=status, message=message, closed_at=func.now())
        )
