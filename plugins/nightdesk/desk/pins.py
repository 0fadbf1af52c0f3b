"""Pins: which batch of which lake table an attempt wrote, what made it, and which batches readers may still ask for."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk.ledger import Attempt, lineage, require_own
from nightdesk.desk.standing import points
from nightdesk.desk.tables import attempt, pack, pin, pointer, publication


@dataclass(frozen=True)
class Pin:
    """A batch that an attempt wrote, or (of a landing table) read again.

    `starts_chain` = readers of the history start at this batch. `fingerprint` says what made it (fingerprint.py), and
    `digest` what its files are (lake.digest_of); empty where that is not known.
    """

    table_name: str
    batch_id: str
    row_count: int
    starts_chain: bool
    fingerprint: str = ""
    digest: str = ""


_PIN = [pin.c[name] for name in Pin.__dataclass_fields__]


def set_pins(desk: Engine, item: Attempt, pins: Sequence[Pin]) -> None:
    """Pin batches to an attempt, all or none; a step run again pins its new batches instead.

    Raises Refused when the attempt is no longer this copy's to write.
    """
    entry = upsert(pin)
    entry = entry.on_conflict_do_update(
        index_elements=["attempt_id", "table_name"],
        set_={name: entry.excluded[name] for name in Pin.__dataclass_fields__ if name != "table_name"},
    )
    with desk.begin() as connection:
        require_own(connection, item)
        if pins:
            connection.execute(entry, [{"attempt_id": item.attempt_id, **asdict(one)} for one in pins])


def pins_of(connection: Connection, attempt_id: str) -> dict[str, Pin]:
    """Every batch that an attempt pinned, by lake table."""
    rows = connection.execute(select(*_PIN).where(pin.c.attempt_id == attempt_id))
    return {row.table_name: Pin(*row) for row in rows}


def chain_pins(connection: Connection, attempt_id: str, tables: Sequence[str]) -> dict[str, list[str]]:
    """Batches with rows of each table along the lineage, oldest first, from the last batch that starts a chain."""
    order = {name: position for position, name in enumerate(lineage(connection, attempt_id))}
    rows = connection.execute(
        select(pin.c.attempt_id, pin.c.table_name, pin.c.batch_id, pin.c.row_count, pin.c.starts_chain).where(
            pin.c.attempt_id.in_(order), pin.c.table_name.in_(tables)
        )
    ).all()
    batches: dict[str, list[str]] = {name: [] for name in tables}
    for row in sorted(rows, key=lambda row: order[row.attempt_id]):
        if row.starts_chain:
            batches[row.table_name] = []
        if row.row_count:
            batches[row.table_name].append(row.batch_id)
    return batches


def pinned_tables(connection: Connection) -> list[str]:
    """Every lake table that an attempt ever pinned a batch of."""
    return list(connection.scalars(select(pin.c.table_name).distinct().order_by(pin.c.table_name)))


def kept_batches(replay_days: int) -> Select[tuple[str, str]]:
    """The query of the batches in the lake that readers may still ask for, by table.

    Those are the pins of every publication and of all that a publication continues; an attempt that came to nothing has
    none. Rows as landed are kept for the replays of what readers see, `replay_days` days from when a night was opened.
    """
    walk = select(publication.c.attempt_id).cte("continued", recursive=True)
    walk = walk.union(
        select(attempt.c.parent_attempt_id)
        .join(walk, attempt.c.attempt_id == walk.c.attempt_id)
        .where(attempt.c.parent_attempt_id.is_not(None))
    )
    is_landing = pin.c.table_name.like("landing/%")
    there = select(pin.c.table_name, pin.c.batch_id).where(~pin.c.is_gone)
    continued = there.join(walk, pin.c.attempt_id == walk.c.attempt_id).where(~is_landing)
    read = attempt.alias("read")
    standing = (
        there.join(publication, publication.c.attempt_id == pin.c.attempt_id)
        .join(pointer, points())
        .join(attempt, attempt.c.attempt_id == pin.c.attempt_id)
        .join(read, read.c.attempt_id == func.coalesce(attempt.c.landing_attempt_id, attempt.c.attempt_id))
        .where(is_landing, read.c.opened_at >= ago(replay_days))
    )
    kept = continued.union(standing).subquery()
    return select(kept.c.table_name, kept.c.batch_id)


def unread_batches(connection: Connection, days: int, replay_days: int) -> dict[str, set[str]]:
    """Batches, by table, that the lake still has of attempts opened more than `days` days ago and nobody reads."""
    kept = kept_batches(replay_days).subquery()
    is_kept = exists().where(kept.c.table_name == pin.c.table_name, kept.c.batch_id == pin.c.batch_id)
    over = select(attempt.c.attempt_id).where(attempt.c.opened_at < ago(days))
    there = select(pin.c.table_name, pin.c.batch_id).where(~pin.c.is_gone, pin.c.row_count > 0)
    return by_table(connection.execute(there.where(pin.c.attempt_id.in_(over), ~is_kept).distinct()))


def by_table(rows: Iterable[Any]) -> dict[str, set[str]]:
    """Rows of a table's name and a batch's id, as the batches of each table."""
    found: dict[str, set[str]] = {}
    for table_name, batch_id in rows:
        found.setdefault(table_name, set()).add(batch_id)
    return found


def note_gone(desk: Engine, table_name: str, batch_ids: Collection[str]) -> None:
    """Enter that the lake no longer has the files of these batches."""
    with desk.begin() as connection:
        connection.execute(
            update(pin).where(pin.c.table_name == table_name, pin.c.batch_id.in_(batch_ids)).values(is_gone=True)
        )


def unswept_attempts(connection: Connection, days: int) -> list[str]:
    """Attempts opened more than `days` days ago of which it was not looked yet what they wrote and never pinned."""
    query = select(attempt.c.attempt_id).where(attempt.c.opened_at < ago(days), ~attempt.c.is_swept)
    return list(connection.scalars(query.order_by(attempt.c.attempt_id)))


def unpinned(connection: Connection, table_name: str, batch_ids: Collection[str]) -> set[str]:
    """Those of these batches that no attempt pins and that are no pack."""
    pinned = select(pin.c.batch_id).where(pin.c.table_name == table_name, pin.c.batch_id.in_(batch_ids))
    packs = select(pack.c.pack_id).where(pack.c.table_name == table_name, pack.c.pack_id.in_(batch_ids))
    return set(batch_ids) - set(connection.scalars(pinned.union(packs)))


def note_swept(desk: Engine, attempt_ids: Collection[str]) -> None:
    """Enter that nothing is left of what these attempts wrote and never pinned."""
    with desk.begin() as connection:
        connection.execute(update(attempt).where(attempt.c.attempt_id.in_(attempt_ids)).values(is_swept=True))


def ago(days: int) -> ColumnElement[datetime.datetime]:
    """The instant so many days before now, by the desk's clock."""
    return func.now() - datetime.timedelta(days=days)
