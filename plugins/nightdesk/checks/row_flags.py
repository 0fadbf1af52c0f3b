"""Flags of a row that set one of its columns against another, against a parent's dates, or against policy's codes."""

from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from nightdesk.checks import cells
from nightdesk.contract import Column, Table
from nightdesk.sql_text import literal

#: what begins a flag behind `<column>__`, and what follows names: another column of the row (`same_as_staff_id`: the
#: two are alike; `not_at_work_on_observed_on`: that member of staff was not at work that day), the policy table whose
#: codes it has to be one of (`unlisted_in_observation_code`), or an instant on whose bank day the column's own day was
#: still to come (`ahead_of_known_at`: when the bank knew the row; `ahead_of_logged_at`)
SAME, AWAY, UNLISTED, AHEAD = "same_as_", "not_at_work_on_", "unlisted_in_", "ahead_of_"
_KNOWN_AT = "known_at"


def is_row_flag(flag: str) -> bool:
    """Whether what stands behind `<column>__` is a flag of this module."""
    return flag.startswith((SAME, AWAY, UNLISTED, AHEAD))


def is_known(table: Table, name: str, flag: str) -> bool:
    """Whether a column of the table can have the flag."""
    if name not in table.columns:
        return False
    if flag.startswith(SAME):
        return flag.removeprefix(SAME) in table.columns
    if flag.startswith(AWAY):
        day = table.columns.get(flag.removeprefix(AWAY))
        return table.columns[name].parent == "staff" and day is not None and day.type == "date"
    if flag.startswith(AHEAD):
        other = table.columns.get(flag.removeprefix(AHEAD))
        is_instant = flag.removeprefix(AHEAD) == _KNOWN_AT or (other is not None and other.type == "timestamp")
        return is_instant and table.columns[name].type in ("date", "timestamp")
    return True


def can_ask(column: Column, flag: str, columns: Collection[str], supplied: Collection[str]) -> bool:
    """Whether the source gives what the flag compares with."""
    if flag.startswith(SAME):
        return flag.removeprefix(SAME) in columns
    if flag.startswith(AWAY):
        return column.parent in supplied and flag.removeprefix(AWAY) in columns
    if flag.startswith(AHEAD):
        return flag.removeprefix(AHEAD) in (_KNOWN_AT, *columns)
    return True


def listed_in(flag: str) -> str | None:
    """The policy table whose codes a flag asks for."""
    return flag.removeprefix(UNLISTED) if flag.startswith(UNLISTED) else None


def flag_sql(table: Table, column: Column, flag: str, listed: Mapping[str, Collection[str]], zone: ZoneInfo) -> str:
    """SQL over the rows of `part.<table>`: the column's name where the row has the flag, else null.

    `listed` are the codes in force by policy table; a table that is not among them has none.
    """
    value = cells.quoted(column.name)
    if flag.startswith(SAME):
        test = f"{value} = {cells.quoted(flag.removeprefix(SAME))}"
    elif flag.startswith(AWAY):
        # qualified: the parent may have a column of the same name
        own, day = (f"{table.name}.{name}" for name in (value, cells.quoted(flag.removeprefix(AWAY))))
        # whom nobody knows has a rule of its own
        test = (
            f"{value} in (select row_key from checked.{column.parent})"
            f" and not exists (select 1 from checked.{column.parent} as person where person.row_key = {own}"
            f" and coalesce(person.active_from <= {day}, true) and coalesce(person.active_to >= {day}, true))"
        )
    elif flag.startswith(AHEAD):
        other = flag.removeprefix(AHEAD)
        day = cells.bank_day_of(column, zone)
        test = f"{day} > cast({cells.bank_time(cells.quoted(other), zone)} as date)"
        if other == _KNOWN_AT:
            test = f"is_known_given and {test}"
    else:
        codes = ", ".join(literal(code) for code in sorted(listed.get(flag.removeprefix(UNLISTED), ())))
        # a code that is missing, or cannot be read, has a rule of its own
        test = f"{value} is not null and text_fault is null" + (
            f" and lower({value}) not in ({codes})" if codes else ""
        )
    return f"case when {test} then '{column.name}' end"
