"""Reviews by mail, when told: to the bank's ESG reviewers of all projects, to a branch of its own.

They leave through the outbox, as lists do: none twice for the same projects, none of unknown fate again by itself. What
each says is kept below the reviews' folder, so that one that waits can leave later.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from nightdesk.bank_profile import load_profile
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.filling import Listing, fill
from nightdesk.desk.outbox import REVIEW, UNSETTLED, Entry, Item, list_rows
from nightdesk.desk.publication import Publication
from nightdesk.errors import MailError
from nightdesk.mail.compose import Body, Envelope, list_message_id, list_subject, mail_of
from nightdesk.mail.kept import keep_body, kept_body
from nightdesk.mail.message import Mail
from nightdesk.mail.sending import Outdated, send_pending
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.night.reviewing import reviews_folder
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import Language, catalogue, language_of
from nightdesk.render.environment import fill as filled
from nightdesk.render.figures import Figures
from nightdesk.render.outputs import page_file
from nightdesk.settings import Settings

_NAMED = 3
_OF_BRANCH = "branch"


@dataclass(frozen=True)
class _Recipient:
    """Who gets a mail: a person of a branch or the branch itself, in which language, and of which projects it tells."""

    name: str
    branch_id: str
    to: Mailboxes
    language: Language
    projects: tuple[dict[str, Any], ...]


def send_reviews(
    settings: Settings, publication: Publication, projects: Sequence[str], folder: Path, language: Language | None
) -> dict[str, int]:
    """Mail where the reviews of these projects lie: to every ESG reviewer at work, and to each branch its own.

    Addresses come from the registry and the staff alone. Returns how many mails had which fate; those that left before
    are not among them. Raises MailError, once all were tried, unless all review mails of this night are out.
    """
    with PublishedNight(settings, publication) as night:
        recipients = list(_recipients(night, frozenset(projects), language))
    with open_desk(settings).begin() as connection:
        for recipient in recipients:
            body = _body(publication, folder, recipient)
            kind = f"{REVIEW}{recipient.name}.{body.content_digest[:8]}"
            keep_body(folder, body, kind)
            fill(connection, _listing(settings, publication, body, kind, recipient.to))
    fates = send_waiting(settings, publication)
    _require_all_out(settings, publication)
    return fates


def waiting_reviews(
    connection: Connection, publication: Publication, message_ids: Collection[str] | None = None
) -> list[Item]:
    """Review mails of a night that wait in the outbox, or of the named ones."""
    rows = list_rows(connection, profile=publication.profile, business_date=publication.business_date, status="pending")
    return [
        row for row in rows if row.kind.startswith(REVIEW) and (message_ids is None or row.message_id in message_ids)
    ]


def send_waiting(
    settings: Settings, publication: Publication, message_ids: Collection[str] | None = None
) -> dict[str, int]:
    """Send the review mails of a night that wait, each once; returns how many had which fate."""
    desk, folder = open_desk(settings), reviews_folder(settings, publication)
    zone = load_profile(settings, publication.profile).zone

    def compose(item: Item) -> Mail:
        body = kept_body(folder, item.branch_id, item.revision, item.kind)
        if body is None or body.content_digest != item.content_digest:
            raise Outdated(
                "what the mail says is not in the reviews' folder any more",
                "Start esg_review again for that business date, with `send`.",
            )
        envelope = Envelope(item.profile, settings.mail_from, item.recipient, now().astimezone(zone), item.kind)
        mail = mail_of(body, envelope)
        return _with_id(mail, item.message_id)

    with desk.connect() as connection:
        waiting = [item.message_id for item in waiting_reviews(connection, publication, message_ids)]
    sent = send_pending(desk, waiting, transport_of(settings.transport_url), compose) if waiting else []
    return dict(Counter("pending" if one.outcome.fate == "deferred" else one.outcome.fate for one in sent))


def _with_id(mail: Mail, message_id: str) -> Mail:
    return Mail(**{**mail.__dict__, "message_id": message_id})


def _require_all_out(settings: Settings, publication: Publication) -> None:
    with open_desk(settings).connect() as connection:
        rows = list_rows(connection, profile=publication.profile, business_date=publication.business_date)
    lacking = [row for row in rows if row.kind.startswith(REVIEW) and row.status in UNSETTLED]
    if lacking:
        named = ", ".join(f"{row.handle} is {row.status}" for row in lacking[:_NAMED])
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        day = publication.business_date
        raise MailError(
            f"the mails with reviews of {day} are not all out ({len(lacking)}): {named}{more}",
            f"Pending: mend the mail server, then `nightdesk outbox send --date {day}`. Refused or uncertain: "
            "`nightdesk outbox resolve ID --as sent|resend|drop` first; nothing is sent twice.",
        )


def _recipients(night: PublishedNight, projects: frozenset[str], language: Language | None) -> Iterator[_Recipient]:
    day = night.publication.business_date
    rows = tuple(row for row in night.table("project_review") if row["project_id"] in projects)
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    for member in night.source("staff", "staff_id", "where role = 'esg'"):
        left = member["active_to"] is not None and member["active_to"] <= day
        if left or (member["active_from"] is not None and member["active_from"] > day):
            continue
        own = language_of(branches.get(member["branch_id"], {}).get("language"))
        to = read_mailboxes(member["email"])
        if to:
            yield _Recipient(str(member["staff_id"]), str(member["branch_id"]), to, language or own, rows)
    for branch_id, branch in branches.items():
        ours = tuple(row for row in rows if row["branch_id"] == branch_id)
        to = read_mailboxes(branch["list_email"])
        if ours and to:
            yield _Recipient(_OF_BRANCH, str(branch_id), to, language or language_of(branch["language"]), ours)


def _body(publication: Publication, folder: Path, recipient: _Recipient) -> Body:
    t = catalogue(recipient.language)
    day = Figures(recipient.language, "").day(publication.business_date)
    subject = t("esg_mail.subject", date=day, n=len(recipient.projects))
    lines = [subject, t("esg_mail.where", folder=folder), ""]
    # a branch's mail names its projects by id: who it is stands in the review, inside of the bank
    lines += [
        f"{row['project_id']}  {page_file(folder, 'esg', str(row['project_id'])).with_suffix('.pdf').name}"
        for row in recipient.projects
    ]
    text = "\n".join(lines) + "\n"
    return Body(
        business_date=publication.business_date,
        branch_id=recipient.branch_id,
        revision=publication.revision,
        language=recipient.language,
        subject=f"[Nightdesk] {subject}",
        is_restated=False,
        text=text,
        html=filled("operators.html.j2", text=text),
        content_digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _listing(settings: Settings, publication: Publication, body: Body, kind: str, to: Mailboxes) -> Listing:
    envelope = Envelope(publication.profile, settings.mail_from, "", now(), kind)
    entry = Entry(
        message_id=list_message_id(body, envelope),
        profile=publication.profile,
        business_date=publication.business_date,
        branch_id=body.branch_id,
        kind=kind,
        revision=publication.revision,
        recipient="",
        language=body.language,
        subject=list_subject(body, envelope),
        content_digest=body.content_digest,
    )
    return Listing(entry, to, lambda copy: list_message_id(body, envelope, copy))
