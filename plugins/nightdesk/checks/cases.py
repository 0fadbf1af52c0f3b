"""Cases: the values of a frame that a question cannot tell apart are asked as one.

Whether a cell is there is one bit of it; a range sees a number's order to its bounds, a list which of its members a
text is, a comparison of two columns their order to each other. What is left is a handful of cases however many rows
there are, the same ones every night, and known before a row shows them.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk.checks.expectation import BETWEEN, GREATER, IN_SET, NOT_NULL, NULL

#: the cases of one question over a frame (an array for each column that it asks about), and which of them each row is
Cases: TypeAlias = tuple[tuple[pa.Array, ...], Any]


def cases(expect: str, given: Mapping[str, Any], columns: tuple[pa.Array, ...]) -> Cases:
    """The cases of `columns` under an expectation with its arguments; numbers are whole."""
    if len(columns) > 1:
        is_ordered = expect == GREATER and all(pa.types.is_integer(column.type) for column in columns)
        return _pairs(*columns) if is_ordered else (columns, slice(None))
    (column,) = columns
    if expect in (NULL, NOT_NULL):
        column = pc.if_else(column.is_valid(), pa.scalar(1, pa.int8()), pa.scalar(None, pa.int8()))
    elif expect == BETWEEN and pa.types.is_integer(column.type):
        column = _by_bounds(column, _bounds(given))
    elif expect == IN_SET and pa.types.is_string(column.type):
        column = _by_members(column, _members(given))
    coded = column.dictionary_encode(null_encoding="encode")
    return (coded.dictionary,), coded.indices.to_numpy(zero_copy_only=False)


def foreseen(expect: str, given: Mapping[str, Any], kinds: tuple[pa.DataType, ...]) -> list[tuple[Any, ...]]:
    """All cases that columns of these kinds can come to under an expectation; none where that cannot be said."""
    if len(kinds) > 1:
        is_ordered = expect == GREATER and all(pa.types.is_integer(kind) for kind in kinds)
        return [(-1, 0), (0, 0), (1, 0), (None, 0), (0, None), (None, None)] if is_ordered else []
    (kind,) = kinds
    if expect in (NULL, NOT_NULL):
        return [(1,), (None,)]
    if expect == BETWEEN and pa.types.is_integer(kind) and (bounds := _bounds(given)):
        return [(n,) for n in sorted({*bounds, *(bound - 1 for bound in bounds), bounds[-1] + 1})] + [(None,)]
    if expect == IN_SET and pa.types.is_string(kind) and (members := _members(given)):
        return [(member,) for member in (*members, _outside(members), None)]
    return []


def _bounds(given: Mapping[str, Any]) -> list[int]:
    """The bounds of a range, in their order; none where one is no whole number."""
    bounds = {given[name] for name in ("min_value", "max_value") if given.get(name) is not None}
    return sorted(bounds) if all(type(bound) is int for bound in bounds) else []


def _members(given: Mapping[str, Any]) -> list[str]:
    """The texts of a list; none where one of its members is no text."""
    members = list(given.get("value_set") or ())
    return members if all(isinstance(member, str) for member in members) else []


def _outside(members: list[str]) -> str:
    """A text that is none of these."""
    return "?" * (1 + max(map(len, members)))


def _by_members(column: pa.Array, members: list[str]) -> pa.Array:
    """A member of the list for a text that is one, else one text for all that are none."""
    if not members:
        return column
    is_kept = pc.or_(column.is_null(), pc.is_in(column, value_set=pa.array(members, column.type)))
    return pc.if_else(is_kept, column, pa.scalar(_outside(members), column.type))


def _by_bounds(column: pa.Array, bounds: list[int]) -> pa.Array:
    """A bound for a number that equals it, else the next number below the next bound, or above the last."""
    if not bounds:
        return column
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    marks = np.array(bounds, dtype=np.int64)
    following = np.searchsorted(marks, numbers)
    nearest = marks[np.minimum(following, len(marks) - 1)]
    standing_in = np.where(following == len(marks), marks[-1] + 1, np.where(numbers == nearest, nearest, nearest - 1))
    return pa.array(standing_in, pa.int64(), mask=column.is_null().to_numpy(zero_copy_only=False))


def _pairs(first: pa.Array, second: pa.Array) -> Cases:
    """The two columns' order as 1, 0 or -1 beside a zero; a missing cell stays missing."""
    a, b = (column.fill_null(0).to_numpy(zero_copy_only=False) for column in (first, second))
    lacks = [column.is_null().to_numpy(zero_copy_only=False) for column in (first, second)]
    order = np.where(lacks[0] | lacks[1], 0, np.sign((a > b).astype(np.int8) - (a < b).astype(np.int8)))
    told, row_is = np.unique(np.stack([order, *lacks], axis=1).astype(np.int64), axis=0, return_inverse=True)
    values = (told[:, 0], np.zeros(len(told), dtype=np.int64))
    return (
        tuple(pa.array(value, pa.int64(), mask=told[:, n + 1] == 1) for n, value in enumerate(values)),
        row_is.reshape(-1),
    )
