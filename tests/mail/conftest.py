"""The loopback SMTP server, and the desk database for the outbox."""

import socket
from collections.abc import Iterator

import pytest
from loopback import Handler, Loopback, LoopbackController
from sqlalchemy import Engine

from nightdesk.desk.database import open_desk
from nightdesk.settings import Settings


@pytest.fixture
def smtp() -> Iterator[Loopback]:
    """An SMTP server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Handler()
    controller = LoopbackController(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield Loopback(handler, f"smtp://127.0.0.1:{port}")
    controller.stop()


@pytest.fixture
def desk(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A migrated desk database on a real server."""
    monkeypatch.setenv("NIGHTDESK_DESK_URL", empty_database)
    engine = open_desk(Settings())
    yield engine
    engine.dispose()
