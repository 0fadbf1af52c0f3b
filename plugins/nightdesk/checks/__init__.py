"""Checks: typing, versions, suites of Great Expectations, quarantine, control totals. Pure about storage."""

from nightdesk.checks.cells import row_key
from nightdesk.checks.judging import QUARANTINE, check_table, checked_columns
from nightdesk.checks.outcome import (
    CheckContext,
    CheckReport,
    Feed,
    Held,
    HeldReason,
    TableOutcome,
    Volume,
    check_settings,
)
from nightdesk.checks.running import run_checks
from nightdesk.checks.waiting import KEPT, WAITING

__all__ = [
    "KEPT",
    "QUARANTINE",
    "WAITING",
    "CheckContext",
    "CheckReport",
    "Feed",
    "Held",
    "HeldReason",
    "TableOutcome",
    "Volume",
    "check_settings",
    "check_table",
    "checked_columns",
    "row_key",
    "run_checks",
]
