"""Which mails of the mailbox of answers were read, in which night, and what each came to: each is read once."""

import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    func,
    insert,
    literal,
    select,
    true,
)

from nightdesk.desk.outbox import RECEIPT
from nightdesk.desk.tables import attempt, metadata, outbox

#: of the digest of a Message-ID, so many stand for it
_DIGITS = 16
#: `place` and `key`: where the mail lies (a server's folder and UID, or a file); `detail`: why rows of it were not
#: taken, or which addresses came back; `lines`: of a reply what became of each of its lines, as JSON;
#: `failed`: the mailbox itself could not be read in that night
read_mail = Table(
    "read_mail",
    metadata,
    Column("profile", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("message_id", Text, nullable=False),
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("staff_id", Text),
    Column("taken", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("lines", Text, nullable=False, server_default=""),
    Column("read_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint(
        "kind in ('reply', 'automatic', 'bounce', 'empty', 'unreadable', 'stranger', 'too_large', 'again', 'failed')",
        name="read_mail_kind",
    ),
    Index("read_mail_message", "profile", "message_id"),
    Index("read_mail_attempt", "attempt_id"),
)


@dataclass(frozen=True)
class ReadMail:
    """One mail that was read, and what it came to."""

    profile: str
    place: str
    key: str
    message_id: str
    attempt_id: str
    kind: str
    staff_id: str | None = None
    taken: int = 0
    refused: int = 0
    detail: str = ""
    lines: str = ""


_COLUMNS = [read_mail.c[one.name] for one in fields(ReadMail)]


def note(connection: Connection, mail: ReadMail) -> None:
    """Write down that a mail was read."""
    connection.execute(insert(read_mail).values(**mail.__dict__))


def keys_by_place(connection: Connection, profile: str) -> dict[str, set[str]]:
    """The keys of the mails that were read, by where they lie."""
    query = select(read_mail.c.place, read_mail.c.key).where(
        read_mail.c.profile == profile, read_mail.c.kind != "failed"
    )
    found: dict[str, set[str]] = {}
    for place, key in connection.execute(query):
        found.setdefault(place, set()).add(key)
    return found


def is_read(connection: Connection, profile: str, message_id: str) -> bool:
    """Whether a mail of this Message-ID was read, wherever it lay."""
    query = select(func.count()).where(read_mail.c.profile == profile, read_mail.c.message_id == message_id)
    return bool(connection.scalar(query))


def mails_of_attempt(connection: Connection, attempt_id: str) -> list[ReadMail]:
    """What an attempt read, in a fixed order."""
    query = (
        select(*_COLUMNS)
        .where(read_mail.c.attempt_id == attempt_id)
        .order_by(read_mail.c.place, func.length(read_mail.c.key), read_mail.c.key)
    )
    return [ReadMail(*row) for row in connection.execute(query)]


def replies_owed(connection: Connection, profile: str, until: datetime.date) -> list[ReadMail]:
    """The replies of staff that the nights up to a date read, less those whose receipt another night has put in.

    However long ago: what was read on the eve of a long holiday is owed its receipt after it. In a fixed order.
    """
    query = _owed(profile, until, outbox.c.business_date != until).order_by(
        read_mail.c.place, func.length(read_mail.c.key), read_mail.c.key
    )
    return [ReadMail(*row) for row in connection.execute(query)]


def receipts_waiting(connection: Connection, profile: str, until: datetime.date) -> int:
    """How many replies of staff that the nights up to a date read have a receipt that no mailing has put in yet."""
    return int(connection.scalar(select(func.count()).select_from(_owed(profile, until, true()).subquery())) or 0)


def _owed(profile: str, until: datetime.date, put_in_by: ColumnElement[bool]) -> Select[Any]:
    """The replies of staff up to a date, less those that have a receipt in the outbox of the nights `put_in_by`."""
    digest = func.encode(func.sha256(func.convert_to(read_mail.c.message_id, "UTF8")), "hex")
    entered = select(outbox.c.message_id).where(
        outbox.c.profile == profile,
        put_in_by,
        outbox.c.kind == literal(RECEIPT) + func.left(digest, _DIGITS),
    )
    return (
        select(*_COLUMNS)
        .join(attempt, attempt.c.attempt_id == read_mail.c.attempt_id)
        .where(read_mail.c.profile == profile, read_mail.c.kind == "reply", read_mail.c.lines != "")
        .where(attempt.c.business_date <= until, ~entered.exists())
    )


def receipt_kind(message_id: str) -> str:
    """The kind in the outbox of the receipt for a mail: one a Message-ID."""
    return f"{RECEIPT}{hashlib.sha256(message_id.encode()).hexdigest()[:_DIGITS]}"


def mailed_to(connection: Connection, profile: str, addresses: Collection[str]) -> dict[str, str]:
    """Of some addresses those that lists were mailed to, with the branch whose list it was last."""
    query = (
        select(outbox.c.recipient, outbox.c.branch_id)
        .where(outbox.c.profile == profile, outbox.c.recipient.in_(addresses))
        .order_by(outbox.c.business_date)
    )
    return {str(row.recipient): str(row.branch_id) for row in connection.execute(query)}


def newest_cut_off_before(connection: Connection, profile: str, business_date: Any) -> tuple[Any, bool]:
    """The latest cut-off of the nights before a date, None where there is none; and whether a later one was opened."""
    cutoff = connection.scalar(
        select(func.max(attempt.c.cutoff_at)).where(
            attempt.c.profile == profile, attempt.c.business_date < business_date
        )
    )
    later = connection.scalar(
        select(func.count()).where(attempt.c.profile == profile, attempt.c.business_date > business_date)
    )
    return cutoff, bool(later)
