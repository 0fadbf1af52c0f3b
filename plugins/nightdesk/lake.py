"""The lake: Delta tables of immutable batches. A write makes a new batch; the ledger says which one counts."""

import datetime
import hashlib
import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from nightdesk.addresses import masked_url
from nightdesk.errors import NightdeskError, StoreError
from nightdesk.failures import first_line

#: partition columns; `night` is the business date of the night that wrote the batch (facts carry their own dates)
PARTITIONS = ("night", "batch_id")
#: rows that are skipped or read together; a batch that is sorted by date is read a few days at a time
_ROW_GROUP = 32_768
#: what is written and committed at once, as bytes in Arrow: the writer holds on to what it wrote until it commits
_COMMIT_BYTES = 256_000_000
#: a table's log is read and listed by every write: what came before the newest checkpoint goes after a day, since
#: nobody reads a table as it was (the ledger says what each night read)
LOG = {
    "delta.checkpointInterval": "10",
    "delta.logRetentionDuration": "interval 1 days",
    "delta.deletedFileRetentionDuration": "interval 1 days",
}
#: how a whole Parquet file begins and ends
_MAGIC = b"PAR1"


class DamagedBatch(StoreError):
    """A batch whose files are not what was written: truncated, emptied, changed or gone.

    `night` is the business date of the night that wrote it, `why` a sentence about the table.
    """

    def __init__(self, table: str, batch_id: str, why: str) -> None:
        self.table, self.batch_id, self.why = table, batch_id, why
        self.night = night_of(batch_id)
        super().__init__(
            f"the lake table {table} of the night {self.night} {why}",
            f"Run that night again; if it is published, replay it: nightdesk backfill --from {self.night} --reason TEXT"
            " (with --profile, if it is not of the profile contract)",
        )

    def __reduce__(self) -> tuple[type["DamagedBatch"], tuple[str, str, str]]:  # type: ignore[override]
        return type(self), (self.table, self.batch_id, self.why)


def new_batch_id(attempt_id: str) -> str:
    """An id that no other batch has, and that says whose it is: a batch may never come to be pinned."""
    return f"{attempt_id}-{secrets.token_hex(4)}"


def attempt_of(batch_id: str) -> str:
    """The attempt that wrote a batch."""
    return batch_id.rpartition("-")[0]


def table_uri(root: str, table: str) -> str:
    """Where the lake keeps `layer/name`."""
    return f"{root.rstrip('/')}/{table}"


def is_local(root: str) -> bool:
    """Whether the lake is a folder, and no object store."""
    return "://" not in root or root.startswith("file://")


def write_batch(
    root: str,
    table: str,
    night: datetime.date,
    data: pa.RecordBatchReader,
    attempt_id: str,
    *,
    commit_bytes: int = _COMMIT_BYTES,
) -> tuple[str, int]:
    """Append a stream of rows as a new batch of `layer/name`; returns its id and row count.

    A large batch is committed in parts of about `commit_bytes` in Arrow, each before the next is asked for. Nothing is
    written of a batch without rows: nobody reads it. Raises StoreError when the lake cannot be written, and what `data`
    raises when its rows break off; what was written stays unpinned and no reader sees it.
    """
    batch_id = new_batch_id(attempt_id)
    schema = data.schema.append(pa.field("night", pa.date32())).append(pa.field("batch_id", pa.string()))
    counted = 0
    broken: NightdeskError | None = None

    def stamped() -> Iterator[pa.RecordBatch]:
        nonlocal counted, broken
        try:
            for batch in data:
                if count := batch.num_rows:
                    counted += count
                    stamps = [pa.repeat(pa.scalar(night, pa.date32()), count), pa.repeat(batch_id, count)]
                    yield pa.RecordBatch.from_arrays([*batch.columns, *stamps], schema=schema)
        except NightdeskError as error:  # the writer would wrap it as a fault of the lake
            broken = error
            raise

    uri = table_uri(root, table)
    rows = stamped()
    try:
        for first in rows:
            if is_local(root):
                Path(uri.removeprefix("file://")).mkdir(parents=True, exist_ok=True)
            write_deltalake(
                uri,
                pa.RecordBatchReader.from_batches(schema, _part(first, rows, commit_bytes)),
                mode="append",
                partition_by=list(PARTITIONS),
                schema_mode="merge",
                configuration=dict(LOG),
                writer_properties=WriterProperties(max_row_group_size=_ROW_GROUP),
            )
    except (DeltaError, OSError) as error:
        if broken:
            raise broken from None
        raise StoreError(
            f"the lake table {table} cannot be written ({first_line(error)})",
            "Look at the free space and rights of NIGHTDESK_LAKE, then run the step again.",
        ) from error
    if counted and is_local(root):
        _remember(root, table, batch_id, [str(file) for file in _own_files(root, table, night, batch_id)])
    return batch_id, counted


