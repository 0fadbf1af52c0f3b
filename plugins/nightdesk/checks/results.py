"""Results: what came of each expectation over all rows of a table, as lines of the quality page."""

from typing import Any

import pyarrow as pa

from nightdesk.checks.expectation import Expectation
from nightdesk.checks.outcome import SAMPLES, TableOutcome
from nightdesk.checks.questions import Verdict
from nightdesk.contract import Table
from nightdesk.row_key import masked_key


class Tally:
    """Counts and sample keys of each expectation over all parts."""

    def __init__(self, expectations: list[Expectation]) -> None:
        self._expectations = expectations
        self._elements = [0] * len(expectations)
        self._unexpected = [0] * len(expectations)
        self._samples: list[list[str]] = [[] for _ in expectations]

    def add(self, verdicts: list[Verdict], keys: pa.ChunkedArray) -> None:
        """Count one slice's verdicts; `keys` are its row keys by position."""
        for number, verdict in enumerate(verdicts):
            self._elements[number] += verdict.element_count
            self._unexpected[number] += verdict.unexpected_count
            samples = self._samples[number]
            wanted = verdict.positions[: SAMPLES - len(samples)]
            samples.extend(masked_key(keys[position].as_py()) for position in wanted)

    def rows(self, table: Table, observed: dict[str, str]) -> list[dict[str, Any]]:
        """The results of the quality page; `observed` is what was seen by rule."""
        return [
            result_row(
                table.name, expectation, elements, unexpected, sorted(samples), observed.get(expectation.rule, "")
            )
            for expectation, elements, unexpected, samples in zip(
                self._expectations, self._elements, self._unexpected, self._samples, strict=True
            )
        ]


def result_row(
    table: str, expectation: Expectation, elements: int, unexpected: int, samples: list[str], observed: str = ""
) -> dict[str, Any]:
    """One line of the quality page; keys in it are masked."""
    columns = ", ".join(expectation.columns)
    return {
        "table_name": table,
        "expectation": expectation.rule,
        "rule": expectation.rule,
        "expect": expectation.expect,
        "column_name": columns,
        "severity": expectation.severity,
        "scope": expectation.scope,
        "success": unexpected == 0,
        "element_count": elements,
        "unexpected_count": unexpected,
        "observed": observed,
        "sample_keys": ";".join(samples),
        "detail": " · ".join(part for part in (columns, observed, ", ".join(samples)) if part),
    }


def told_rows(outcome: TableOutcome) -> list[dict[str, Any]]:
    """A warning for each rule and column by which cells were read otherwise than they stand, with how many."""
    return [
        result_row(
            outcome.table.name,
            Expectation(rule, "warning", "row", "rows", "told", {"column": column}),
            outcome.rows_in,
            count,
            [],
        )
        for (rule, column), count in sorted(outcome.told.items())
    ]
