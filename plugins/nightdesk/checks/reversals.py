"""Reversals: those of tonight that name no transaction near enough to be taken back (policy flow_setting)."""

from nightdesk.checks.outcome import SAMPLES, CheckContext, TableOutcome
from nightdesk.engine import Engine
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal

#: the table of which a row may take another one back, and the column that names it
_TABLE, _REVERSES = "txn", "reverses_txn_id"


def count_unmatched(engine: Engine, outcome: TableOutcome, context: CheckContext) -> None:
    """Count used rows that reverse what is neither among tonight's rows nor stored, within `reversal_days` of them.

    Of the history only those days are read.
    """
    table, stored = outcome.table, context.stored.get(outcome.table.name)
    if table.name != _TABLE:
        return
    column, day, days = _REVERSES, table.date_column, int(context.setting("reversal_days", table.name))
    key, checked = table.key[0], outcome.checked
    span = engine.rows(
        f"select min({day}) - {days} as first_day, max({day}) + {days} as last_day, count(*) as reversals"
        f" from {checked} where {column} is not null"
    )[0]
    outcome.rows_unmatched = 0
    if not span["reversals"]:
        return
    known = f"select {key}, {day} from {checked}"
    if stored:
        known += (
            f" union all select {key}, {day} from {stored.relation}"
            f" where {day} >= {literal(span['first_day'])} and {day} <= {literal(span['last_day'])}"
        )
    rows = engine.rows(
        f"with known as ({known})"
        f" select row_key from {checked} as reversal where {column} is not null and not exists (select 1 from known"
        f" where known.{key} = reversal.{column}"
        f" and known.{day} between reversal.{day} - {days} and reversal.{day} + {days}) order by row_key"
    )
    outcome.rows_unmatched = len(rows)
    outcome.samples["unmatched_rows"] = sorted(masked_key(row["row_key"]) for row in rows[:SAMPLES])
