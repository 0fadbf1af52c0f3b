"""Sweep: what the lake and the home no longer need goes, so that they grow with what nights keep, not with what they
read, and what killed processes left does not stay."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from nightdesk.attempt.opening import Night
from nightdesk.desk.liveness import lost_attempts
from nightdesk.desk.pins import (
    by_table,
    note_gone,
    note_swept,
    pinned_tables,
    unpinned,
    unread_batches,
    unswept_attempts,
)
from nightdesk.errors import StoreError
from nightdesk.failures import first_line
from nightdesk.lake import attempt_of, batches_in, folders_of, is_local
from nightdesk.lake_pruning import drop_batches
from nightdesk.scratch import sweep_scratch

log = logging.getLogger(__name__)

#: so long all that a failed attempt wrote is there to look into and to try again with
_DAYS = 7


@contextmanager
def left_as_it_is(what: str) -> Iterator[None]:
    """What cannot be tidied away is left and named in a warning: it must not keep the lists from going out."""
    try:
        yield
    except StoreError as error:
        log.warning("%s", error)
    except (OSError, pa.ArrowException) as error:
        log.warning("%s is not tidied tonight (%s)", what, first_line(error))


def sweep(night: Night, replay_days: int) -> dict[str, int]:
    """Drop batches that nobody reads any more of attempts older than a week; returns how many by lake table.

    Rows as landed are read by the replays of a published night, for `replay_days`. A batch of an attempt that this
    ledger does not know is another's, and stays. Scratch folders of dead processes, and batches that one of them left
    half written, go at once. Which batches there are is known from the pins: a table is opened to drop some of it only.
    """
    root = night.settings.lake_root
    _sweep_dead(night)
    with night.desk.connect() as connection:
        unread = unread_batches(connection, _DAYS, replay_days)
        over = unswept_attempts(connection, _DAYS)
    dropped: dict[str, int] = {}
    for table, gone in sorted(unread.items()):
        with left_as_it_is(f"the lake table {table}"):
            if drop_batches(root, table, gone):
                note_gone(night.desk, table, gone)
                dropped[table] = len(gone)
    is_all_dropped = True
    for table, gone in sorted(_unpinned_of(night, over).items()):
        is_dropped = False
        with left_as_it_is(f"the lake table {table}"):
            is_dropped = drop_batches(root, table, gone)
        if is_dropped:
            dropped[table] = dropped.get(table, 0) + len(gone)
        else:
            is_all_dropped = False
    if over and is_all_dropped:
        note_swept(night.desk, over)
    return dropped


def _sweep_dead(night: Night) -> None:
    root = night.settings.lake_root
    left = sweep_scratch(night.settings.home / "work")
    with night.desk.connect() as connection:
        lost = lost_attempts(connection)
    torn = 0
    for attempt_id in lost:
        for (table, batch_id), folder in folders_of(root, attempt_id).items():
            if batch_id not in batches_in(root, table):  # its writer ended before it could enter it
                shutil.rmtree(folder, ignore_errors=True)
                torn += 1
    if left or torn:
        log.info("swept what ended processes left: %d scratch folders, %d half-written batches", len(left), torn)


def _unpinned_of(night: Night, attempt_ids: list[str]) -> dict[str, set[str]]:
    """Batches, by table, that these attempts wrote and that nothing names: a step ended before it pinned them."""
    root = night.settings.lake_root
    with night.desk.connect() as connection:
        if is_local(root):
            wrote = by_table(key for name in attempt_ids for key in folders_of(root, name))
        else:
            tables = pinned_tables(connection) if attempt_ids else []
            wrote = {table: {b for b in batches_in(root, table) if attempt_of(b) in attempt_ids} for table in tables}
        found = {table: unpinned(connection, table, batches) for table, batches in wrote.items()}
    return {table: batches for table, batches in found.items() if batches}
