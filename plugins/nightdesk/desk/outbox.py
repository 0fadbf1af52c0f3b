"""The outbox: each list leaves at most once, and a list whose fate is unknown is never sent again by itself.

pending -> sending -> sent | refused | uncertain; a person resolves refused and uncertain to sent, pending or
dropped. A claim is committed before the conversation with the mail server begins, and its connection holds an
advisory lock while it lasts: a row found in `sending` whose lock is free was left by a sender that died, and
becomes uncertain.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Engine, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk.tables import outbox
from nightdesk.errors import MailError, UsageError

Resolution: TypeAlias = Literal["sent", "resend", "drop"]
RESOLUTIONS: dict[str, str] = {"sent": "sent", "resend": "pending", "drop": "dropped"}
_SENDER_GONE = "the sender ended without an answer"


@dataclass(frozen=True)
class Entry:
    """A list that is to be sent. `is_restated`: it replaces one of this date and branch that was sent."""

    message_id: str
    profile: str
    business_date: datetime.date
    branch_id: str
    kind: str
    revision: int
    recipient: str
    language: str
    subject: str
    is_restated: bool = False
    is_backfill: bool = False


@dataclass(frozen=True)
class Item(Entry):
    """An entry and how far it came."""

    status: str = "pending"
    attempts: int = 0
    claimed_by: str | None = None
    detail: str = ""
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None


_COLUMNS = [outbox.c[name] for name in Item.__dataclass_fields__]


def _same_list(entry: Entry) -> Any:
    return and_(
        outbox.c.profile == entry.profile,
        outbox.c.business_date == entry.business_date,
        outbox.c.branch_id == entry.branch_id,
        outbox.c.kind == entry.kind,
    )


def fill(connection: Connection, entries: Sequence[Entry], *, restate: bool = False) -> list[str]:
    """Put lists into the outbox; returns the Message-IDs that are new.

    A list that left, or may have left, is not put in again for another revision unless `restate`; one that is
    still waiting or was refused gives way to the newer revision. Call inside a transaction.
    """
    added: list[str] = []
    for entry in entries:
        key = f"outbox fill {entry.profile}|{entry.business_date}|{entry.branch_id}|{entry.kind}"
        connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
        others = connection.execute(
            select(outbox.c.message_id, outbox.c.status, outbox.c.revision).where(_same_list(entry)).with_for_update()
        ).all()
        if any(row.revision >= entry.revision for row in others):
            continue
        left = [row for row in others if row.status in ("sending", "sent", "uncertain")]
        if left and not restate:
            continue
        waiting = [row.message_id for row in others if row.status in ("pending", "refused")]
        if waiting:
            connection.execute(
                update(outbox)
                .where(outbox.c.message_id.in_(waiting))
                .values(status="dropped", detail=f"replaced by revision {entry.revision}", updated_at=func.now())
            )
        values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__} | {
            "is_restated": entry.is_restated or bool(left),
            "status": "pending",
        }
        made = upsert(outbox).values(**values).on_conflict_do_nothing().returning(outbox.c.message_id)
        added += list(connection.execute(made).scalars())
    return added


def claim(connection: Connection, message_id: str, claimer: str) -> Item | None:
    """Take a pending list for sending and commit that; None when another sender has it or it is not pending.

    Keep `connection` open until `finish`: its advisory lock says that the sender lives.
    """
    if not _lock(connection, message_id):
        connection.rollback()
        return None
    row = connection.execute(
        update(outbox)
        .where(outbox.c.message_id == message_id, outbox.c.status == "pending")
        .values(
            status="sending",
            claimed_by=claimer,
            attempts=outbox.c.attempts + 1,
            detail="",
            updated_at=func.now(),
        )
        .returning(*_COLUMNS)
    ).one_or_none()
    connection.commit()
    if row is None:
        _unlock(connection, message_id)
        return None
    return Item(*row)


def finish(connection: Connection, message_id: str, claimer: str, status: str, detail: str) -> None:
    """Write down what became of a claimed list (sent, refused, uncertain), commit, and give up the claim.

    Raises MailError when the claim is no longer the claimer's.
    """
    done = connection.execute(
        update(outbox)
        .where(outbox.c.message_id == message_id, outbox.c.status == "sending", outbox.c.claimed_by == claimer)
        .values(status=status, detail=detail, updated_at=func.now())
    )
    connection.commit()
    _unlock(connection, message_id)
    if done.rowcount != 1:
        raise MailError(
            f"the claim on {message_id} was taken away while it was being sent ({status}: {detail})",
            "See `nightdesk outbox list`, and resolve the row by hand.",
        )


def sweep(connection: Connection) -> list[str]:
    """Turn lists left in `sending` by dead senders into uncertain; returns their Message-IDs and commits."""
    lost: list[str] = []
    left = select(outbox.c.message_id).where(outbox.c.status == "sending")
    for message_id in connection.execute(left).scalars().all():
        if not _lock(connection, message_id):
            continue
        changed = connection.execute(
            update(outbox)
            .where(outbox.c.message_id == message_id, outbox.c.status == "sending")
            .values(status="uncertain", detail=_SENDER_GONE, updated_at=func.now())
        )
        connection.commit()
        _unlock(connection, message_id)
        if changed.rowcount:
            lost.append(message_id)
    connection.commit()
    return lost


def list_rows(
    connection: Connection,
    *,
    profile: str | None = None,
    business_date: datetime.date | None = None,
    status: str | None = None,
) -> list[Item]:
    """The outbox, by date, branch and revision."""
    query = select(*_COLUMNS).order_by(
        outbox.c.business_date, outbox.c.profile, outbox.c.branch_id, outbox.c.kind, outbox.c.revision
    )
    if profile is not None:
        query = query.where(outbox.c.profile == profile)
    if business_date is not None:
        query = query.where(outbox.c.business_date == business_date)
    if status is not None:
        query = query.where(outbox.c.status == status)
    return [Item(*row) for row in connection.execute(query)]


def resolve(engine: Engine, message_id: str, as_: Resolution, who: str) -> Item:
    """A person's decision about a list that was refused, is uncertain or still waits: sent, resend or drop.

    Raises UsageError when there is no such list, or it is in no state that a person may change.
    """
    if as_ not in RESOLUTIONS:
        raise UsageError(f"{as_!r} is not a resolution", "Use one of: sent, resend, drop.")
    with engine.begin() as connection:
        row = connection.execute(
            select(*_COLUMNS).where(outbox.c.message_id == message_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise UsageError(f"no list {message_id} in the outbox", "See `nightdesk outbox list` for the ids.")
        item = Item(*row)
        allowed = ("uncertain", "refused", "dropped" if as_ == "resend" else "pending")
        if item.status not in allowed:
            raise UsageError(
                f"the list {message_id} is {item.status} and cannot be resolved as {as_}",
                f"Only a list that is {' or '.join(allowed)} can be.",
            )
        detail = f"resolved as {as_} by {who}; was {item.status}: {item.detail}"[:1000]
        changed = connection.execute(
            update(outbox)
            .where(outbox.c.message_id == message_id)
            .values(status=RESOLUTIONS[as_], detail=detail, updated_at=func.now())
            .returning(*_COLUMNS)
        ).one()
    return Item(*changed)


def _lock(connection: Connection, message_id: str) -> bool:
    query = text("select pg_try_advisory_lock(hashtextextended(:key, 0))")
    return bool(connection.scalar(query, {"key": f"outbox send {message_id}"}))


def _unlock(connection: Connection, message_id: str) -> None:
    query = text("select pg_advisory_unlock(hashtextextended(:key, 0))")
    connection.execute(query, {"key": f"outbox send {message_id}"})
    connection.commit()
