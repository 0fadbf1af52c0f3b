"""The loopback SMTP server, and the desk database for the outbox."""

from collections.abc import Iterator

import pytest
from loopback import Loopback, loopback_smtp
from sqlalchemy import Engine

from nightdesk.desk.database import open_desk
from nightdesk.settings import get_settings


@pytest.fixture
def smtp() -> Iterator[Loopback]:
    """An SMTP server on loopback."""
    with loopback_smtp() as server:
        yield server


@pytest.fixture
def desk(desk_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A migrated desk database on a real server."""
    monkeypatch.setenv("NIGHTDESK_DESK_URL", desk_database)
    engine = open_desk(get_settings())
    yield engine
    engine.dispose()
