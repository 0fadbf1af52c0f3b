"""Suites: what each table is held to, by the contract, by its own file and by what holds for every table."""

from decimal import Decimal
from functools import cache
from pathlib import Path

from nightdesk.checks.expectation import Expectation
from nightdesk.checks.from_contract import from_contract
from nightdesk.checks.row_flags import listed_in
from nightdesk.checks.suite_files import EVERY_TABLE, require_tables, with_file
from nightdesk.contract import Table, contract
from nightdesk.settings import project_root


def expectations_root() -> Path:
    """The folder of the suites."""
    return project_root() / "expectations"


@cache
def suite(name: str) -> tuple[Expectation, ...]:
    """The expectations of one table: those of its contract, those of every table of its kind, then its own.

    Raises PolicyError naming the file and entry that cannot be asked of the contract's table.
    """
    require_tables(expectations_root())
    table, found = contract()[name], from_contract(contract()[name])
    for file in (EVERY_TABLE, f"{name}.yaml"):
        found = with_file(table, expectations_root() / file, found)
    return tuple(found)


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


def holds_when_empty(name: str) -> bool:
    """Whether a night is held when a table has no row at all: a critical expectation asks for one."""
    return any(
        e.severity == "critical" and "rows_in" in e.columns and int(e.arguments.get("min_value", 0)) > 0
        for e in suite(name)
    )


@cache
def code_tables() -> frozenset[str]:
    """The policy tables whose codes an expectation asks for."""
    flags = (column.rpartition("__")[2] for name in contract() for e in suite(name) for column in e.columns)
    return frozenset(table for flag in flags if (table := listed_in(flag)))


@cache
def releasable_rules() -> frozenset[str]:
    """The rules that a person may override for one night: shares and totals, not what makes results meaningless."""
    return frozenset(e.rule for name in contract() for e in suite(name) if e.is_releasable)
