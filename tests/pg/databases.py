"""Databases of the tests' server: made, copied, dropped."""

import os

import psycopg

from nightdesk import pg

#: a process of tests holds up to 40: those of the four desks that it opened last, and of the commands that it runs
CONNECTIONS = max(120, 40 * int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def execute(server: pg.Server, statement: str) -> None:
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(statement)


def make_database(server: pg.Server, name: str) -> None:
    """Make an empty database; what a process left of it that failed or was killed goes first."""
    execute(server, f"drop database if exists {name} with (force)")
    execute(server, f"create database {name}")


def copy_database(server: pg.Server, model: str, name: str) -> None:
    """Make a database of what another one has, likewise; whoever is still connected to that one is sent away first."""
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [model])
        connection.execute(f"create database {name} template {model}")
