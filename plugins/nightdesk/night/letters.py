"""Letters: mails beside the lists, of reviews, weeks, scorecards and the digest. No list waits for one of them.

They leave through the outbox, as lists do: none twice, none of unknown fate again by itself. What each says is kept
below the home, so that one that waits can leave later.
"""

import datetime
import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from nightdesk.bank_profile import load_profile
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.filling import Listing, fill
from nightdesk.desk.outbox import LETTERS, UNSETTLED, Entry, Item, entered_on, list_rows
from nightdesk.desk.publication import Publication
from nightdesk.errors import MailError
from nightdesk.mail.compose import Body, Envelope, list_message_id, list_subject, mail_of
from nightdesk.mail.kept import keep_body, kept_body
from nightdesk.mail.message import Attachment, Mail
from nightdesk.mail.sending import Handover, Outdated, send_pending
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import Mailboxes
from nightdesk.night.each import Each, first_of
from nightdesk.render.catalogue import Language
from nightdesk.render.outputs import path_part
from nightdesk.settings import Settings

#: what became of a letter that this call did not send
_FATES = {"sent": "already", "pending": "deferred", "sending": "uncertain"}


@dataclass(frozen=True)
class Letter:
    """A mail: its kind in the outbox, of which branch, to whom, what makes its subject, text and HTML, and its file.

    `revision`: of what it says, where that has revisions of its own, whichever night shows it; else the night's.
    """

    kind: str
    branch_id: str
    language: Language
    to: Mailboxes
    make: Callable[[], tuple[str, str, str]]
    revision: int | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Told:
    """One address, and what became of its mail: sent, refused, deferred, uncertain; already: sent before this call."""

    recipient: str
    fate: str


def letters_folder(settings: Settings, profile: str, business_date: datetime.date) -> Path:
    """Where what the letters of a business date say is kept."""
    return settings.home / "letters" / path_part(profile) / str(business_date)


def send_letters(
    settings: Settings,
    publication: Publication,
    letters: Iterable[Letter],
    *,
    is_backfill: bool = False,
    along: str = "",
) -> list[Told]:
    """Put letters into the outbox, each once a revision and address, and send those that wait there.

    With them leaves what else waits of this night whose kind begins with `along`. Never raises for what the mail server
    does. Raises Unrendered or StoreError at the end, naming those that could not be made.
    """
    each, desk = Each("mail", publication.profile, publication.business_date), open_desk(settings)
    entered: set[tuple[datetime.date, str, str]] = set()
    for letter in letters:
        with each.one(f"{letter.kind} of branch {letter.branch_id}"):
            entered.add((_enter(settings, desk, publication, letter, is_backfill), letter.branch_id, letter.kind))

    def rows() -> list[Item]:
        days = {day for day, _, _ in entered} | {publication.business_date}
        with desk.connect() as connection:
            found = [
                row
                for day in sorted(days)
                for row in list_rows(connection, profile=publication.profile, business_date=day)
            ]
        return [
            row
            for row in found
            if (row.business_date, row.branch_id, row.kind) in entered
            or (along and row.business_date == publication.business_date and row.kind.startswith(along))
        ]

    waiting = [row.message_id for row in rows() if row.status == "pending"]
    fates = {one.item.message_id: one.outcome.fate for one in _send(settings, desk, publication.profile, waiting)}
    last = {(row.branch_id, row.kind, row.recipient): row for row in rows() if row.status != "dropped"}
    each.require_all()
    return [
        Told(row.recipient, fates.get(row.message_id) or _FATES.get(row.status, row.status)) for row in last.values()
    ]


def waiting_letters(
    connection: Connection,
    publication: Publication,
    message_ids: Collection[str] | None = None,
    branches: Collection[str] | None = None,
) -> list[Item]:
    """The letters of a night that wait in the outbox; of the named messages, or of some branches."""
    rows = _letters(connection, publication, LETTERS, message_ids, branches)
    return [row for row in rows if row.status == "pending"]


def send_waiting(
    settings: Settings,
    publication: Publication,
    message_ids: Collection[str] | None = None,
    branches: Collection[str] | None = None,
) -> list[Handover]:
    """Send the letters of a night that wait, each once."""
    desk = open_desk(settings)
    with desk.connect() as connection:
        waiting = [row.message_id for row in waiting_letters(connection, publication, message_ids, branches)]
    return _send(settings, desk, publication.profile, waiting)


