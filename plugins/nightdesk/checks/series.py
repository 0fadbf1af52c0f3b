"""Series: a level that came every working day and comes no more while others do is not known from then on."""

from nightdesk.checks import cells
from nightdesk.checks.absence import living, names_of
from nightdesk.checks.outcome import SAMPLES, CheckContext, TableOutcome
from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal

#: the rule by which a series counts as stopped
STOPPED_RULE = "series_stopped"


def find_stopped(engine: Engine, outcome: TableOutcome, context: CheckContext) -> None:
    """Make `before.<table>` the last rows, and `absent.<table>` their keys, of the series of a table that stopped.

    A series has one row a day for a row of its parent. It stopped when it came on each of `series_days` working days
    and then on none of so many on which others came, and its parent is there tonight and has not ended. One that came
    on those days before the last `withheld_days` is given up. All tables have been checked.
    """
    table, names = outcome.table, names_of(outcome.table)
    if table.series_of is None or table.date_column is None:
        return
    parent = contract()[str(table.series_of.parent)]
    own, day = cells.quoted(table.series_of.name), cells.quoted(table.date_column)
    first, last = context.first_day("withheld_days", table.name), context.business_date
    wanted = int(context.setting("series_days", table.name))
    listed = ", ".join(cells.quoted(name) for name in [*table.columns, "known_at"])
    came = f"select {listed}, row_key from {outcome.checked}"
    if table.name in context.stored:
        key = cells.row_key(table, context.zone)
        came += f" union all select {listed}, {key} as row_key from {context.stored[table.name].relation}"
    came = f"select * from ({came}) as came where {day} between {literal(first)} and {literal(last)}"
    days = engine.rows(f"select distinct {day} as on_day from ({came}) as dated order by on_day desc")
    work = [row["on_day"] for row in days if context.is_workday(row["on_day"])]
    if len(work) < 2 * wanted:
        return
    boundary = literal(work[wanted - 1])
    numbered = ", ".join(f"({literal(on_day)}, {number})" for number, on_day in enumerate(work))
    engine.build(
        "series.silent",
        f"select * from ({came}) as former where {day} < {boundary}"
        f" and {own} not in (select {own} from ({came}) as recent where {day} >= {boundary})"
        f" and {own} in (select row_key from ({living(parent, context, f'checked.{parent.name}')}) as parent)",
        as_view=False,
    )
    engine.build(
        names.before,
        f"""
with work as (
    select * from (values {numbered}) as numbered (on_day, number)
),

ended as (
    select {own} as series, max({day}) as last_day
    from series.silent
    group by {own}
),

-- how many working days others have come on since
counted as (
    select ended.series, ended.last_day, min(work.number) as since
    from ended
    inner join work on work.on_day <= ended.last_day
    group by ended.series, ended.last_day
),

daily as (
    select counted.series, counted.last_day
    from counted
    inner join work on work.number >= counted.since and work.number < counted.since + {wanted}
    inner join series.silent as silent on counted.series = silent.{own} and work.on_day = silent.{day}
    group by counted.series, counted.last_day
    having count(distinct work.on_day) = {wanted}
)

select distinct on (silent.row_key) silent.*
from series.silent as silent
inner join daily on silent.{own} = daily.series and silent.{day} = daily.last_day
order by silent.row_key, silent.known_at desc""",
        as_view=False,
    )
    engine.execute(f"insert into {names.absent} select row_key, {literal(STOPPED_RULE)} from {names.before}")
    keys = engine.rows(f"select row_key from {names.absent} order by row_key")
    outcome.rows_absent = len(keys)
    outcome.samples["stopped_series"] = [masked_key(row["row_key"]) for row in keys[:SAMPLES]]
