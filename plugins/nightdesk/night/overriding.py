"""What still holds an attempt: checks that failed, less those that a person overrode, for it or for what it replays."""

from sqlalchemy import Connection

from nightdesk.attempt.opening import Night
from nightdesk.checks import CheckReport, HeldReason
from nightdesk.desk.ledger import standing_attempt
from nightdesk.desk.releases import release_of, take_over
from nightdesk.released import Release


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
    """The release of the published attempt, where this one replays the rows that it read and the same checks hold it.

    What a person answered for is these rows and these findings: a source that is asked again, or another check, is a
    new question.
    """
    item = night.attempt
    if item.landing_attempt_id is None:
        return None
    standing = standing_attempt(connection, item.profile, item.business_date)
    if standing is None or item.landing_attempt_id not in (standing.landing_attempt_id, standing.attempt_id):
        return None
    release = release_of(connection, standing.attempt_id)
    if release is None or _holding(report) != {(one.table_name, one.rule) for one in release.checks}:
        return None
    take_over(connection, item.attempt_id, standing.attempt_id)
    return release_of(connection, item.attempt_id)


def _holding(report: CheckReport) -> set[tuple[str, str]]:
    return {
        (row["table_name"], row["rule"])
        for row in report.expectations
        if not row["success"] and (row["severity"], row["scope"]) == ("critical", "table")
    }
