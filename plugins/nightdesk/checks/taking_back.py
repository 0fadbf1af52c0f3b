"""Taken back: stored rows of days that the source still offers, and that it no longer offers themselves."""

from nightdesk.checks import cells
from nightdesk.checks.outcome import SAMPLES, CheckContext, Feed, TableOutcome
from nightdesk.checks.typed import Typed
from nightdesk.engine import Engine
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal


def take_back(engine: Engine, outcome: TableOutcome, feed: Feed, typed: Typed, context: CheckContext) -> None:
    """Make `taken_back.<table>`: stored rows, dated within the days that are read again, whose key no row has tonight.

    A row in quarantine or late tonight is there. Where tonight's rows cannot say it, being read before the night before
    was, a replay says of them what was said of them first.
    """
    table, stored, first = feed.table, context.stored.get(feed.table.name), context.offered_since(feed.table.name)
    if stored is None or (first is None and context.taken_back is None):
        return
    key, date = cells.row_key(table, context.zone), cells.bank_day(table, context.zone)
    within = (
        f"{key} in (select row_key from {context.taken_back} where table_name = {literal(table.name)})"
        if first is None
        else f"{date} >= {literal(first)} and {date} <= {literal(context.parent_date)}"
    )
    columns = ", ".join(cells.quoted(name) for name in engine.columns(stored.relation) if name != "row_key")
    engine.build(
        outcome.taken_back,
        f"select {columns}, {key} as row_key from {stored.relation} where {within}"
        f" and {key} not in (select row_key from {typed.relation} where has_key)",
        as_view=False,
    )
    outcome.rows_taken_back = int(engine.value(f"select count(*) from {outcome.taken_back}"))
    if first is not None:
        outcome.rows_read_again = int(engine.value(f"select count(*) from {stored.relation} where {within}"))
    rows = engine.rows(f"select row_key from {outcome.taken_back} order by row_key limit {SAMPLES}")
    outcome.samples["taken_back_rows"] = sorted(masked_key(row["row_key"]) for row in rows)
