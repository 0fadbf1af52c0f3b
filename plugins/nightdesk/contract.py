"""The source contract as data: tables, kinds, keys, columns, types, parents and allowed values."""

from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import yaml

#: contract type -> the engine's type of the typed column
SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "date": "DATE",
    "month": "DATE",
    "timestamp": "TIMESTAMP",
    "amount": "DECIMAL(18,2)",
    "pct": "DECIMAL(9,4)",
    "number": "DECIMAL(20,8)",
    "int": "INTEGER",
    "bool": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column of a contract table. `parent` names the table whose key it refers to."""

    name: str
    type: str
    is_required: bool
    parent: str | None
    values: tuple[str, ...]

    @property
    def sql_type(self) -> str:
        """The engine's type of the column."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One contract table. `date_column` is set for daily tables and None for snapshots."""

    name: str
    is_required: bool
    date_column: str | None
    key: tuple[str, ...]
    columns: dict[str, Column]

    @property
    def is_daily(self) -> bool:
        """Dated facts (of the night's date plus late ones), not the state of the world."""
        return self.date_column is not None

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Names of the columns without which the table cannot be used."""
        return tuple(name for name, column in self.columns.items() if column.is_required)

    @property
    def required_parents(self) -> tuple[Column, ...]:
        """Required references: a row whose parent is unknown or quarantined is quarantined."""
        return tuple(column for column in self.columns.values() if column.parent and column.is_required)


def parse_column(name: str, text: str) -> Column:
    """A column from its declaration: `type[!] [-> parent] [allowed values]`."""
    words = text.split()
    kind = words.pop(0)
    parent = words[1] if words[:1] == ["->"] else None
    values = () if parent else tuple(words)
    return Column(name, kind.rstrip("!"), kind.endswith("!"), parent, values)


@cache
def contract() -> dict[str, Table]:
    """Every contract table by name, in the order of the contract."""
    raw = yaml.safe_load((Path(__file__).parent / "contract.yaml").read_text(encoding="utf-8"))
    return {
        name: Table(
            name=name,
            is_required=body.get("required", False),
            date_column=body.get("date"),
            key=tuple(body["key"]),
            columns={column: parse_column(column, text) for column, text in body["columns"].items()},
        )
        for name, body in raw.items()
    }


@cache
def parents_first() -> tuple[str, ...]:
    """Table names ordered so that a table comes after every table it refers to (itself left out)."""
    graph = {
        table.name: sorted({c.parent for c in table.columns.values() if c.parent and c.parent != table.name})
        for table in contract().values()
    }
    return tuple(TopologicalSorter(graph).static_order())
