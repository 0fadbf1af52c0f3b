"""A mail server on loopback that delivers nothing: what it accepts lies in a folder as .eml files."""

import email
import email.policy
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from nightdesk.closed import close_by_default
from nightdesk.mail.message import file_stem
from nightdesk.settings import get_settings

HOST = "127.0.0.1"
MAIL_PORT = 1025


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
def mail_catcher(folder: Path, port: int, host: str = HOST) -> Iterator[str]:
    """Listen while the block runs, on loopback unless told; yields the address for NIGHTDESK_SMTP_URL."""
    controller = Controller(KeepInFolder(folder), hostname=host, port=port)
    controller.start()
    try:
        yield f"smtp://{host}:{port}"
    finally:
        controller.stop()


def main(host: str = HOST, port: int = MAIL_PORT) -> None:
    """Keep mails below NIGHTDESK_HOME until SIGTERM: the mail service of a deployment in containers."""
    close_by_default()
    folder = get_settings().home / "mail"
    with mail_catcher(folder, port, host) as address:
        sys.stdout.write(f"{address} keeps mails in {folder}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    # Blocked before the server's thread starts, so that sigwait above is the one that takes them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    typer.run(main)
