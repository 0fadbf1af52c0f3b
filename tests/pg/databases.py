"""Databases of the tests' server: made, copied, dropped."""

import psycopg

from nightdesk import pg


def execute(server: pg.Server, statement: str) -> None:
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(statement)


def copy_database(server: pg.Server, model: str, name: str) -> None:
    """Make a database of what another one has; whoever is still connected to that one is sent away first."""
    with psycopg.connect(server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [model])
        connection.execute(f"create database {name} template {model}")
