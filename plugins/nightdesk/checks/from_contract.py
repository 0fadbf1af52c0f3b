"""What rows are held to by the contract itself: required cells, parents, lists of values, ranges."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from nightdesk.checks.expectation import BETWEEN, IN_SET, NOT_NULL, NULL, Expectation
from nightdesk.contract import Column, Table


def from_contract(table: Table) -> list[Expectation]:
    """The row expectations that follow from a table's columns, required cells first.

    A cell off its list or outside a closed range costs the row where the column is required and listed, else the cell.
    """
    required = [
        _asked("required_missing", "critical", NOT_NULL, column=name)
        for name, column in table.columns.items()
        if column.is_required
    ]
    return [*required, *(found for column in table.columns.values() for found in _of_column(table, column))]


def _of_column(table: Table, column: Column) -> Iterator[Expectation]:
    if column.parent and column.is_required:
        yield _asked("parent_missing", "critical", NULL, column=f"{column.name}__missing")
        if column.parent != table.name:
            yield _asked("parent_quarantined", "critical", NULL, column=f"{column.name}__quarantined")
    elif column.parent:
        yield _asked("reference_dangling", "warning", NULL, column=f"{column.name}__dangling")
    if column.type == "enum":
        severity, values = "critical" if column.is_required else "warning", list(column.values)
        is_blanked = not column.is_required
        yield _asked("enum_unknown", severity, IN_SET, is_blanked=is_blanked, column=column.name, value_set=values)
    bounds = {"min_value": column.lowest, "max_value": column.highest}
    given: dict[str, Any] = {name: _plain(bound) for name, bound in bounds.items() if bound is not None}
    if given == {"min_value": 0}:  # a sign that the source may mean: told, and left as it is
        yield _asked("negative", "warning", BETWEEN, column=column.name, **given)
    elif given:
        yield _asked("out_of_range", "warning", BETWEEN, is_blanked=not column.is_required, column=column.name, **given)


def _plain(bound: Decimal) -> int | str:
    return int(bound) if bound == int(bound) else str(bound)


def _asked(rule: str, severity: str, expect: str, *, is_blanked: bool = False, **arguments: Any) -> Expectation:
    return Expectation(rule, severity, "row", "rows", expect, arguments, is_blanked)