def require_letters_out(
    settings: Settings,
    publication: Publication,
    message_ids: Collection[str] | None = None,
    branches: Collection[str] | None = None,
    *,
    kinds: tuple[str, ...] = LETTERS,
) -> None:
    """Raises MailError unless no letter of a night (of kinds that begin so) is refused, waiting, or of unknown fate."""
    with open_desk(settings).connect() as connection:
        rows = _letters(connection, publication, kinds, message_ids, branches)
    lacking = [f"{row.handle} is {row.status}" for row in rows if row.status in UNSETTLED]
    if lacking:
        day = publication.business_date
        raise MailError(
            f"the mails of {day} beside its lists are not all out ({len(lacking)}): {first_of(lacking)}",
            f"Pending: mend the mail server, then `nightdesk outbox send --date {day}`. Refused or uncertain: "
            "`nightdesk outbox resolve ID --as sent|resend|drop` first; nothing is sent twice.",
        )


def _letters(
    connection: Connection,
    publication: Publication,
    kinds: tuple[str, ...],
    message_ids: Collection[str] | None,
    branches: Collection[str] | None,
) -> list[Item]:
    rows = list_rows(connection, profile=publication.profile, business_date=publication.business_date)
    return [
        row
        for row in rows
        if row.kind.startswith(kinds)
        and (message_ids is None or row.message_id in message_ids)
        and (branches is None or row.branch_id in branches)
    ]


def _enter(
    settings: Settings, desk: Engine, publication: Publication, letter: Letter, is_backfill: bool
) -> datetime.date:
    """Make a letter and put it into the outbox; returns the business date under which it stands there."""
    subject, plain, html = letter.make()
    day, revision = publication.business_date, publication.revision
    key = f"letter {publication.profile}|{letter.branch_id}|{letter.kind}"
    with desk.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
        if letter.revision is not None:  # another night that shows the same stands under the first one's date
            day = entered_on(connection, publication.profile, letter.branch_id, letter.kind) or day
            revision = letter.revision
        rows = list_rows(connection, profile=publication.profile, business_date=day)
        revisions = {row.revision for row in rows if (row.branch_id, row.kind) == (letter.branch_id, letter.kind)}
        if any(other > revision for other in revisions):
            return day  # what was said since is what is to be read
        body = Body(
            business_date=day,
            branch_id=letter.branch_id,
            revision=revision,
            language=letter.language,
            subject=subject,
            is_restated=False,
            text=plain,
            html=html,
            content_digest=hashlib.sha256(f"{plain}\0{html}".encode("utf-8", "surrogatepass")).hexdigest(),
            attachment=letter.attachment,
        )
        keep_body(letters_folder(settings, publication.profile, day), body, letter.kind)
        listing = _listing(settings, publication.profile, body, letter, is_backfill)
        # a new revision is told of to those who had an earlier one, where it says something else; the same one never
        fill(connection, listing, restate=revision not in revisions)
    return day


def _listing(settings: Settings, profile: str, body: Body, letter: Letter, is_backfill: bool) -> Listing:
    envelope = Envelope(profile, settings.mail_from, "", now(), letter.kind, is_backfill)
    entry = Entry(
        message_id=list_message_id(body, envelope),
        profile=profile,
        business_date=body.business_date,
        branch_id=body.branch_id,
        kind=letter.kind,
        revision=body.revision,
        recipient="",
        language=body.language,
        subject=list_subject(body, envelope),
        is_backfill=is_backfill,
        content_digest=body.content_digest,
    )
    return Listing(entry, letter.to, lambda copy: list_message_id(body, envelope, copy))


def _send(settings: Settings, desk: Engine, profile: str, waiting: list[str]) -> list[Handover]:
    zone = load_profile(settings, profile).zone

    def compose(item: Item) -> Mail:
        folder = letters_folder(settings, item.profile, item.business_date)
        body = kept_body(folder, item.branch_id, item.revision, item.kind)
        if body is None or body.content_digest != item.content_digest:
            raise Outdated(
                "what the mail says is not below the home any more",
                "Run again what wrote it: nightdesk weekly --send, nightdesk digest --send, or its DAG with `send`.",
            )
        body = replace(body, is_restated=item.is_restated)
        envelope = Envelope(
            item.profile, settings.mail_from, item.recipient, now().astimezone(zone), item.kind, item.is_backfill
        )
        return replace(mail_of(body, envelope), message_id=item.message_id)

    return send_pending(desk, waiting, transport_of(settings.transport_url), compose) if waiting else []
