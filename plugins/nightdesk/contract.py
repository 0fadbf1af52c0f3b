"""The source contract as data: tables, kinds, keys, columns, types, parents and allowed values."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from nightdesk.yaml_file import read_yaml

#: contract type -> the engine's type of the typed column
SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "code": "VARCHAR",
    "ccy": "VARCHAR",
    "date": "DATE",
    "month": "DATE",
    "timestamp": "TIMESTAMP",
    "amount": "DECIMAL(18,2)",
    "pct": "DECIMAL(9,4)",
    "number": "DECIMAL(20,8)",
    "int": "INTEGER",
    "bool": "BOOLEAN",
}

#: types whose text is compared and never read out: blanks around it mean nothing, and it has no unprintable character
CODED = ("id", "enum", "code", "ccy")
#: a range in a column's declaration, open at the end that is left out
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?")
#: the range of a type, where a column states none
_RANGES = {"pct": "0..100"}
#: the tables without which there is nobody to speak of: the other required ones a profile may say that its bank has not
NEEDED = ("branch", "client")
#: begins the text that a reader writes for a cell that it could not read as text: what follows only names it
UNREADABLE = "\ufffe"


@dataclass(frozen=True)
class Column:
    """One column of a contract table. `parent` names the table whose key it refers to; `lowest` and `highest` are the
    ends of its range, in its own units, None where it is open.
    """

    name: str
    type: str
    is_required: bool
    parent: str | None
    values: tuple[str, ...]
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @property
    def sql_type(self) -> str:
        """The engine's type of the column."""
        return SQL_TYPES[self.type]

    @property
    def is_coded(self) -> bool:
        """Whether its text is an id or a code."""
        return self.type in CODED


@dataclass(frozen=True)
class Table:
    """One contract table. `date_column` is set for daily tables and None for snapshots.

    `ended` is the SQL condition under which a snapshot's row may be gone (contract.yaml says over what); `is_carried`:
    the last good row stands in for one that is held back or gone; `is_of_desk`: people enter it here, a bank may;
    `public_on`: the column with the day before which a snapshot's row does not count.
    """

    name: str
    is_required: bool
    date_column: str | None
    key: tuple[str, ...]
    columns: dict[str, Column]
    ended: str = "false"
    is_carried: bool = False
    is_of_desk: bool = False
    public_on: str | None = None

    @property
    def is_daily(self) -> bool:
        """Dated facts (of the night's date plus late ones), not the state of the world."""
        return self.date_column is not None

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Names of the columns without which the table cannot be used."""
        return tuple(name for name, column in self.columns.items() if column.is_required)

    @property
    def texts(self) -> tuple[Column, ...]:
        """Columns of any text: not those with a list of values, which an unreadable text is not on anyway."""
        return tuple(c for c in self.columns.values() if c.sql_type == "VARCHAR" and c.type != "enum")

    @property
    def held_texts(self) -> tuple[Column, ...]:
        """Texts of which a row needs every cell."""
        return tuple(column for column in self.texts if column not in self.dispensable)

    @property
    def references(self) -> tuple[Column, ...]:
        """References to rows of other tables, required or not: whom a row concerns."""
        return tuple(c for c in self.columns.values() if c.parent and c.parent != self.name)

    @property
    def dispensable(self) -> tuple[Column, ...]:
        """Columns whose unreadable cell costs the cell and not the row: optional, no key, not the fact's date; a code
        that is on no list has its own rule.
        """
        needed = {*self.required_columns, *self.key, self.date_column}
        return tuple(c for c in self.columns.values() if c.type != "enum" and c.name not in needed)

    @property
    def period(self) -> str | None:
        """The part of the key that counts time: the last one that is a date, a month or a year."""
        return next((n for n in reversed(self.key) if self.columns[n].type in ("date", "month", "int")), None)

    @property
    def series_of(self) -> Column | None:
        """The reference of a daily table whose rows are one a day for each row referred to; None of any other table."""
        own = (c for c in self.references if {c.name, self.date_column} == set(self.key))
        return next(own, None)

    @property
    def required_parents(self) -> tuple[Column, ...]:
        """Required references: a row whose parent is unknown or quarantined is quarantined."""
        return tuple(column for column in self.columns.values() if column.parent and column.is_required)


def parse_column(name: str, text: str) -> Column:
    """A column from its declaration: `type[!] [-> parent] [lowest..highest] [allowed values]`."""
    words = text.split()
    kind = words.pop(0)
    parent = words[1] if words[:1] == ["->"] else None
    stated = _RANGE.fullmatch(words[0]) if words and not parent else None
    found = stated or _RANGE.fullmatch(_RANGES.get(kind.rstrip("!"), ""))
    lowest, highest = (Decimal(end) if end else None for end in found.groups()) if found else (None, None)
    values = () if parent or stated else tuple(words)
    return Column(name, kind.rstrip("!"), kind.endswith("!"), parent, values, lowest, highest)


@cache
def contract() -> dict[str, Table]:
    """Every contract table by name, in the order of the contract."""
    raw = read_yaml(Path(__file__).parent / "contract.yaml")
    return {
        name: Table(
            name=name,
            is_required=body.get("required", False),
            date_column=body.get("date"),
            key=tuple(body["key"]),
            columns={column: parse_column(column, text) for column, text in body["columns"].items()},
            ended=body.get("ended", "false"),
            is_carried=body.get("carried", False),
            is_of_desk=body.get("desk", False),
            public_on=body.get("public_on"),
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
