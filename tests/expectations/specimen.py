"""Specimens: for every contract table rows that are right, and for every expectation one that breaks just it."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from nightdesk.checks import row_flags
from nightdesk.checks.expectation import FAULTS, PAIR_FLAG, SUM_FLAG, Expectation, source_column, summands
from nightdesk.checks.suites import suite
from nightdesk.contract import UNREADABLE, Column, Table
from nightdesk.policy import policy

DAY = datetime.date(2026, 3, 31)
KNOWN = "2026-03-31 20:00:00"
PARENTS = 200
TEXT_OF_TYPE = {
    "amount": "12.30",
    "pct": "50.5",
    "number": "1.25",
    "int": "3",
    "bool": "Y",
    "timestamp": "2026-03-31 10:00:00",
    "month": "2026-01",
    "date": "2026-01-15",
    "text": "words",
    "code": "a code",
    "ccy": "USD",
}
Cells = dict[str, str | None]


def parent_key(parent: str, number: int) -> str:
    return f"{parent}-{number:04d}"


def quarantined_key(parent: str) -> str:
    return f"bad-{parent}"


def good_row(table: Table, number: int) -> Cells:
    """A row that satisfies the whole suite, with a key that no other number has."""
    row = {column.name: _cell(table, column, number) for column in table.columns.values()}
    for total, parts in _sums(table):
        row[total] = str(sum(Decimal(str(row[part])) for part in parts))
    return {**row, "known_at": KNOWN}


def _sums(table: Table) -> list[tuple[str, list[str]]]:
    """Columns that others add up to, by an expectation."""
    asked = [e.columns[0] for e in suite(table.name) if SUM_FLAG in e.columns[0]]
    return [(source_column(name), summands(name.rpartition("__")[2])) for name in asked]


def _cell(table: Table, column: Column, number: int) -> str:
    if column.name == table.date_column:
        return TEXT_OF_TYPE["timestamp"] if column.type == "timestamp" else str(DAY)
    if column.name in _upper_ends(table):
        return str(DAY)
    if (listed := _listed_in(table, column)) is not None:
        return str(policy()[listed].effective(DAY)[0][policy()[listed].key[0]])
    if column.parent and column.parent != table.name:
        return parent_key(column.parent, number)
    if column.parent:
        return f"{table.key[0]}-0001"
    if column.type == "id":
        return f"{column.name}-{number:04d}" if column.name in table.key else f"{table.name}-0001"
    if column.type == "enum":
        return column.values[0]
    if column.name in table.key:
        if column.type in ("text", "code"):
            return f"{column.name}-{number:04d}"
        if column.type == "ccy":
            return "".join(chr(65 + number // 26**n % 26) for n in range(3))
        if column.type == "date":
            return str(datetime.date(2025, 1, 1) + datetime.timedelta(days=number))
        if column.type == "int":
            return str(2000 + number % 20)
    return TEXT_OF_TYPE[column.type]


def _upper_ends(table: Table) -> set[str]:
    """Columns that are not to lie before the date of a daily fact."""
    pairs = [e.arguments for e in suite(table.name) if "column_B" in e.arguments]
    return {str(pair["column_A"]) for pair in pairs if pair["column_B"] == table.date_column}


def _listed_in(table: Table, column: Column) -> str | None:
    """The policy table that has the codes of a column."""
    flags = [e.columns[0] for e in suite(table.name) if source_column(e.columns[0]) == column.name]
    return next((found for flag in flags if (found := row_flags.listed_in(flag.rpartition("__")[2]))), None)


@dataclass
class Specimen:
    """Rows that break one expectation, and the keys that must be named for it."""

    expectation: Expectation
    rows: list[Cells]
    keys: list[str] = field(default_factory=list)


def bad_rows(table: Table) -> list[Specimen]:
    """For each row expectation of a table: rows that break it and no other."""
    found = []
    for number, expectation in enumerate((e for e in suite(table.name) if e.scope == "row"), start=100):
        row = good_row(table, number)
        rows = [row]
        column = expectation.columns[0]
        if expectation.rule == "required_missing":
            row[column] = ""
        elif expectation.rule == "type_invalid":
            needed = [c for c in table.columns.values() if c.sql_type != "VARCHAR" and c not in table.dispensable]
            names = [c.name for c in needed if c.name not in (*table.key, table.date_column)]
            row[next(iter(names), "known_at")] = "rubbish"
        elif expectation.rule == "cell_unreadable":
            paired = {source_column(e.columns[0]) for e in suite(table.name) if PAIR_FLAG in e.columns[0]}
            name = next(c.name for c in table.dispensable if c.name not in paired)
            row[name] = f"{UNREADABLE}\\x{number:04x}"
        elif expectation.rule == "text_unreadable":
            name = next((c.name for c in table.held_texts if c.name not in table.key), table.key[0])
            row[name] = f"{UNREADABLE}\\x{number:04x}"
        elif expectation.rule == "before_look_back":
            has_time = table.columns[str(table.date_column)].type == "timestamp"
            day = "2026-03-01 00:00:00" if has_time else "2026-03-01"
            row |= {str(table.date_column): day, "known_at": "2026-03-02 10:00:00"}
        elif expectation.rule == "amount_scale":
            row[next(c.name for c in table.columns.values() if c.type == "amount")] = "1.234"
        elif expectation.rule == "key_conflict":
            rows.append({**row, **_differing(table, row)})
        elif PAIR_FLAG in column:
            row[source_column(column)] = ""
        elif (flag := column.rpartition("__")[2]) and row_flags.is_row_flag(flag):
            row |= _flagged(column, flag, row)
        elif SUM_FLAG in column:
            row[source_column(column)] = "99.00"
        elif column not in FAULTS and column != source_column(column):
            parent = table.columns[source_column(column)].parent or ""
            is_held_back = expectation.rule == "parent_quarantined"
            row[source_column(column)] = quarantined_key(parent) if is_held_back else f"nowhere-{number}"
        elif expectation.rule == "field_empty":
            row[column] = ""
        elif expectation.rule == "html_entity":
            row[column] = f"{row[column]} &amp; {number}"
        elif expectation.rule == "name_is_placeholder":
            row[column] = f"Not disclosed {number}"
        elif "value_set" in expectation.arguments:
            row[column] = "no such code"
        elif "column_B" in expectation.arguments:
            row[expectation.arguments["column_A"]] = "2020-01-01"
        else:
            row[column] = _beyond(table.columns[column], expectation)
        found.append(Specimen(expectation, rows, [key_of(table, r) for r in rows]))
    return found


def _flagged(frame_column: str, flag: str, row: Cells) -> Cells:
    """The cells that give a row a flag of row_flags."""
    name = source_column(frame_column)
    if flag.startswith(row_flags.SAME):
        return {name: row[flag.removeprefix(row_flags.SAME)]}
    if flag.startswith(row_flags.AWAY):
        return {name: "left-staff"}
    if flag.startswith(row_flags.AHEAD):
        return {flag.removeprefix(row_flags.AHEAD): "2026-03-30 23:59:59"}
    return {name: "no such code"}


def _differing(table: Table, row: Cells) -> Cells:
    """Another value, just as right, in a column beside the key."""
    lower_ends = {e.arguments.get("column_B") for e in suite(table.name)}
    for column in table.columns.values():
        if column.name in (*table.key, table.date_column, *lower_ends) or _listed_in(table, column):
            continue
        others = {"text": "other words", "code": "b", "amount": "12.40", "number": "1.5", "date": "2026-01-16"}
        if column.type in others and column.parent is None:
            return {column.name: others[column.type]}
        if column.type == "enum" and len(column.values) > 1:
            return {column.name: column.values[1]}
    for column in table.columns.values():
        if column.name not in table.key and column.parent is not None and not column.is_required:
            return {column.name: "" if row.get(column.name) else "nobody"}
    raise AssertionError(f"{table.name} has no column in which two rows of one key can differ")


def _beyond(column: Column, expectation: Expectation) -> str:
    """The nearest value outside an expectation's bounds."""
    step = {"amount": "0.01", "pct": "0.0001", "number": "0.00000001", "int": "1"}[column.type]
    if "max_value" in expectation.arguments:
        return str(Decimal(str(expectation.arguments["max_value"])) + Decimal(step))
    return format(Decimal(str(expectation.arguments["min_value"])) - Decimal(step), "f")


def key_of(table: Table, row: Cells) -> str:
    """The key as the contract words it: its values joined by |; of one that cannot be read what the reader says."""
    parts = []
    for name in table.key:
        text = (row[name] or "").removeprefix(UNREADABLE)
        if table.columns[name].type == "month" and len(text) == 7:
            text += "-01"
        parts.append(text)
    return "|".join(parts)
