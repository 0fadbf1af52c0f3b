"""The outbox: each list leaves at most once, and a list whose fate is unknown is never sent again by itself.

pending -> sending -> sent | refused | uncertain, and back to pending when it certainly was not delivered; a person
resolves refused and uncertain to sent, pending or dropped. A claim leaves a row pending; its connection holds an
advisory lock while it lasts, which keeps other senders away. `sending` is committed right before DATA, the first
step after which the fate can become unknown: a row found in it whose lock is free was left by a sender that died
there, and becomes uncertain.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Engine, Select, func, select, text, update
from sqlalchemy.exc import OperationalError

from nightdesk.desk import audit
from nightdesk.desk.audit import Act
from nightdesk.desk.tables import outbox
from nightdesk.errors import MailError, UsageError

Resolution: TypeAlias = Literal["sent", "resend", "drop"]
RESOLUTIONS: dict[str, str] = {"sent": "sent", "resend": "pending", "drop": "dropped"}
#: what keeps a date's lists from being all out
UNSETTLED = ("pending", "sending", "refused", "uncertain")
#: what has reached a recipient, or may have
LEFT = ("sending", "sent", "uncertain")
_LOCK_NOT_AVAILABLE = "55P03"
_SENDER_GONE = "the sender ended without an answer"


@dataclass(frozen=True)
class Entry:
    """A list for one recipient (`copy`, from 1). `is_restated`: it replaces one of this date and branch that was sent.

    An empty recipient stands for an entry of the registry that is no address. `content_digest`: what the list says;
    empty in rows of before it was kept.
    """

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
    copy: int = 1
    content_digest: str = ""

    @property
    def handle(self) -> str:
        """What a person calls it by on a command line: date/branch/revision, and which copy after the first.

        A slash within a branch's id is written %2F: no two messages of a bank go by one name.
        """
        copy = f"/{self.copy}" if self.copy > 1 else ""
        branch = self.branch_id.replace("%", "%25").replace("/", "%2F")
        return f"{self.business_date}/{branch}/{self.revision}{copy}"


@dataclass(frozen=True)
class Item(Entry):
    """An entry and how far it came."""

    status: str = "pending"
    attempts: int = 0
    claimed_by: str | None = None
    detail: str = ""
    next_try_at: datetime.datetime | None = None
    resolved_by: str | None = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None


_COLUMNS = [outbox.c[name] for name in Item.__dataclass_fields__]


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
        .returning(*_COLUMNS)
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
        .returning(*_COLUMNS)
    ).one_or_none()
    if done is not None and status in LEFT:
        _trail(connection, Item(*done), claimer)
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
            .returning(*_COLUMNS)
        ).one_or_none()
        if changed is not None:
            _trail(connection, Item(*changed), str(changed.claimed_by or ""))
        connection.commit()
        _unlock(connection, message_id)
        if changed is not None:
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
    """The outbox, by date, branch, revision and recipient."""
    query = _rows()
    if profile is not None:
        query = query.where(outbox.c.profile == profile)
    if business_date is not None:
        query = query.where(outbox.c.business_date == business_date)
    if status is not None:
        query = query.where(outbox.c.status == status)
    return [Item(*row) for row in connection.execute(query)]


def unsettled(connection: Connection, profile: str, business_date: datetime.date) -> list[Item]:
    """What keeps a date's lists from being all out, in the order of list_rows."""
    query = _rows().where(
        outbox.c.profile == profile, outbox.c.business_date == business_date, outbox.c.status.in_(UNSETTLED)
    )
    return [Item(*row) for row in connection.execute(query)]


def resolve(engine: Engine, message_ids: Sequence[str], as_: Resolution, who: str) -> list[Item]:
    """A person's decision about lists that were refused, are uncertain or still wait: sent, resend or drop.

    All or none. Raises UsageError when there is no such list, or one is in no state that a person may change.
    """
    if as_ not in RESOLUTIONS:
        raise UsageError(f"{as_!r} is not a resolution", "Use one of: sent, resend, drop.")
    with engine.begin() as connection:
        found = [Item(*row) for row in connection.execute(_named(message_ids).with_for_update())]
        require_resolvable(found, message_ids, as_)
        changed = []
        for item in found:
            detail = f"resolved as {as_} by {who}; was {item.status}: {item.detail}"[:1000]
            changed.append(
                connection.execute(
                    update(outbox)
                    .where(outbox.c.message_id == item.message_id)
                    .values(
                        status=RESOLUTIONS[as_],
                        detail=detail,
                        resolved_by=who,
                        claimed_by=None,
                        next_try_at=None,
                        updated_at=func.now(),
                    )
                    .returning(*_COLUMNS)
                ).one()
            )
            _trail(connection, Item(*changed[-1]), who, "resolved", {"as": as_, "was": item.status})
    return [Item(*row) for row in changed]


def _trail(
    connection: Connection, item: Item, who: str, act: str | None = None, detail: Mapping[str, Any] | None = None
) -> None:
    """Add to the audit trail what was done with a list; how it left, where no other act is named."""
    left = "sent_perhaps" if item.status == "uncertain" else "restated" if item.is_restated else "sent"
    code = audit.code_of_night(connection, item.profile, item.business_date, item.revision)
    said = {"kind": item.kind, "message_id": item.message_id, "copy": item.copy, "content": item.content_digest}
    audit.record(
        connection,
        Act(
            act or left,
            who,
            "list",
            item.branch_id,
            item.profile,
            item.business_date,
            item.revision,
            {**said, **(detail or {})},
            code,
        ),
    )


def require_resolvable(found: Sequence[Item], message_ids: Sequence[str], as_: Resolution) -> None:
    """Raises UsageError when one of the named lists is not there, or a person may not make `as_` of it."""
    known = {item.message_id for item in found}
    if missing := [message_id for message_id in message_ids if message_id not in known]:
        raise UsageError(f"no list {missing[0]} in the outbox", "See `nightdesk outbox list` for the ids.")
    for item in found:
        allowed = resolvable(as_)
        if item.status not in allowed:
            raise UsageError(
                f"the list {item.message_id} is {item.status} and cannot be resolved as {as_}",
                f"Only a list that is {' or '.join(allowed)} can be.",
            )


def resolvable(as_: Resolution) -> tuple[str, ...]:
    """The states that a person may resolve so."""
    return ("uncertain", "refused", "dropped" if as_ == "resend" else "pending")


def _rows() -> Select[Any]:
    return select(*_COLUMNS).order_by(
        outbox.c.business_date,
        outbox.c.profile,
        outbox.c.branch_id,
        outbox.c.kind,
        outbox.c.revision,
        outbox.c.copy,
    )


def _named(message_ids: Sequence[str]) -> Select[Any]:
    return _rows().where(outbox.c.message_id.in_(message_ids))


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
