"""Packs in the ledger: which pack has the rows of a pinned batch, and which batches and packs may be packed next."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk.pins import Pin, ago, by_table, kept_batches
from nightdesk.desk.tables import attempt, pack, packed, pin


@dataclass(frozen=True)
class Pack:
    """A batch with the rows of others; `level` 1 is made of pinned batches, each further one of packs of the one below.

    `digest` says what its files are (lake.digest_of); empty where that is not known.
    """

    table_name: str
    pack_id: str
    made_by: str
    level: int
    row_count: int
    byte_count: int
    digest: str = ""


_PACK = [pack.c[name] for name in Pack.__dataclass_fields__]


@dataclass(frozen=True)
class Place:
    """The pack that has some of the batches that a reader asks for, and whether it has no others."""

    pack: Pack
    batches: frozenset[str]
    is_whole: bool


def places(connection: Connection, table_name: str, batch_ids: Collection[str]) -> list[Place]:
    """The packs that have rows of these batches; a batch in none of them lies in the lake by itself."""
    rows = connection.execute(
        select(packed.c.batch_id, packed.c.pack_id).where(
            packed.c.table_name == table_name, packed.c.batch_id.in_(batch_ids)
        )
    ).all()
    asked: dict[str, set[str]] = {}
    for batch_id, pack_id in rows:
        asked.setdefault(pack_id, set()).add(batch_id)
    if not asked:
        return []
    counted = (
        select(*_PACK, func.count(packed.c.batch_id))
        .join(packed, (packed.c.table_name == pack.c.table_name) & (packed.c.pack_id == pack.c.pack_id))
        .where(pack.c.table_name == table_name, pack.c.pack_id.in_(asked))
        .group_by(*_PACK)
    )
    found = []
    for *columns, members in connection.execute(counted):
        entry = Pack(*columns)
        batches = frozenset(asked[entry.pack_id])
        found.append(Place(entry, batches, len(batches) == members))
    return sorted(found, key=lambda place: place.pack.pack_id)


def unpacked(connection: Connection, pins: Iterable[Pin]) -> frozenset[str]:
    """The batches of pins with rows that no pack has: asked of many tables at once, since a night reads dozens."""
    asked = {(one.table_name, one.batch_id) for one in pins if one.row_count}
    if not asked:
        return frozenset()
    rows = connection.execute(
        select(packed.c.table_name, packed.c.batch_id).where(
            tuple_(packed.c.table_name, packed.c.batch_id).in_(sorted(asked))
        )
    )
    return frozenset(batch_id for _, batch_id in asked - {(name, batch_id) for name, batch_id in rows})


def loose_batches(connection: Connection, apart: int) -> dict[str, list[Pin]]:
    """Batches with rows that readers of published nights ask for and that no pack has, by table, the oldest first.

    The newest `apart` of each table are left out, and rows as landed: those are dropped.
    """
    kept = kept_batches(0).subquery()
    fields = [pin.c[name] for name in Pin.__dataclass_fields__]
    rows = connection.execute(
        select(*fields)
        .join(kept, (kept.c.table_name == pin.c.table_name) & (kept.c.batch_id == pin.c.batch_id))
        .join(attempt, attempt.c.attempt_id == pin.c.attempt_id)
        .where(pin.c.row_count > 0, ~pin.c.is_gone, ~pin.c.table_name.like("landing/%"))
        .where(~exists().where(packed.c.table_name == pin.c.table_name, packed.c.batch_id == pin.c.batch_id))
        .order_by(attempt.c.business_date, pin.c.batch_id)
    )
    found: dict[str, dict[str, Pin]] = {}
    for row in rows:
        found.setdefault(row.table_name, {})[row.batch_id] = Pin(*row)
    return {name: list(batches.values())[:-apart] for name, batches in found.items()}


def packs_in_use(connection: Connection) -> dict[str, list[Pack]]:
    """Every pack that has the rows of a batch, by table, the oldest first."""
    used = exists().where(packed.c.table_name == pack.c.table_name, packed.c.pack_id == pack.c.pack_id)
    found: dict[str, list[Pack]] = {}
    for row in connection.execute(select(*_PACK).where(used).order_by(pack.c.table_name, pack.c.pack_id)):
        found.setdefault(row.table_name, []).append(Pack(*row))
    return found


def members_of(connection: Connection, table_name: str, pack_ids: Collection[str]) -> set[str]:
    """The batches whose rows these packs have."""
    query = select(packed.c.batch_id).where(packed.c.table_name == table_name, packed.c.pack_id.in_(pack_ids))
    return set(connection.scalars(query))


def enter_pack(desk: Engine, entry: Pack, batch_ids: Sequence[str]) -> None:
    """Let readers find the rows of these batches in a pack from now on, whatever pack had them before."""
    with desk.begin() as connection:
        values = {name: getattr(entry, name) for name in Pack.__dataclass_fields__}
        connection.execute(pack.insert().values(**values))
        connection.execute(
            upsert(packed).on_conflict_do_update(
                index_elements=["table_name", "batch_id"], set_={"pack_id": entry.pack_id}
            ),
            [{"table_name": entry.table_name, "batch_id": name, "pack_id": entry.pack_id} for name in batch_ids],
        )


def packed_away(connection: Connection) -> dict[str, set[str]]:
    """Batches, by table, whose files still lie beside the pack that has their rows.

    For a day after a pack's attempt opened they are left where they are: another process may be reading them.
    """
    rows = connection.execute(
        select(packed.c.table_name, packed.c.batch_id)
        .distinct()
        .join(pack, (packed.c.table_name == pack.c.table_name) & (packed.c.pack_id == pack.c.pack_id))
        .join(pin, (packed.c.table_name == pin.c.table_name) & (packed.c.batch_id == pin.c.batch_id))
        .join(attempt, attempt.c.attempt_id == pack.c.made_by)
        .where(~pin.c.is_gone, attempt.c.opened_at < ago(1))
    )
    return by_table(rows)


def unused_packs(connection: Connection) -> dict[str, set[str]]:
    """Packs, by table, whose rows all lie in packs of a higher level, made by attempts that opened over a day ago."""
    other = pack.alias("other")
    used = exists().where(packed.c.table_name == pack.c.table_name, packed.c.pack_id == pack.c.pack_id)
    fresh = exists().where(
        other.c.table_name == pack.c.table_name,
        other.c.level > pack.c.level,
        attempt.c.attempt_id == other.c.made_by,
        attempt.c.opened_at >= ago(1),
    )
    return by_table(connection.execute(select(pack.c.table_name, pack.c.pack_id).where(~used, ~fresh)))


def forget_packs(desk: Engine, table_name: str, pack_ids: Collection[str]) -> None:
    """Strike packs that the lake no longer has."""
    with desk.begin() as connection:
        connection.execute(delete(pack).where(pack.c.table_name == table_name, pack.c.pack_id.in_(pack_ids)))
