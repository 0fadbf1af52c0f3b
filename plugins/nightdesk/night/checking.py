"""Check: landing rows become used rows, quarantined rows and late rows; a critical finding holds the night."""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from nightdesk.business_day import Calendar
from nightdesk.checks import (
    KEPT,
    WAITING,
    CheckContext,
    CheckReport,
    Feed,
    Held,
    Volume,
    check_settings,
    run_checks,
)
from nightdesk.contract import contract
from nightdesk.desk.ledger import feeds_of, get_attempt, lineage, pins_of, record_feed, set_pin
from nightdesk.desk.tables import attempt, feed
from nightdesk.engine import Engine
from nightdesk.errors import HeldNight
from nightdesk.lake import files_of, write_batch
from nightdesk.night.inputs import Inputs, night_engine, source_types
from nightdesk.night.opening import Night
from nightdesk.night.quality import RESULT, TOTAL, write_held_page
from nightdesk.policy import register_policy

#: how many nights before this one say what a usual volume is
_RECENT_NIGHTS = 10


def check(night: Night) -> int:
    """Check every table, keep used rows and quarantine as batches, and record what became of each row.

    Returns the rows used. Raises HeldNight when a check critical for a table failed: nothing is published then, and
    the quality page says why.
    """
    scratch = night.settings.home / "work" / f"check-{night.attempt.attempt_id}"
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        with night_engine(night) as engine:
            register_policy(engine, night.business_date, night.profile.name)
            report = run_checks(engine, _feeds(night, engine), _context(night, engine, scratch))
            _keep(night, engine, report)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if report.held_reasons:
        what = [reason.what for reason in report.held_reasons]
        page = write_held_page(night, "; ".join(what))
        more = f" (and {len(what) - 3} more)" if len(what) > 3 else ""
        raise HeldNight(
            f"the night of {night.business_date} is held: {'; '.join(what[:3])}{more}",
            f"Yesterday's result stays visible. See {page}; mend the source, then run the night again.",
        )
    return sum(outcome.rows_used for outcome in report.outcomes.values())


