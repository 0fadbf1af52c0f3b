"""A large batch goes to the lake in parts: what is written is committed before more of it is asked for."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightdesk.lake import files_of, write_batch

_NIGHT = datetime.date(2026, 3, 31)
_ATTEMPT = "20260331-0123456789ab"
_SCHEMA = pa.schema([pa.field("n", pa.int64())])


def _committed(lake: Path) -> int:
    """Rows that the table's log has just now."""
    log = sorted((lake / "source" / "txn" / "_delta_log").glob("*.json"))
    actions = [json.loads(line) for file in log for line in file.read_text(encoding="utf-8").splitlines()]
    return sum(json.loads(action["add"]["stats"])["numRecords"] for action in actions if "add" in action)


@pytest.mark.parametrize(
    ("commit_bytes", "committed"),
    [
        (10**9, [0, 0, 0, 0, 0]),
        (80_000, [0, 0, 2_000, 2_000, 4_000]),  # a thousand rows with their night and the batch's id are 45 kB
        (1, [0, 1_000, 2_000, 3_000, 4_000]),
    ],
)
def test_given_a_size_of_parts_then_no_rows_are_asked_for_before_the_part_before_them_is_committed(
    tmp_path: Path, commit_bytes: int, committed: list[int]
) -> None:
    seen: list[int] = []

    def rows() -> Iterator[pa.RecordBatch]:
        for first in range(0, 5_000, 1_000):
            seen.append(_committed(tmp_path))
            yield pa.RecordBatch.from_pydict({"n": list(range(first, first + 1_000))}, schema=_SCHEMA)

    data = pa.RecordBatchReader.from_batches(_SCHEMA, rows())
    batch_id, count = write_batch(str(tmp_path), "source/txn", _NIGHT, data, _ATTEMPT, commit_bytes=commit_bytes)
    assert seen == committed
    files = files_of(str(tmp_path), "source/txn", [batch_id])
    numbers = [number for file in files for number in pq.ParquetFile(file).read(["n"]).column("n").to_pylist()]
    assert (count, sorted(numbers)) == (5_000, list(range(5_000)))
