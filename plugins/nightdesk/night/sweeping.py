"""Sweep: what the lake no longer needs goes, so that it grows with what nights keep and not with what they read."""

from nightdesk.desk.ledger import over_attempts, pinned_tables
from nightdesk.lake import attempt_of, batches_in, drop_batches
from nightdesk.night.opening import Night

#: so long the rows as landed, and all that a failed attempt wrote, are there to look into and to try again with
_DAYS = 7


def sweep(night: Night) -> dict[str, int]:
    """Drop landing batches, and batches that no published night reads, of attempts older than a week.

    Returns how many by lake table. A batch of an attempt that this ledger does not know is another's, and stays.
    """
    root = night.settings.lake_root
    with night.desk.connect() as connection:
        tables, over = pinned_tables(connection), over_attempts(connection, _DAYS)
    dropped: dict[str, int] = {}
    for table in tables if over else []:
        gone = {
            batch
            for batch in batches_in(root, table)
            if attempt_of(batch) in over and batch not in over[attempt_of(batch)]
        }
        if gone and drop_batches(root, table, gone):
            dropped[table] = len(gone)
    return dropped
