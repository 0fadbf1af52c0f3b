"""A small bank as text rows, landed and checked with real engines and real suites."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nightdesk.checks import CheckReport, Feed
from nightdesk.contract import contract
from nightdesk.engine import Engine

DAY = datetime.date(2026, 3, 31)  # a Tuesday
Row = dict[str, str | None]


def row(table: str, *values: str | None, **more: str | None) -> Row:
    """A row of a table: values of its required columns in the contract's order, then any others by name."""
    return {**dict(zip(contract()[table].required_columns, values, strict=True)), **more}


def txn(key: str, amount: str = "10.00", on: str = "2026-03-31", account: str = "A1", **more: str | None) -> Row:
    return row("txn", key, account, on, "C", amount, **more)


@dataclass
class Bank:
    """Tables of a bank; `landed` is what a night reads. `columns` overrides what a table supplies."""

    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {
            "branch": [row("branch", "B1", "one"), row("branch", "B2", "two")],
            "client": [
                row("client", "C1", "Client One", "false", "B1", "2020-01-01"),
                row("client", "C2", "Client Two", "false", "B2", "2020-01-01"),
            ],
            "account": [
                row("account", "A1", "C1", "settlement", "2020-01-01"),
                row("account", "A2", "C2", "settlement", "2020-01-01"),
            ],
            "loan": [row("loan", "L1", "C1", "term", "100.00", "2025-01-01", "2027-01-01", "active")],
            "instalment": [row("instalment", "L1", "2026-04-01", "principal", "10.00")],
            "txn": [txn("T1"), txn("T2", "5.00", account="A2")],
        }
    )

    def land(self, engine: Engine) -> list[Feed]:
        """Land the tables and say what they supply: the required columns and every one that a row names."""
        feeds = []
        for name, rows in self.tables.items():
            table = contract()[name]
            columns = dict.fromkeys([*table.required_columns, *(column for line in rows for column in line)])
            engine.insert(f"landing.{name}", dict.fromkeys(columns, "VARCHAR"), rows)
            feeds.append(Feed(table, f"landing.{name}", frozenset(columns)))
        return feeds


@dataclass
class Night:
    """A night's checks: the report, the engine that holds their relations, and the columns that were supplied."""

    report: CheckReport
    engine: Engine
    columns: dict[str, frozenset[str]] = field(default_factory=dict)

    def keys(self, table: str) -> list[str]:
        """Keys of the rows that the night uses."""
        return sorted(line["row_key"] for line in self.engine.rows(f"select row_key from checked.{table}"))

    def quarantine(self, table: str) -> list[tuple[str, str, int]]:
        """(row key, rule, rows) of a table's quarantine."""
        rows = self.engine.rows(f"select row_key, rule, row_count from quarantined.{table} order by all")
        return [(line["row_key"], line["rule"], line["row_count"]) for line in rows]

    def withheld(self, *columns: str) -> list[tuple[Any, ...]]:
        """The named columns of the rows and cells that are withheld, once each."""
        listed = ", ".join(columns)
        rows = self.engine.rows(
            f"select distinct {listed} from withheld.tonight where row_key is not null order by all"
        )
        return [tuple(line.values()) for line in rows]

    def shrunk(self) -> list[tuple[Any, ...]]:
        """Tables and columns that are no longer supplied, and since when."""
        names = "table_name, column_name, reason, since"
        rows = self.engine.rows(f"select {names} from withheld.tonight where row_key is null order by all")
        return [tuple(line.values()) for line in rows]

    def result(self, table: str, rule: str, column: str | None = None) -> dict[str, Any]:
        """The one result of a rule (on a column)."""
        found = [
            line
            for line in self.report.expectations
            if (line["table_name"], line["expectation"]) == (table, rule) and column in (None, line["column_name"])
        ]
        assert len(found) == 1, found
        return found[0]


CheckNight = Callable[..., Night]
