"""Withholding: what is missing tonight of any table, and whom it concerns, as the contract's own parents say."""

import datetime
from collections.abc import Collection, Mapping

from nightdesk.checks import cells
from nightdesk.checks.absence import names_of
from nightdesk.checks.outcome import CheckContext, TableOutcome
from nightdesk.checks.waiting import KEPT
from nightdesk.contract import Table, contract, parents_first
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

#: the relation of what is withheld, and the name of tonight's: one row a thing held back and client, project and loan
#: that it concerns. No `column_name`: the whole row; no `row_key`: the whole column or table, for everybody. `on_date`
#: is a daily row's date (of several of one key the first; of one that is offered every night the last night's), and
#: `known_at` (UTC) when one without a date became known: until when its source offers it follows from them
WITHHELD = {
    "business_date": "DATE",
    "table_name": "VARCHAR",
    "row_key": "VARCHAR",
    "column_name": "VARCHAR",
    "reason": "VARCHAR",
    "rule": "VARCHAR",
    "on_date": "DATE",
    "known_at": "TIMESTAMP",
    "since": "DATE",
    "client_id": "VARCHAR",
    "project_id": "VARCHAR",
    "loan_id": "VARCHAR",
    "branch_id": "VARCHAR",
}
TONIGHT = "withheld.tonight"
#: reasons: a row in quarantine, one gone without a reason, a series that stopped, a cell read as missing; a column or
#: table no longer supplied
QUARANTINED, VANISHED, STOPPED, UNREADABLE = "quarantine", "vanished", "stopped", "unreadable_cell"
COLUMN_GONE, TABLE_GONE = "column_gone", "table_gone"
#: the tables whose rows a withheld row can concern
_SUBJECTS = tuple(name.removesuffix("_id") for name in WITHHELD if name.endswith("_id"))
_NEAREST = tuple(name for name in _SUBJECTS if name != "branch")
_EARLIER, _ENTRY, _PATH, _CONCERN = "withheld.earlier", "withheld.entry", "withheld.path", "withheld.concern"
_ENTRY_COLUMNS = {name: WITHHELD[name] for name in list(WITHHELD)[1 : list(WITHHELD).index("since")]}
_PATH_COLUMNS = {
    **dict.fromkeys(("table_name", "row_key", "via_table", "via_key"), "VARCHAR"),
    **{f"{name}_id": "VARCHAR" for name in _SUBJECTS},
    "steps": "INTEGER",
}


def withhold(engine: Engine, outcomes: Mapping[str, TableOutcome], context: CheckContext) -> None:
    """Make `withheld.tonight`; the typed, checked, quarantined, unreadable and absent relations are still there."""
    engine.empty(_EARLIER, WITHHELD)
    if context.withheld:
        engine.execute(f"insert into {_EARLIER} select {', '.join(WITHHELD)} from {context.withheld}")
    engine.empty(_ENTRY, _ENTRY_COLUMNS)
    for outcome in outcomes.values():
        _note(engine, outcome, context)
    _trace(engine)
    day, shown = literal(context.business_date), ", ".join(f"concern.{name}_id" for name in _SUBJECTS)
    tonight = f"""
select {day} as business_date, entry.*, coalesce(first.since, {day}) as since, {shown}
from {_ENTRY} as entry
left join {_CONCERN} as concern on entry.table_name = concern.table_name and entry.row_key = concern.row_key
left join
    (
        select table_name, row_key, column_name, min(since) as since
        from {_EARLIER}
        group by table_name, row_key, column_name
    ) as first
    on
        entry.table_name = first.table_name
        and entry.row_key is not distinct from first.row_key
        and entry.column_name is not distinct from first.column_name"""
    tables = [
        row["table_name"] for row in engine.rows(f"select distinct table_name from {_EARLIER} order by table_name")
    ]
    parts = [tonight, *(_still_missing(engine, outcomes[name], context) for name in tables)]
    engine.build(TONIGHT, " union all ".join(parts), as_view=False, columns=WITHHELD)


def parts_gone(
    engine: Engine, name: str, columns: Collection[str] | None, context: CheckContext
) -> tuple[str | None, ...]:
    """Columns of a table that last night was given and tonight (`columns`; None: no such table) is not, and those named
    so since; (None,) is the whole table.
    """
    before = context.supplied_before.get(name)
    earlier: set[str | None] = set()
    if context.withheld:
        rows = engine.rows(
            f"select column_name from {context.withheld} where table_name = {literal(name)} and row_key is null"
            f" and since >= {literal(context.first_day('withheld_days', name))}"
        )
        earlier = {row["column_name"] for row in rows}
    if columns is None:
        return (None,) if before is not None or None in earlier else ()
    known = {*contract()[name].columns, "known_at"}
    return tuple(sorted(({*(before or ()), *(column for column in earlier if column)} - set(columns)) & known))


