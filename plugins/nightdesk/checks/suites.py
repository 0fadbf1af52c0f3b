"""Suites: what every table is held to, from expectations/<table>.yaml, and how each expectation is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nightdesk.contract import Table, contract
from nightdesk.errors import PolicyError
from nightdesk.settings import project_root

#: whole units of a typed value in a frame: amounts in cents, percentages and numbers in their smallest place
SCALES = {"amount": 100, "pct": 10_000, "number": 100_000_000}
#: what DuckDB flags in a row, beside one flag per reference
FAULTS = ("type_fault", "scale_fault", "key_fault")
NOT_NULL = "expect_column_values_to_not_be_null"
REFERENCE_FLAGS = ("missing", "quarantined", "dangling")
#: the frames on which table-wide expectations are asked, and their columns
TABLE_FRAMES = {
    "facts": ("quarantined_pct", "rows_in", "usable_rows", "rows_of_day", "volume_pct", "data_age_days"),
    "totals": ("count_gap", "sum_gap", "count_gap_earlier", "sum_gap_earlier"),
    "continuity": ("gap",),
}
_BOUNDS = ("min_value", "max_value")
_KEYS = {
    "rule", "severity", "scope", "frame", "expect", "column", "column_A", "column_B", "value_set", "is_blanked",
    "or_equal", "ignore_row_if", "min_setting", "max_setting", *_BOUNDS,
}  # fmt: skip


@dataclass(frozen=True)
class Expectation:
    """One sentence that rows (scope `row`) or a night's feed (scope `table`) must satisfy.

    `expect` is Great Expectations' name of it and `arguments` are its own; bounds stand in the column's units.
    `is_blanked`: a cell that fails is read as missing. `frame` is `rows`, or one of TABLE_FRAMES.
    """

    rule: str
    severity: str
    scope: str
    frame: str
    expect: str
    arguments: Mapping[str, Any]
    is_blanked: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is about."""
        return columns_in(self.arguments)

    @property
    def is_quarantine(self) -> bool:
        """Whether a row that fails it is kept out."""
        return self.scope == "row" and self.severity == "critical"


def expectations_root() -> Path:
    """The folder of the suites."""
    return project_root() / "expectations"


def source_column(frame_column: str) -> str:
    """The contract column behind a frame column: the reference behind its flag, else itself."""
    return frame_column.rpartition("__")[0] if "__" in frame_column else frame_column


@cache
def suite(name: str) -> tuple[Expectation, ...]:
    """The expectations of one table.

    Raises PolicyError naming the file and entry that cannot be asked of the contract's table.
    """
    path = expectations_root() / f"{name}.yaml"
    if not path.exists():
        raise PolicyError(f"the table {name} has no suite", f"Add expectations/{name}.yaml.")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_parse(contract()[name], path, number, entry) for number, entry in enumerate(raw["expectations"], 1))


def _parse(table: Table, path: Path, number: int, entry: Mapping[str, Any]) -> Expectation:
    def refuse(problem: str) -> PolicyError:
        return PolicyError(f"{path.name}, expectation {number}: {problem}", "Mend that entry; nothing was run.")

    if unknown := sorted(set(entry) - _KEYS):
        raise refuse(f"unknown keys {', '.join(unknown)}")
    scope, frame = entry.get("scope"), entry.get("frame", "rows")
    if entry.get("severity") not in ("critical", "warning") or scope not in ("row", "table") or not entry.get("rule"):
        raise refuse("needs a rule, a severity (critical or warning) and a scope (row or table)")
    if (scope == "row") != (frame == "rows") or (scope == "table" and frame not in TABLE_FRAMES):
        raise refuse(f"scope {scope} does not go with the frame {frame}")
    arguments = {
        key: value
        for key, value in entry.items()
        if key not in ("rule", "severity", "scope", "frame", "expect", "is_blanked")
    }
    found = Expectation(
        entry["rule"], entry["severity"], scope, frame, entry["expect"], arguments, entry.get("is_blanked", False)
    )
    for column in found.columns:
        if not _is_known(table, frame, column):
            raise refuse(f"the {frame} of {table.name} have no column {column}")
    if found.is_blanked and (found.severity != "warning" or table.columns[found.columns[0]].is_required):
        raise refuse("only a warning about an optional column can read its cell as missing")
    return found


def _is_known(table: Table, frame: str, column: str) -> bool:
    if frame != "rows":
        return column in TABLE_FRAMES[frame]
    if column in table.columns or column in FAULTS:
        return True
    name, _, flag = column.rpartition("__")
    return flag in REFERENCE_FLAGS and name in table.columns and table.columns[name].parent is not None


def in_frame_units(table: Table, expectation: Expectation) -> dict[str, Any]:
    """An expectation's arguments as its frame needs them: bounds in whole units, and for the presence of a typed cell
    the column `<name>__given`, in which a cell that could not be typed is there.
    """
    arguments = dict(expectation.arguments)
    column = table.columns.get(expectation.columns[0])
    if column is None:
        return arguments
    if expectation.expect == NOT_NULL and column.sql_type != "VARCHAR":
        arguments["column"] = f"{column.name}__given"
    for bound in _BOUNDS:
        if bound in arguments:
            arguments[bound] = int(Decimal(str(arguments[bound])) * SCALES.get(column.type, 1))
    return arguments


def columns_in(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The frame columns that an expectation's arguments name."""
    return tuple(str(arguments[name]) for name in ("column", "column_A", "column_B") if name in arguments)


def blanked(table: Table) -> dict[str, str]:
    """SQL of the columns whose cells outside their domain are read as missing, over the typed column of that name."""
    found: dict[str, str] = {}
    for expectation in suite(table.name):
        if not expectation.is_blanked:
            continue
        name = expectation.columns[0]
        cell, tests = f'"{name}"', []
        if "value_set" in expectation.arguments:
            listed = ", ".join("'" + str(v).replace("'", "''") + "'" for v in expectation.arguments["value_set"])
            tests.append(f"{cell} in ({listed})")
        if "min_value" in expectation.arguments:
            tests.append(f"{cell} >= {Decimal(str(expectation.arguments['min_value']))}")
        if "max_value" in expectation.arguments:
            tests.append(f"{cell} <= {Decimal(str(expectation.arguments['max_value']))}")
        found[name] = f"case when {' and '.join(tests)} then {cell} end"
    return found