def _part(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch], commit_bytes: int) -> Iterator[pa.RecordBatch]:
    """Batches until they come to so many bytes; the others are left in `rest`."""
    size = 0
    for batch in chain((first,), rest):
        yield batch
        size += batch.nbytes
        if size >= commit_bytes:
            return


#: where the files of batches lie, of a local lake: a batch is never changed, and a night reads each of them many times
_files: dict[tuple[str, str, str], list[str]] = {}
_MOST_REMEMBERED = 20_000


def _remember(root: str, table: str, batch_id: str, files: list[str]) -> None:
    if len(_files) >= _MOST_REMEMBERED:
        _files.clear()
    _files[root, table, batch_id] = files


def _remembered(root: str, table: str, batch_id: str) -> list[str] | None:
    """A batch's files as they were found before, if all are still there; None where the table's log has to be asked."""
    files = _files.get((root, table, batch_id))
    return files if files and all(map(os.path.exists, files)) else None


def files_of(
    root: str,
    table: str,
    batch_ids: Sequence[str],
    filled: Collection[str] = (),
    digests: Mapping[str, str] | None = None,
) -> list[str]:
    """The Parquet files of these batches of `layer/name`, in the order of the batches.

    In a local lake every file is looked at (is it whole?), and read against the digest of its batch where `digests` has
    one. Raises DamagedBatch when a file, or a batch of `filled` (those that were written with rows), is not what was
    written, and StoreError when the table is gone from the lake.
    """
    found = files_by_batch(root, table, batch_ids, filled, digests)
    return [path for batch_id in batch_ids for path in found[batch_id]]


def files_by_batch(
    root: str,
    table: str,
    batch_ids: Sequence[str],
    filled: Collection[str] = (),
    digests: Mapping[str, str] | None = None,
) -> dict[str, list[str]]:
    """The same, by batch."""
    known = {batch_id: _remembered(root, table, batch_id) for batch_id in batch_ids}
    if is_local(root):
        # what lies in a batch's own folder is held to its digest below: the table's log need not be opened to find it
        known |= {
            batch_id: [str(file) for file in _own_files(root, table, night_of(batch_id), batch_id)] or None
            for batch_id, files in known.items()
            if files is None and (digests or {}).get(batch_id)
        }
    if unknown := [batch_id for batch_id, files in known.items() if files is None]:
        listed = _listed(root, table, unknown)
        for batch_id in unknown:
            if batch_id in filled and not listed[batch_id]:
                raise DamagedBatch(table, batch_id, f"no longer has the batch {batch_id} that the ledger pins")
        known |= listed
    found = {batch_id: files or [] for batch_id, files in known.items()}
    if is_local(root):
        for batch_id, files in found.items():
            _require_whole(table, batch_id, files, (digests or {}).get(batch_id))
            _remember(root, table, batch_id, files)
    return found


