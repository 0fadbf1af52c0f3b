"""Check: landing rows become used rows, quarantined rows and late rows; a critical finding holds the night."""

import datetime
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, select

from nightdesk.attempt.batches import find, view, write
from nightdesk.attempt.findings import RESULT, TOTAL
from nightdesk.attempt.inputs import Inputs, source_types
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night
from nightdesk.business_day import Calendar
from nightdesk.checks import (
    KEPT,
    LAST_ROW,
    LAST_ROWS,
    TONIGHT,
    WAITING,
    WITHHELD,
    CheckContext,
    CheckReport,
    Feed,
    Reach,
    Stored,
    Volume,
    check_settings,
    code_tables,
    listed_codes,
    releasable_rules,
    run_checks,
)
from nightdesk.contract import contract
from nightdesk.desk.ledger import Attempt, feeds_of, get_attempt, last_supplied, lineage, record_feed, standing_attempt
from nightdesk.desk.packs import unpacked
from nightdesk.desk.pins import Pin, pins_of, set_pins
from nightdesk.desk.remedy import release_command
from nightdesk.desk.tables import attempt, feed
from nightdesk.engine import Engine
from nightdesk.errors import HeldNight
from nightdesk.night.each import first_of
from nightdesk.night.extraction import selections
from nightdesk.night.hands import hands_of, write_all
from nightdesk.night.overriding import not_released
from nightdesk.night.quality import write_held_page
from nightdesk.render.made_of import Hold
from nightdesk.scratch import CHECK, scratch

#: how many nights before this one say what a usual volume is
_RECENT_NIGHTS = 10


def check(night: Night) -> int:
    """Check every table, keep used rows and quarantine as batches, and record what became of each row.

    Returns the rows used. Raises HeldNight when a check critical for a table failed: nothing is published then, and
    the quality page says why.
    """
    with scratch(night.settings.home / "work", CHECK) as folder, night_engine(night) as engine:
        report = run_checks(engine, _feeds(night, engine), _context(night, engine, folder))
        _keep(night, engine, report)
    if held := not_released(night, report):
        fixed = [reason for reason in held if reason.rule not in releasable_rules()]
        what = [reason.what for reason in [*fixed, *(reason for reason in held if reason not in fixed)]]
        page = write_held_page(night, Hold(tuple(what), is_releasable=not fixed))
        offer = f"or, where a person answers for it: `{release_command(night.profile.name, night.business_date)}`."
        raise HeldNight(
            f"the night of {night.business_date} is held: {first_of(what)}",
            f"What was published before stays visible. See {page}; mend the source and run the night again"
            + ("; nobody may release this." if fixed else f", {offer}"),
        )
    return sum(outcome.rows_used for outcome in report.outcomes.values())


