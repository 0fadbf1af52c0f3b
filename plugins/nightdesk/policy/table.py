"""One policy table: its rows as they stand in the files, each with its place, and the faults of single rows."""

import csv
import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from nightdesk.contract import Column, parse_column
from nightdesk.policy.fault import Fault, fault

#: what every policy table ends with
TRAILER = {"valid_from": "date!", "valid_to": "date", "owner": "text!", "reason": "text!"}

Value = str | int | bool | Decimal | datetime.date | None
Row = dict[str, Value]


#: how a number is written in a policy file: Decimal would take 1e2 and digits of other scripts, which read as slips
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Place:
    """Where a row stands: the file below sql/, and its line."""

    file: str
    line: int


@dataclass(frozen=True)
class PolicyTable:
    """A policy table: its key, its columns, what schema.yaml asks of it besides, and its rows with their places.

    `file` is the one that a row which is missing would be added to; `replaced` are the baseline's rows that a profile's
    stand in place of, on every day.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    file: str
    rows: tuple[tuple[Place, Row], ...]
    asked: Mapping[str, Any]
    replaced: tuple[tuple[Place, Row], ...] = ()

    def effective(self, day: datetime.date) -> list[Row]:
        """The rows in force on `day`."""
        return [row for _, row in self.placed(day)]

    def placed(self, day: datetime.date) -> list[tuple[Place, Row]]:
        """The rows in force on `day`, with their places."""
        return [(place, row) for place, row in self.rows if _is_effective(row, day)]

    def key_of(self, row: Row) -> str:
        """A row's key as people read it: what is null between two parts is an empty one, so no two keys read alike."""
        return "|".join(as_written(row[part]) for part in self.key).rstrip("|")

    def over(self, baseline: "PolicyTable") -> "PolicyTable":
        """A profile's rows and those of the baseline that they do not replace: no amounts, which are in its
        currency."""
        if "ccy" in baseline.columns:
            return self
        own = {self.key_of(row) for _, row in self.rows}
        kept = tuple(entry for entry in baseline.rows if self.key_of(entry[1]) not in own)
        replaced = tuple(entry for entry in baseline.rows if self.key_of(entry[1]) in own)
        return replace(self, rows=(*self.rows, *kept), replaced=replaced)


def _is_effective(row: Row, day: datetime.date) -> bool:
    first, last = row["valid_from"], row["valid_to"]
    return isinstance(first, datetime.date) and first <= day and (not isinstance(last, datetime.date) or day <= last)


def as_written(value: Value) -> str:
    """A value as it is written in a policy file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_table(name: str, spec: Mapping[str, Any], path: Path, file: str) -> tuple[PolicyTable, list[Fault]]:
    """The rows of one file, which messages call `file`, that can be read, and what is wrong with the others."""
    columns = {column: parse_column(column, text) for column, text in {**spec["columns"], **TRAILER}.items()}
    asked = {part: value for part, value in spec.items() if part not in ("key", "columns")}
    table = PolicyTable(name, tuple(map(str, spec["key"])), columns, file, (), asked)
    try:
        rows, faults = _rows(table, path)
    except OSError as error:
        return table, [fault("unreadable", name, file, why=error.strerror)]
    except UnicodeDecodeError:
        return table, [fault("unreadable", name, file, why="no UTF-8")]
    except csv.Error as error:
        return table, [fault("unreadable", name, file, why=error)]
    table = replace(table, rows=tuple(rows))
    return table, [*faults, *_in_force_twice(table)]


def _rows(table: PolicyTable, path: Path) -> tuple[list[tuple[Place, Row]], list[Fault]]:
    rows: list[tuple[Place, Row]] = []
    faults: list[Fault] = []
    with path.open(encoding="utf-8-sig", newline="") as file:  # with the mark that spreadsheets put before it, or not
        reader = csv.DictReader(file, strict=True)
        if list(reader.fieldnames or ()) != list(table.columns):
            found, wanted = ",".join(reader.fieldnames or ()), ",".join(table.columns)
            return [], [fault("header", table.name, table.file, (1,), found=found, wanted=wanted)]
        for raw in reader:
            row, wrong = _row(table, raw, reader.line_num)
            faults += wrong
            if not wrong:
                rows.append((Place(table.file, reader.line_num), row))
    return rows, faults


def _row(table: PolicyTable, raw: Mapping[str | None, Any], line: int) -> tuple[Row, list[Fault]]:
    """A row as it is meant, and what is wrong with it."""
    if None in raw or None in raw.values():
        return {}, [fault("cells", table.name, table.file, (line,))]
    row: Row = {}
    faults: list[Fault] = []
    for column in table.columns.values():
        text = str(raw[column.name])
        try:
            row[column.name] = _parse(column, text.strip())
        except _Unfit as unfit:
            faults.append(
                fault(unfit.kind, table.name, table.file, (line,), f"{column.name} = {text!r}", allowed=unfit.allowed)
            )
    first, last = row.get("valid_from"), row.get("valid_to")
    if isinstance(first, datetime.date) and isinstance(last, datetime.date) and last < first:
        faults.append(fault("reversed", table.name, table.file, (line,), table.key_of(row)))
    return row, faults


class _Unfit(ValueError):
    """A cell that its column does not allow; `kind` of fault and what is allowed."""

    def __init__(self, kind: str, allowed: object = "") -> None:
        super().__init__(kind)
        self.kind, self.allowed = kind, allowed


def _parse(column: Column, text: str) -> Value:
    """One cell; raises _Unfit saying what is allowed."""
    if text == "":
        if column.is_required:
            raise _Unfit("empty")
        return None
    if column.type in ("id", "text"):
        return text
    if column.type == "enum":
        if text not in column.values:
            raise _Unfit("not_listed", ", ".join(column.values))
        return text
    if column.type == "date":
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise _Unfit("no_date") from None
    if column.type == "bool":
        if text not in ("true", "false"):
            raise _Unfit("not_listed", "true, false")
        return text == "true"
    return _number(column, text)


def _number(column: Column, text: str) -> Value:
    if not _NUMBER.fullmatch(text):
        raise _Unfit("no_number")
    number = Decimal(text)
    if column.lowest is not None and number < column.lowest:
        raise _Unfit("too_low", column.lowest)
    if column.highest is not None and number > column.highest:
        raise _Unfit("too_high", column.highest)
    if column.type == "int":
        if number != int(number):
            raise _Unfit("no_whole_number")
        return int(number)
    return number


def _in_force_twice(table: PolicyTable) -> Iterable[Fault]:
    spans: dict[str, list[tuple[datetime.date, datetime.date, int]]] = {}
    for place, row in table.rows:
        first, last = row["valid_from"], row["valid_to"] or datetime.date.max
        if isinstance(first, datetime.date) and isinstance(last, datetime.date):
            spans.setdefault(table.key_of(row), []).append((first, last, place.line))
    for key, found in spans.items():
        for (_, last, line), (first, _, other) in pairwise(sorted(found)):
            if first <= last:
                yield fault("overlap", table.name, table.file, (min(line, other), max(line, other)), key, day=first)
