"""Upkeep of the lake: its files stay few. What nights wrote a while ago is packed, and goes a day later.

All goes by the ledger: no table is opened to see whether there is something to do.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from nightdesk.attempt.opening import Night
from nightdesk.desk.liveness import others_at_work
from nightdesk.desk.packs import (
    Pack,
    enter_pack,
    forget_packs,
    loose_batches,
    members_of,
    packed_away,
    packs_in_use,
    unused_packs,
)
from nightdesk.desk.pins import note_gone
from nightdesk.lake import bytes_of, digest_of, is_local, night_of
from nightdesk.lake_pruning import drop_batches
from nightdesk.night.sweeping import left_as_it_is, sweep
from nightdesk.packing import alike, parts_of, write_pack

log = logging.getLogger(__name__)

#: so many small batches, or packs of one level, become a pack of the next: a table of n nights has some 16 x log16(n)
#: files, and each row is written log16(n) times
_FILES = 16
#: the newest batches of a table lie by themselves: the last nights are read most, each against its own digest
_APART = 8
#: a file of so many bytes is no longer small, and is not written again
_LARGE = 64_000_000
#: the most packs that one night makes: every table gains a batch a night, and they are not to come due together
_A_NIGHT = 10


@dataclass(frozen=True)
class _Due:
    """What may become one pack: batches (level 0) or packs of one level, oldest first, each with its digest."""

    table: str
    level: int
    digests: dict[str, str]


def tidy(night: Night, replay_days: int) -> None:
    """Sweep and pack, unless another bank's night is at work.

    Taking a batch out of a table, or the first pack's column, would break the write that it has under way there.
    """
    with night.desk.connect() as connection:
        others = others_at_work(connection, night.attempt.profile)
    if others:
        log.info("the lake is tidied another night: another bank's is at work (%s)", ", ".join(others))
        return
    with left_as_it_is("the lake"):
        sweep(night, replay_days)
    with left_as_it_is("the lake"):
        pack_lake(night)


def pack_lake(night: Night) -> dict[str, int]:
    """Drop what packs of earlier nights replaced, and pack where many files have come up; returns new packs by table.

    A table that cannot be written, or has a batch that is not what was written, is left as it is, and named in a
    warning.
    """
    _drop_replaced(night)
    if not is_local(night.settings.lake_root):
        return {}  # over a network, reading and writing all again costs more than many files do
    made: dict[str, int] = {}
    due = sorted(_due(night), key=lambda item: len(item.digests), reverse=True)
    for item in due[:_A_NIGHT]:
        with left_as_it_is(f"the lake table {item.table}"):
            if _pack(night, item):
                made[item.table] = made.get(item.table, 0) + 1
    return made


def _drop_replaced(night: Night) -> None:
    with night.desk.connect() as connection:
        batches = packed_away(connection)
        packs = unused_packs(connection)
    for table in sorted({*batches, *packs}):
        gone, old = batches.get(table, set()), packs.get(table, set())
        with left_as_it_is(f"the lake table {table}"):
            if drop_batches(night.settings.lake_root, table, gone | old):
                note_gone(night.desk, table, gone)
                forget_packs(night.desk, table, old)


def _due(night: Night) -> Iterator[_Due]:
    root = night.settings.lake_root
    with night.desk.connect() as connection:
        loose, packs = loose_batches(connection, _APART), packs_in_use(connection)
    for table, pins in loose.items():
        if len(pins) < _FILES:
            continue
        sizes: dict[str, int] = {}
        with left_as_it_is(f"the lake table {table}"):
            sizes = {p.batch_id: bytes_of(root, table, night_of(p.batch_id), p.batch_id) for p in pins}
        small = {p.batch_id: p.digest for p in pins if sizes.get(p.batch_id, _LARGE) < _LARGE}
        if len(small) >= _FILES:
            yield _Due(table, 0, small)
    for table, entries in packs.items():
        for level in sorted({entry.level for entry in entries}):
            small = {e.pack_id: e.digest for e in entries if e.level == level and e.byte_count < _LARGE}
            if len(small) >= _FILES:
                yield _Due(table, level, small)


def _pack(night: Night, due: _Due) -> bool:
    """Make one pack of the oldest that are alike; returns whether there were two."""
    root, attempt_id, table = night.settings.lake_root, night.attempt.attempt_id, due.table
    oldest = dict(list(due.digests.items())[:_FILES])
    parts = alike(parts_of(root, table, oldest))
    if len(parts) < 2:
        return False
    pack_id, count = write_pack(root, table, night.business_date, parts, attempt_id)
    names = [item.batch_id for item in parts]
    if due.level:
        with night.desk.connect() as connection:
            names = sorted(members_of(connection, table, names))
    size = bytes_of(root, table, night.business_date, pack_id)
    digest = digest_of(root, table, night.business_date, pack_id)
    enter_pack(night.desk, Pack(table, pack_id, attempt_id, due.level + 1, count, size, digest), names)
    return True
