"""What nobody reads any more goes out of the lake, with its files."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError

from nightdesk.errors import StoreError
from nightdesk.failures import first_line
from nightdesk.lake import LOG, is_local, night_of, table_uri


def drop_batches(root: str, table: str, batch_ids: Collection[str]) -> bool:
    """Take batches of `layer/name` that nobody reads out of the lake, with their files; returns whether it was done.

    Only files that the table's log calls removed are deleted: those of a write under way are safe. It is not done when
    another process removes the same batches just now. Raises StoreError when the lake cannot be written.
    """
    listed = ", ".join(f"'{batch_id}'" for batch_id in sorted(batch_ids))
    try:
        delta = DeltaTable(table_uri(root, table))
        if any(delta.metadata().configuration.get(name) != value for name, value in LOG.items()):
            delta.alter.set_table_properties(LOG)  # made before logs were thinned
        delta.delete(f"batch_id in ({listed})")
        delta.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    except CommitFailedError:
        return False
    except (DeltaError, OSError) as error:
        raise StoreError(
            f"old batches of the lake table {table} cannot be removed ({first_line(error)})",
            "Look at the rights of NIGHTDESK_LAKE, then run the step again.",
        ) from error
    if is_local(root):
        _remove_folders(Path(table_uri(root, table).removeprefix("file://")), batch_ids)
    return True


def _remove_folders(place: Path, batch_ids: Collection[str]) -> None:
    """The folders of batches without files, and those of nights that have no batch left."""
    for batch_id in batch_ids:
        night = place / f"night={night_of(batch_id)}"
        for folder in (night / f"batch_id={batch_id}", night):
            with suppress(OSError):  # not empty: another batch of that night is there
                folder.rmdir()
