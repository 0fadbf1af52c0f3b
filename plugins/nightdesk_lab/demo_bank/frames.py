"""numpy arrays to Arrow columns of contract tables: money as integer cents, dates as epoch days, text as codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk.contract import Table, contract

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: the integer that stands for "no value" in cents, days, seconds and counts
NULL = int(np.iinfo(np.int64).min)
#: seconds of a day
DAY = 86_400

_SCALES = {"amount": 2, "pct": 4, "number": 4}
_ARROW_TYPES: dict[str, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "enum": pa.string(),
    "code": pa.string(),
    "ccy": pa.string(),
    "date": pa.date32(),
    "month": pa.date32(),
    "timestamp": pa.timestamp("s"),
    "amount": pa.decimal128(18, 2),
    "pct": pa.decimal128(9, 4),
    "number": pa.decimal128(18, 4),
    "int": pa.int64(),
    "bool": pa.bool_(),
}


@dataclass(frozen=True)
class Coded:
    """Text as positions in a list of values; a negative position is null."""

    values: "pa.Array | Sequence[str]"
    codes: Ints

    def arrow(self) -> pa.Array:
        """The text column, one value per code."""
        values = self.values if isinstance(self.values, pa.Array) else pa.array(list(self.values), pa.string())
        missing = self.codes < 0
        return values.take(pa.array(self.codes, mask=missing if missing.any() else None))


def ids(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """Ids such as C000012: a prefix and the zero-padded number; a negative number is null."""
    missing = numbers < 0
    text = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    column = pc.binary_join_element_wise(prefix, text, "")
    return pc.if_else(pa.array(missing), None, column) if missing.any() else column


def amounts(cents: Ints, scale: int = 2, precision: int = 18) -> pa.Array:
    """Integers of the smallest unit as exact decimals, without going through text or floats."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = cents >> 63
    known = cents != NULL
    validity = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    kind = pa.decimal128(precision, scale)
    return pa.Array.from_buffers(kind, len(cents), [validity, pa.py_buffer(words.tobytes())])


def _numbers(kind: str, values: Ints) -> pa.Array:
    if kind in _SCALES:
        return amounts(values, _SCALES[kind], 9 if kind == "pct" else 18)
    missing = values == NULL
    mask = missing if missing.any() else None
    if kind in ("date", "month"):
        return pa.array(np.where(missing, 0, values).astype(np.int32), mask=mask).view(pa.date32())
    column = pa.array(values, mask=mask)
    return column.view(pa.timestamp("s")) if kind == "timestamp" else column


def _column(kind: str, values: object, rows: int) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, Coded):
        return values.arrow()
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values), rows)
    if isinstance(values, np.ndarray):
        return pa.array(values) if values.dtype == np.bool_ else _numbers(kind, values.astype(np.int64, copy=False))
    return pa.array(values, _ARROW_TYPES[kind])


def frame(name: str, columns: Mapping[str, object], known_at: Ints) -> pa.Table:
    """A contract table's rows, columns in the contract's order and `known_at` last.

    `columns` holds, per column, an Arrow array, a Coded, integers in the smallest unit (cents; ten-thousandths for
    pct and number; epoch days; epoch seconds of bank time; NULL for none), booleans, or one text for all rows.
    Columns left out are null. Raises KeyError for a column that the contract does not have.
    """
    table: Table = contract()[name]
    unknown = columns.keys() - table.columns.keys()
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    rows = len(known_at)
    arrays = [
        _column(column.type, columns[column.name], rows)
        if column.name in columns
        else pa.nulls(rows, _ARROW_TYPES[column.type])
        for column in table.columns.values()
    ]
    arrays.append(_numbers("timestamp", known_at))
    return pa.Table.from_arrays(arrays, names=[*table.columns, "known_at"])


def repeated(counts: Ints) -> Ints:
    """Row numbers, each repeated as often as its count says: [2, 0, 1] gives [0, 0, 2]."""
    return np.repeat(np.arange(len(counts), dtype=np.int64), counts)


def position(counts: Ints) -> Ints:
    """The running number inside each repetition: [2, 0, 1] gives [0, 1, 0]."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64) - np.repeat(ends - counts, counts)


def split_exactly(totals: Ints, weights: Floats, owner: Ints) -> Ints:
    """Each owner's total split over its rows by weight, at least one cent a row and equal to the total to the cent.

    `owner` must be sorted; a total smaller than its number of rows is raised to one cent a row.
    """
    if not len(owner):
        return np.empty(0, dtype=np.int64)
    counts = np.bincount(owner, minlength=len(totals))
    sums = np.bincount(owner, weights=weights, minlength=len(totals))
    share = np.floor(np.maximum(totals - counts, 0)[owner] * (weights / sums[owner])).astype(np.int64)
    given = np.bincount(owner, weights=share, minlength=len(totals)).astype(np.int64)
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    share[first] += (np.maximum(totals - counts, 0) - given)[owner[first]]
    return np.asarray(np.maximum(share + 1, 1))
