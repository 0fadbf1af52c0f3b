"""What many tests share: one real PostgreSQL for all processes of a run, and a database of it for each test."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from databases import CONNECTIONS, copy_database, execute, make_database
from hypothesis import settings
from made_once import PROCESS, made_once
from own_nights import has_own_night

from nightdesk import pg
from nightdesk.desk.database import open_desk
from nightdesk.settings import Settings

# the same examples in every run: red speaks of the change, not of the dice (search on: --hypothesis-profile=default)
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

# ten thousand collected tests are looked through for cycles time and again: a tenth of what 125 SQL cases took was that
gc.set_threshold(20_000, 20, 20)

_NUMBERS = count(1)
os.umask(_UMASK := os.umask(0o077))  # the umask of whoever runs the tests: it can be read by setting it only
#: folders whose tests read, or go on from, nights that one process makes for all of them
_SHARING = ("night", "cli")
_AIRFLOW_HOME = pytest.StashKey[str]()
_SHARED = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Importing Airflow writes into its home: not into the developer's, nor two processes of tests into one.

    What the processes of a run share lies in a folder that the first of them makes, and takes away.
    """
    told = getattr(config, "workerinput", {}).get("shared")
    config.stash[_SHARED] = Path(told or tempfile.mkdtemp(prefix="nightdesk-tests-"))
    if "AIRFLOW_HOME" not in os.environ or hasattr(config, "workerinput"):
        config.stash[_AIRFLOW_HOME] = os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="nightdesk-airflow-")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of the run where the shared folder is."""
    node.workerinput["shared"] = str(node.config.stash[_SHARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the session's Airflow home away again, and at the very end what was shared."""
    if not hasattr(config, "workerinput") and (shared := config.stash.get(_SHARED, None)):
        pg.remove(shared / "server")
        shutil.rmtree(shared, ignore_errors=True)
    if made := config.stash.get(_AIRFLOW_HOME, None):
        shutil.rmtree(made, ignore_errors=True)
        del os.environ["AIRFLOW_HOME"]


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what has a night of its own, and begin with what takes long: what is left for the end is short, and no
    process waits for another.

    Files that read, or go on from, nights that one process makes for all of them follow each other.
    """
    for item in items:
        if isinstance(item, pytest.Function) and has_own_night(item):
            item.add_marker("night")
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in long, item.path.parent.name not in _SHARING))


@pytest.fixture(autouse=True)
def umask_kept() -> Iterator[None]:
    """A test that runs a command in this process closes what is written from there on: not for the next test."""
    yield
    os.umask(_UMASK)


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """The folder of what one process of this run makes for all of them."""
    return pytestconfig.stash[_SHARED]


@pytest.fixture(scope="session")
def pg_server(shared: Path) -> pg.Server:
    """The embedded server of the whole run, in a home of its own, deleted at the end; what it loses with its power is
    nobody's."""
    made_once(shared, "server", _begin)
    return pg.ensure_server(shared / "server")


def _begin(home: Path) -> None:
    server = pg.ensure_server(home)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        execute(server, f"alter system set {setting} = off")
    execute(server, f"alter system set max_connections = {CONNECTIONS}")
    pg.stop(home)  # that number is read when a server starts
    pg.ensure_server(home)


@pytest.fixture(scope="session")
def new_desk(pg_server: pg.Server, shared: Path) -> Callable[..., str]:
    """The SQLAlchemy URL of a desk database of its own at each call, with what the desk of `model` has: by default
    nothing, at the newest migration.

    The migrations are run once, and what they come to is copied.
    """

    def migrate(home: Path) -> None:
        make_database(pg_server, "desk_model")
        open_desk(Settings(home=home, desk_url=pg_server.admin_url("desk_model"))).dispose()

    made_once(shared, "desk", migrate)

    def make(model: Settings | None = None) -> str:
        name = f"desk_{PROCESS}_{next(_NUMBERS)}"
        copy_database(pg_server, str(model.desk_url).rpartition("/")[2] if model else "desk_model", name)
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
    name = f"test_{PROCESS}_{next(_NUMBERS)}"
    execute(pg_server, f"create database {name}")
    yield pg_server.admin_url(name)
    execute(pg_server, f"drop database {name} with (force)")
