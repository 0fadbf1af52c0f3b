"""What many tests share: one real PostgreSQL for the session, and a database of it for each test."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from databases import copy_database, execute
from hypothesis import settings

from nightdesk import pg
from nightdesk.desk.database import open_desk
from nightdesk.settings import Settings

# the same examples in every run: red speaks of the change, not of the dice (search on: --hypothesis-profile=default)
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

_NUMBERS = count(1)
os.umask(_UMASK := os.umask(0o077))  # the umask of whoever runs the tests: it can be read by setting it only
#: folders whose tests read, or go on from, nights that one process makes for all of them
_SHARING = ("night", "cli")
_AIRFLOW_HOME = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Importing Airflow writes into its home: not into the developer's, nor two processes of tests into one."""
    if "AIRFLOW_HOME" not in os.environ or hasattr(config, "workerinput"):
        config.stash[_AIRFLOW_HOME] = os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="nightdesk-airflow-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the session's Airflow home away again."""
    if made := config.stash.get(_AIRFLOW_HOME, None):
        shutil.rmtree(made, ignore_errors=True)
        del os.environ["AIRFLOW_HOME"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: what is left for the end is short, and no process waits for another.

    Files that read, or go on from, nights that one process makes for all of them follow each other.
    """
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in long, item.path.parent.name not in _SHARING))


@pytest.fixture(autouse=True)
def umask_kept() -> Iterator[None]:
    """A test that runs a command in this process closes what is written from there on: not for the next test."""
    yield
    os.umask(_UMASK)


@pytest.fixture(scope="session")
def pg_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pg.Server]:
    """The embedded server, in a home of its own, stopped and deleted at the end; what it loses with its power is
    nobody's."""
    home: Path = tmp_path_factory.mktemp("pg-home")
    server = pg.ensure_server(home)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        execute(server, f"alter system set {setting} = off")
    execute(server, "select pg_reload_conf()")
    yield server
    pg.remove(home)


@pytest.fixture(scope="session")
def new_desk(pg_server: pg.Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """The SQLAlchemy URL of a desk database of its own at each call, with what the desk of `model` has: by default
    nothing, at the newest migration.

    The migrations are run once, and what they come to is copied.
    """
    execute(pg_server, "create database desk_model")
    migrated = Settings(home=tmp_path_factory.mktemp("desk"), desk_url=pg_server.admin_url("desk_model"))

    def make(model: Settings = migrated) -> str:
        open_desk(model)
        name = f"desk_{next(_NUMBERS)}"
        copy_database(pg_server, str(model.desk_url).rpartition("/")[2], name)
        return pg_server.admin_url(name)

    return make


@pytest.fixture
def desk_database(pg_server: pg.Server, new_desk: Callable[..., str]) -> Iterator[str]:
    """The SQLAlchemy URL of a desk database with nothing in it, dropped afterwards."""
    url = new_desk()
    yield url
    execute(pg_server, f"drop database {url.rpartition('/')[2]} with (force)")


@pytest.fixture
def empty_database(pg_server: pg.Server) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database, dropped afterwards."""
    name = f"test_{next(_NUMBERS)}"
    execute(pg_server, f"create database {name}")
    yield pg_server.admin_url(name)
    execute(pg_server, f"drop database {name} with (force)")
