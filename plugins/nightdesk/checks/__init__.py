"""Checks: typing, versions, suites of Great Expectations, quarantine, control totals. Pure about storage."""

from nightdesk.checks.absence import LAST_ROW, LAST_ROWS
from nightdesk.checks.cells import bank_day, row_key
from nightdesk.checks.judging import check_table, checked_columns
from nightdesk.checks.outcome import (
    CheckContext,
    CheckReport,
    Feed,
    HeldReason,
    Stored,
    TableOutcome,
    Volume,
    check_settings,
    listed_codes,
)
from nightdesk.checks.quarantine import QUARANTINE
from nightdesk.checks.reach import Reach
from nightdesk.checks.running import run_checks
from nightdesk.checks.suites import code_tables, holds_when_empty, releasable_rules
from nightdesk.checks.typed import CONTROLLED, typed_sql
from nightdesk.checks.waiting import KEPT, WAITING
from nightdesk.checks.withholding import TONIGHT, WITHHELD

__all__ = [
    "CONTROLLED",
    "KEPT",
    "LAST_ROW",
    "LAST_ROWS",
    "QUARANTINE",
    "TONIGHT",
    "WAITING",
    "WITHHELD",
    "CheckContext",
    "CheckReport",
    "Feed",
    "HeldReason",
    "Reach",
    "Stored",
    "TableOutcome",
    "Volume",
    "bank_day",
    "check_settings",
    "check_table",
    "checked_columns",
    "code_tables",
    "holds_when_empty",
    "listed_codes",
    "releasable_rules",
    "row_key",
    "run_checks",
    "typed_sql",
]
