"""What still holds an attempt: checks that failed, less those that a person overrode, for it or for what it replays."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from nightdesk.attempt.batches import find, view
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night
from nightdesk.checks import CheckReport, HeldReason
from nightdesk.desk.ledger import Attempt, standing_attempt
from nightdesk.desk.pins import pins_of
from nightdesk.desk.releases import release_of, take_over
from nightdesk.errors import StoreError
from nightdesk.released import Release

log = logging.getLogger(__name__)

#: what a finding says, apart from which rows it names
_RESULT = {
    "table_name": "VARCHAR",
    "rule": "VARCHAR",
    "severity": "VARCHAR",
    "scope": "VARCHAR",
    "success": "BOOLEAN",
    "column_name": "VARCHAR",
    "observed": "VARCHAR",
    "unexpected_count": "BIGINT",
}
_TOTAL = {
    "table_name": "VARCHAR",
    "business_date": "DATE",
    "branch_id": "VARCHAR",
    "ccy": "VARCHAR",
    "success": "BOOLEAN",
    "expected_count": "BIGINT",
    "actual_count": "BIGINT",
    "expected_sum": "DECIMAL(38,2)",
    "actual_sum": "DECIMAL(38,2)",
}
_Row = Mapping[str, Any]


def not_released(night: Night, report: CheckReport) -> list[HeldReason]:
    """The reasons to hold the night that nobody has overridden.

    A total is told of its table, and asked of the table of totals.
    """
    if not report.held_reasons:
        return []
    with night.desk.begin() as connection:
        release = release_of(connection, night.attempt.attempt_id) or _taken_over(connection, night, report)
    if release is None:
        return report.held_reasons
    return [
        reason
        for reason in report.held_reasons
        if not any(release.covers(table, reason.rule) for table in (reason.table_name, "control_total"))
    ]


def _taken_over(connection: Connection, night: Night, report: CheckReport) -> Release | None:
    """The release of the published attempt, where this one replays the rows that it read, and the same checks hold it
    for what they saw then.

    What a person answered for is these rows and these findings: a source that is asked again, another check, or another
    share that is gone, is a new question.
    """
    item = night.attempt
    if item.landing_attempt_id is None:
        return None
    standing = standing_attempt(connection, item.profile, item.business_date)
    if standing is None or item.landing_attempt_id not in (standing.landing_attempt_id, standing.attempt_id):
        return None
    release = release_of(connection, standing.attempt_id)
    if release is None:
        return None
    holding = [row for row in report.expectations if _holds(row)]
    if {(row["table_name"], row["rule"]) for row in holding} != {(one.table_name, one.rule) for one in release.checks}:
        return None
    seen = _said(holding, _RESULT), _said((row for row in report.totals if not row["success"]), _TOTAL)
    if seen != _seen_then(night, standing):
        return None
    take_over(connection, item.attempt_id, standing.attempt_id)
    return release_of(connection, item.attempt_id)


def _seen_then(night: Night, former: Attempt) -> tuple[set[str], set[str]] | None:
    """What held a former attempt, and its totals that did not agree; None where that cannot be read any more."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, former.attempt_id)
    found: dict[str, list[dict[str, Any]]] = {}
    with night_engine(night) as engine:
        for name, columns in (("result", _RESULT), ("total", _TOTAL)):
            pin = pins[f"checks/{name}"]
            batches = [pin.batch_id] if pin.row_count else []
            try:
                rows = find(night.settings.lake_root, night.desk, f"checks/{name}", batches, [pin])
            except StoreError as error:
                log.warning("the night's release is not taken over: %s", error)
                return None
            view(engine, f"former.{name}", rows, columns)
            found[name] = engine.rows(f"select * from former.{name} where not success order by all")
    return _said(filter(_holds, found["result"]), _RESULT), _said(found["total"], _TOTAL)


def _holds(row: _Row) -> bool:
    return not row["success"] and (row["severity"], row["scope"]) == ("critical", "table")


def _said(rows: Iterable[_Row], columns: Iterable[str]) -> set[str]:
    return {"|".join(str(row[name]) for name in columns) for row in rows}
