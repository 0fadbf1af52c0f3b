"""The outbox as people see it: what there is to send, how far it came, and what a person decides about it.

pending -> sending -> sent | refused | uncertain, and back to pending when it certainly was not delivered (claiming.py);
a person resolves refused and uncertain to sent, pending or dropped.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Engine, Select, and_, func, select, update

from nightdesk.desk import audit
from nightdesk.desk.audit import Act
from nightdesk.desk.tables import outbox
from nightdesk.errors import UsageError

#: the kind of a branch's whole list; another kind says whose mail it is (`person:S1`, `escalation:R1`)
BRANCH_LIST = "branch_list"
#: how the kinds begin of what is no list, and what no list waits for: a receipt for a mailed answer, and letters
RECEIPT, REVIEW, WEEKLY, SCORECARD, DIGEST = "receipt:", "review:", "weekly:", "scorecard:", "digest:"
LETTERS = (REVIEW, WEEKLY, SCORECARD, DIGEST)
BESIDE = (RECEIPT, *LETTERS)
IS_LIST = and_(*(~outbox.c.kind.startswith(beginning) for beginning in BESIDE))
Resolution: TypeAlias = Literal["sent", "resend", "drop"]
RESOLUTIONS: dict[str, str] = {"sent": "sent", "resend": "pending", "drop": "dropped"}
#: what keeps a date's lists from being all out
UNSETTLED = ("pending", "sending", "refused", "uncertain")
#: what has reached a recipient, or may have
LEFT = ("sending", "sent", "uncertain")


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
        """What a person calls it by on a command line: date/branch/revision, and which copy after the first; before
        the revision whose mail it is, where it is not the branch's list.

        A slash within a branch's id is written %2F: no two messages of a bank go by one name.
        """
        copy = f"/{self.copy}" if self.copy > 1 else ""
        branch = self.branch_id.replace("%", "%25").replace("/", "%2F")
        kind = "" if self.kind == BRANCH_LIST else f"/{self.kind}"
        return f"{self.business_date}/{branch}{kind}/{self.revision}{copy}"


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


COLUMNS = [outbox.c[name] for name in Item.__dataclass_fields__]


def is_list(kind: str) -> bool:
    """Whether a message of a kind is a branch's list or somebody's part of it, as IS_LIST asks of the table."""
    return not kind.startswith(BESIDE)


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
        outbox.c.profile == profile, outbox.c.business_date == business_date, outbox.c.status.in_(UNSETTLED), IS_LIST
    )
    return [Item(*row) for row in connection.execute(query)]


def entered_on(connection: Connection, profile: str, branch_id: str, kind: str) -> datetime.date | None:
    """The first date under which a kind of a branch was put in; None where it never was."""
    query = select(func.min(outbox.c.business_date)).where(
        outbox.c.profile == profile, outbox.c.branch_id == branch_id, outbox.c.kind == kind
    )
    found: datetime.date | None = connection.scalar(query)
    return found


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
                    .returning(*COLUMNS)
                ).one()
            )
            trail(connection, Item(*changed[-1]), who, "resolved", {"as": as_, "was": item.status})
    return [Item(*row) for row in changed]


def trail(
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
    return select(*COLUMNS).order_by(
        outbox.c.business_date,
        outbox.c.profile,
        outbox.c.branch_id,
        outbox.c.kind,
        outbox.c.revision,
        outbox.c.copy,
    )


def _named(message_ids: Sequence[str]) -> Select[Any]:
    return _rows().where(outbox.c.message_id.in_(message_ids))
