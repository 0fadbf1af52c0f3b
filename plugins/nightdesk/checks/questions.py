"""Questions: expectations that differ in their column only are asked as one, and of each distinct value once.

What Great Expectations costs is the ceremony of an expectation, not its rows: a night asks some five hundred, and most
of them whether a cell is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk.checks.asserting import failing
from nightdesk.checks.expectation import NOT_NULL, NULL, Expectation, columns_in, in_frame_units
from nightdesk.contract import Table

_COLUMNS = ("column", "column_A", "column_B")
#: answers are kept for the process, of questions about no more distinct values than this
_KEPT_VALUES = 1_000
#: what is asked, of values of which type: all but the column
_Question: TypeAlias = tuple[str, str, str]
_answers: dict[_Question, dict[Any, bool]] = {}


@dataclass
class Verdict:
    """What came of one expectation over one frame: rows asked, and the positions of those that fail it."""

    expectation: Expectation
    element_count: int
    positions: list[int] = field(default_factory=list)

    @property
    def unexpected_count(self) -> int:
        """How many rows fail."""
        return len(self.positions)


@dataclass(frozen=True)
class _Asked:
    """One expectation over a frame: its distinct values (of a pair: two columns, row by row), and which a row has."""

    expectation: Expectation
    given: Mapping[str, Any]
    values: tuple[pa.Array, ...]
    value_of_row: Any

    @property
    def question(self) -> _Question:
        """What is asked: expectations of the same question are asked together."""
        rest = sorted((name, repr(value)) for name, value in self.given.items() if name not in _COLUMNS)
        return self.expectation.expect, repr(rest), ", ".join(str(values.type) for values in self.values)


def judge(table: Table, expectations: Sequence[Expectation], frame: pa.Table) -> list[Verdict]:
    """Ask the row expectations of one table over one frame."""
    return ask(table.name, [(e, in_frame_units(table, e)) for e in expectations], frame)


def ask(name: str, arguments: Sequence[tuple[Expectation, dict[str, Any]]], frame: pa.Table) -> list[Verdict]:
    """Ask expectations, with the arguments given for each, over one frame; verdicts in the same order.

    Raises PolicyError and NightdeskError as `failing` does.
    """
    if frame.num_rows == 0:
        return [Verdict(expectation, 0) for expectation, _ in arguments]
    asked = [_asked(expectation, given, frame) for expectation, given in arguments]
    together: dict[_Question, list[_Asked]] = {}
    for one in asked:
        together.setdefault(one.question, []).append(one)
    fails = _fails(name, together)
    return [
        Verdict(one.expectation, frame.num_rows, np.flatnonzero(fails[id(one)][one.value_of_row]).tolist())
        for one in asked
    ]


def _asked(expectation: Expectation, given: Mapping[str, Any], frame: pa.Table) -> _Asked:
    columns = [frame.column(name).combine_chunks() for name in columns_in(given)]
    if len(columns) > 1:
        return _Asked(expectation, given, tuple(columns), slice(None))
    column = columns[0]
    if expectation.expect in (NULL, NOT_NULL):  # all that matters of a cell is whether it is there
        column = pc.if_else(column.is_valid(), pa.scalar(1, pa.int8()), pa.scalar(None, pa.int8()))
    coded = column.dictionary_encode(null_encoding="encode")
    return _Asked(expectation, given, (coded.dictionary,), coded.indices.to_numpy(zero_copy_only=False))


def _fails(name: str, together: Mapping[_Question, list[_Asked]]) -> dict[int, Any]:
    """For each expectation (by its identity) whether each of its values fails: one suite for all that is not known."""
    pools = {
        question: tuple(pa.concat_arrays(parts) for parts in zip(*(one.values for one in group), strict=True))
        for question, group in together.items()
    }
    kept = {q: pool[0].to_pylist() for q, pool in pools.items() if len(pool) == 1 and len(pool[0]) <= _KEPT_VALUES}
    unknown = dict(pools)
    for question, values in kept.items():
        known = _answers.setdefault(question, {})
        if len(known) > 10 * _KEPT_VALUES:
            known.clear()
        new = [value for value in dict.fromkeys(values) if value not in known]
        unknown[question] = (pa.array(new, pools[question][0].type),)
    told = _told(name, {q: (together[q][0], pool) for q, pool in unknown.items() if len(pool[0])})
    fails: dict[int, Any] = {}
    for question, group in together.items():
        found: Any = told.get(question)
        if question in kept:
            known = _answers[question]
            if found is not None:
                known.update(zip(unknown[question][0].to_pylist(), found.tolist(), strict=True))
            found = np.array([known[value] for value in kept[question]], dtype=bool)
        start = 0
        for one in group:
            fails[id(one)] = found[start : start + len(one.values[0])]
            start += len(one.values[0])
    return fails


def _told(name: str, pools: Mapping[_Question, tuple[_Asked, tuple[pa.Array, ...]]]) -> dict[_Question, Any]:
    """What Great Expectations says of each value of each question, all in one frame.

    A shorter column is filled up with a value that it has: what is said of it there is left out.
    """
    if not pools:
        return {}
    longest = max(len(pool[0]) for _, pool in pools.values())
    columns: dict[str, pa.Array] = {}
    arguments = []
    for number, (one, pool) in enumerate(pools.values()):
        given = dict(one.given)
        for argument, values in zip((a for a in _COLUMNS if a in given), pool, strict=True):
            given[argument] = f"{number} {argument}"
            positions = np.minimum(np.arange(longest), len(values) - 1)
            columns[given[argument]] = values.take(pa.array(positions)) if len(values) < longest else values
        arguments.append((one.expectation, given))
    told: dict[_Question, Any] = {}
    for (question, (_, pool)), failed in zip(pools.items(), failing(name, arguments, columns), strict=True):
        found = np.zeros(longest, dtype=bool)
        found[failed] = True
        told[question] = found[: len(pool[0])]
    return told