def _listed(root: str, table: str, batch_ids: Sequence[str]) -> dict[str, list[str]]:
    """The files of batches by the table's log."""
    try:
        delta = DeltaTable(table_uri(root, table))
    except TableNotFoundError:
        raise StoreError(
            f"the ledger pins batches of {table}, and the lake at {masked_url(root)} has no such table",
            "Point NIGHTDESK_LAKE at the lake that these nights were written to.",
        ) from None
    except (DeltaError, OSError) as error:
        raise _unreadable(table, error) from error
    found: dict[str, list[str]] = {batch_id: [] for batch_id in batch_ids}
    for uri in delta.file_uris(partition_filters=[("batch_id", "in", list(batch_ids))]):
        batch_id = next(part[9:] for part in uri.split("/") if part.startswith("batch_id="))
        found[batch_id].append(unquote(urlparse(uri).path) if uri.startswith("file://") else uri)
    return {batch_id: sorted(files) for batch_id, files in found.items()}


def _require_whole(table: str, batch_id: str, files: Sequence[str], digest: str | None) -> None:
    for file in files:
        try:
            with Path(file).open("rb") as opened:
                first = opened.read(4)
                opened.seek(-4, 2)
                is_whole = first == opened.read(4) == _MAGIC
        except OSError:
            is_whole = False
        if not is_whole:
            raise DamagedBatch(table, batch_id, f"is damaged: the file {file} is missing, empty or cut off")
    if digest and digest != _digest(files):
        raise DamagedBatch(table, batch_id, "is damaged: its content is not what was written")


def _digest(files: Sequence[str]) -> str:
    parts = []
    for file in files:
        with Path(file).open("rb") as opened:
            parts.append(hashlib.file_digest(opened, "sha256").hexdigest())
    return hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()


def digest_of(root: str, table: str, night: datetime.date, batch_id: str) -> str:
    """The digest of a batch's files as they lie in a local lake; empty elsewhere: an object store keeps its own."""
    return _digest([str(file) for file in _own_files(root, table, night, batch_id)]) if is_local(root) else ""


def bytes_of(root: str, table: str, night: datetime.date, batch_id: str) -> int:
    """How large a batch's files are in a local lake; 0 elsewhere, where asking for it would read the table's log."""
    return sum(file.stat().st_size for file in _own_files(root, table, night, batch_id)) if is_local(root) else 0


def _own_files(root: str, table: str, night: datetime.date, batch_id: str) -> list[Path]:
    folder = Path(table_uri(root, table).removeprefix("file://")) / f"night={night}" / f"batch_id={batch_id}"
    return sorted(folder.glob("*.parquet"))


def batches_in(root: str, table: str) -> set[str]:
    """The batches with rows that `layer/name` has; none where there is no such table."""
    try:
        return {str(part["batch_id"]) for part in DeltaTable(table_uri(root, table)).partitions()}
    except TableNotFoundError:
        return set()
    except (DeltaError, OSError) as error:
        raise _unreadable(table, error) from error


def folders_of(root: str, attempt_id: str) -> dict[tuple[str, str], Path]:
    """The folders of the batches that an attempt wrote, by table and batch, also of those that no log knows.

    Found by their names, in a local lake: no table is opened. An object store has none that anybody could see.
    """
    if not is_local(root):
        return {}
    place = Path(root.removeprefix("file://"))
    night = night_of(attempt_id)
    folders = place.glob(f"*/*/night={night}/batch_id={attempt_id}-*")
    return {
        ("/".join(folder.relative_to(place).parts[:2]), folder.name.removeprefix("batch_id=")): folder
        for folder in sorted(folders)
    }


def night_of(batch_or_attempt_id: str) -> datetime.date:
    """The business date of the night that an id begins with."""
    return datetime.datetime.strptime(batch_or_attempt_id[:8], "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone


def _unreadable(table: str, error: Exception) -> StoreError:
    return StoreError(
        f"the lake table {table} cannot be read ({first_line(error)})",
        "Look at the rights of NIGHTDESK_LAKE and at the table's _delta_log, then run the step again.",
    )
