"""One mail as bytes that never vary: text, HTML and a workbook under a Message-ID of its own making."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from nightdesk.errors import MailError

WORKBOOK_TYPE = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Attachment:
    """A workbook and its file name, ASCII."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What a message is made of. `sent_at` is the morning's aware instant, not the clock's."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    language: str
    text: str
    html: str
    sent_at: datetime
    attachment: Attachment | None = None


def message_id(profile: str, business_date: str, branch_id: str, kind: str, revision: int, sender: str) -> str:
    """The Message-ID of a list: the same list always has the same one, so a mail server can tell a copy."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    parts = (profile, business_date, branch_id, kind, f"r{revision}")
    return f"<nightdesk.{'.'.join(quote(part, safe='') for part in parts)}@{domain}>"


def file_stem(identifier: str) -> str:
    """A Message-ID as a file name without ending: brackets and domain dropped."""
    return quote(identifier.strip("<>").rpartition("@")[0] or identifier.strip("<>"), safe="%")


def require_address(address: str) -> str:
    """The bare address of one mailbox in ASCII.

    Raises MailError when it is none, so that no registry entry can add recipients or headers.
    """
    bare = parseaddr(address)[1] if "<" in address else address.strip()
    local, at, domain = bare.rpartition("@")
    if not (at and local and domain) or not bare.isascii() or any(c in bare for c in ' \t\r\n,;:<>"()'):
        raise MailError(f"{address!r} is not one mail address", "Correct list_email in the branch registry.")
    return bare


def build_message(mail: Mail) -> EmailMessage:
    """The MIME message: multipart/mixed of (text, HTML) and the workbook. Equal mails give equal bytes.

    Raises MailError when the recipient is not one address.
    """
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.sent_at)
    message["From"] = mail.sender
    message["To"] = require_address(mail.recipient)
    message["Subject"] = " ".join(mail.subject.split())
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
