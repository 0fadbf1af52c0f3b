"""Cells: how the text of a source becomes a typed value, as SQL expressions over the text of one column."""

from zoneinfo import ZoneInfo

from nightdesk.contract import UNREADABLE, Column, Table
from nightdesk.sql_text import literal

_NUMBER = r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*"
_WHOLE = r"\s*[+-]?\d+(\.0*)?\s*"
_NAIVE = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d*)?)?)?"
_ZONED = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d*)?)? ?([Zz]|[+-]\d\d(:?\d\d)?)"
_MIDNIGHT = ("____-__-__ 00:00:00%", "____-__-__T00:00:00%")
#: what no id and no code has: control characters, marks of direction and width, and what stands for a lost character
_UNPRINTABLE = r"[\x00-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{fffd}\x{fffe}]"
_TRUE = "('true', 't', '1', '1.00', 'y', 'yes')"  # 1.00: a flag that a source keeps as a float
_FALSE = "('false', 'f', '0', '0.00', 'n', 'no')"


def quoted(name: str) -> str:
    """An identifier; contract columns may be reserved words."""
    return f'"{name}"'


def given(column: Column, text: str) -> str:
    """What a landed text says, blanks around it taken off once and here only: nothing, where it is blank.

    Content keeps its blanks.
    """
    if column.type == "text":
        return f"case when trim({text}) <> '' then {text} end"
    return f"nullif(trim({text}), '')"


def is_unreadable(column: Column, text: str) -> str:
    """Whether a reader could not read a text column's cell, or an id or code has a character that none has."""
    if column.is_coded:
        return f"coalesce(regexp_matches({text}, '{_UNPRINTABLE}'), false)"
    return f"coalesce(starts_with({text}, '{UNREADABLE}'), false)"


def why_unreadable(column: Column, text: str) -> str:
    """The column and what is wrong with its unreadable cell."""
    return (
        f"case when starts_with({text}, '{UNREADABLE}\\x') then '{column.name} (not UTF-8)'"
        f" when starts_with({text}, '{UNREADABLE}') then '{column.name} (no exact number)'"
        f" when {is_unreadable(column, text)} then '{column.name} (unprintable character)' end"
    )


def named_unreadable(text: str) -> str:
    """A name for an unreadable cell, each its own: what the reader says of it, or its bytes in hexadecimal."""
    return f"case when starts_with({text}, '{UNREADABLE}') then substr({text}, 2) else '\\x' || lower(hex({text})) end"


def as_date(text: str) -> str:
    """The day that is written, whatever time of day may follow it."""
    day, instant = f"try_cast(left({text}, 10) as date)", f"try_cast({text} as timestamptz)"
    return (
        f"case when {text} like '____-__-__' then {day}"
        f" when regexp_full_match({text}, '({_NAIVE})|({_ZONED})') and {instant} is not null then {day} end"
    )


def has_time_of_day(text: str) -> str:
    """Whether a time of day other than midnight stands behind a day."""
    at_midnight = " or ".join(f"{text} like '{pattern}'" for pattern in _MIDNIGHT)
    return f"length({text}) > 10 and not ({at_midnight})"


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
    """The typed value of a column, null where the text is not of its type; a currency is in capitals."""
    if column.type == "ccy":
        return f"upper({text})"
    if column.sql_type == "VARCHAR":
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


def bank_day(table: Table, zone: ZoneInfo) -> str:
    """The date of a typed row of a daily table; of an instant its bank day."""
    return bank_day_of(table.columns[str(table.date_column)], zone)


def bank_day_of(column: Column, zone: ZoneInfo) -> str:
    """The day of a typed date; of an instant its bank day."""
    value = quoted(column.name)
    return f"cast({bank_time(value, zone)} as date)" if column.type == "timestamp" else value


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


def is_whole_key(table: Table, key: str) -> str:
    """Whether a row_key names one row: it has every part that the contract requires, each of its type.

    Rows without such a part share a key, and a row whose part is mended gets another one.
    """
    tests = []
    for position, name in enumerate(table.key, 1):
        column = table.columns[name]
        part = f"nullif(string_split({key}, '|')[{position}], '')"
        if column.sql_type != "VARCHAR":
            part = f"try_cast({part} as {column.sql_type})"
        if column.is_required:
            tests.append(f"{part} is not null")
    return f"({' and '.join(tests) or 'true'})"
