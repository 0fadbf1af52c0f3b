"""Versions: of each key the newest row known by the cut-off, against each other and against what is already stored."""

from dataclasses import dataclass

from nightdesk.checks import cells
from nightdesk.checks.outcome import CheckContext, Feed
from nightdesk.checks.suites import blanked
from nightdesk.checks.typed import EXTRAS, Typed
from nightdesk.contract import Table
from nightdesk.engine import Engine
from nightdesk.sql_text import literal

#: before every instant: a row of which it is not known when it was known is older than one of which it is
NEVER = "timestamp '0001-01-01 00:00:00'"


@dataclass(frozen=True)
class Versions:
    """How the rows were settled whose key occurs again.

    `relation` has one line for each of their distinct rows, with `version_state`: late, stored (former nights have it,
    or a newer version of it), older (a newer version is there tonight), conflict (it contradicts another row of its key
    and instant) or newest; None where no key occurs again. `repeated` lists the hashes of those keys.

    `duplicates` counts identical copies among tonight's rows; `stored`, what is offered again, is counted apart.
    """

    relation: str | None
    repeated: str
    duplicates: int = 0
    superseded: int = 0
    stored: int = 0
    late: int = 0

    @property
    def is_single(self) -> str:
        """The condition for typed rows whose key occurs once and is new."""
        if self.relation is None:
            return "true"
        return f"not (has_key and hash(row_key) in (select key_hash from {self.repeated}))"


def settle(engine: Engine, feed: Feed, typed: Typed, context: CheckContext) -> Versions:
    """Settle the rows of `typed` whose keys occur more than once or are stored; makes `superseded.<table>`.

    One pass over the keys finds them; only their rows are then looked at as a whole.
    """
    table = feed.table
    stored = context.stored.get(table.name)
    key = cells.row_key(table, context.zone)
    repeated, target = f"versions.{table.name}_repeated", f"versions.{table.name}"
    if not typed.rows:
        engine.empty(repeated, {"key_hash": "UBIGINT"})
        engine.empty(f"superseded.{table.name}", {"row_key": "VARCHAR"})
        return Versions(None, repeated)
    again = f"select hash(row_key) as key_hash from {typed.relation} where has_key group by 1 having count(*) > 1"
    meets = f"{_of_their_days(engine, table, typed)}{key} in (select row_key from {typed.relation} where has_key)"
    if stored:
        again += f" union select hash({key}) from {stored.relation} where {meets}"
    engine.build(repeated, again, as_view=False)
    if engine.value(f"select count(*) from {repeated}") == 0:
        engine.empty(f"superseded.{table.name}", {"row_key": "VARCHAR"})
        return Versions(None, repeated)
    if stored:
        kept = ", ".join(cells.quoted(name) for name in engine.columns(stored.relation) if name != "row_key")
        engine.build(
            f"{target}_stored",
            f"select {kept}, {key} as row_key, coalesce(known_at, {NEVER}) as stored_at from {stored.relation}"
            f" where {meets} and hash({key}) in (select key_hash from {repeated})",
            as_view=False,
        )
    else:
        engine.empty(f"{target}_stored", {"row_key": "VARCHAR", "stored_at": "TIMESTAMP"})
    engine.build(target, _verdicts(feed, typed, context, repeated), as_view=False)
    _supersede(engine, table)
    counted = engine.rows(
        "select"
        " cast(coalesce(sum(copy_count - 1), 0) as bigint) as duplicates,"
        " count(*) filter (where version_state = 'older') as older,"
        " count(*) filter (where version_state = 'stored') as stored,"
        " count(*) filter (where version_state = 'late') as late"
        f" from {target}"
    )[0]
    return Versions(target, repeated, counted["duplicates"], counted["older"], counted["stored"], counted["late"])


def _of_their_days(engine: Engine, table: Table, typed: Typed) -> str:
    """The condition, to go before others, for stored rows of the days that tonight's rows are of, where the day is part
    of the key: no other row can meet one of tonight's, and a history is not read through for them.
    """
    column = table.date_column
    if column not in table.key or table.columns[column].sql_type != "DATE":
        return ""
    days = engine.rows(f"select min(on_date) as first, max(on_date) as last from {typed.relation} where has_key")[0]
    name = cells.quoted(column)
    return f"{name} >= {literal(days['first'])} and {name} <= {literal(days['last'])} and "


def _verdicts(feed: Feed, typed: Typed, context: CheckContext, repeated: str) -> str:
    table = feed.table
    columns = [cells.quoted(name) for name in table.columns]
    same = _same_content(feed, context)
    whole = ", ".join([*EXTRAS, *columns])
    return f"""
with copies as (
    select {whole}, count(*) as copy_count
    from {typed.relation}
    where has_key and hash(row_key) in (select key_hash from {repeated})
    group by {whole}
),

dated as (
    select *, coalesce(known_at, {NEVER}) as version_at
    from copies
),

versions as (
    select
        *,
        max(version_at) filter (where not is_late) over (partition by row_key) as newest_at,
        count(*) filter (where not is_late) over (partition by row_key, version_at) as differing
    from dated
)

select
    versions.*,
    case
        when versions.is_late then 'late'
        when versions.version_at < stored.stored_at then 'stored'
        when versions.version_at < versions.newest_at and versions.version_at = stored.stored_at and {same}
            then 'stored'
        when versions.version_at < versions.newest_at then 'older'
        when versions.differing > 1 then 'conflict'
        when stored.row_key is null then 'newest'
        when {same} then 'stored'
        when versions.version_at = stored.stored_at then 'conflict'
        else 'newest'
    end as version_state
from versions
left join versions.{table.name}_stored as stored on versions.row_key = stored.row_key"""


def _same_content(feed: Feed, context: CheckContext) -> str:
    """Whether a new row says what the stored one says, in the columns that both nights were given."""
    stored = context.stored.get(feed.table.name)
    if stored is None:
        return "false"
    domain = blanked(feed.table)
    tests = [f"versions.{fault} is null" for fault in ("text_fault", "type_fault", "scale_fault")]
    for name in feed.table.columns:
        if name in stored.columns and name in feed.columns:
            column = cells.quoted(name)
            # cells outside their domain were read as missing when the row was taken
            new = domain[name].replace(column, f"versions.{column}") if name in domain else f"versions.{column}"
            tests.append(f"({new}) is not distinct from stored.{column}")
    return " and ".join(tests)


def _supersede(engine: Engine, table: Table) -> None:
    """Stored rows whose place a newer version takes, or that a row of the same stated instant contradicts.

    A contradiction at an instant that was only assumed (known_at empty) leaves the stored row where it is.
    """
    engine.build(
        f"superseded.{table.name}",
        f"""
select stored.* exclude (stored_at)
from versions.{table.name}_stored as stored
where exists (
    select 1
    from versions.{table.name} as versions
    where
        versions.row_key = stored.row_key
        and versions.version_state in ('newest', 'conflict')
        and (versions.version_at > stored.stored_at or versions.is_known_given)
)""",
        as_view=False,
    )
