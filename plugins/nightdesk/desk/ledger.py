"""The ledger: attempts at nights, the batches they pinned, and what became of every row."""

import datetime
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk.standing import first_astray
from nightdesk.desk.tables import attempt, feed, pin, pointer, publication
from nightdesk.errors import Refused, StoreError


@dataclass(frozen=True)
class Attempt:
    """One attempt at one night. `cutoff_at` is aware; `token` fences a second copy of the same attempt."""

    attempt_id: str
    profile: str
    business_date: datetime.date
    cutoff_at: datetime.datetime
    parent_attempt_id: str | None
    token: str
    source: str
    base_ccy: str
    policy_version: str
    calendar_version: str
    status: str
    backfill_id: int | None


@dataclass(frozen=True)
class Pin:
    """A batch that an attempt wrote. `starts_chain` = readers of the history start at this batch."""

    table_name: str
    batch_id: str
    row_count: int
    starts_chain: bool


_ATTEMPT = [attempt.c[name] for name in Attempt.__dataclass_fields__]


def published_attempt(connection: Connection, profile: str, before: datetime.date) -> Attempt | None:
    """The attempt behind the latest publication before a date: the state that the next night continues."""
    row = connection.execute(
        select(*_ATTEMPT)
        .join(publication, publication.c.attempt_id == attempt.c.attempt_id)
        .join(
            pointer,
            (pointer.c.profile == publication.c.profile)
            & (pointer.c.business_date == publication.c.business_date)
            & (pointer.c.revision == publication.c.revision),
        )
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
    backfill_id: int | None = None,
) -> Attempt:
    """Enter a new attempt at a night in the ledger.

    Raises Refused when later nights are published (unless within a backfill, which replays them), when a night before
    it stands on a state that was replaced, or when the date was published with a later cut-off.
    """
    with desk.begin() as connection:
        latest = latest_published_date(connection, profile)
        if backfill_id is None and latest is not None and latest > business_date:
            raise Refused(
                f"nights after {business_date} are published (up to {latest}) and continue its state",
                f"Replay them in order: nightdesk backfill --from {business_date} --to {latest} --reason TEXT",
            )
        standing = connection.scalar(
            select(publication.c.cutoff_at)
            .join(
                pointer,
                (pointer.c.profile == publication.c.profile)
                & (pointer.c.business_date == publication.c.business_date)
                & (pointer.c.revision == publication.c.revision),
            )
            .where(pointer.c.profile == profile, pointer.c.business_date == business_date)
        )
        if standing is not None and cutoff_at < standing:
            raise Refused(
                f"{business_date} is published with a later cut-off, {standing.isoformat()}",
                "Leave --known-at out, or name an instant that is not earlier.",
            )
        astray = first_astray(connection, profile, business_date)
        if astray is not None:
            raise Refused(
                f"the published night {astray.business_date} continues a state of {astray.replaced} that was replaced",
                f"Replay first: nightdesk backfill --from {astray.business_date} --to {business_date} --reason TEXT",
            )
        parent = published_attempt(connection, profile, business_date)
        if parent is not None and parent.cutoff_at > cutoff_at:
            raise Refused(
                f"the night before, {parent.business_date}, knows facts up to {parent.cutoff_at.isoformat()}",
                f"Name a cut-off (--known-at) that is not earlier than that for {business_date}.",
            )
        row = connection.execute(
            insert(attempt)
            .values(
                attempt_id=f"{business_date:%Y%m%d}-{secrets.token_hex(6)}",
                profile=profile,
                business_date=business_date,
                cutoff_at=cutoff_at,
                parent_attempt_id=parent.attempt_id if parent else None,
                token=secrets.token_hex(8),
                source=source,
                base_ccy=base_ccy,
                policy_version=policy_version,
                code_version=code_version,
                status="running",
                backfill_id=backfill_id,
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

    Another copy of the step that is still at work holds the old token, and can write nothing from here on.
    """
    with desk.begin() as connection:
        status = get_attempt(connection, attempt_id, is_locked=True).status
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
            "Nothing was changed. Look at `nightdesk status` before running the night again.",
        )


def set_pin(
    desk: Engine, item: Attempt, table_name: str, batch_id: str, row_count: int, *, starts_chain: bool = False
) -> None:
    """Pin a batch to an attempt; a step run again pins its new batch instead.

    Raises Refused when the attempt is no longer this copy's to write.
    """
    with desk.begin() as connection:
        require_own(connection, item)
        values = {"batch_id": batch_id, "row_count": row_count, "starts_chain": starts_chain}
        connection.execute(
            upsert(pin)
            .values(attempt_id=item.attempt_id, table_name=table_name, **values)
            .on_conflict_do_update(index_elements=["attempt_id", "table_name"], set_=values)
        )


def pins_of(connection: Connection, attempt_id: str) -> dict[str, Pin]:
    """Every batch that an attempt pinned, by lake table."""
    rows = connection.execute(
        select(pin.c.table_name, pin.c.batch_id, pin.c.row_count, pin.c.starts_chain).where(
            pin.c.attempt_id == attempt_id
        )
    )
    return {row.table_name: Pin(*row) for row in rows}


def chain_pins(connection: Connection, attempt_id: str, tables: Sequence[str]) -> dict[str, list[str]]:
    """Batches with rows of each table along the lineage, oldest first, from the last batch that starts a chain."""
    order = {name: position for position, name in enumerate(lineage(connection, attempt_id))}
    rows = connection.execute(
        select(pin.c.attempt_id, pin.c.table_name, pin.c.batch_id, pin.c.row_count, pin.c.starts_chain).where(
            pin.c.attempt_id.in_(order), pin.c.table_name.in_(tables)
        )
    ).all()
    batches: dict[str, list[str]] = {name: [] for name in tables}
    for row in sorted(rows, key=lambda row: order[row.attempt_id]):
        if row.starts_chain:
            batches[row.table_name] = []
        if row.row_count:
            batches[row.table_name].append(row.batch_id)
    return batches


def pinned_tables(connection: Connection) -> list[str]:
    """Every lake table that an attempt ever pinned a batch of."""
    return list(connection.scalars(select(pin.c.table_name).distinct().order_by(pin.c.table_name)))


def over_attempts(connection: Connection, days: int) -> dict[str, set[str]]:
    """Attempts opened more than `days` days ago, and the batches of each that readers may still ask for.

    Those are the pins of every publication, and of all that a publication continues; an attempt that came to nothing
    has none.
    """
    walk = select(publication.c.attempt_id).cte("continued", recursive=True)
    walk = walk.union(
        select(attempt.c.parent_attempt_id)
        .join(walk, attempt.c.attempt_id == walk.c.attempt_id)
        .where(attempt.c.parent_attempt_id.is_not(None))
    )
    old = attempt.c.opened_at < func.now() - datetime.timedelta(days=days)
    found: dict[str, set[str]] = {name: set() for name in connection.scalars(select(attempt.c.attempt_id).where(old))}
    pins = select(pin.c.attempt_id, pin.c.batch_id).join(walk, pin.c.attempt_id == walk.c.attempt_id)
    for row in connection.execute(pins.where(pin.c.table_name.not_like("landing/%"))):
        if row.attempt_id in found:
            found[row.attempt_id].add(row.batch_id)
    return found


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


def note_calendar(desk: Engine, item: Attempt, calendar_version: str) -> None:
    """Record which calendar a running night's working days came from; reading one that is published notes nothing."""
    with desk.begin() as connection:
        connection.execute(
            update(attempt)
            .where(attempt.c.attempt_id == item.attempt_id, attempt.c.token == item.token)
            .where(attempt.c.status == "running")
            .values(calendar_version=calendar_version)
        )
