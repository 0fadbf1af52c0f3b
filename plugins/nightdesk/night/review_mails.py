"""Reviews by mail, when told: to the bank's ESG reviewers of all projects, to a branch of its own.

They are letters: none leaves twice for the same projects.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.desk.outbox import REVIEW
from nightdesk.desk.publication import Publication
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.night.letters import Letter, require_letters_out, send_letters
from nightdesk.reading.people import is_at_work
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import Language, catalogue, language_of
from nightdesk.render.environment import fill
from nightdesk.render.figures import Figures
from nightdesk.render.outputs import page_file
from nightdesk.settings import Settings

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
    letters = [_letter(publication, folder, recipient) for recipient in recipients]
    told = send_letters(settings, publication, letters, along=REVIEW)
    require_letters_out(settings, publication, kinds=(REVIEW,))
    return dict(Counter(one.fate for one in told if one.fate != "already"))


def _recipients(night: PublishedNight, projects: frozenset[str], language: Language | None) -> Iterator[_Recipient]:
    day = night.publication.business_date
    rows = tuple(row for row in night.table("project_review") if row["project_id"] in projects)
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    for member in night.source("staff", "staff_id", "where role = 'esg'"):
        if not is_at_work(member, day):
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


def _letter(publication: Publication, folder: Path, recipient: _Recipient) -> Letter:
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
    # other projects are another mail of the same night
    kind = f"{REVIEW}{recipient.name}.{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"

    def make() -> tuple[str, str, str]:
        return f"[Nightdesk] {subject}", text, fill("operators.html.j2", text=text)

    return Letter(kind, recipient.branch_id, recipient.language, recipient.to, make)
