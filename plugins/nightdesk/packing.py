"""Packs: many small batches of a lake table in one batch, whose rows say which batch they are of.

A lake that gains a file a table and night opens more of them every night; packed, a history is a few files, and any
night of it can still be read as it was.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from nightdesk.lake import files_by_batch, write_batch

if TYPE_CHECKING:
    import pyarrow.dataset as ds

#: the column of a pack that says which batch a row is of; null, or not there, in the files of single batches
PACKED_FROM = "packed_from"
_ROWS = 32_768


@dataclass(frozen=True)
class Part:
    """One batch, or pack, that goes into a pack: its rows, and their columns without PACKED_FROM."""

    batch_id: str
    rows: "ds.Dataset"
    columns: pa.Schema


def parts_of(root: str, table: str, digests: Mapping[str, str]) -> list[Part]:
    """Batches or packs of `layer/name`, in their order, each read against its digest where it has one.

    Raises DamagedBatch when one is not what was written.
    """
    found = files_by_batch(root, table, list(digests), filled=digests, digests=digests)
    return [_part(batch_id, files) for batch_id, files in found.items()]


def _part(batch_id: str, files: Sequence[str]) -> Part:
    import pyarrow.dataset as ds  # brings pandas, and packs are only read by those who make them

    rows = ds.dataset(list(files), format="parquet", partitioning=None)
    kept = [(name, rows.schema.field(name).type) for name in rows.schema.names if name != PACKED_FROM]
    return Part(batch_id, rows, pa.schema(kept))


def alike(parts: Sequence[Part]) -> list[Part]:
    """The most parts, of those given, that have the same columns and types: only such may share a file."""
    groups: dict[str, list[Part]] = {}
    for item in parts:
        groups.setdefault(str(item.columns), []).append(item)
    return max(groups.values(), key=len)


def write_pack(root: str, table: str, night: datetime.date, parts: Sequence[Part], attempt_id: str) -> tuple[str, int]:
    """Write parts that are alike into one new batch; returns its id and row count.

    The parts stay as they are: readers have to be told of the pack before what it replaces may go.
    """
    schema = parts[0].columns.append(pa.field(PACKED_FROM, pa.string()))

    def rows() -> Iterator[pa.RecordBatch]:
        for item in parts:
            for batch in item.rows.to_batches(batch_size=_ROWS):
                own = pa.array([item.batch_id] * batch.num_rows, pa.string())
                if PACKED_FROM in batch.schema.names:  # a pack; or a batch of after the first one, where it is null
                    own = pc.fill_null(batch.column(PACKED_FROM), item.batch_id)
                columns = [own if name == PACKED_FROM else batch.column(name) for name in schema.names]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return write_batch(root, table, night, pa.RecordBatchReader.from_batches(schema, rows()), attempt_id)
