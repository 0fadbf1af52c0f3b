"""All tables of a night, parents first, and what only the whole shows: volumes, control totals, continuity, rates."""

from collections.abc import Sequence

from nightdesk.checks.continuity import judge_continuity
from nightdesk.checks.currencies import judge_currencies
from nightdesk.checks.facts import judge_facts
from nightdesk.checks.judging import check_table
from nightdesk.checks.outcome import CheckContext, CheckReport, Feed, TableOutcome
from nightdesk.checks.series import find_stopped
from nightdesk.checks.totals import judge_totals
from nightdesk.checks.withholding import parts_gone, withhold
from nightdesk.contract import contract, parents_first
from nightdesk.engine import Engine


def run_checks(
    engine: Engine,
    feeds: Sequence[Feed],
    context: CheckContext,
) -> CheckReport:
    """Check every contract table; one without a feed counts as not supplied.

    Leaves `checked.<table>`, `quarantined.<table>` and `superseded.<table>` in the engine, and over all tables
    `withheld.tonight` (withholding.WITHHELD), absence.LAST_ROWS and waiting.KEPT. What is wrong with the data is in the
    report, not raised: a caller must not go on when `held_reasons` is not empty.
    """
    given = {feed.table.name: feed for feed in feeds}
    supplied = frozenset(name for name, feed in given.items() if feed.landing is not None)
    done: dict[str, TableOutcome] = {}
    for name in parents_first():
        feed = given.get(name) or Feed(contract()[name], None)
        done[name] = check_table(engine, feed, supplied, context)
    outcomes = {name: done[name] for name in contract()}
    for name, outcome in outcomes.items():
        columns = given[name].columns if name in supplied else None
        outcome.parts_gone = parts_gone(engine, name, columns, context)
        find_stopped(engine, outcome, context)
    held = judge_facts(outcomes.values(), context)
    totals, broken = judge_totals(engine, outcomes, context)
    judge_continuity(engine, outcomes, context)
    judge_currencies(engine, outcomes, context)
    withhold(engine, outcomes, context)
    for name in supplied:
        # only the checks read them
        engine.drop(f"typed.{name}", f"versions.{name}_newest", f"versions.{name}_repeated")
    # a share that is gone says why totals do not agree
    return CheckReport(outcomes, totals, [*held, *broken])
