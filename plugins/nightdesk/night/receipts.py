"""Receipts: whoever replied by mail, and is with the bank still, is told once which lines were taken.

Of each other line it says why not. They leave with the lists, through the outbox, to the address that the staff
register names: nobody else learns that their mail was read, or what is in the desk.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from nightdesk.desk.read_mails import receipt_kind, replies_owed
from nightdesk.mail.compose import Body
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.reading.people import is_at_work
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import language_of
from nightdesk.render.receipt import ReceiptLine, receipt_texts


@dataclass(frozen=True)
class Receipt:
    """A person's receipt for one mail: its kind in the outbox, what it says and where it goes."""

    kind: str
    body: Body
    to: Mailboxes


def receipts(night: PublishedNight, branches: Collection[str] | None = None) -> list[Receipt]:
    """The receipts that a night owes to staff of some branches (all by default), and those that it has entered."""
    publication, day = night.publication, night.publication.business_date
    with night.night.desk.connect() as connection:
        mails = {receipt_kind(one.message_id): one for one in replies_owed(connection, publication.profile, day)}
    if not mails:
        return []
    staff = {str(row["staff_id"]): row for row in night.source("staff", "staff_id") if is_at_work(row, day)}
    languages = {str(row["branch_id"]): row["language"] for row in night.source("branch", "branch_id")}
    made = []
    for kind, mail in mails.items():
        person = staff.get(mail.staff_id or "", {})
        branch, to = str(person.get("branch_id") or ""), read_mailboxes(str(person.get("email") or ""))
        if branch not in languages or not to.addresses or (branches is not None and branch not in branches):
            continue
        language = language_of(languages[branch])
        lines = [ReceiptLine(*line) for line in json.loads(mail.lines)]
        subject, text, html = receipt_texts(lines, mail.taken, mail.refused, language)
        body = Body(
            business_date=day,
            branch_id=branch,
            revision=publication.revision,
            language=language,
            subject=subject,
            is_restated=False,
            text=text,
            html=html,
            content_digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        )
        made.append(Receipt(kind, body, Mailboxes(to.addresses[:1])))
    return made