def _feeds(night: Night, engine: Engine) -> list[Feed]:
    """The landing rows of every contract table, and the columns that the source supplies of each."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
        recorded = {row["table_name"]: row for row in feeds_of(connection, night.attempt.attempt_id)}
        loose = unpacked(connection, pins.values())
    found = []
    for table in contract().values():
        row = recorded.get(table.name)
        if row is None or not row["is_supplied"]:
            found.append(Feed(table, None))
            continue
        columns = row["columns_supplied"].split(",")
        lake_table = f"landing/{table.name}"
        pin = pins[lake_table]
        batches = [pin.batch_id] if pin.row_count else []
        rows = find(night.settings.lake_root, night.desk, lake_table, batches, [pin], loose=loose)
        view(engine, f"landing.{table.name}", rows, dict.fromkeys(columns, "VARCHAR"))
        found.append(Feed(table, f"landing.{table.name}", frozenset(columns)))
    return found


def _context(night: Night, engine: Engine, folder: Path) -> CheckContext:
    parent = None
    stored: dict[str, Stored] = {}
    before: dict[str, str] = {}
    supplied_before: dict[str, frozenset[str]] = {}
    waiting = last_rows = withheld = None
    is_newest = True
    if night.attempt.parent_attempt_id:
        inputs = Inputs(night, engine)
        waiting = inputs.previous("checks/waiting", WAITING)
        last_rows = inputs.previous("checks/last_row", LAST_ROW)
        withheld = inputs.previous("checks/withheld", WITHHELD)
        with night.desk.connect() as connection:
            parent = get_attempt(connection, night.attempt.parent_attempt_id)
            is_newest = _read_at(connection, night.attempt) >= _read_at(connection, parent)
            # a table that the contract did not have then is not among them either
            feeds = feeds_of(connection, parent.attempt_id)
            supplied = {row["table_name"]: row for row in feeds if row["is_supplied"]}
            ever = last_supplied(connection, parent.attempt_id)
        for table in contract().values():
            if table.is_daily and table.name in ever:
                columns = ever[table.name]["columns_supplied"].split(",")
                inputs.source(table.name, schema="stored")
                stored[table.name] = Stored(f"stored.{table.name}", columns)
            if table.name not in supplied:
                continue
            supplied_before[table.name] = frozenset(supplied[table.name]["columns_supplied"].split(","))
            if not table.is_daily:
                before[table.name] = inputs.previous(f"source/{table.name}", source_types(table))
    return CheckContext(
        business_date=night.business_date,
        cutoff=night.attempt.cutoff_at,
        zone=night.profile.zone,
        base_ccy=night.profile.base_ccy,
        scratch=folder,
        settings=check_settings(night.business_date, night.profile.name),
        listed=listed_codes(night.business_date, code_tables(), night.profile.name),
        is_workday=_is_workday(night, engine),
        parent_date=parent.business_date if parent else None,
        reach=_reach(night),
        stored=stored,
        recent=_recent(night),
        waiting=waiting,
        before=before,
        last_rows=last_rows,
        withheld=withheld,
        supplied_before=supplied_before,
        is_newest_reading=is_newest,
        taken_back=_taken_back_then(night, engine),
    )


def _reach(night: Night) -> dict[str, Reach]:
    """How far back tonight's rows were asked for, by daily table; a table that was read from its beginning is left
    out."""
    return {
        name: Reach(wanted.since, wanted.known_after)
        for name, wanted in selections(night).items()
        if contract()[name].is_daily and wanted.since is not None and wanted.known_after is not None
    }


def _is_workday(night: Night, engine: Engine) -> Callable[[datetime.date], bool]:
    """Does the bank work on a day? Its own days of tonight count, once they are judged: first asked about facts."""

    @cache
    def calendar() -> Calendar:
        return Calendar.of_bank(
            night.profile.calendar, engine.rows("select day, is_workday, source from checked.calendar_day")
        )

    return lambda day: calendar().is_workday(day)


def _read_at(connection: Connection, item: Attempt) -> datetime.datetime:
    """When the source was read for an attempt: a replay goes by older rows than a night that asked again."""
    return get_attempt(connection, item.landing_attempt_id).opened_at if item.landing_attempt_id else item.opened_at


def _taken_back_then(night: Night, engine: Engine) -> str | None:
    """The relation of what the attempt that a replay is to replace, and whose rows it reads, counted as taken back."""
    item = night.attempt
    if item.landing_attempt_id is None:
        return None
    with night.desk.connect() as connection:
        standing = standing_attempt(connection, item.profile, item.business_date)
        if standing is None or item.landing_attempt_id not in (standing.landing_attempt_id, standing.attempt_id):
            return None
        pin = pins_of(connection, standing.attempt_id).get("checks/taken_back")
    batches = [pin.batch_id] if pin and pin.row_count else []
    rows = find(night.settings.lake_root, night.desk, "checks/taken_back", batches, [pin] if pin else [])
    view(engine, "replayed.taken_back", rows, {"table_name": "VARCHAR", "row_key": "VARCHAR"})
    return "replayed.taken_back"


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
    quarantined, superseded, taken_back = [], [], []
    writes: dict[str, Callable[[Engine], Pin]] = {}

    def keep(lake_table: str, sql: str) -> None:
        writes[lake_table] = lambda hand: write(night, lake_table, hand.arrow(sql))

    for outcome in report.outcomes.values():
        table = outcome.table
        if not outcome.is_supplied:
            continue
        columns = ", ".join(
            f"date '{night.business_date}' as arrived_on" if name == "arrived_on" else f'"{name}"'
            for name in source_types(table)
        )
        keep(f"source/{table.name}", f"select {columns} from {outcome.checked}")
        quarantined.append(
            f"select business_date, table_name, row_key, rule, severity, detail from {outcome.quarantined}"
        )
        gone = f"select '{table.name}' as table_name, row_key, arrived_on from "
        if table.is_daily and engine.value(f"select count(*) from {outcome.superseded}"):
            superseded.append(gone + outcome.superseded)
        if outcome.rows_taken_back:
            taken_back.append(gone + outcome.taken_back)
    keep("checks/quarantine", " union all ".join(quarantined))
    for name, relation in (("waiting", KEPT), ("last_row", LAST_ROWS), ("withheld", TONIGHT)):
        keep(f"checks/{name}", f"select * from {relation} order by all")
    empty = "select ''::varchar as table_name, ''::varchar as row_key, null::date as arrived_on where false"
    keep("checks/superseded", " union all ".join([*superseded, *taken_back]) or empty)
    keep("checks/taken_back", " union all ".join(taken_back) or empty)
    writes["checks/result"] = lambda _: write(night, "checks/result", _rows(report.expectations, RESULT))
    writes["checks/total"] = lambda _: write(night, "checks/total", _rows(report.totals, TOTAL))
    clients = report.outcomes["client"].rows_used
    set_pins(night.desk, night.attempt, write_all(engine, hands_of(night.settings, clients), writes))
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
                "columns_supplied": columns_supplied.get(row["table_name"], ""),
                "is_point_in_time": row["is_point_in_time"],
                "volume": row["volume"],
                "rows_read": row["rows_read"],
                "rows_duplicate": row["duplicates"],
                "rows_superseded": row["superseded"],
                "rows_stored": row["stored"],
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
