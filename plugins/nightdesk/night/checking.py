"""Check: landing rows become used rows, quarantined rows and late rows, and a critical finding holds the night."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from nightdesk.business_day import Calendar
from nightdesk.checks import CheckContext, CheckReport, Landing, run_checks
from nightdesk.contract import contract
from nightdesk.desk.ledger import Attempt, feeds_of, get_attempt, lineage, pins_of, record_feed, set_pin
from nightdesk.desk.tables import attempt, feed
from nightdesk.engine import Engine
from nightdesk.errors import HeldNight
from nightdesk.lake import files_of, write_batch
from nightdesk.night.inputs import Inputs, night_engine, source_types
from nightdesk.night.opening import Night
from nightdesk.policy import register_policy

#: how many nights before this one say what a usual volume is
_RECENT_NIGHTS = 10


def check(night: Night) -> int:
    """Check every table, keep used rows and quarantine as batches, and record what became of each row.

    Returns the rows used. Raises HeldNight when a check critical for a table failed: nothing is published then, and
    the quality page says why.
    """
    with night_engine(night) as engine:
        register_policy(engine, night.business_date, night.profile.name)
        report = run_checks(engine, _landings(night, engine), _context(night, engine))
        _keep(night, engine, report)
    if report.held_reasons:
        from nightdesk.night.rendering import (
            render_held,
        )  # the page of a night that nobody will see published

        reasons = "; ".join(report.held_reasons[:3])
        more = f" (and {len(report.held_reasons) - 3} more)" if len(report.held_reasons) > 3 else ""
        page = render_held(night, report.held_reasons)
        raise HeldNight(
            f"the night of {night.business_date} is held: {reasons}{more}",
            f"Yesterday's result stays visible. See {page}; mend the source, then run the night again.",
        )
    return sum(outcome.rows_used for outcome in report.outcomes)


def _landings(night: Night, engine: Engine) -> dict[str, Landing]:
    """The landing views of the tables that the source supplies, and the columns it supplies of each."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
        feeds = feeds_of(connection, night.attempt.attempt_id)
    found = {}
    for row in feeds:
        if not row["is_supplied"]:
            continue
        name = row["table_name"]
        columns = row["columns_supplied"].split(",")
        batches = [pins[f"landing/{name}"].batch_id]
        files = files_of(night.settings.lake_root, f"landing/{name}", batches)
        engine.view_of_files(f"landing.{name}", files, dict.fromkeys(columns, "VARCHAR"))
        found[name] = Landing(f"landing.{name}", frozenset(columns))
    return found


def _context(night: Night, engine: Engine) -> CheckContext:
    inputs = Inputs(night, engine)
    parent: Attempt | None = None
    if night.attempt.parent_attempt_id:
        with night.desk.connect() as connection:
            parent = get_attempt(connection, night.attempt.parent_attempt_id)
    held = {}
    if parent is not None:
        for table in contract().values():
            if table.is_daily:
                inputs.held(table.name)
                held[table.name] = f"held.{table.name}"
    return CheckContext(
        business_date=night.business_date,
        cutoff=night.attempt.cutoff_at,
        zone=night.profile.zone,
        base_ccy=night.profile.base_ccy,
        parent_date=parent.business_date if parent else None,
        parent_cutoff=parent.cutoff_at if parent else None,
        held=held,
        recent_rows=_recent_rows(night),
        is_workday=_calendar(night).is_workday(night.business_date),
    )


def _calendar(night: Night) -> Calendar:
    return Calendar(night.profile.calendar, {})


def _recent_rows(night: Night) -> Mapping[str, list[int]]:
    """Used rows of each table in the nights before this one, newest first."""
    with night.desk.connect() as connection:
        before = lineage(connection, night.attempt.attempt_id)[:-1][-_RECENT_NIGHTS:]
        rows = connection.execute(
            select(feed.c.table_name, feed.c.rows_used)
            .join(attempt, attempt.c.attempt_id == feed.c.attempt_id)
            .where(feed.c.attempt_id.in_(before), attempt.c.parent_attempt_id.is_not(None))
            .order_by(attempt.c.business_date.desc())
        ).all()
    counts: dict[str, list[int]] = {}
    for row in rows:
        counts.setdefault(row.table_name, []).append(row.rows_used)
    return counts


def _keep(night: Night, engine: Engine, report: CheckReport) -> None:
    """Write used rows, quarantine, corrections and results to the lake, and the counts to the ledger."""
    for outcome in report.outcomes:
        table = contract()[outcome.table_name]
        if not outcome.is_supplied:
            continue
        columns = ", ".join(
            f"date '{night.business_date}' as arrived_on" if name == "arrived_on" else f'"{name}"'
            for name in source_types(table)
        )
        _write(night, engine, f"source/{table.name}", f"select {columns} from {outcome.used}")
    _write(night, engine, "checks/quarantine", f"select * from {report.quarantine}")
    _write(night, engine, "checks/superseded", f"select * from {report.superseded}")
    _write(night, engine, "checks/result", f"select * from {report.results}")
    record_feed(night.desk, night.attempt.attempt_id, [_counts(outcome) for outcome in report.outcomes])


def _write(night: Night, engine: Engine, lake_table: str, query: str) -> None:
    batch_id, rows = write_batch(night.settings.lake_root, lake_table, night.business_date, engine.arrow(query))
    set_pin(night.desk, night.attempt, lake_table, batch_id, rows)


def _counts(outcome: Any) -> dict[str, Any]:
    names = (
        "rows_read",
        "rows_held",
        "rows_duplicate",
        "rows_superseded",
        "rows_in",
        "rows_used",
        "rows_quarantined",
        "rows_late",
    )
    return {
        "table_name": outcome.table_name,
        "is_supplied": outcome.is_supplied,
        "columns_supplied": ",".join(sorted(outcome.columns_supplied)),
        "is_point_in_time": outcome.is_point_in_time,
        **{name: getattr(outcome, name) for name in names},
    }
