"""Two ways out: an SMTP server, or a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from nightdesk.errors import PolicyError
from nightdesk.mail.message import file_stem
from nightdesk.mail.outcome import Outcome, Transport, unmarked
from nightdesk.mail.smtp import SmtpTransport
from nightdesk.whole_file import write_whole

DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class FileTransport:
    """Writes each message as <Message-ID>.eml into a folder, whole or not at all."""

    folder: Path

    def deliver(self, message: EmailMessage, before_data: Callable[[], None] = unmarked) -> Outcome:
        """Write the message. Nothing is ever uncertain: the same message again leaves the same file."""
        del before_data
        target = self.folder / f"{file_stem(str(message['Message-ID']))}.eml"
        try:
            write_whole(target, message.as_bytes(policy=SMTP))
        except OSError as error:
            return Outcome("deferred", f"{target.name} cannot be written: {error.strerror}", "server")
        return Outcome("sent", target.name)


def transport_of(url: str) -> Transport:
    """The transport of smtp://, smtps://, smtp+starttls:// (user:password@host:port) or file:///folder.

    Raises PolicyError for anything else.
    """
    parts = urlsplit(url)
    remedy = (
        "Set NIGHTDESK_SMTP_URL to smtp://host:25, smtp+starttls://user:password@host:587, smtps://… or file:///folder."
    )
    if parts.scheme == "file":
        if parts.netloc or not parts.path:
            raise PolicyError("the mail address file://… needs an absolute folder", remedy)
        return FileTransport(Path(unquote(parts.path)))
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise PolicyError(f"mail cannot be sent by {parts.scheme or 'an empty address'}", remedy)
    try:
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError:
        raise PolicyError("the port of the mail server is not a number", remedy) from None
    security: dict[str, Literal["none", "starttls", "tls"]] = {"smtps": "tls", "smtp+starttls": "starttls"}
    return SmtpTransport(
        host=parts.hostname,
        port=port,
        security=security.get(parts.scheme, "none"),
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )
