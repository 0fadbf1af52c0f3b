"""A real SMTP server that can be told to misbehave."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Server(SMTP):
    """aiosmtpd, which can drop the line in the middle of DATA."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  (aiosmtpd's name)
        if self.event_handler.behaviour == "drop_in_data":
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._reader.readline()
            self.transport.abort()
            return
        if self.event_handler.behaviour == "drop_before_data":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


@dataclass
class Handler:
    """Keeps what arrived. behaviour: accept, refuse_recipient, refuse_data, drop_*, slow; `gone`: no such mailboxes."""

    behaviour: str = "accept"
    gone: frozenset[str] = frozenset()
    arrived: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.behaviour == "refuse_recipient" or address in self.gone:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.behaviour == "refuse_data":
            return "554 5.7.1 not wanted"
        if self.behaviour == "slow":
            await asyncio.sleep(0.4)
        assert isinstance(envelope.content, bytes)
        self.arrived.append(envelope.content)
        if self.behaviour == "drop_after_data":
            server.transport.abort()
        return "250 2.0.0 taken"


class LoopbackController(Controller):
    """A controller on a port of the system's choice."""

    def factory(self) -> SMTP:
        return Server(self.handler, enable_SMTPUTF8=False)


@dataclass
class Loopback:
    """The running server's address and its handler."""

    handler: Handler
    url: str


@contextmanager
def loopback_smtp() -> Iterator[Loopback]:
    """The server on a free port of loopback, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Handler()
    controller = LoopbackController(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Loopback(handler, f"smtp://127.0.0.1:{port}")
    finally:
        controller.stop()
