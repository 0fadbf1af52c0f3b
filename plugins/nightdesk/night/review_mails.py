"""Reviews by mail, when told: to the bank's ESG reviewers of all projects, to a branch of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.clock import now
from nightdesk.desk.publication import Publication
from nightdesk.errors import MailError
from nightdesk.mail.message import Mail, build_message, message_id
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import read_mailboxes
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import Language, catalogue, language_of
from nightdesk.render.environment import fill
from nightdesk.render.figures import Figures
from nightdesk.render.outputs import page_file
from nightdesk.settings import Settings

_NAMED = 3


@dataclass(frozen=True)
class _Recipient:
    """Who gets a mail, in which language, and of which projects it tells."""

    name: str
    address: str
    language: Language
    projects: tuple[dict[str, Any], ...]


def send_reviews(
    settings: Settings, publication: Publication, projects: Sequence[str], folder: Path, language: Language | None
) -> dict[str, int]:
    """Mail where the reviews of these projects lie: to every ESG reviewer at work, and to each branch its own.

    Addresses come from the registry and the staff alone. Returns how many mails had which fate. Raises MailError, once
    all were tried, naming those that were not sent; nothing is sent again by itself.
    """
    transport = transport_of(settings.transport_url)
    fates: dict[str, int] = {}
    failed = []
    with PublishedNight(settings, publication) as night:
        recipients = list(_recipients(night, frozenset(projects), language))
    for recipient in recipients:
        outcome = transport.deliver(build_message(_mail(settings, publication, folder, recipient)))
        fates[outcome.fate] = fates.get(outcome.fate, 0) + 1
        if outcome.fate != "sent":
            failed.append(f"{recipient.name} ({outcome.fate})")
    if failed:
        more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        raise MailError(
            f"{len(failed)} of {len(recipients)} mails with reviews were not sent: {', '.join(failed[:_NAMED])}{more}",
            "Mend the mail server or the address, then start the run again: those that were sent come again with it.",
        )
    return fates


def _recipients(night: PublishedNight, projects: frozenset[str], language: Language | None) -> Iterator[_Recipient]:
    day = night.publication.business_date
    rows = tuple(row for row in night.table("project_review") if row["project_id"] in projects)
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    for member in night.source("staff", "staff_id", "where role = 'esg'"):
        left = member["active_to"] is not None and member["active_to"] <= day
        if left or (member["active_from"] is not None and member["active_from"] > day):
            continue
        own = language_of(branches.get(member["branch_id"], {}).get("language"))
        for address in read_mailboxes(member["email"]).addresses:
            yield _Recipient(str(member["staff_id"]), address, language or own, rows)
    for branch_id, branch in branches.items():
        ours = tuple(row for row in rows if row["branch_id"] == branch_id)
        for address in read_mailboxes(branch["list_email"]).addresses if ours else ():
            yield _Recipient(str(branch_id), address, language or language_of(branch["language"]), ours)


def _mail(settings: Settings, publication: Publication, folder: Path, recipient: _Recipient) -> Mail:
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
    return Mail(
        message_id=message_id(
            publication.profile,
            str(publication.business_date),
            f"{recipient.name}.{recipient.address}",
            "esg_review",
            publication.revision,
            settings.mail_from,
        ),
        sender=settings.mail_from,
        recipient=recipient.address,
        subject=f"[Nightdesk] {subject}",
        language="zh-CN" if recipient.language == "zh_CN" else "en",
        text=text,
        html=fill("operators.html.j2", text=text),
        sent_at=now(),
    )