def _note(engine: Engine, outcome: TableOutcome, context: CheckContext) -> None:
    """Enter what is missing of one table: rows in quarantine, rows gone, cells read as missing, and what is no more."""
    name = literal(outcome.table.name)
    absent = names_of(outcome.table).absent
    kinds = (
        (
            outcome.rows_quarantined,
            outcome.quarantined,
            "null",
            QUARANTINED,
            "string_agg(distinct rule, ',' order by rule)",
        ),
        (outcome.rows_absent, absent, "null", STOPPED if outcome.table.is_daily else VANISHED, "min(rule)"),
        (outcome.cells_unreadable, outcome.unreadable, "column_name", UNREADABLE, "'cell_unreadable'"),
    )
    for count, relation, column, reason, rule in kinds:
        if count:
            by = "row_key" if column == "null" else f"row_key, {column}"
            engine.execute(
                f"insert into {_ENTRY} select {name}, row_key, {column}, {literal(reason)}, {rule}, min(on_date),"
                f" min(dated.known_at) from {relation} left join ({_dates(engine, outcome.table, relation, context)})"
                f" as dated using (row_key) group by {by}"
            )
    for part in outcome.parts_gone:
        reason = COLUMN_GONE if part else TABLE_GONE
        engine.execute(
            f"insert into {_ENTRY} values"
            f" ({name}, null, {literal(part)}, {literal(reason)}, 'supply_shrunk', null, null)"
        )


def _dates(engine: Engine, table: Table, relation: str, context: CheckContext) -> str:
    """A SELECT of the `row_key`, `on_date` and `known_at` (WITHHELD) of those daily rows of tonight that `relation`
    has.
    """
    typed = f"typed.{table.name}"
    if not table.is_daily or not engine.exists(typed):
        return "select null::varchar as row_key, null::date as on_date, null::timestamp as known_at where false"
    # a row without a date or a word of when it was known is asked for every night
    dated = f"coalesce(on_date, case when not is_known_given then {literal(context.business_date)} end)"
    return (
        f"select row_key, min({dated}) as on_date, min(known_at) filter (where on_date is null) as known_at"
        f" from {typed} where row_key in (select row_key from {relation}) group by row_key"
    )


def _trace(engine: Engine) -> None:
    """Make `withheld.concern`: for each entry the client, project, loan and branch that its parents lead to."""
    engine.empty(_PATH, _PATH_COLUMNS)
    nothing = ", ".join("null" for _ in _SUBJECTS)
    engine.execute(
        f"insert into {_PATH} select distinct table_name, row_key, table_name, row_key, {nothing}, 0"
        f" from {_ENTRY} where row_key is not null"
    )
    come_to = _come_to(engine)
    for table in contract().values():
        if not table.references and table.name not in _SUBJECTS and table.name in come_to:
            _follow_links(engine, table)
            come_to = _come_to(engine)
    for name in reversed(parents_first()):
        if name in come_to:
            _follow(engine, contract()[name])
            come_to = _come_to(engine)
    shown = ", ".join(f"{name}_id" for name in _SUBJECTS)
    own = "found.table_name = other.table_name and found.row_key = other.row_key"
    less = " and ".join(f"(found.{n}_id is null or found.{n}_id = other.{n}_id)" for n in _NEAREST)
    count = " + ".join(f"(case when {{0}}.{n}_id is null then 0 else 1 end)" for n in _NEAREST)
    found, other = count.format("found"), count.format("other")
    # of what is known along the ways up only the most is kept; of two branches, the nearer one
    engine.build(
        _CONCERN,
        f"""
with ranked as (
    select distinct on (table_name, row_key, {", ".join(f"{n}_id" for n in _NEAREST)}) table_name, row_key, {shown}
    from {_PATH}
    order by table_name, row_key, {", ".join(f"{n}_id" for n in _NEAREST)}, branch_id is null, steps, branch_id
)

select * from ranked as found
where not exists (select 1 from ranked as other where {own} and {less} and ({other}) > ({found}))""",
        as_view=False,
    )


def _come_to(engine: Engine) -> frozenset[str]:
    """The tables that a path has come to: asked after each step, and not of each of them, as most nights have none."""
    return frozenset(row["via_table"] for row in engine.rows(f"select distinct via_table from {_PATH}"))


def _follow(engine: Engine, table: Table) -> None:
    """Go one step up from every path that has come to a row of `table`; a subject is noted on the way."""
    here = f"via_table = {literal(table.name)}"
    ids = ", ".join(f"coalesce(path.{name}_id, known.{name}_id)" for name in _SUBJECTS)
    engine.execute(  # a row that is not known tonight either: what was known of it when it was first missing
        f"insert into {_PATH} select distinct path.table_name, path.row_key, null, null, {ids}, path.steps + 1"
        f" from {_PATH} as path inner join {_EARLIER} as known on path.via_table = known.table_name"
        f" and path.via_key = known.row_key where path.{here} and known.column_name is null"
        f" and {cells.is_whole_key(table, 'path.via_key')}"
    )
    if table.name in _SUBJECTS:
        engine.execute(f"update {_PATH} set {table.name}_id = via_key where {here} and via_key <> ''")
    for column in table.references:
        for rows in _rows_of(engine, table):
            parents = f"select row_key as own, {cells.quoted(column.name)} as parent from ({rows}) as read"
            _step(engine, str(column.parent), parents, here)


