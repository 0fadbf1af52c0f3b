"""Sending from the outbox: each list leaves at most once, and one whose fate is unknown is never sent again by itself.

A claim leaves a row pending; its connection holds an advisory lock while it lasts, which keeps other senders away.
`sending` is committed right before DATA, the first step after which the fate can become unknown: a row found in it
whose lock is free was left by a sender that died there, and becomes uncertain.
"""

import datetime
from collections.abc import Sequence

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import OperationalError

from nightdesk.desk.outbox import COLUMNS, LEFT, Item, trail
from nightdesk.desk.tables import outbox
from nightdesk.errors import MailError

_LOCK_NOT_AVAILABLE = "55P03"
_SENDER_GONE = "the sender ended without an answer"


def claim(connection: Connection, message_id: str, claimer: str, wait_seconds: int = 0) -> Item | None:
    """Take a pending list for sending and commit that; None when it is not pending or another sender has it.

    With `wait_seconds` a sender that has it may finish first, up to so long. Keep `connection` open until `finish`:
    its advisory lock says that the sender lives.
    """
    if not _lock(connection, message_id, wait_seconds):
        return None
    row = connection.execute(
        update(outbox)
        .where(outbox.c.message_id == message_id, outbox.c.status == "pending")
        .values(claimed_by=claimer, attempts=outbox.c.attempts + 1, next_try_at=None, updated_at=func.now())
        .returning(*COLUMNS)
    ).one_or_none()
    connection.commit()
    if row is None:
        _unlock(connection, message_id)
        return None
    return Item(*row)


def mark_sending(connection: Connection, item: Item, claimer: str) -> None:
    """Commit that from now on the fate of a claimed list may become unknown.

    Raises MailError when it was settled, readdressed, corrected or taken away since the claim: then it must not leave.
    """
    marked = connection.execute(
        update(outbox)
        .where(
            outbox.c.message_id == item.message_id,
            outbox.c.status == "pending",
            outbox.c.claimed_by == claimer,
            outbox.c.content_digest == item.content_digest,
        )
        .values(status="sending", updated_at=func.now())
    )
    connection.commit()
    if marked.rowcount != 1:
        raise MailError(
            f"the list {item.message_id} was settled, readdressed or corrected while it was about to leave; it did not",
            f"Run `nightdesk outbox send --date {item.business_date}` for what still waits.",
        )


def finish(connection: Connection, message_id: str, claimer: str, status: str, detail: str) -> None:
    """Write down what became of a claimed list (sent, refused, uncertain, pending), commit, and give up the claim.

    One that left, or may have, is an act of the audit trail.

    Raises MailError when the claim is no longer the claimer's.
    """
    done = connection.execute(
        update(outbox)
        .where(
            outbox.c.message_id == message_id,
            outbox.c.status.in_(("pending", "sending")),
            outbox.c.claimed_by == claimer,
        )
        .values(status=status, detail=detail, updated_at=func.now())
        .returning(*COLUMNS)
    ).one_or_none()
    if done is not None and status in LEFT:
        trail(connection, Item(*done), claimer)
    connection.commit()
    _unlock(connection, message_id)
    if done is None:
        raise MailError(
            f"the claim on {message_id} was taken away while it was being sent ({status}: {detail})",
            "See `nightdesk outbox list`, and resolve the row by hand.",
        )


def put_off(
    connection: Connection, message_ids: Sequence[str], next_try_at: datetime.datetime | None, detail: str | None = None
) -> None:
    """Note on lists that wait when their sender tries again (None: when somebody asks), and commits; `detail`: why."""
    said = {} if detail is None else {"detail": detail}
    connection.execute(
        update(outbox)
        .where(outbox.c.message_id.in_(message_ids), outbox.c.status == "pending")
        .values(next_try_at=next_try_at, updated_at=func.now(), **said)
    )
    connection.commit()


def settle_abandoned(connection: Connection) -> list[str]:
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
            .returning(*COLUMNS)
        ).one_or_none()
        if changed is not None:
            trail(connection, Item(*changed), str(changed.claimed_by or ""))
        connection.commit()
        _unlock(connection, message_id)
        if changed is not None:
            lost.append(message_id)
    connection.commit()
    return lost


def _lock(connection: Connection, message_id: str, wait_seconds: int = 0) -> bool:
    key = {"key": f"outbox send {message_id}"}
    is_free = bool(connection.scalar(text("select pg_try_advisory_lock(hashtextextended(:key, 0))"), key))
    if is_free or not wait_seconds:
        connection.commit()  # the lock is the session's, not the transaction's
        return is_free
    try:
        connection.execute(text(f"set local lock_timeout = '{int(wait_seconds)}s'"))
        connection.execute(text("select pg_advisory_lock(hashtextextended(:key, 0))"), key)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        connection.rollback()
        return False
    connection.commit()
    return True


def _unlock(connection: Connection, message_id: str) -> None:
    query = text("select pg_advisory_unlock(hashtextextended(:key, 0))")
    connection.execute(query, {"key": f"outbox send {message_id}"})
    connection.commit()
