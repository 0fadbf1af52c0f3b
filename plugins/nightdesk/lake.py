"""The lake: Delta tables of immutable batches. A write makes a new batch; the ledger says which one counts."""

import datetime
import secrets
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from nightdesk.errors import NightdeskError, StoreError

#: partition columns; `night` is the business date of the night that wrote the batch (facts carry their own dates)
PARTITIONS = ("night", "batch_id")
#: rows that are skipped or read together; a batch that is sorted by date is read a few days at a time
_ROW_GROUP = 32_768


def new_batch_id(attempt_id: str) -> str:
    """An id that no other batch has, and that says whose it is: a batch may never come to be pinned."""
    return f"{attempt_id}-{secrets.token_hex(4)}"


def attempt_of(batch_id: str) -> str:
    """The attempt that wrote a batch."""
    return batch_id.rpartition("-")[0]


def table_uri(root: str, table: str) -> str:
    """Where the lake keeps `layer/name`."""
    return f"{root.rstrip('/')}/{table}"


def _is_local(root: str) -> bool:
    return "://" not in root or root.startswith("file://")


def write_batch(
    root: str, table: str, night: datetime.date, data: pa.RecordBatchReader, attempt_id: str
) -> tuple[str, int]:
    """Append a stream of rows as a new batch of `layer/name`; returns its id and row count.

    Raises StoreError when the lake cannot be written, and what `data` raises when its rows break off; what was written
    stays unpinned and no reader sees it.
    """
    batch_id = new_batch_id(attempt_id)
    schema = data.schema.append(pa.field("night", pa.date32())).append(pa.field("batch_id", pa.string()))
    counted = 0
    broken: NightdeskError | None = None

    def given() -> Iterator[pa.RecordBatch]:
        nonlocal broken
        try:
            yield from data
        except NightdeskError as error:  # the writer would wrap it as a fault of the lake
            broken = error
            raise

    def stamped() -> Iterator[pa.RecordBatch]:
        nonlocal counted
        for batch in given():
            if batch.num_rows == 0:
                continue
            counted += batch.num_rows
            columns = [
                *batch.columns,
                pa.array([night] * batch.num_rows, pa.date32()),
                pa.array([batch_id] * batch.num_rows, pa.string()),
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    uri = table_uri(root, table)
    if _is_local(root):
        Path(uri.removeprefix("file://")).mkdir(parents=True, exist_ok=True)
    try:
        write_deltalake(
            uri,
            pa.RecordBatchReader.from_batches(schema, stamped()),
            mode="append",
            partition_by=list(PARTITIONS),
            schema_mode="merge",
            writer_properties=WriterProperties(max_row_group_size=_ROW_GROUP),
        )
    except (DeltaError, OSError) as error:
        if broken:
            raise broken from None
        raise StoreError(
            f"the lake table {table} cannot be written ({str(error).splitlines()[0]})",
            "Look at the free space and rights of NIGHTDESK_LAKE, then run the step again.",
        ) from error
    return batch_id, counted


def files_of(root: str, table: str, batch_ids: Sequence[str], filled: Collection[str] = ()) -> list[str]:
    """The Parquet files of these batches of `layer/name`, in the order of the batches.

    Raises StoreError when the table, or a batch of `filled` (those that were written with rows), is gone from the lake.
    """
    if not batch_ids:
        return []
    try:
        delta = DeltaTable(table_uri(root, table))
    except TableNotFoundError:
        raise StoreError(
            f"the ledger pins batches of {table}, and the lake at {root} has no such table",
            "Point NIGHTDESK_LAKE at the lake that these nights were written to.",
        ) from None
    except (DeltaError, OSError) as error:
        raise _unreadable(table, error) from error
    wanted = {batch_id: position for position, batch_id in enumerate(batch_ids)}
    found: list[tuple[int, str]] = []
    for uri in delta.file_uris(partition_filters=[("batch_id", "in", list(wanted))]):
        batch_id = next(part[9:] for part in uri.split("/") if part.startswith("batch_id="))
        path = unquote(urlparse(uri).path) if uri.startswith("file://") else uri
        found.append((wanted[batch_id], path))
    gone = set(filled) - {batch_ids[position] for position, _ in found}
    if gone:
        raise StoreError(
            f"the lake table {table} no longer has the batch {min(gone)} that the ledger pins",
            "Run the night again from its first step; if it is published, restore the lake's folder from a copy.",
        )
    return [path for _, path in sorted(found)]


def batches_in(root: str, table: str) -> set[str]:
    """The batches with rows that `layer/name` has; none where there is no such table."""
    try:
        return {str(part["batch_id"]) for part in DeltaTable(table_uri(root, table)).partitions()}
    except TableNotFoundError:
        return set()
    except (DeltaError, OSError) as error:
        raise _unreadable(table, error) from error


def _unreadable(table: str, error: Exception) -> StoreError:
    return StoreError(
        f"the lake table {table} cannot be read ({str(error).splitlines()[0]})",
        "Look at the rights of NIGHTDESK_LAKE and at the table's _delta_log, then run the step again.",
    )


def drop_batches(root: str, table: str, batch_ids: Collection[str]) -> bool:
    """Take batches of `layer/name` that nobody reads out of the lake, with their files; returns whether it was done.

    Only files that the table's log calls removed are deleted: those of a write under way are safe. It is not done when
    another process removes the same batches just now. Raises StoreError when the lake cannot be written.
    """
    listed = ", ".join(f"'{batch_id}'" for batch_id in sorted(batch_ids))
    try:
        delta = DeltaTable(table_uri(root, table))
        delta.delete(f"batch_id in ({listed})")
        delta.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    except CommitFailedError:
        return False
    except (DeltaError, OSError) as error:
        raise StoreError(
            f"old batches of the lake table {table} cannot be removed ({str(error).splitlines()[0]})",
            "Look at the rights of NIGHTDESK_LAKE, then run the step again.",
        ) from error
    return True
