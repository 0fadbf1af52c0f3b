"""A bank behind SQLite and behind PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from nightdesk.source import Source, open_source

MakeSource = Callable[..., Source]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bank.db'}"
    found: str = request.getfixturevalue("empty_database")
    return found


@pytest.fixture
def bank(url: str) -> MakeSource:
    """A source after some statements."""

    def make(*statements: str) -> Source:
        engine = create_engine(url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement.replace(":", "\\:")))
        engine.dispose()
        return open_source(url, "contract", ZoneInfo("Asia/Shanghai"))

    return make
