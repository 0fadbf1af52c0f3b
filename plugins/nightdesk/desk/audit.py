"""The audit trail: who decided, released, sent, restated, backfilled, in a chain of which no change stays unseen.

Each row's hash is over the hash before it and all else that the row says. It is written in the transaction of the act,
under one lock that is held until that ends: two acts cannot follow the same row, and an act that is undone leaves none.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from nightdesk.clock import now
from nightdesk.desk.only_added import audit, audit_head
from nightdesk.desk.tables import attempt, pointer, publication
from nightdesk.errors import StoreError, UsageError

_LOCK = 7_240_006
#: what the first row follows
ORIGIN = "0" * 64
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Code:
    """By which policy and which code an act was done; empty where that is not known."""

    policy_version: str = ""
    code_version: str = ""
    code_commit: str = ""


#: an act of which nobody knows by what it was done
NOT_KNOWN = Code()


@dataclass(frozen=True)
class Act:
    """What somebody did: to which subject of which bank and night, and what there is to say of it (no cell values)."""

    act: str
    who: str
    subject: str
    subject_key: str
    profile: str
    business_date: datetime.date | None = None
    revision: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    code: Code = NOT_KNOWN


@dataclass(frozen=True)
class Row:
    """A row of the trail, as it stands."""

    seq: int
    at: datetime.datetime
    profile: str
    act: str
    who: str
    subject: str
    subject_key: str
    business_date: datetime.date | None
    revision: int | None
    detail: str
    policy_version: str
    code_version: str
    code_commit: str
    previous_hash: str
    hash: str

    def said(self) -> str:
        """All that it says but its own hash, written one way only."""
        content = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "hash"}
        return canonical({**content, "at": self.at.astimezone(datetime.UTC)})

    def hashed(self) -> str:
        """The hash that belongs to what it says, after the hash before it."""
        return hashlib.sha256(f"{self.previous_hash}\n{self.said()}".encode()).hexdigest()


_COLUMNS = [audit.c[one.name] for one in fields(Row)]


def canonical(content: Mapping[str, Any]) -> str:
    """JSON that is the same for the same content: keys in order, no blanks, instants in full."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the audit trail")


def locked(connection: Connection) -> datetime.datetime:
    """Keep every other act out until this transaction ends; returns the instant, which none that is done by now has
    not reached."""
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    return now()


def record(connection: Connection, act: Act, at: datetime.datetime | None = None) -> None:
    """Add an act to the trail, in the transaction that does it; `at`: its instant, where `locked` gave one."""
    instant = locked(connection)
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one_or_none()
    seq, before = (head.seq, head.hash) if head is not None else (0, ORIGIN)
    made = Row(
        seq=seq + 1,
        at=at or instant,
        profile=act.profile,
        act=act.act,
        who=act.who,
        subject=act.subject,
        subject_key=act.subject_key,
        business_date=act.business_date,
        revision=act.revision,
        detail=canonical(act.detail),
        previous_hash=before,
        hash="",
        **act.code.__dict__,
    )
    connection.execute(insert(audit).values(**{**made.__dict__, "hash": made.hashed()}))
    moved = {"seq": made.seq, "hash": made.hashed()}
    if head is None:
        connection.execute(insert(audit_head).values(is_head=True, **moved))
    else:
        connection.execute(update(audit_head).values(**moved))


def code_of_attempt(connection: Connection, attempt_id: str) -> Code:
    """The policy and the code of an attempt at a night."""
    named = [attempt.c[one.name] for one in fields(Code)]
    row = connection.execute(select(*named).where(attempt.c.attempt_id == attempt_id)).one_or_none()
    return NOT_KNOWN if row is None else Code(*row)


def code_of_night(connection: Connection, profile: str, day: datetime.date, revision: int | None = None) -> Code:
    """The policy and the code behind a revision of a date, by default the one that readers see."""
    query = select(publication.c.attempt_id).where(publication.c.profile == profile, publication.c.business_date == day)
    if revision is None:
        shown = select(pointer.c.revision).where(pointer.c.profile == profile, pointer.c.business_date == day)
        query = query.where(publication.c.revision == shown.scalar_subquery())
    else:
        query = query.where(publication.c.revision == revision)
    attempt_id = connection.scalar(query)
    return NOT_KNOWN if attempt_id is None else code_of_attempt(connection, attempt_id)


def rows(
    connection: Connection,
    *,
    profile: str | None = None,
    act: str | None = None,
    first: datetime.datetime | None = None,
    before: datetime.datetime | None = None,
) -> list[Row]:
    """The trail in its order: of a bank, of one kind of act, and from an instant on and before another."""
    query = select(*_COLUMNS).order_by(audit.c.seq)
    for wanted, column in ((profile, audit.c.profile), (act, audit.c.act)):
        if wanted is not None:
            query = query.where(column == wanted)
    if first is not None:
        query = query.where(audit.c.at >= first)
    if before is not None:
        query = query.where(audit.c.at < before)
    return [Row(*row) for row in connection.execute(query)]


def verify(connection: Connection, expected: tuple[int, str] | None = None) -> tuple[int, str]:
    """Go through the whole chain; returns where it ends, the number and the hash of its last row (0, ORIGIN: empty).

    `expected`: an end that was noted elsewhere, and has to be in the chain still. Raises StoreError that names the
    first row that is not what it was when it was written.
    """
    locked(connection)  # whoever writes has finished: the chain and its head belong together
    seq, before, seen = 0, ORIGIN, expected is None or expected == (0, ORIGIN)
    for row in _walk(connection):
        if row.seq != seq + 1:
            raise _broken(seq + 1, f"is gone: after row {seq} comes row {row.seq}")
        if row.previous_hash != before:
            raise _broken(row.seq, "does not follow the row before it")
        if row.hash != row.hashed():
            raise _broken(row.seq, "is not what was written")
        seq, before = row.seq, row.hash
        seen = seen or (seq, before) == expected
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one_or_none()
    stated = (head.seq, head.hash) if head is not None else (0, ORIGIN)
    if stated != (seq, before):
        is_cut = stated[0] > seq
        why = f"is gone: the trail went on to row {stated[0]}" if is_cut else "was added past the trail's end"
        raise _broken(seq + 1 if is_cut else stated[0] + 1, why)
    if not seen and expected is not None:
        raise _broken(expected[0], "is not the one that was noted")
    return seq, before


def noted(said: str) -> tuple[int, str]:
    """An end of the chain as a person noted it, `NUMBER:HASH`; raises UsageError where it is none."""
    number, _, digest = said.partition(":")
    if not number.isdigit() or len(digest) != len(ORIGIN) or set(digest) - set("0123456789abcdef"):
        raise UsageError(f"{said!r} is no end of the audit trail", "Write it as `nightdesk audit verify` prints it.")
    return int(number), digest


def _walk(connection: Connection) -> Iterator[Row]:
    """Every row in order, a part of them in memory at a time."""
    last = connection.scalar(select(func.min(audit.c.seq)))
    last = 0 if last is None else last - 1
    while True:
        part = connection.execute(
            select(*_COLUMNS).where(audit.c.seq > last).order_by(audit.c.seq).limit(_AT_ONCE)
        ).all()
        if not part:
            return
        for row in part:
            yield Row(*row)
        last = part[-1].seq


def _broken(seq: int, why: str) -> StoreError:
    return StoreError(
        f"the audit trail is broken at row {seq}: row {seq} {why}",
        "Compare the desk database with its backup: what follows that row cannot be relied on.",
    )
