"""The typed view of what was read: every contract column, the row's key, when it was known, and its faulty cells."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from nightdesk.checks import cells
from nightdesk.contract import Column, Table
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

#: the column of each table that the source's control totals add up
CONTROLLED = {"txn": "amount", "balance": "eod_balance", "loan": "outstanding_amt", "instalment": "due_amt"}
#: what a typed row has beside the contract's columns
EXTRAS = (
    *("row_key", "known_at", "is_known_given", "has_key", "on_date", "is_late"),
    *("text_fault", "type_fault", "scale_fault", "cell_fault", "age_fault", "told"),
)


@dataclass(frozen=True)
class Typed:
    """The typed rows of one table: the relation's name, and whether it is a table in memory or a view to re-read."""

    relation: str
    rows: int
    is_materialised: bool


def typed_sql(
    table: Table,
    landing: str,
    supplied: Collection[str],
    *,
    business_date: datetime.date,
    cutoff: datetime.datetime,
    zone: ZoneInfo,
    is_too_old: str = "false",
) -> str:
    """A SELECT of the typed rows of `landing`, whose columns `supplied` are text as read.

    Gives EXTRAS (`told` lists what was read otherwise than it stands, a rule and a column each), `raw_date` (the text
    of a daily table's date, to scan parts by), `control_amount` where control totals apply, and the contract's columns.
    A column that is not supplied is null. `cutoff` is aware. `is_too_old` is a condition on the rows to be.
    """
    columns = table.columns.values()
    raw = ",\n        ".join(
        [
            *(
                f"{cells.given(c, cells.quoted(c.name))} as {cells.quoted(c.name)}"
                if c.name in supplied
                else f"cast(null as varchar) as {cells.quoted(c.name)}"
                for c in columns
            ),
            ("nullif(trim(known_at), '')" if "known_at" in supplied else "cast(null as varchar)") + " as known_at",
            (cells.quoted(table.date_column) if table.date_column in supplied else "cast(null as varchar)")
            + " as raw_date"
            if table.date_column
            else "cast(null as varchar) as raw_date",
            f"{_is_unclean(table, supplied)} as is_unclean",
        ]
    )
    values = ",\n        ".join(
        [
            *(f"{_value(table, c, zone)} as {cells.quoted(c.name)}" for c in columns),
            f"{_text_fault(table)} as text_fault",
            f"{_unread(table)} as unread",
            f"{cells.as_instant('raw.known_at', zone)} as known_at_given",
            *(f"raw.{cells.quoted(c.name)} as {cells.quoted('raw ' + c.name)}" for c in columns if _is_typed(c)),
            "raw.known_at as raw_known_at",
            "raw.raw_date",
        ]
    )
    key_given = " and ".join(
        f"{cells.quoted(_text_of(table, name))} is not null" for name in table.key if table.columns[name].is_required
    )
    cut = literal(cutoff.astimezone(datetime.UTC).replace(tzinfo=None))
    late = f"coalesce(known_at > {cut}, false)"
    if table.date_column:
        late += f" or coalesce(on_date > {literal(business_date)}, false)"
    if table.public_on:
        late += f" or coalesce({cells.quoted(table.public_on)} > {literal(business_date)}, false)"
    controlled = CONTROLLED.get(table.name)
    control = cells.as_decimal(cells.quoted("raw " + controlled), "decimal(28,8)") if controlled else None
    return f"""
with raw as (
    select
        {raw}
    from {landing}
),

read as (
    select
        {values}
    from raw
),

dated as (
    select
        *,
        {_on_date(table, zone)} as on_date
    from read
),

known as (
    select
        *,
        {_known_at(table, zone)} as known_at
    from dated
)

select
    {cells.row_key(table, zone, raw="raw ")} as row_key,
    known_at,
    raw_known_at is not null as is_known_given,
    {key_given or "true"} as has_key,
    on_date,
    {late} as is_late,
    text_fault,
    {_type_fault(table)} as type_fault,
    {_scale_fault(table)} as scale_fault,
    {_cell_fault(table)} as cell_fault,
    case when {is_too_old} then {literal(table.date_column or "")} end as age_fault,
    {_told(table)} as told,
    raw_date,
    {f"{control} as control_amount," if control else ""}
    {", ".join(cells.quoted(c.name) for c in columns)}
from known"""


def _is_unclean(table: Table, supplied: Collection[str]) -> str:
    """Whether any text of a landed row is unreadable: one look at all ids and codes together, few rows are."""
    texts = [column for column in table.texts if column.name in supplied]
    coded = [cells.quoted(column.name) for column in texts if column.is_coded]
    tests = [cells.is_unreadable(column, cells.quoted(column.name)) for column in texts if not column.is_coded]
    if coded:
        joined = Column("", "code", is_required=False, parent=None, values=())
        tests.append(cells.is_unreadable(joined, f"concat({', '.join(coded)})"))
    return " or ".join(tests) or "false"


