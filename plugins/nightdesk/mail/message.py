"""One mail as bytes that never vary: text, HTML and a workbook under a Message-ID of its own making."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from nightdesk.errors import MailError
from nightdesk.mailboxes import read_mailboxes
from nightdesk.render.inert import inert

#: what a file system takes for a name, less what a draft beside it adds
_LONGEST_STEM = 200
_LONGEST_PART = 64
_PARTIAL = re.compile(r"%[0-9A-Fa-f]?$")
WORKBOOK_TYPE = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Attachment:
    """A workbook and its file name, ASCII."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What a message is made of. `sent_at` is the aware instant at which it is sent."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    language: str
    text: str
    html: str
    sent_at: datetime
    attachment: Attachment | None = None


def message_id(
    profile: str, business_date: str, branch_id: str, kind: str, revision: int, sender: str, copy: int = 1
) -> str:
    """The Message-ID of a list: the same list always has the same one, so a mail server can tell a copy.

    `copy` counts the recipients of one list from 1; the first one's id does not name it.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    parts = (profile, business_date, branch_id, kind, f"r{revision}", *([str(copy)] if copy > 1 else []))
    return f"<nightdesk.{'.'.join(short_part(part) for part in parts)}@{domain}>"


def short_part(identifier: str) -> str:
    """An id as a part of a Message-ID or file name: percent-encoded, and at most 64 characters.

    A longer one keeps its head and ends in `=` and a digest of all of it; no encoded id has a `=` of its own.
    """
    encoded = quote(identifier, safe="")
    if len(encoded) <= _LONGEST_PART:
        return encoded
    return f"{_PARTIAL.sub('', encoded[:40])}={_digest(identifier)}"


def file_stem(identifier: str) -> str:
    """A Message-ID as a file name without ending: brackets and domain dropped, at most 200 characters."""
    stem = quote(identifier.strip("<>").rpartition("@")[0] or identifier.strip("<>"), safe="%=")
    return stem if len(stem) <= _LONGEST_STEM else f"{_PARTIAL.sub('', stem[:160])}={_digest(identifier)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def sole_address(text: str) -> str:
    """The bare address of the one mailbox that a text names.

    Raises MailError when it names none, or several, so that nothing can add recipients or headers. The text is not
    repeated: it is a cell of the bank's.
    """
    found = read_mailboxes(text)
    if len(found.addresses) != 1 or found.bad:
        raise MailError("the recipient is not one mail address", "Correct branch.list_email in the branch registry.")
    return found.addresses[0]


def build_message(mail: Mail) -> EmailMessage:
    """The MIME message: multipart/mixed of (text, HTML) and the workbook. Equal mails give equal bytes.

    Raises MailError when the recipient is not one address.
    """
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.sent_at)
    message["From"] = mail.sender
    message["To"] = sole_address(mail.recipient)
    message["Subject"] = " ".join(inert(mail.subject).split())
    message["Content-Language"] = mail.language.replace("_", "-")
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, subtype="plain", charset="utf-8", cte="base64")
    message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="base64")
    if mail.attachment is not None:
        message.add_attachment(
            mail.attachment.content,
            maintype="application",
            subtype=WORKBOOK_TYPE,
            filename=mail.attachment.name,
        )
    _fix_boundaries(message, mail.message_id)
    return message


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Boundaries from the Message-ID instead of chance; base64 bodies cannot contain them."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:24]
        part.set_boundary(f"=_nightdesk_{digest}")
