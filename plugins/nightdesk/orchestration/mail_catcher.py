"""A mail server on loopback that delivers nothing: what it accepts lies in a folder as .eml files."""

import email
import email.policy
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from nightdesk.mail.message import file_stem

HOST = "127.0.0.1"


class KeepInFolder:
    """Keeps each accepted message under the name of its Message-ID, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Called by the server for each message; the answer goes back to the sender."""
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 the message did not arrive as bytes"
        message_id = email.message_from_bytes(content, policy=email.policy.SMTP)["Message-ID"]
        if not message_id:
            return "554 the message has no Message-ID"
        target = self._folder / f"{file_stem(str(message_id))}.eml"
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content)
            draft.replace(target)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            return f"452 cannot be kept: {error.strerror}"
        return f"250 kept as {target.name}"


@contextmanager
def mail_catcher(folder: Path, port: int) -> Iterator[str]:
    """Listen on loopback while the block runs; yields the address for NIGHTDESK_SMTP_URL."""
    controller = Controller(KeepInFolder(folder), hostname=HOST, port=port)
    controller.start()
    try:
        yield f"smtp://{HOST}:{port}"
    finally:
        controller.stop()