def _value(table: Table, column: Column, zone: ZoneInfo) -> str:
    raw = f"raw.{cells.quoted(column.name)}"
    value = cells.typed(column, raw, zone)
    if column not in table.texts:
        return value
    instead = cells.named_unreadable(raw) if column in table.held_texts else "null"
    return f"case when raw.is_unclean and {cells.is_unreadable(column, raw)} then {instead} else {value} end"


def _text_fault(table: Table) -> str:
    named = [cells.why_unreadable(c, f"raw.{cells.quoted(c.name)}") for c in table.held_texts]
    listed = f"nullif(concat_ws(', ', {', '.join(named)}), '')" if named else "cast(null as varchar)"
    return f"case when raw.is_unclean then {listed} end"


def _unread(table: Table) -> str:
    """Texts that are unreadable, and cost the cell only."""
    tests = [
        f"case when {cells.is_unreadable(c, f'raw.{cells.quoted(c.name)}')} then '{c.name}' end"
        for c in table.texts
        if c in table.dispensable
    ]
    listed = f"nullif(concat_ws(',', {', '.join(tests)}), '')" if tests else "cast(null as varchar)"
    return f"case when raw.is_unclean then {listed} end"


def _told(table: Table) -> str:
    tests = []
    for column in table.columns.values():
        if column.type == "date":
            has_time = cells.has_time_of_day(cells.quoted("raw " + column.name))
            is_read = f"{cells.quoted(column.name)} is not null"
            tests.append(f"case when {has_time} and {is_read} then 'time_of_day {column.name}' end")
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')" if tests else "cast(null as varchar)"


def _is_typed(column: Column) -> bool:
    return column.sql_type != "VARCHAR"


def _text_of(table: Table, name: str) -> str:
    return "raw " + name if _is_typed(table.columns[name]) else name


def _on_date(table: Table, zone: ZoneInfo) -> str:
    if table.date_column is None:
        return "cast(null as date)"
    return cells.bank_day(table, zone)


def _known_at(table: Table, zone: ZoneInfo) -> str:
    if table.date_column is None:
        return "known_at_given"
    return f"coalesce(known_at_given, {cells.day_end('on_date', zone)})"


def _type_fault(table: Table) -> str:
    """The columns without which a row is of no use and whose text is not of their type: known_at is one of them."""
    tests = ["case when raw_known_at is not null and known_at_given is null then 'known_at' end"]
    needed = [c for c in table.columns.values() if _is_typed(c) and c not in table.dispensable]
    tests += [_not_of_type(column) for column in needed]
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')"


def _cell_fault(table: Table) -> str:
    """The other columns that cannot be read, or whose text is not of their type: they cost the cell, not the row."""
    tests = ["unread", *(_not_of_type(column) for column in table.dispensable if _is_typed(column))]
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')"


def _not_of_type(column: Column) -> str:
    text = cells.quoted("raw " + column.name)
    test = f"{text} is not null and {cells.quoted(column.name)} is null"
    if column.type == "amount":
        test += f" and {cells.as_decimal(text, column.sql_type)} is null"
    return f"case when {test} then '{column.name}' end"


def _scale_fault(table: Table) -> str:
    tests = []
    for column in table.columns.values():
        if column.type == "amount":
            text = cells.quoted("raw " + column.name)
            test = f"{cells.quoted(column.name)} is null and {cells.as_decimal(text, column.sql_type)} is not null"
            tests.append(f"case when {test} then '{column.name}' end")
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')" if tests else "cast(null as varchar)"


def typed_view(
    engine: Engine,
    table: Table,
    landing: str,
    supplied: Collection[str],
    *,
    business_date: datetime.date,
    cutoff: datetime.datetime,
    zone: ZoneInfo,
    in_memory_rows: int,
    is_too_old: str = "false",
) -> Typed:
    """Make `typed.<table>`: in memory up to `in_memory_rows` rows, else a view that re-reads the landing rows."""
    rows = int(engine.value(f"select count(*) from {landing}"))
    target = f"typed.{table.name}"
    if not rows:  # nothing is read, whatever it says
        engine.empty(target, typed_columns(table))
        return Typed(target, 0, True)
    sql = typed_sql(
        table, landing, supplied, business_date=business_date, cutoff=cutoff, zone=zone, is_too_old=is_too_old
    )
    is_small = rows <= in_memory_rows or not table.is_daily
    engine.build(target, sql, as_view=not is_small)
    return Typed(target, rows, is_small)


def typed_columns(table: Table) -> dict[str, str]:
    """Names and types of what typed_sql gives."""
    extras = {
        "known_at": "TIMESTAMP",
        "on_date": "DATE",
        **dict.fromkeys(("is_known_given", "has_key", "is_late"), "BOOLEAN"),
    }
    return {
        **{name: extras.get(name, "VARCHAR") for name in EXTRAS},
        "raw_date": "VARCHAR",
        **({"control_amount": "DECIMAL(28,8)"} if table.name in CONTROLLED else {}),
        **{column.name: column.sql_type for column in table.columns.values()},
    }