def _follow_links(engine: Engine, table: Table) -> None:
    """From a withheld row that refers to nothing to what is linked to it: the other references of rows that name it."""
    here = f"via_table = {literal(table.name)} and path.steps = 0"
    for link in contract().values():
        for own in (c for c in link.references if c.parent == table.name):
            for column in (c for c in link.references if c.parent != table.name):
                for rows in _rows_of(engine, link, without_ended=True):
                    linked = f"{cells.quoted(own.name)} as own, {cells.quoted(column.name)} as parent"
                    _step(engine, str(column.parent), f"select {linked} from ({rows}) as link", here)


def _step(engine: Engine, to: str, parents: str, here: str) -> None:
    """Go from the paths that `here` names to rows of the table `to`, by a SELECT of `own` key and `parent` key."""
    shown = ", ".join(f"path.{name}_id" for name in _SUBJECTS)
    engine.execute(
        f"insert into {_PATH} select distinct path.table_name, path.row_key, {literal(to)}, found.parent, {shown},"
        f" path.steps + 1 from {_PATH} as path"
        f" inner join (select * from ({parents}) as every_one where own in"
        f" (select via_key from {_PATH} as path where path.{here})) as found on path.via_key = found.own"
        f" where path.{here} and found.parent is not null"
    )


def _rows_of(engine: Engine, table: Table, *, without_ended: bool = False) -> list[str]:
    """SELECTs of a table's rows, good or bad: as offered tonight, and as last used."""
    typed, names = f"typed.{table.name}", names_of(table)
    found = [f"select * from {typed} where not is_late"] if engine.exists(typed) else []
    if engine.exists(names.before):
        missing = f" where row_key in (select row_key from {names.absent})" if without_ended else ""
        found.append(f"select * from {names.before}{missing}")
    return found


def _still_missing(engine: Engine, outcome: TableOutcome, context: CheckContext) -> str:
    """A SELECT of what was missing of a table before and still is, though tonight's rows say nothing of it.

    A source gives a daily row for as long as it is asked for its day, and then no more: where that still holds, one
    that nobody offers was mended under another key, or taken back. A snapshot's row that was never good and is gone
    now left no last row behind; of one without a key of its own nothing can be expected.
    """
    table, day, typed = outcome.table, literal(context.business_date), f"typed.{outcome.table.name}"
    is_whole, has_come = cells.is_whole_key(table, "earlier.row_key"), engine.exists(typed)
    reason, still = "reason", [f"row_key in (select row_key from {outcome.checked})", f"reason = {literal(STOPPED)}"]
    same = "entry.table_name = earlier.table_name and entry.row_key = earlier.row_key"
    told = f"{same} and entry.column_name is not distinct from earlier.column_name"
    if table.is_daily:
        is_asked_again = _is_asked_again(table, context) if has_come else "false"
        there = f"select row_key from {KEPT} where table_name = {literal(table.name)}"
        there += f" union all select row_key from {typed}" if has_come else ""
        still.append(f"({is_asked_again} and row_key not in ({there}))")
        # behind a key that is none there may be another row than tonight's
        subjects = " and ".join(f"concern.{n}_id is not distinct from earlier.{n}_id" for n in _SUBJECTS)
        told += (
            f" and ({is_whole} or {is_asked_again} or exists (select 1 from {_CONCERN} as concern"
            f" where concern.table_name = entry.table_name and concern.row_key = entry.row_key and {subjects}))"
        )
    else:
        reason = literal(VANISHED)
        still += ["column_name is not null", f"row_key in (select row_key from {names_of(table).before})"]
        if has_come:
            still += [f"row_key in (select row_key from {typed} where not is_late)", f"not {is_whole}"]
    values = ", ".join({"business_date": day, "reason": reason}.get(name, name) for name in WITHHELD)
    return (
        f"select {values} from {_EARLIER} as earlier where table_name = {literal(table.name)} and row_key is not null"
        f" and since >= {literal(context.first_day('withheld_days', table.name))} and not ({' or '.join(still)})"
        f" and not exists (select 1 from {_ENTRY} as entry where {told})"
    )


def _is_asked_again(table: Table, context: CheckContext) -> str:
    """The condition that a row held back before is there tonight if its source still has it, as it was."""
    first = context.offered_since(table.name)
    if first is None:
        return "false"
    known_after = literal(context.reach[table.name].known_after.astimezone(datetime.UTC).replace(tzinfo=None))
    dated = f"coalesce(earlier.on_date >= {literal(first)}, earlier.known_at is not null)"
    known = f"coalesce(earlier.known_at > {known_after} and earlier.since >= {literal(first)}, true)"
    return f"({dated} and {known})"
