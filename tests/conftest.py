"""What many tests share: one real PostgreSQL for the session, and an empty database of it for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from nightdesk import pg

# the same examples in every run: red speaks of the change, not of the dice (search on: --hypothesis-profile=default)
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

_NUMBERS = count(1)
os.umask(_UMASK := os.umask(0o077))  # the umask of whoever runs the tests: it can be read by setting it only
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


@pytest.fixture(autouse=True)
def umask_kept() -> Iterator[None]:
    """A test that runs a command in this process closes what is written from there on: not for the next test."""
    yield
    os.umask(_UMASK)


@pytest.fixture(scope="session")
def pg_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pg.Server]:
    """The embedded server, in a home of its own, stopped and deleted at the end."""
    home: Path = tmp_path_factory.mktemp("pg-home")
    yield pg.ensure_server(home)
    pg.remove(home)


@pytest.fixture
def empty_database(pg_server: pg.Server) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database, dropped afterwards."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(pg_server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield pg_server.admin_url(name)
    with psycopg.connect(pg_server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
