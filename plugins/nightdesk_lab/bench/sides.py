"""Extraction and checks, measured: a night's new transactions by COPY, by pandas.read_sql, and through the checks."""

import datetime
import hashlib
import shutil
import statistics
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import create_engine, text

from nightdesk.attempt.inputs import Inputs, source_types
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, bank_source, source_url
from nightdesk.business_day import cutoff_of
from nightdesk.checks import CheckContext, Feed, Stored, TableOutcome, check_settings, check_table
from nightdesk.contract import Table, contract, parents_first
from nightdesk.engine import Engine
from nightdesk.lake import files_of
from nightdesk.metering import Meter
from nightdesk.settings import Settings
from nightdesk.source import Selection

#: an odd number: the middle one counts
_ROUNDS = 3


def selection(settings: Settings, day: datetime.date, rows: int) -> Selection:
    """A night whose new transactions are about `rows`: as many of the latest days as that takes."""
    engine = create_engine(source_url(settings))
    with engine.connect() as connection:
        days = connection.execute(
            text("select booked_on, count(*) from txn where booked_on <= :day group by 1 order by 1 desc"), {"day": day}
        ).all()
    engine.dispose()
    gathered, after = 0, day
    for booked_on, count in days:
        gathered, after = gathered + count, booked_on - datetime.timedelta(days=1)
        if gathered >= rows:
            break
    return Selection(
        until=day,
        after=after,
        known_after=cutoff_of(after, settings.zone, settings.cut_off) - datetime.timedelta(days=5),
        lookback_from=after - datetime.timedelta(days=4),
    )


def _rounds(work: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    """The middle of some rounds, after one that warms the server's cache; and what the last of them gave."""
    meters = []
    given = None
    for _ in range(_ROUNDS + 1):
        given = None
        with Meter() as meter:
            given = work()
        meters.append(meter)
    rounds = meters[1:]
    measure = {
        "wall_s": statistics.median(meter.seconds for meter in rounds),
        "cpu_s": statistics.median(meter.cpu_seconds for meter in rounds),
        "peak_bytes": max(meter.peak_bytes for meter in meters),
    }
    return measure, given


def _digest(rows: Iterable[tuple[object, ...]]) -> str:
    """One hash of some rows in any order."""
    lines = sorted("|".join(map(str, row)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def by_copy(night: Night, rows: int) -> dict[str, Any]:
    """The new transactions by COPY, as the night takes them."""
    table, wanted = contract()["txn"], selection(night.settings, night.business_date, rows)
    with bank_source(night).moment() as bank:
        columns = bank.columns(table) or []
        measure, found = _rounds(lambda: bank.stream(table, columns, wanted).read_all())
    keys = zip(*(found.column(name).to_pylist() for name in ("txn_id", "booked_on")), strict=True)
    return {**measure, "rows": found.num_rows, "extra": {"digest": _digest(keys)}}


def by_read_sql(night: Night, rows: int) -> dict[str, Any]:
    """The same query by pandas.read_sql."""
    import pandas as pd

    table, wanted = contract()["txn"], selection(night.settings, night.business_date, rows)
    with bank_source(night).moment() as bank:
        columns = bank.columns(table) or []
    listed = ", ".join(f's."{name}"' for name in columns)
    query = f"select {listed} from txn as s where " + wanted.predicate('s."booked_on"', 's."known_at"')
    engine = create_engine(source_url(night.settings))
    measure, found = _rounds(lambda: pd.read_sql(text(query.replace(":", "\\:")), engine))
    keys = zip(found["txn_id"], found["booked_on"], strict=True)
    return {**measure, "rows": len(found), "extra": {"digest": _digest(keys)}}


def by_checks(night: Night, rows: int) -> dict[str, Any]:
    """The new transactions through every check of their table, their parents' keys being known."""
    table, wanted = contract()["txn"], selection(night.settings, night.business_date, rows)
    scratch = night.settings.home / "work" / "bench-checks"
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        with night_engine(night) as engine:
            supplied = _landing(night, engine, wanted, scratch)
            context = _context(night, engine, wanted, scratch)
            for name in parents_first():
                if name in _ancestors(table):
                    check_table(engine, Feed(contract()[name], f"landing.{name}", supplied[name]), supplied, context)
            feed = Feed(table, "landing.txn", supplied["txn"])
            measure, outcome = _rounds(lambda: check_table(engine, feed, supplied, context))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return {**measure, "rows": outcome.rows_read, "extra": _counts(outcome)}


def _counts(outcome: TableOutcome) -> dict[str, Any]:
    return {
        "used": outcome.rows_used,
        "quarantined": outcome.rows_quarantined,
        "late": outcome.rows_late,
        "expectations": len(outcome.results),
    }


def _ancestors(table: Table) -> set[str]:
    """Every table that a table refers to, and they in turn."""
    found: set[str] = set()
    waiting = [table]
    while waiting:
        for column in waiting.pop().columns.values():
            if column.parent and column.parent not in found:
                found.add(column.parent)
                waiting.append(contract()[column.parent])
    return found


def _landing(night: Night, engine: Engine, wanted: Selection, scratch: Path) -> dict[str, frozenset[str]]:
    """The landing rows of the new transactions and of what they refer to; returns the columns supplied."""
    table = contract()["txn"]
    supplied = {}
    with bank_source(night).moment() as bank:
        for name in [*sorted(_ancestors(table)), "txn"]:
            columns = bank.columns(contract()[name]) or []
            supplied[name] = frozenset(columns)
            path = scratch / f"{name}.parquet"
            rows = bank.stream(contract()[name], columns, wanted)
            with pq.ParquetWriter(path, rows.schema) as writer:
                for batch in rows:
                    writer.write_batch(pa.record_batch(batch))
            engine.view_of_files(f"landing.{name}", [str(path)], dict.fromkeys(columns, "VARCHAR"))
    return supplied


def _context(night: Night, engine: Engine, wanted: Selection, scratch: Path) -> CheckContext:
    """The night that the new rows are new in: what former nights hold ends where they begin."""
    inputs = Inputs(night, engine)
    batches = inputs.chain("source/txn")
    files = files_of(night.settings.lake_root, "source/txn", batches)
    before = f"where booked_on <= date '{wanted.after}'"
    engine.view_of_files("stored.txn", files, source_types(contract()["txn"]), before)
    return CheckContext(
        business_date=night.business_date,
        cutoff=night.attempt.cutoff_at,
        zone=night.profile.zone,
        base_ccy=night.profile.base_ccy,
        scratch=scratch,
        settings=check_settings(night.business_date, night.profile.name),
        is_workday=inputs.calendar().is_workday,
        parent_date=wanted.after,
        stored={"txn": Stored("stored.txn", list(contract()["txn"].columns))},
    )
