"""The command line on a bank of ten clients: two nights published and not mailed, and a copy of them for each test."""

import datetime
import itertools
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from databases import copy_database, execute
from hand_bank import Bank, ten_clients, write_sqlite
from loopback import Loopback, loopback_smtp
from made_once import PROCESS
from night_runs import publish_night
from typer.testing import CliRunner, Result

from nightdesk import pg
from nightdesk.cli import app
from nightdesk.desk.database import open_desk
from nightdesk.night.whole import NightResult
from nightdesk.settings import Settings

_NUMBERS = itertools.count(1)


@dataclass
class Terminal:
    """One home and desk database, and commands run there as a person would."""

    server: pg.Server
    home: Path
    database: str
    source: str
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, **env: str) -> Result:
        """Run `nightdesk` with these words; settings by their short names."""
        settings = {
            "NIGHTDESK_HOME": str(self.home),
            "NIGHTDESK_DESK_URL": self.server.admin_url(self.database),
            "NIGHTDESK_SOURCE_URL": self.source,
            "NIGHTDESK_THREADS": "1",
            **self.env,
            **{f"NIGHTDESK_{name.upper()}": value for name, value in env.items()},
        }
        return CliRunner(env=settings).invoke(app, list(words))

    def settings(self) -> Settings:
        """The same as settings."""
        return Settings(home=self.home, desk_url=self.server.admin_url(self.database), threads=1)

    def copy(self, home: Path, database: str) -> "Terminal":
        """What is there, at another place."""
        copy_database(self.server, self.database, database)
        shutil.copytree(self.home, home, symlinks=True)
        return Terminal(self.server, home, database, self.source)


def published_nights(
    server: pg.Server, place: Path, database: str, days: Iterable[datetime.date], bank: Bank | None = None
) -> Terminal:
    """A home of its own where nights of a bank, by default that of ten clients, are published: no page of them is
    made."""
    made = Terminal(server, place / "home", database, write_sqlite(bank or ten_clients(), place / "bank.db"))
    execute(server, f"create database {database}")
    for day in days:
        publish_night(made.settings(), day, made.source)
    return made


@pytest.fixture(scope="session")
def two_published(
    pg_server: pg.Server,
    second_night: tuple[Settings, NightResult],
    ten_source: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Terminal:
    """The nights of the day before D and of D, published and not mailed: as of this process, only to be copied."""
    settings = second_night[0]
    both = Terminal(pg_server, settings.home, str(settings.desk_url).rpartition("/")[2], ten_source)
    return both.copy(tmp_path_factory.mktemp("cli") / "home", f"cli_{PROCESS}")


@pytest.fixture
def terminal(two_published: Terminal, tmp_path: Path) -> Iterator[Terminal]:
    """A copy of the two nights, to do anything to."""
    copy = two_published.copy(tmp_path / "home", f"cli_{PROCESS}_{next(_NUMBERS)}")
    yield copy
    open_desk(copy.settings()).dispose()
    execute(two_published.server, f"drop database {copy.database} with (force)")


@pytest.fixture
def smtp() -> Iterator[Loopback]:
    """An SMTP server on loopback that can be told to misbehave."""
    with loopback_smtp() as server:
        yield server


#: a command as a message prints it
_PRINTED = re.compile(r"nightdesk ((?:night|backfill|status)(?: (?:--[a-z-]+|\d{4}-\d\d-\d\d|TEXT|[a-z_]+))*)")


def printed(result: Result) -> list[list[str]]:
    """The commands that a refused command names, as words to run."""
    return [command.split(" ") for command in _PRINTED.findall(result.stderr)]
