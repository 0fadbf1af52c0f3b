"""The typed view of what was read: every contract column, the row's key, when it was known, and its faulty cells."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from nightdesk.checks import cells
from nightdesk.contract import Column, Table
from nightdesk.engine import Engine, literal

#: the column of each table that the source's control totals add up
CONTROLLED = {"txn": "amount", "balance": "eod_balance", "loan": "outstanding_amt", "instalment": "due_amt"}
#: what a typed row has beside the contract's columns
EXTRAS = ("row_key", "known_at", "is_known_given", "has_key", "on_date", "is_late", "type_fault", "scale_fault")


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
) -> str:
    """A SELECT of the typed rows of `landing`, whose columns `supplied` are text as read.

    Gives EXTRAS, `raw_date` (the text of a daily table's date, to scan parts by), `control_amount` where control totals
    apply, and the contract's columns. A column that is not supplied is null. `cutoff` is aware.
    """
    columns = table.columns.values()
    raw = ",\n        ".join(
        [
            *(
                f"nullif({cells.quoted(c.name)}, '') as {cells.quoted(c.name)}"
                if c.name in supplied
                else f"cast(null as varchar) as {cells.quoted(c.name)}"
                for c in columns
            ),
            ("nullif(known_at, '')" if "known_at" in supplied else "cast(null as varchar)") + " as known_at",
            (cells.quoted(table.date_column) if table.date_column in supplied else "cast(null as varchar)")
            + " as raw_date"
            if table.date_column
            else "cast(null as varchar) as raw_date",
        ]
    )
    values = ",\n        ".join(
        [
            *(f"{cells.typed(c, f'raw.{cells.quoted(c.name)}', zone)} as {cells.quoted(c.name)}" for c in columns),
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
    {_type_fault(table)} as type_fault,
    {_scale_fault(table)} as scale_fault,
    raw_date,
    {f"{control} as control_amount," if control else ""}
    {", ".join(cells.quoted(c.name) for c in columns)}
from known"""


def _is_typed(column: Column) -> bool:
    return column.sql_type != "VARCHAR"


def _text_of(table: Table, name: str) -> str:
    return "raw " + name if _is_typed(table.columns[name]) else name


def _on_date(table: Table, zone: ZoneInfo) -> str:
    if table.date_column is None:
        return "cast(null as date)"
    column = table.columns[table.date_column]
    value = cells.quoted(column.name)
    return f"cast({cells.bank_time(value, zone)} as date)" if column.type == "timestamp" else value


def _known_at(table: Table, zone: ZoneInfo) -> str:
    if table.date_column is None:
        return "known_at_given"
    return f"coalesce(known_at_given, {cells.day_end('on_date', zone)})"


def _type_fault(table: Table) -> str:
    tests = ["case when raw_known_at is not null and known_at_given is null then 'known_at' end"]
    for column in table.columns.values():
        if not _is_typed(column):
            continue
        text = cells.quoted("raw " + column.name)
        test = f"{text} is not null and {cells.quoted(column.name)} is null"
        if column.type == "amount":
            test += f" and {cells.as_decimal(text, column.sql_type)} is null"
        tests.append(f"case when {test} then '{column.name}' end")
    return f"nullif(concat_ws(',', {', '.join(tests)}), '')"


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
) -> Typed:
    """Make `typed.<table>`: in memory up to `in_memory_rows` rows, else a view that re-reads the landing rows."""
    rows = int(engine.value(f"select count(*) from {landing}"))
    sql = typed_sql(table, landing, supplied, business_date=business_date, cutoff=cutoff, zone=zone)
    target = f"typed.{table.name}"
    is_small = rows <= in_memory_rows or not table.is_daily
    engine.build(target, sql, as_view=not is_small)
    return Typed(target, rows, is_small)
