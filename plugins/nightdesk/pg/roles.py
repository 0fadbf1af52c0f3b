"""A role for each database of the embedded server: its owner, and the only one that may enter it.

The superuser of the cluster makes them and is in no setting. A home of an older version is handed over by itself.
"""

import psycopg
from psycopg import Connection, sql

#: database -> the role that owns it
ROLES = {"nightdesk": "desk", "airflow": "airflow", "demo_bank": "demo_bank"}

#: everything in a database that has an owner of its own; what belongs to a table follows it
_OWNED = """
with
    ours as (
        select oid, nspname, nspowner
        from pg_namespace
        where nspname !~ '^pg_' and nspname <> 'information_schema'
    )
select case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
    oid::regclass::text
from pg_class as c
where relnamespace in (select oid from ours) and relkind in ('r', 'p', 'v', 'm', 'S')
    and not exists (
        select from pg_depend
        where classid = 'pg_class'::regclass and objid = c.oid and deptype in ('a', 'i') and c.relkind = 'S'
    )
union all
select 'type', oid::regtype::text
from pg_type
where typnamespace in (select oid from ours) and typtype in ('e', 'd')
union all
select 'routine', oid::regprocedure::text
from pg_proc
where pronamespace in (select oid from ours)
union all
select 'schema', quote_ident(nspname)
from ours
where nspname <> 'public'
"""


def make_role(connection: Connection[object], role: str, password: str) -> None:
    """Make a role that may sign in and nothing else, or give it this password. It is sent as its scram verifier."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    is_there = connection.execute("select from pg_roles where rolname = %s", (role,)).fetchone() is not None
    connection.execute(
        sql.SQL("{} role {} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {}").format(
            sql.SQL("alter" if is_there else "create"), sql.Identifier(role), sql.Literal(verifier)
        )
    )


def make_database(connection: Connection[object], database: str, role: str, administrator: str) -> None:
    """Make a database that only its owner may enter, or hand one that is there over; nothing where that is done.

    `administrator`: the superuser's address of that database. What is in it changes hands first, the database last.
    """
    name, owner = sql.Identifier(database), sql.Identifier(role)
    found = connection.execute(
        "select pg_get_userbyid(datdba) from pg_database where datname = %s", (database,)
    ).fetchone()
    if found == (role,):
        return
    if found is None:
        connection.execute(sql.SQL("create database {}").format(name))
    close_to_all(connection, database)
    with psycopg.connect(administrator, connect_timeout=10) as inside:
        for kind, thing in inside.execute(_OWNED).fetchall():
            inside.execute(sql.SQL("alter {} {} owner to {}").format(sql.SQL(kind), sql.SQL(thing), owner))
    connection.execute(sql.SQL("alter database {} owner to {}").format(name, owner))


def close_to_all(connection: Connection[object], database: str) -> None:
    """Let nobody enter a database but its owner and the superuser."""
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(database)))