def _feeds(night: Night, engine: Engine) -> list[Feed]:
    """The landing rows of every contract table, and the columns that the source supplies of each."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
        recorded = {row["table_name"]: row for row in feeds_of(connection, night.attempt.attempt_id)}
    found = []
    for table in contract().values():
        row = recorded[table.name]
        if not row["is_supplied"]:
            found.append(Feed(table, None))
            continue
        columns = row["columns_supplied"].split(",")
        lake_table = f"landing/{table.name}"
        pin = pins[lake_table]
        files = files_of(night.settings.lake_root, lake_table, [pin.batch_id], [pin.batch_id] if pin.row_count else [])
        engine.view_of_files(f"landing.{table.name}", files, dict.fromkeys(columns, "VARCHAR"))
        found.append(Feed(table, f"landing.{table.name}", frozenset(columns)))
    return found


def _context(night: Night, engine: Engine, scratch: Path) -> CheckContext:
    parent = None
    held: dict[str, Held] = {}
    waiting = None
    if night.attempt.parent_attempt_id:
        inputs = Inputs(night, engine)
        waiting = inputs.previous("checks/waiting", WAITING)
        with night.desk.connect() as connection:
            parent = get_attempt(connection, night.attempt.parent_attempt_id)
            supplied = {row["table_name"]: row for row in feeds_of(connection, parent.attempt_id)}
        for table in contract().values():
            if table.is_daily and supplied[table.name]["is_supplied"]:
                inputs.source(table.name, schema="held")
                held[table.name] = Held(f"held.{table.name}", supplied[table.name]["columns_supplied"].split(","))
    return CheckContext(
        business_date=night.business_date,
        cutoff=night.attempt.cutoff_at,
        zone=night.profile.zone,
        base_ccy=night.profile.base_ccy,
        scratch=scratch,
        settings=check_settings(night.business_date, night.profile.name),
        is_workday=Calendar(night.profile.calendar, {}).is_workday,
        parent_date=parent.business_date if parent else None,
        held=held,
        recent=_recent(night),
        waiting=waiting,
    )


def _recent(night: Night) -> dict[str, list[Volume]]:
    """What each table brought in the nights before this one."""
    with night.desk.connect() as connection:
        before = lineage(connection, night.attempt.attempt_id)[:-1][-_RECENT_NIGHTS:]
        rows = connection.execute(
            select(feed.c.table_name, attempt.c.business_date, feed.c.volume)
            .join(attempt, attempt.c.attempt_id == feed.c.attempt_id)
            .where(feed.c.attempt_id.in_(before), feed.c.is_supplied)
            .order_by(attempt.c.business_date)
        ).all()
    found: dict[str, list[Volume]] = {}
    for row in rows:
        found.setdefault(row.table_name, []).append(Volume(row.business_date, row.volume))
    return found


def _keep(night: Night, engine: Engine, report: CheckReport) -> None:
    """Write used rows, quarantine, corrections and findings to the lake, and the counts to the ledger."""
    quarantined, superseded = [], []
    for outcome in report.outcomes.values():
        table = outcome.table
        if not outcome.is_supplied:
            continue
        columns = ", ".join(
            f"date '{night.business_date}' as arrived_on" if name == "arrived_on" else f'"{name}"'
            for name in source_types(table)
        )
        _write(night, f"source/{table.name}", engine.arrow(f"select {columns} from {outcome.checked}"))
        quarantined.append(
            f"select business_date, table_name, row_key, rule, severity, detail from {outcome.quarantined}"
        )
        if table.is_daily and engine.value(f"select count(*) from {outcome.superseded}"):
            superseded.append(f"select '{table.name}' as table_name, row_key, arrived_on from {outcome.superseded}")
    _write(night, "checks/quarantine", engine.arrow(" union all ".join(quarantined)))
    _write(night, "checks/waiting", engine.arrow(f"select * from {KEPT} order by all"))
    empty = "select ''::varchar as table_name, ''::varchar as row_key, null::date as arrived_on where false"
    _write(night, "checks/superseded", engine.arrow(" union all ".join(superseded) or empty))
    _write(night, "checks/result", _rows(report.expectations, RESULT))
    _write(night, "checks/total", _rows(report.totals, TOTAL))
    with night.desk.connect() as connection:
        columns_supplied = {
            row["table_name"]: row["columns_supplied"] for row in feeds_of(connection, night.attempt.attempt_id)
        }
    record_feed(
        night.desk,
        night.attempt,
        [
            {
                "table_name": row["table_name"],
                "is_supplied": row["supplied"],
                "columns_supplied": columns_supplied[row["table_name"]],
                "is_point_in_time": row["is_point_in_time"],
                "volume": row["volume"],
                "rows_read": row["rows_read"],
                "rows_duplicate": row["duplicates"],
                "rows_superseded": row["superseded"],
                "rows_in": row["rows_in"],
                "rows_used": row["used"],
                "rows_quarantined": row["quarantined"],
                "rows_late": row["late"],
            }
            for row in report.tables
        ],
    )


def _rows(rows: list[dict[str, Any]], columns: dict[str, pa.DataType]) -> pa.RecordBatchReader:
    """Findings as a stream: only the declared columns, text where they are text."""
    schema = pa.schema(list(columns.items()))
    plain = [
        {
            name: str(row[name]) if row.get(name) is not None and kind == pa.string() else row.get(name)
            for name, kind in columns.items()
        }
        for row in rows
    ]
    return pa.Table.from_pylist(plain, schema=schema).to_reader()


def _write(night: Night, lake_table: str, rows: pa.RecordBatchReader) -> None:
    attempt_id = night.attempt.attempt_id
    batch_id, count = write_batch(night.settings.lake_root, lake_table, night.business_date, rows, attempt_id)
    set_pin(night.desk, night.attempt, lake_table, batch_id, count)
