"""An expectation: one sentence that rows, or a night's feed, are held to, and the columns that it may speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nightdesk.checks import row_flags
from nightdesk.contract import Table

#: whole units of a typed value in a frame: amounts in cents, percentages and numbers in their smallest place
SCALES = {"amount": 100, "pct": 10_000, "number": 100_000_000}
#: what DuckDB flags in a row, beside one flag per reference
FAULTS = ("text_fault", "type_fault", "scale_fault", "cell_fault", "age_fault", "key_fault")
NULL = "expect_column_values_to_be_null"
NOT_NULL = "expect_column_values_to_not_be_null"
IN_SET = "expect_column_values_to_be_in_set"
BETWEEN = "expect_column_values_to_be_between"
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
REFERENCE_FLAGS = ("missing", "quarantined", "dangling")
#: what DuckDB flags in a column that has to be there where another one is: `paid_on__missing_with_paid_amt`
PAIR_FLAG = "missing_with_"
#: by how much a column differs from two that add up to it, in hundredths of a percent of the largest of them:
#: `total_assets__off_total_liabilities_plus_equity`
SUM_FLAG, SUM_SIGN = "off_", "_plus_"
#: the frames on which table-wide expectations are asked, and their columns
TABLE_FRAMES = {
    "facts": (
        "quarantined_pct", "rows_in", "usable_rows", "rows_of_day", "volume_pct", "data_age_days",
        "vanished_rows", "vanished_pct", "many_vanished_pct", "stopped_series", "carried_rows", "parts_gone",
        "taken_back_rows", "taken_back_pct", "unmatched_rows",
    ),
    "totals": ("count_gap", "sum_gap", "count_gap_earlier", "sum_gap_earlier"),
    "continuity": ("gap",),
}  # fmt: skip
_BOUNDS = ("min_value", "max_value")


@dataclass(frozen=True)
class Expectation:
    """One sentence that rows (scope `row`) or a night's feed (scope `table`) must satisfy.

    `expect` is Great Expectations' name of it and `arguments` are its own; bounds stand in the column's units.
    `is_blanked`: a cell that fails is read as missing. `is_releasable`: a night that it holds may be
    released by a person. `unless_supplied` is a table that says what is asked here,
    where it is supplied. `frame` is `rows`, or one of TABLE_FRAMES.
    """

    rule: str
    severity: str
    scope: str
    frame: str
    expect: str
    arguments: Mapping[str, Any]
    is_blanked: bool = False
    unless_supplied: str | None = None
    is_releasable: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is about."""
        return columns_in(self.arguments)

    @property
    def is_quarantine(self) -> bool:
        """Whether a row that fails it is kept out."""
        return self.scope == "row" and self.severity == "critical"


def columns_in(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The frame columns that an expectation's arguments name."""
    return tuple(str(arguments[name]) for name in ("column", "column_A", "column_B") if name in arguments)


def source_column(frame_column: str) -> str:
    """The contract column behind a frame column: the reference behind its flag, else itself."""
    return frame_column.rpartition("__")[0] if "__" in frame_column else frame_column


def summands(flag: str) -> list[str]:
    """The columns that add up, of a SUM_FLAG."""
    return flag.removeprefix(SUM_FLAG).split(SUM_SIGN)


def is_known(table: Table, frame: str, column: str) -> bool:
    """Whether a frame of the table has a column."""
    if frame != "rows":
        return column in TABLE_FRAMES[frame]
    if column in table.columns or column in FAULTS:
        return True
    name, _, flag = column.rpartition("__")
    if flag.startswith(PAIR_FLAG):
        return name in table.columns and flag.removeprefix(PAIR_FLAG) in table.columns
    if flag.startswith(SUM_FLAG) and SUM_SIGN in flag:
        return all(one in table.columns for one in (name, *summands(flag)))
    if row_flags.is_row_flag(flag):
        return row_flags.is_known(table, name, flag)
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
