"""Which outbox rows a branch's list needs: one a recipient, none twice, and corrected addresses in place of wrong ones.

Recipients are compared with what the outbox has of the same date, branch and kind. A list that left, or may have
left, for an address is not put in for it again at another revision unless told, and even then only where it says
something else than what was sent last. A row that certainly has not left and whose address the registry no longer
names is readdressed to one that it names since. One that did leave stands for the address that came in its place: the
branch has its list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from nightdesk.desk.outbox import LEFT, Entry, Item
from nightdesk.desk.tables import outbox
from nightdesk.mailboxes import Mailboxes

_OPEN = ("pending", "refused")
NOT_AN_ADDRESS = "an entry of branch.list_email is not a mail address"
_COLUMNS = [outbox.c[name] for name in Item.__dataclass_fields__]


@dataclass(frozen=True)
class Listing:
    """A branch's list and whom it goes to. `entry` is its first row's; `id_of` gives the Message-ID of a copy."""

    entry: Entry
    to: Mailboxes
    id_of: Callable[[int], str]


def fill(connection: Connection, listing: Listing, *, restate: bool = False) -> list[str]:
    """Bring the outbox's rows of one list up to date; returns the Message-IDs that are new or wait again.

    Call inside a transaction.
    """
    entry = listing.entry
    key = f"outbox fill {entry.profile}|{entry.business_date}|{entry.branch_id}|{entry.kind}"
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
    rows = _rows_of(connection, entry)
    if any(row.revision > entry.revision for row in rows):
        return []  # a newer revision was put in meanwhile; this one is nobody's list any more
    here = [row for row in rows if row.revision == entry.revision]
    older = [row for row in rows if row.revision < entry.revision]
    if restate:  # names may be corrected under a revision that left: what says something else is as good as older
        outdated = _outdated(here, entry)
        here, older = [row for row in here if row not in outdated], [*older, *outdated]
    wanted = [*listing.to.addresses, *("" for _ in listing.to.bad)]
    changed: list[str] = []

    _keep_digest(connection, here, entry)
    here, wanted = _matched(connection, here, wanted, changed)
    left_before = [row for row in older if row.status in LEFT]
    unchanged = _unchanged(left_before, entry)
    still_owed = {row.recipient for row in older if row.status in _OPEN} - {row.recipient for row in unchanged}
    left_before, wanted = _left_already(unchanged if restate else left_before, wanted, still_owed)
    wanted = _readdressed(connection, here, wanted, changed)
    stand_ins = {row.recipient for row in [*here, *left_before] if row.status in LEFT}
    is_restated = entry.is_restated or any(row.status in LEFT for row in older)
    copy = max([row.copy for row in rows if row.revision == entry.revision], default=0)
    for recipient in wanted[len(stand_ins) :]:
        copy += 1
        made = replace(entry, message_id=listing.id_of(copy), recipient=recipient, copy=copy, is_restated=is_restated)
        connection.execute(insert(outbox).values(**made.__dict__, **_state(recipient)))
        changed.append(made.message_id)
    _drop(connection, [row for row in older if row.status in _OPEN], f"replaced by revision {entry.revision}")
    return changed


def _rows_of(connection: Connection, entry: Entry) -> list[Item]:
    query = (
        select(*_COLUMNS)
        .where(
            outbox.c.profile == entry.profile,
            outbox.c.business_date == entry.business_date,
            outbox.c.branch_id == entry.branch_id,
            outbox.c.kind == entry.kind,
        )
        .order_by(outbox.c.revision, outbox.c.copy)
        .with_for_update()
    )
    return [Item(*row) for row in connection.execute(query)]


def _matched(
    connection: Connection, here: Sequence[Item], wanted: Sequence[str], changed: list[str]
) -> tuple[list[Item], list[str]]:
    """Rows of this revision and recipients, less those that belong together; a recipient that is back waits again."""
    rows, rest = list(here), []
    for recipient in wanted:
        row = next((row for row in reversed(rows) if row.recipient == recipient), None)  # its last copy
        if row is None:
            rest.append(recipient)
            continue
        rows = [one for one in rows if one is not row and (one.recipient != recipient or one.status not in LEFT)]
        if row.status == "dropped" and row.resolved_by is None:
            _update(connection, row, recipient=recipient, **_state(recipient))
            changed.append(row.message_id)
    return rows, rest


def _left_already(left: Sequence[Item], wanted: Sequence[str], still_owed: set[str]) -> tuple[list[Item], list[str]]:
    """The same for what left at an earlier revision; a restatement that was asked for and waits is still owed."""
    rows, rest = list(left), []
    for recipient in wanted:
        same = [row for row in rows if row.recipient == recipient]
        rows = [row for row in rows if row.recipient != recipient]
        if not same or recipient in still_owed:
            rest.append(recipient)
    return rows, rest


def _unchanged(left: Sequence[Item], entry: Entry) -> list[Item]:
    """Of what left, each recipient's last, where it said what this list says: it need not be restated."""
    last = {row.recipient: row for row in left}  # in the order of revisions
    return [row for row in last.values() if row.content_digest and row.content_digest == entry.content_digest]


def _outdated(here: Sequence[Item], entry: Entry) -> list[Item]:
    """What left of this very revision for recipients whose last copy is known to say something else."""
    left = [row for row in here if row.status in LEFT]
    last = {row.recipient: row.content_digest for row in left}  # in the order of copies
    known = {recipient for recipient, digest in last.items() if digest and entry.content_digest}
    return [row for row in left if row.recipient in known and last[row.recipient] != entry.content_digest]


def _keep_digest(connection: Connection, here: Sequence[Item], entry: Entry) -> None:
    """What is yet to leave says what the list says now: the attempt behind its revision may have moved on."""
    for row in here:
        if row.status not in LEFT and row.content_digest != entry.content_digest:
            connection.execute(
                update(outbox).where(outbox.c.message_id == row.message_id).values(content_digest=entry.content_digest)
            )


def _readdressed(connection: Connection, here: Sequence[Item], wanted: Sequence[str], changed: list[str]) -> list[str]:
    """The recipients that are left when rows of former addresses have gone to new ones; surplus rows are dropped."""
    rest = list(wanted)
    spare = [row for row in here if row.status in _OPEN]
    for row in spare[: len(rest)]:
        recipient = rest.pop(0)
        state = _state(recipient)
        if recipient:
            state["detail"] = f"readdressed; was {row.status}: {row.detail}"[:1000]
        _update(connection, row, recipient=recipient, **state)
        changed.append(row.message_id)
    _drop(connection, spare[len(wanted) :], "branch.list_email no longer names the recipient")
    return rest


def _state(recipient: str) -> dict[str, Any]:
    """What a row begins as: an entry that is no address is refused from the start, so that somebody is told."""
    return {"status": "pending", "detail": ""} if recipient else {"status": "refused", "detail": NOT_AN_ADDRESS}


def _update(connection: Connection, row: Item, **values: Any) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.message_id == row.message_id)
        .values(**values, claimed_by=None, next_try_at=None, resolved_by=None, updated_at=func.now())
    )


def _drop(connection: Connection, rows: Sequence[Item], why: str) -> None:
    for row in rows:
        _update(connection, row, status="dropped", detail=why)
