"""Cells: how the text of a source becomes a typed value, as SQL expressions over the text of one column."""

from zoneinfo import ZoneInfo

from nightdesk.contract import Column, Table
from nightdesk.engine import literal

_NUMBER = r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*"
_WHOLE = r"\s*[+-]?\d+(\.0*)?\s*"
_NAIVE = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d*)?)?)?"
_ZONED = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d*)?)? ?([Zz]|[+-]\d\d(:?\d\d)?)"
_TRUE = "('true', 't', '1', '1.00', 'y', 'yes')"  # 1.00: a flag that a source keeps as a float
_FALSE = "('false', 'f', '0', '0.00', 'n', 'no')"


def quoted(name: str) -> str:
    """An identifier; contract columns may be reserved words."""
    return f'"{name}"'


def as_date(text: str) -> str:
    """A day; a midnight behind it is allowed, any other time of day is not a date."""
    return (
        f"case when {text} like '____-__-__' or {text} like '____-__-__ 00:00:00%'"
        f" or {text} like '____-__-__T00:00:00%' then try_cast(left({text}, 10) as date) end"
    )


def as_month(text: str) -> str:
    """The first of a month, from YYYY-MM or any day of it."""
    return (
        f"case when {text} like '____-__' then try_cast({text} || '-01' as date)"
        f" else cast(date_trunc('month', {as_date(text)}) as date) end"
    )


def as_instant(text: str, zone: ZoneInfo) -> str:
    """A UTC timestamp; text without a zone is bank time."""
    bank = literal(zone.key)
    return (
        f"case when regexp_full_match({text}, '{_NAIVE}')"
        f" then timezone('UTC', timezone({bank}, try_cast({text} as timestamp)))"
        f" when regexp_full_match({text}, '{_ZONED}') then timezone('UTC', try_cast({text} as timestamptz)) end"
    )


def as_decimal(text: str, sql_type: str) -> str:
    """A decimal, rounded to the places of `sql_type`."""
    return f"case when regexp_full_match({text}, '{_NUMBER}') then try_cast({text} as {sql_type}) end"


def has_more_places(text: str) -> str:
    """Whether an amount has more than two places that are not zero."""
    return (
        f"case when {text} ilike '%e%' then {as_decimal(text, 'decimal(38,10)')} <> {as_decimal(text, 'decimal(38,2)')}"
        f" else {text} like '%.___%' and rtrim({text}, ' 0') like '%.___%' end"
    )


def typed(column: Column, text: str, zone: ZoneInfo) -> str:
    """The typed value of a column, null where the text is not of its type."""
    if column.type in ("id", "text", "enum"):
        return text
    if column.type == "date":
        return as_date(text)
    if column.type == "month":
        return as_month(text)
    if column.type == "timestamp":
        return as_instant(text, zone)
    if column.type == "bool":
        return f"case when lower({text}) in {_TRUE} then true when lower({text}) in {_FALSE} then false end"
    if column.type == "int":
        return f"case when regexp_full_match({text}, '{_WHOLE}') then try_cast({text} as integer) end"
    value = as_decimal(text, column.sql_type)
    if column.type == "amount":
        return f"case when not coalesce({has_more_places(text)}, false) then {value} end"
    return value


def bank_time(instant: str, zone: ZoneInfo) -> str:
    """The bank's wall clock at a UTC timestamp."""
    return f"timezone({literal(zone.key)}, timezone('UTC', {instant}))"


def day_end(day: str, zone: ZoneInfo) -> str:
    """The last microsecond of a bank day, as a UTC timestamp: when an undated statement counts as known."""
    return f"timezone('UTC', timezone({literal(zone.key)}, {day} + interval 1 day - interval 1 microsecond))"


def row_key(table: Table, zone: ZoneInfo, prefix: str = "", raw: str | None = None) -> str:
    """The key of a typed row as text: its parts joined by `|`, an empty part as nothing, instants in bank time.

    `prefix` qualifies the columns; `raw` begins the names of the texts that stand in for what could not be typed.
    """
    parts = []
    for name in table.key:
        column, value = table.columns[name], f"{prefix}{quoted(name)}"
        if column.type == "timestamp":
            value = bank_time(value, zone)
        if column.sql_type == "VARCHAR":
            parts.append(f"coalesce({value}, '')")
        else:
            text = f"{prefix}{quoted(raw + name)}, " if raw else ""
            parts.append(f"coalesce(cast({value} as varchar), {text}'')")
    return " || '|' || ".join(parts)
