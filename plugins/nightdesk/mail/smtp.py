"""SMTP step by step, so that it is known how far a message came and what a failure means."""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

from nightdesk.mail.message import sole_address
from nightdesk.mail.outcome import Concern, Outcome, unmarked

#: a whole line of a reply: code, then a space, a hyphen (more lines follow) or nothing
_REPLY_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*?))?\r?\n", re.DOTALL)
_LONGEST_LINE, _MOST_LINES = 8192, 100
#: what a server says that closes the channel, whatever it was asked
_CLOSING = 421


@dataclass(frozen=True)
class SmtpTransport:
    """One conversation a message."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30.0

    def deliver(self, message: EmailMessage, before_data: Callable[[], None] = unmarked) -> Outcome:
        """Up to DATA nothing is delivered, whatever fails; after it, only a whole reply says what became of it."""
        body = _dotted(message.as_bytes(policy=SMTP))
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            # nobody was asked about this message: even a 5xx here is about the server or our account there
            detail = f"{self.host}:{self.port} cannot be used: {_said(error)}"
            return Outcome("deferred", detail, "server", is_pointless=_is_for_a_person(error))
        try:
            return self._ask(server, message, before_data) or _hand_over(server, body)
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

    def _ask(self, server: smtplib.SMTP, message: EmailMessage, before_data: Callable[[], None]) -> Outcome | None:
        """Everything up to the server's consent to DATA; None when it consents, else why not."""
        try:
            for command, header in ((server.mail, "From"), (server.rcpt, "To")):
                code, reply = command(sole_address(str(message[header])))
                if not 200 <= code < 300:
                    return _declined(code, reply)
            before_data()
            code, reply = server.docmd("DATA")
            return None if code == 354 else _declined(code, reply)
        except (OSError, smtplib.SMTPException) as error:
            detail = f"connection lost before the message was handed over: {_said(error)}"
            return Outcome("deferred", detail, "connection")


def _hand_over(server: smtplib.SMTP, body: bytes) -> Outcome:
    """The message itself, and what the server says to it."""
    lost = ""
    try:
        server.send(body)
    except (OSError, smtplib.SMTPException) as error:
        lost = _said(error)  # a server that has enough says so before it hangs up
    try:
        code, reply = _last_reply(server)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Outcome("uncertain", f"connection lost after DATA: {lost or _said(error)}", "connection")
    if code is None or (lost and code < 400):
        return Outcome("uncertain", f"no whole reply after DATA: {_text(reply)}", "connection")
    if code < 300:
        _quit(server)
        return Outcome("sent", f"{code} {_text(reply)}")
    return _declined(code, reply)


def _last_reply(server: smtplib.SMTP) -> tuple[int | None, bytes]:
    """The reply to the message, whole: every line ended, all with the same code of 2xx, 4xx or 5xx; else no code.

    smtplib takes half a line for an answer, and a line of garbage for the code -1.
    """
    if server.file is None:
        raise smtplib.SMTPServerDisconnected("the server hung up")
    codes, words = set(), []
    for _ in range(_MOST_LINES):
        line = server.file.readline(_LONGEST_LINE + 1)
        if not line:
            raise smtplib.SMTPServerDisconnected("the server hung up")
        match = _REPLY_LINE.fullmatch(line)
        if match is None:
            return None, line
        codes.add(int(match[1]))
        words.append(match[3] or b"")
        if match[2] != b"-":
            (code, *others) = codes
            return (None if others or 300 <= code < 400 else code), b" ".join(words)
    return None, b"a reply without end"


def _declined(code: int, reply: bytes) -> Outcome:
    """A whole answer that is no consent: for good when it is 5xx, else for now."""
    concerns: Concern = "server" if code == _CLOSING else "message"
    return Outcome("refused" if 500 <= code < 600 else "deferred", f"{code} {_text(reply)}", concerns)


def _is_for_a_person(error: BaseException) -> bool:
    """Whether trying again by itself would only repeat it: a login that is refused may lock the account."""
    return isinstance(error, smtplib.SMTPAuthenticationError) and 500 <= error.smtp_code < 600


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
    """A server's words, which it chose: one short printable line."""
    words = " ".join(reply.decode("utf-8", "replace").split())
    return "".join(letter if letter.isprintable() else "?" for letter in words)[:300]


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return f"{error.smtp_code} {_text(reply if isinstance(reply, bytes) else str(reply).encode())}"
    return f"{type(error).__name__} {_text(str(error).encode())}".strip()
