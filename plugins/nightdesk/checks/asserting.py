"""Great Expectations asks: a suite over a frame, and for each expectation how many rows, and which, fail it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nightdesk.checks.suites import NOT_NULL, Expectation, columns_in, in_frame_units
from nightdesk.contract import Table
from nightdesk.errors import NightdeskError, PolicyError

_PRESENCE = ("expect_column_values_to_be_null", NOT_NULL)
_DEFECT = "This is a defect of the checks: nothing was published."


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


@cache
def _context() -> Any:
    """Great Expectations' ephemeral context, its reporting home and its progress bars off.

    Imported here: the import takes seconds, and only the check step needs it.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


@cache
def _batch_definition(name: str) -> Any:
    source = _context().data_sources.add_pandas(name)
    return source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("part")


def build_suite(name: str, arguments: Sequence[tuple[Expectation, dict[str, Any]]]) -> Any:
    """A suite of Great Expectations; each member's meta says which entry of `arguments` it is.

    Raises PolicyError when Great Expectations cannot ask one, and NightdeskError when it went on without one.
    """
    _context()
    import great_expectations as gx

    members = [_member(name, number, expectation, given) for number, (expectation, given) in enumerate(arguments)]
    made = gx.ExpectationSuite(name=name, expectations=members)
    if len(made.expectations) != len(arguments):
        raise NightdeskError(
            f"the suite {name} kept {len(made.expectations)} of {len(arguments)} expectations", _DEFECT
        )
    return made


def _member(name: str, number: int, expectation: Expectation, given: dict[str, Any]) -> Any:
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.registry import get_expectation_impl

    try:
        make = get_expectation_impl(expectation.expect)
        return make(**given, meta={"entry": number}, severity=FailureSeverity(expectation.severity))
    except (GreatExpectationsError, ValueError, TypeError) as error:
        raise PolicyError(
            f"{name}: Great Expectations cannot ask {expectation.rule} ({expectation.expect}): "
            + str(error).replace("\n", " ")[:200],
            f"Mend that entry of expectations/{name}.yaml.",
        ) from error


def judge(table: Table, expectations: Sequence[Expectation], frame: pa.Table) -> list[Verdict]:
    """Ask the row expectations of one table over one frame."""
    return ask(table.name, [(e, in_frame_units(table, e)) for e in expectations], frame)


def ask(name: str, arguments: Sequence[tuple[Expectation, dict[str, Any]]], frame: pa.Table) -> list[Verdict]:
    """Ask expectations, with the arguments given for each, over one frame; verdicts in the same order.

    Raises NightdeskError when an expectation could not be asked, or its failing rows are not all told.
    """
    if not arguments:
        return []
    if frame.num_rows == 0:
        return [Verdict(expectation, 0) for expectation, _ in arguments]
    data = _pandas(frame, [(expectation.expect, columns_in(given)) for expectation, given in arguments])
    suite = build_suite(name, arguments)
    batch = _batch_definition(name).get_batch(batch_parameters={"dataframe": data})
    answers = batch.validate(
        suite, result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False}
    ).results
    if len(answers) != len(arguments):
        raise NightdeskError(f"{name}: {len(answers)} answers to {len(arguments)} expectations", _DEFECT)
    verdicts: dict[int, Verdict] = {}
    for answer in answers:
        number = answer.expectation_config.meta["entry"]
        expectation = arguments[number][0]
        found = answer.result or {}
        positions = [int(position) for position in found.get("unexpected_index_list") or []]
        if "unexpected_count" not in found or len(positions) != found["unexpected_count"]:
            raise NightdeskError(
                f"{name}: {expectation.rule} on {', '.join(expectation.columns)} names {len(positions)} of "
                f"{found.get('unexpected_count', 'unknown')} failing rows ({_why(answer)})",
                _DEFECT,
            )
        verdicts[number] = Verdict(expectation, int(found["element_count"]), positions)
    return [verdicts[number] for number in range(len(arguments))]


def _pandas(frame: pa.Table, asked: Sequence[tuple[str, tuple[str, ...]]]) -> Any:
    """The frame as Great Expectations reads it: the columns asked about and nothing else, as narrow as they may be.

    It hashes every frame it is given, and hashing text is what takes time: a column that is only asked whether it is
    there becomes 1 or missing, codes become categories, whole numbers stay whole where cells are missing.
    """
    import pandas as pd

    columns = {}
    for name in sorted({column for _, names in asked for column in names}):
        column = frame.column(name)
        if all(expect in _PRESENCE for expect, names in asked if name in names):
            column = pc.if_else(column.is_valid(), pa.scalar(1, pa.int8()), pa.scalar(None, pa.int8()))
        elif pa.types.is_string(column.type):
            column = column.dictionary_encode()
        columns[name] = column
    kinds = {pa.int8(): pd.Int8Dtype(), pa.int64(): pd.Int64Dtype()}
    return pa.table(columns).to_pandas(types_mapper=kinds.get)


def _why(answer: Any) -> str:
    info = answer.exception_info or {}
    said = str(info.get("exception_message") or next(iter(info.values()), "no reason given"))
    return said.splitlines()[0][:200] if said else "no reason given"
