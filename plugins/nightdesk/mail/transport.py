"""Two ways out: an SMTP server, or a folder. What happened to a message is one of three words."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Literal, Protocol, TypeAlias
from urllib.parse import unquote, urlsplit

from nightdesk.errors import MailError, PolicyError
from nightdesk.mail.message import file_stem, require_address
from nightdesk.render.outputs import write_whole

Fate: TypeAlias = Literal["sent", "refused", "uncertain"]
DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Outcome:
    """sent: accepted; refused: certainly not accepted, may be tried again; uncertain: nobody can know."""

    fate: Fate
    detail: str


class Transport(Protocol):
    """Something that takes a message."""

    def deliver(self, message: EmailMessage) -> Outcome:
        """Hand over one message and say what became of it. Never raises for what the other side does."""
        ...


@dataclass(frozen=True)
class FileTransport:
    """Writes each message as <Message-ID>.eml into a folder, whole or not at all."""

    folder: Path

    def deliver(self, message: EmailMessage) -> Outcome:
        """Write the message; the same message again leaves the same file."""
        target = self.folder / f"{file_stem(str(message['Message-ID']))}.eml"
        try:
            write_whole(target, message.as_bytes(policy=SMTP))
        except OSError as error:
            return Outcome("refused", f"{target.name} cannot be written: {error.strerror}")
        return Outcome("sent", target.name)


@dataclass(frozen=True)
class SmtpTransport:
    """Speaks SMTP step by step, so that it is known how far a message came."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30.0

    def deliver(self, message: EmailMessage) -> Outcome:
        """One conversation: up to DATA every failure is a refusal; after it, a lost answer is uncertain."""
        body = _dotted(message.as_bytes(policy=SMTP))
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("refused", f"{self.host}:{self.port} cannot be used: {_said(error)}")
        try:
            return self._converse(server, message, body)
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=context)
                server.ehlo()
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _converse(self, server: smtplib.SMTP, message: EmailMessage, body: bytes) -> Outcome:
        try:
            for code, reply in (
                server.mail(require_address(str(message["From"]))),
                server.rcpt(require_address(str(message["To"]))),
            ):
                if code >= 300:
                    return Outcome("refused", f"{code} {_text(reply)}")
            code, reply = server.docmd("DATA")
            if code != 354:
                return Outcome("refused", f"{code} {_text(reply)}")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("refused", f"connection lost before the message was handed over: {_said(error)}")
        try:
            server.send(body)
            code, reply = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("uncertain", f"connection lost after DATA: {_said(error)}")
        if 200 <= code < 300:
            _quit(server)
            return Outcome("sent", f"{code} {_text(reply)}")
        return Outcome("refused", f"{code} {_text(reply)}")


def deliver(transport: Transport, message: EmailMessage) -> Outcome:
    """Hand one message to a transport."""
    return transport.deliver(message)


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


def require_sent(outcome: Outcome, what: str) -> None:
    """Raises MailError with the remedy when `what` was not sent."""
    if outcome.fate == "refused":
        raise MailError(
            f"{what} was refused: {outcome.detail}",
            "Mend the cause, then run `nightdesk outbox resolve ID --as resend` and `nightdesk outbox send`.",
        )
    if outcome.fate == "uncertain":
        raise MailError(
            f"whether {what} arrived is unknown: {outcome.detail}",
            "Ask the branch, then run `nightdesk outbox resolve ID --as sent`, or `--as resend`.",
        )


def _dotted(content: bytes) -> bytes:
    """The message as SMTP sends it: a leading dot doubled, and the lone dot at the end."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _quit(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        return  # the message was accepted; a rude goodbye changes nothing


def _text(reply: bytes) -> str:
    return " ".join(reply.decode("utf-8", "replace").split())[:300]


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return f"{error.smtp_code} {_text(reply if isinstance(reply, bytes) else str(reply).encode())}"
    return f"{type(error).__name__} {error}".strip()[:300]
