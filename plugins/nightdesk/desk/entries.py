"""Entries: rows of contract tables that people add between two nights, known from the instant at which they came."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select

from nightdesk.desk import audit
from nightdesk.desk.audit import NOT_KNOWN, Act, Code, canonical
from nightdesk.desk.only_added import entry


@dataclass(frozen=True)
class Entry:
    """One row of a contract table: its cells as text, and since when the bank knows it."""

    table_name: str
    row_key: str
    row: Mapping[str, str]
    entered_at: datetime.datetime


@dataclass(frozen=True)
class Door:
    """Who enters, by which door (a command, a workbook), and by which policy and code it was judged."""

    profile: str
    by: str
    source: str
    code: Code = NOT_KNOWN


def newest(connection: Connection, profile: str, table: str, row_key: str) -> Entry | None:
    """The newest entry of a key; None where there is none."""
    row = connection.execute(
        select(entry.c.table_name, entry.c.row_key, entry.c.row, entry.c.entered_at)
        .where(entry.c.profile == profile, entry.c.table_name == table, entry.c.row_key == row_key)
        .order_by(entry.c.entered_at.desc(), entry.c.entry_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Entry(row.table_name, row.row_key, json.loads(row.row), row.entered_at)


def enter(
    connection: Connection,
    door: Door,
    table: str,
    row_key: str,
    row: Mapping[str, str],
    act: Act,
    known_at: datetime.datetime | None = None,
) -> bool:
    """Add a row, and its act to the audit trail, within one transaction; False where the newest of its key is the same.

    `known_at`: since when the bank knows it, where that is earlier than now (a mail had come); it must lie after the
    cut-off of every night that has read entries before. The caller holds the trail's lock since before it judged the
    row, or does not need to.
    """
    done_at = audit.locked(connection)
    at = min(known_at, done_at) if known_at else done_at
    before = newest(connection, door.profile, table, row_key)
    if before is not None and dict(before.row) == dict(row):
        return False
    if before is not None and at <= before.entered_at:  # a clock that was set back: the later row is the newer one
        at = before.entered_at + datetime.timedelta(microseconds=1)
    connection.execute(
        insert(entry).values(
            profile=door.profile,
            table_name=table,
            row_key=row_key,
            row=canonical(row),
            entered_at=at,
            entered_by=door.by,
            source=door.source,
        )
    )
    audit.record(connection, act, done_at if known_at else at)
    return True


def entered(connection: Connection, profile: str, table: str, key_begins: str) -> list[tuple[Entry, str]]:
    """The entries of a table whose key begins so, oldest first, each with the door that it came by."""
    rows = connection.execute(
        select(entry.c.table_name, entry.c.row_key, entry.c.row, entry.c.entered_at, entry.c.source)
        .where(
            entry.c.profile == profile,
            entry.c.table_name == table,
            entry.c.row_key.startswith(key_begins, autoescape=True),
        )
        .order_by(entry.c.entered_at, entry.c.entry_id)
    )
    return [(Entry(row.table_name, row.row_key, json.loads(row.row), row.entered_at), row.source) for row in rows]


def known(desk: Engine, profile: str, by: datetime.datetime) -> dict[str, list[Entry]]:
    """What was entered by an instant, by table, oldest first.

    Whoever is entering something at this moment has finished before this is read: nobody can come later with an
    instant that has passed.
    """
    found: dict[str, list[Entry]] = {}
    with desk.begin() as connection:
        audit.locked(connection)
        for row in connection.execute(
            select(entry.c.table_name, entry.c.row_key, entry.c.row, entry.c.entered_at)
            .where(entry.c.profile == profile, entry.c.entered_at <= by)
            .order_by(entry.c.table_name, entry.c.entered_at, entry.c.entry_id)
        ):
            one = Entry(row.table_name, row.row_key, json.loads(row.row), row.entered_at)
            found.setdefault(row.table_name, []).append(one)
    return found
