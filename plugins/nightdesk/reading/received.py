"""What each branch has of a published night: which revision left for it last, and why a sending mailed it none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from nightdesk.business_day import morning_of
from nightdesk.desk.database import open_desk
from nightdesk.desk.outbox import LEFT, Item, is_list, list_rows
from nightdesk.desk.publication import Publication
from nightdesk.mail.compose import ESCALATION, PERSON
from nightdesk.mail.kept import kept_digest
from nightdesk.mailboxes import Mailboxes
from nightdesk.reading.addressing import mailboxes_of
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.showing import revision_folder
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Received:
    """The list that left for a branch last: its revision, and whether the standing one tells its reader nothing new.

    None: nobody knows, since what the list said was not kept when it left. Of several recipients, the one who is
    furthest behind is meant, and one of whom it is known before one of whom it is not.
    """

    revision: int
    is_current: bool | None


@dataclass(frozen=True)
class LeftOut:
    """Branches that a sending mailed nothing to, for one reason, in the order of their ids.

    `reason`: `no_workday`; `no_address`; `sent`, the standing revision left before; `corrected`, it did, and names
    were corrected under it since; `unchanged`, `revision` left and says the same; `sent_before`, it left and says
    something else; `unknown_before`, it left and nobody knows what it said; `dropped` by a person; or `other`.
    """

    reason: str
    branches: tuple[str, ...]
    revision: int | None = None


def received(
    connection: Connection, settings: Settings, publication: Publication, addressed: Mapping[str, Mailboxes]
) -> dict[str, Received]:
    """What left of a business date, or may have, by branch; branches that nothing left for are not in it.

    Asked of the recipients that the registry names. Where none of them is among those who got it, theirs stands for
    the addresses that came in their place.
    """
    rows = list_rows(connection, profile=publication.profile, business_date=publication.business_date)
    last: dict[str, dict[str, Item]] = {}
    for row in rows:  # in the order of revisions
        if row.status in LEFT and is_list(row.kind) and not row.kind.startswith(ESCALATION):
            last.setdefault(row.branch_id, {})[row.recipient] = row
    found = {}
    for branch, by_recipient in last.items():
        named = addressed[branch].addresses if branch in addressed else ()
        asked = [by_recipient[one] for one in named if one in by_recipient] or list(by_recipient.values())
        found[branch] = Received(
            min(row.revision for row in asked), _all_known([_is_current(settings, publication, row) for row in asked])
        )
    return found


def left_out(settings: Settings, publication: Publication, mailed: Collection[str]) -> list[LeftOut]:
    """Why the branches that are not `mailed` got nothing from a sending that has just ended well."""
    with PublishedNight(settings, publication) as night:
        is_workday = night.calendar().is_workday(morning_of(publication.business_date))
    addressed = mailboxes_of(settings, publication)
    silent = sorted(set(addressed) - set(mailed))
    if not is_workday:
        return [LeftOut("no_workday", tuple(silent))] if silent else []
    with open_desk(settings).connect() as connection:
        rows = list_rows(connection, profile=publication.profile, business_date=publication.business_date)
        had = received(connection, settings, publication, addressed)
    dropped = {row.branch_id for row in rows if row.status == "dropped" and row.resolved_by and is_list(row.kind)}
    found: dict[tuple[str, int | None], list[str]] = {}
    for branch in silent:
        one = had.get(branch)
        if one is None:
            reason = "no_address" if not addressed[branch] else "dropped" if branch in dropped else "other"
        elif one.revision == publication.revision:
            reason = "sent" if one.is_current else "corrected"
        elif one.is_current is None:
            reason = "unknown_before"
        else:
            reason = "unchanged" if one.is_current else "sent_before"
        found.setdefault((reason, one.revision if one else None), []).append(branch)
    in_order = sorted(found.items(), key=lambda pair: (pair[0][0], pair[0][1] or 0))
    return [LeftOut(reason, tuple(branches), revision) for (reason, revision), branches in in_order]


def _all_known(verdicts: Collection[bool | None]) -> bool | None:
    return False if False in verdicts else None if None in verdicts else True


def _is_current(settings: Settings, publication: Publication, row: Item) -> bool | None:
    folder = revision_folder(settings, publication)
    person = row.kind.removeprefix(PERSON) if row.kind.startswith(PERSON) else ""
    # the head has the whole list
    stands = (person and kept_digest(folder, row.branch_id, person)) or kept_digest(folder, row.branch_id)
    if not (row.content_digest and stands):
        return True if row.revision == publication.revision else None
    return row.content_digest == stands  # also of this revision: the attempt behind it may have moved on
