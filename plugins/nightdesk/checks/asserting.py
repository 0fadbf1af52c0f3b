"""Great Expectations judges: a suite over columns of values, and for each expectation which positions fail it."""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pyarrow as pa

from nightdesk.checks.deferring import defer, hide
from nightdesk.checks.expectation import Expectation
from nightdesk.errors import NightdeskError, PolicyError

_DEFECT = "This is a defect of the checks: nothing was published."
#: what Great Expectations imports for charts and distributions: seconds of work for what no expectation of ours reads
_UNREAD = ("altair", "scipy.stats")
#: engines that it supports where they are installed; ours is pandas
_OTHER_ENGINES = ("pyspark",)


@cache
def _great_expectations() -> Any:
    """The library. Imported here: the import takes seconds, and only the check step needs it."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with defer(*_UNREAD), hide(*_OTHER_ENGINES):
        import great_expectations

    return great_expectations


@cache
def _batch_definition() -> Any:
    """Data frames, in an ephemeral context with its reporting home and its progress bars off."""
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return (
        context.data_sources.add_pandas("night").add_dataframe_asset("part").add_batch_definition_whole_dataframe("p")
    )


def build_suite(name: str, arguments: Sequence[tuple[Expectation, dict[str, Any]]]) -> Any:
    """A suite of Great Expectations; each member's meta says which entry of `arguments` it is.

    Raises PolicyError when Great Expectations cannot ask one, and NightdeskError when it went on without one.
    """
    members = [_member(name, number, expectation, given) for number, (expectation, given) in enumerate(arguments)]
    made = _great_expectations().ExpectationSuite(name=name, expectations=members)
    if len(made.expectations) != len(arguments):
        raise NightdeskError(
            f"the suite {name} kept {len(made.expectations)} of {len(arguments)} expectations", _DEFECT
        )
    return made


def _member(name: str, number: int, expectation: Expectation, given: dict[str, Any]) -> Any:
    _great_expectations()
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


def failing(
    name: str, arguments: Sequence[tuple[Expectation, dict[str, Any]]], columns: Mapping[str, pa.Array]
) -> list[list[int]]:
    """The positions that fail each expectation, with the arguments given for it, over columns of one length.

    Raises NightdeskError when an expectation could not be asked, or its failing positions are not all told.
    """
    suite = build_suite(name, arguments)
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": _pandas(columns)})
    answers = batch.validate(
        suite, result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False}
    ).results
    if len(answers) != len(arguments):
        raise NightdeskError(f"{name}: {len(answers)} answers to {len(arguments)} expectations", _DEFECT)
    told: dict[int, list[int]] = {}
    for answer in answers:
        number = answer.expectation_config.meta["entry"]
        expectation = arguments[number][0]
        found = answer.result or {}
        positions = [int(position) for position in found.get("unexpected_index_list") or []]
        if "unexpected_count" not in found or len(positions) != found["unexpected_count"]:
            raise NightdeskError(
                f"{name}: {expectation.rule} on {', '.join(expectation.columns)} names {len(positions)} of "
                f"{found.get('unexpected_count', 'unknown')} failing values ({_why(answer)})",
                _DEFECT,
            )
        told[number] = positions
    return [told[number] for number in range(len(arguments))]


def _pandas(columns: Mapping[str, pa.Array]) -> Any:
    """Columns as Great Expectations reads them: codes as categories, whole numbers whole where cells are missing.

    It hashes every frame it is given, and hashing text is what takes time.
    """
    import pandas as pd

    kinds = {pa.int8(): pd.Int8Dtype(), pa.int64(): pd.Int64Dtype()}
    coded = {
        name: column.dictionary_encode() if pa.types.is_string(column.type) else column
        for name, column in columns.items()
    }
    return pa.table(coded).to_pandas(types_mapper=kinds.get)


def _why(answer: Any) -> str:
    """The kind of the exception that Great Expectations met: its message may quote a cell."""
    info = answer.exception_info or {}
    told = info if "exception_traceback" in info else next((v for v in info.values() if isinstance(v, dict)), {})
    trace = str(told.get("exception_traceback") or "").strip()
    return trace.splitlines()[-1].partition(":")[0] if trace else "no reason given"
