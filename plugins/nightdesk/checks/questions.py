"""Questions: expectations that differ in their column only are asked as one, and of each case once.

What Great Expectations costs is its import and the ceremony of an expectation, not its rows: a night asks some five
hundred, most of them whether a cell is there. What it has said of a case is known and not asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from nightdesk.checks.answers import KNOWN_CASES, Case, Question, known, learn
from nightdesk.checks.asserting import failing
from nightdesk.checks.cases import cases, foreseen
from nightdesk.checks.expectation import Expectation, columns_in, in_frame_units
from nightdesk.contract import Table

_COLUMNS = ("column", "column_A", "column_B")


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
    """One expectation over a frame: its cases (of a pair: two columns), and which of them each row is."""

    expectation: Expectation
    given: Mapping[str, Any]
    values: tuple[pa.Array, ...]
    value_of_row: Any

    @property
    def question(self) -> Question:
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
    together: dict[Question, list[_Asked]] = {}
    for one in asked:
        together.setdefault(one.question, []).append(one)
    fails = _fails(name, together)
    return [
        Verdict(one.expectation, frame.num_rows, np.flatnonzero(fails[id(one)][one.value_of_row]).tolist())
        for one in asked
    ]


def _asked(expectation: Expectation, given: Mapping[str, Any], frame: pa.Table) -> _Asked:
    columns = tuple(frame.column(name).combine_chunks() for name in columns_in(given))
    return _Asked(expectation, given, *cases(expectation.expect, given, columns))


def _fails(name: str, together: Mapping[Question, list[_Asked]]) -> dict[int, Any]:
    """For each expectation (by its identity) whether each of its cases fails: one suite for all that is not known."""
    pools = {
        question: tuple(pa.concat_arrays(parts) for parts in zip(*(one.values for one in group), strict=True))
        for question, group in together.items()
    }
    listed: dict[Question, list[Case]] = {
        question: list(zip(*(values.to_pylist() for values in pool), strict=True))
        for question, pool in pools.items()
        if len(pool[0]) <= KNOWN_CASES
    }
    said = {question: known(question, these) for question, these in listed.items()}
    new = {q: [case for case in dict.fromkeys(these) if case not in said[q]] for q, these in listed.items()}
    for question, these in new.items():
        if these:  # it is asked now: with it what other nights will show, so that none of them has to ask
            ahead = foreseen(question[0], together[question][0].given, tuple(v.type for v in pools[question]))
            these += [case for case in ahead if case not in said[question] and case not in these]
    unknown = {question: pool for question, pool in pools.items() if question not in listed} | {
        question: tuple(
            pa.array(column, values.type)
            for column, values in zip(zip(*these, strict=True), pools[question], strict=True)
        )
        for question, these in new.items()
        if these
    }
    told = _told(name, {question: (together[question][0], pool) for question, pool in unknown.items()})
    learned = {q: dict(zip(these, told[q].tolist(), strict=True)) for q, these in new.items() if these}
    learn(learned)
    fails: dict[int, Any] = {}
    for question, group in together.items():
        if question in listed:
            answers = said[question] | learned.get(question, {})
            found: Any = np.array([answers[case] for case in listed[question]], dtype=bool)
        else:
            found = told[question]
        start = 0
        for one in group:
            fails[id(one)] = found[start : start + len(one.values[0])]
            start += len(one.values[0])
    return fails


def _told(name: str, pools: Mapping[Question, tuple[_Asked, tuple[pa.Array, ...]]]) -> dict[Question, Any]:
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
    told: dict[Question, Any] = {}
    for (question, (_, pool)), failed in zip(pools.items(), failing(name, arguments, columns), strict=True):
        found = np.zeros(longest, dtype=bool)
        found[failed] = True
        told[question] = found[: len(pool[0])]
    return told
