"""Versions: of each key the newest row known by the cut-off, against each other and against what is already held."""

from dataclasses import dataclass

from nightdesk.checks import cells
from nightdesk.checks.outcome import CheckContext, Feed
from nightdesk.checks.suites import blanked
from nightdesk.checks.typed import Typed
from nightdesk.contract import Table
from nightdesk.engine import Engine

#: before every instant: a row of which it is not known when it was known is older than one of which it is
NEVER = "timestamp '0001-01-01 00:00:00'"


@dataclass(frozen=True)
class Versions:
    """How the rows were settled whose key occurs again.

    `relation` has one line for each of their distinct rows, with `verdict`: late, older (a newer version is there),
    held (former nights have it), conflict (it contradicts another row of its key and instant) or newest; None where no
    key occurs again. `repeated` lists the hashes of those keys.
    """

    relation: str | None
    repeated: str
    duplicates: int = 0
    superseded: int = 0
    late: int = 0

    @property
    def is_single(self) -> str:
        """The condition for typed rows whose key occurs once and is new."""
        if self.relation is None:
            return "true"
        return f"not (has_key and hash(row_key) in (select key_hash from {self.repeated}))"


def settle(engine: Engine, feed: Feed, typed: Typed, context: CheckContext) -> Versions:
    """Settle the rows of `typed` whose keys occur more than once or are held; makes `superseded.<table>`.

    One pass over the keys finds them; only their rows are then looked at as a whole.
    """
    table = feed.table
    held = context.held.get(table.name)
    key = cells.row_key(table, context.zone)
    repeated, target = f"versions.{table.name}_repeated", f"versions.{table.name}"
    again = f"select hash(row_key) as key_hash from {typed.relation} where has_key group by 1 having count(*) > 1"
    if held:
        again += (
            f" union select hash({key}) from {held.relation}"
            f" where {key} in (select row_key from {typed.relation} where has_key)"
        )
    engine.build(repeated, again, as_view=False)
    if engine.value(f"select count(*) from {repeated}") == 0:
        engine.empty(f"superseded.{table.name}", {"row_key": "VARCHAR"})
        return Versions(None, repeated)
    if held:
        kept = ", ".join(cells.quoted(name) for name in engine.columns(held.relation) if name != "row_key")
        engine.build(
            f"{target}_held",
            f"select {kept}, {key} as row_key, coalesce(known_at, {NEVER}) as held_at from {held.relation}"
            f" where hash({key}) in (select key_hash from {repeated})",
            as_view=False,
        )
    else:
        engine.empty(f"{target}_held", {"row_key": "VARCHAR", "held_at": "TIMESTAMP"})
    engine.build(target, _verdicts(feed, typed, context, repeated), as_view=False)
    _supersede(engine, table)
    counted = engine.rows(
        "select"
        " cast(coalesce(sum(copy_count - 1), 0) + count(*) filter (where verdict = 'held') as bigint) as duplicates,"
        " count(*) filter (where verdict = 'older') as older,"
        " count(*) filter (where verdict = 'late') as late"
        f" from {target}"
    )[0]
    return Versions(target, repeated, counted["duplicates"], counted["older"], counted["late"])


def _verdicts(feed: Feed, typed: Typed, context: CheckContext, repeated: str) -> str:
    table = feed.table
    columns = [cells.quoted(name) for name in table.columns]
    faults = ["type_fault", "scale_fault"]
    extras = ["row_key", "known_at", "is_known_given", "has_key", "on_date", "is_late", *faults]
    whole = ", ".join([*extras, *columns])
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
        when versions.version_at < versions.newest_at or versions.version_at < held.held_at then 'older'
        when versions.differing > 1 then 'conflict'
        when held.row_key is null then 'newest'
        when {_same_content(feed, context)} then 'held'
        when versions.version_at = held.held_at then 'conflict'
        else 'newest'
    end as verdict
from versions
left join versions.{table.name}_held as held on versions.row_key = held.row_key"""


def _same_content(feed: Feed, context: CheckContext) -> str:
    """Whether a new row says what the held one says, in the columns that both nights were given."""
    held = context.held.get(feed.table.name)
    if held is None:
        return "false"
    domain = blanked(feed.table)
    tests = ["versions.type_fault is null", "versions.scale_fault is null"]
    for name in feed.table.columns:
        if name in held.columns and name in feed.columns:
            column = cells.quoted(name)
            # cells outside their domain were read as missing when the row was taken
            new = domain[name].replace(column, f"versions.{column}") if name in domain else f"versions.{column}"
            tests.append(f"({new}) is not distinct from held.{column}")
    return " and ".join(tests)


def _supersede(engine: Engine, table: Table) -> None:
    """Held rows whose place a newer version takes, or that a row of the same stated instant contradicts.

    A contradiction at an instant that was only assumed (known_at empty) leaves the held row where it is.
    """
    engine.build(
        f"superseded.{table.name}",
        f"""
select held.* exclude (held_at)
from versions.{table.name}_held as held
where exists (
    select 1
    from versions.{table.name} as versions
    where
        versions.row_key = held.row_key
        and versions.verdict in ('newest', 'conflict')
        and (versions.version_at > held.held_at or versions.is_known_given)
)""",
        as_view=False,
    )
