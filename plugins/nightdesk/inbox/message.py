"""What a mail to the mailbox of answers is: a person's reply with a workbook or a line, a machine's, or a bounce.

Nothing of a mail is run, opened elsewhere or followed, and only so much of it is looked at.
"""

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from html.parser import HTMLParser
from typing import Literal

from nightdesk.mailboxes import read_mailboxes

Kind = Literal["reply", "automatic", "bounce", "empty", "unreadable"]
#: attachments, lines and characters of a reply that are looked at
_FILES, _LINES, _LONGEST_LINE, _LONGEST_TEXT = 3, 40, 500, 200_000
_ENDINGS = (".xlsx", ".csv")
_AWAY = re.compile(
    r"^\s*(?:自动回复|自动答复|外出|休假|automatic reply|auto(?:matic)?[- ]?reply|out of (?:the )?office|autoreply)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster)@", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What a mail is; of a reply its sender's bare address, its files and the first line that the person wrote.

    `bounced`: the addresses that a server gave up on. `message_id` is the mail's own, or a digest of it where it has
    none; `about` are the ids that it answers or returns.
    """

    kind: Kind
    message_id: str
    sender: str = ""
    line: str = ""
    files: tuple[bytes, ...] = ()
    bounced: tuple[str, ...] = ()
    about: frozenset[str] = field(default_factory=frozenset)


def said_in(content: bytes) -> Said:
    """What a mail is; never raises for what is in it."""
    fallback = f"<{hashlib.sha256(content).hexdigest()[:32]}@content>"
    try:
        message = message_from_bytes(content, policy=default)
        own = _header(message, "Message-ID").strip()
        message_id = own if re.fullmatch(r"<[^<>\s]{1,250}>", own) else fallback
        return _said(message, message_id)
    except Exception:  # noqa: BLE001  # a mail may be broken in any way that its sender likes
        return Said("unreadable", fallback)


def _said(message: EmailMessage, message_id: str) -> Said:
    ids = " ".join(_header(message, name) for name in ("In-Reply-To", "References"))
    about = frozenset(re.findall(r"<[^<>\s]{1,250}>", ids)[:50])
    senders = read_mailboxes(_header(message, "From"))
    is_one = len(senders.addresses) == 1 and not senders.bad
    sender = senders.addresses[0] if is_one and not _is_forged(message) else ""
    if message.get_content_type() == "multipart/report" or _DAEMON.match(sender):
        bounced, returned = _bounced(message)
        kind: Kind = "bounce" if bounced else "automatic"
        return Said(kind, message_id, sender, bounced=bounced, about=about | returned)
    if _is_automatic(message):
        return Said("automatic", message_id, sender, about=about)
    files = tuple(_files(message))
    line = "" if files else _first_line(message)
    return Said("reply" if files or line else "empty", message_id, sender, line, files, about=about)


def _header(message: Message, name: str) -> str:
    return str(message.get(name) or "")


def _is_forged(message: EmailMessage) -> bool:
    """Whether the bank's own server found that the sender's domain does not stand behind the mail."""
    results = message.get_all("Authentication-Results") or []
    return any(re.search(r"\bdmarc\s*=\s*fail\b", str(result), re.IGNORECASE) for result in results)


def _is_automatic(message: EmailMessage) -> bool:
    """Auto-Submitted as RFC 3834 has it, what older machines say in its place, and the subjects of those that say
    nothing."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = _header(message, "Precedence").strip().lower()
    return (
        submitted not in ("", "no")
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))
        or bool(_AWAY.match(_header(message, "Subject")))
    )


def _bounced(message: EmailMessage) -> tuple[tuple[str, ...], frozenset[str]]:
    """The recipients that failed for good (RFC 3464), and the id of the mail that comes back."""
    failed: dict[str, None] = {}
    returned: set[str] = set()
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in (one for one in part.get_payload() if isinstance(one, Message)):
                action = _header(block, "Action").strip().lower()
                status = _header(block, "Status").strip()
                if action != "failed" or status.startswith("4"):
                    continue
                for name in ("Original-Recipient", "Final-Recipient"):
                    found = read_mailboxes(_header(block, name).rpartition(";")[2].strip()).addresses
                    failed |= dict.fromkeys(found)
        elif kind in ("message/rfc822", "text/rfc822-headers") and len(returned) < 5:
            text = part.as_string()[:20_000]
            returned |= set(re.findall(r"^message-id:\s*(<[^<>\s]{1,250}>)", text, re.IGNORECASE | re.MULTILINE)[:3])
    return tuple(failed)[:20], frozenset(returned)


def _files(message: EmailMessage) -> list[bytes]:
    found: list[bytes] = []
    for part in message.walk():
        name = str(part.get_filename() or "").lower()
        if not part.is_multipart() and name.endswith(_ENDINGS) and len(found) < _FILES:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                found.append(content)
    return found


def _first_line(message: EmailMessage) -> str:
    """The first line that a person wrote: not quoted, not blank."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())[:_LONGEST_TEXT]
    if body.get_content_type() == "text/html":
        parser = _Words()
        parser.feed(text)
        text = "".join(parser.words)
    for line in text.splitlines()[:_LINES]:
        words = " ".join(line.split())
        if words and not words.startswith(">"):
            return words[:_LONGEST_LINE]
    return ""


class _Words(HTMLParser):
    """The words of a page, a block a line; nothing of it is loaded."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; styles and scripts say nothing."""
        del attrs
        self._hidden += tag in ("style", "script", "head", "title")
        if tag in ("br", "p", "div", "tr", "li", "td", "body"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends a line."""
        if tag in ("style", "script", "head", "title"):
            self._hidden = max(self._hidden - 1, 0)
        if tag in ("p", "div", "tr", "li"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        """Words that are shown."""
        if not self._hidden:
            self.words.append(data)
