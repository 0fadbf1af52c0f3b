"""All tables of a night, parents first, and what only the whole shows: volumes, control totals, continuity."""

from collections.abc import Sequence

from nightdesk.checks.continuity import judge_continuity
from nightdesk.checks.facts import judge_facts
from nightdesk.checks.judging import check_table
from nightdesk.checks.outcome import CheckContext, CheckReport, Feed, TableOutcome
from nightdesk.checks.totals import judge_totals
from nightdesk.contract import contract, parents_first
from nightdesk.engine import Engine


def run_checks(
    engine: Engine,
    feeds: Sequence[Feed],
    context: CheckContext,
) -> CheckReport:
    """Check every contract table; one without a feed counts as not supplied.

    Leaves `checked.<table>`, `quarantined.<table>` and `superseded.<table>` in the engine. What is wrong with the data
    is in the report, not raised: a caller must not go on when `held_reasons` is not empty.
    """
    given = {feed.table.name: feed for feed in feeds}
    supplied = frozenset(name for name, feed in given.items() if feed.landing is not None)
    done: dict[str, TableOutcome] = {}
    for name in parents_first():
        feed = given.get(name) or Feed(contract()[name], None)
        done[name] = check_table(engine, feed, supplied, context)
    outcomes = {name: done[name] for name in contract()}
    held = judge_facts(outcomes.values(), context)
    totals, broken = judge_totals(engine, outcomes, context)
    judge_continuity(engine, outcomes, context)
    for name in supplied:
        _forget(engine, name)
    return CheckReport(outcomes, totals, [*broken, *held])


def _forget(engine: Engine, name: str) -> None:
    """Free what only the checks read."""
    for relation in (f"typed.{name}", f"versions.{name}_newest", f"versions.{name}_repeated"):
        schema, _, short = relation.partition(".")
        kind = engine.value(
            "select table_type from information_schema.tables"
            " where table_schema = $of_schema and table_name = $of_name",
            of_schema=schema,
            of_name=short,
        )
        if kind:
            engine.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {relation}")
