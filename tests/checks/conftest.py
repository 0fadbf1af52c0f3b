"""A night's context, and checks run on real engines with real suites."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from checkbank import DAY, Bank, CheckNight, Night

from nightdesk.checks import (
    LAST_ROW,
    LAST_ROWS,
    TONIGHT,
    WAITING,
    WITHHELD,
    CheckContext,
    Stored,
    check_settings,
    checked_columns,
    run_checks,
)
from nightdesk.contract import contract
from nightdesk.engine import Engine


@pytest.fixture
def context(tmp_path: Path) -> CheckContext:
    return CheckContext(
        business_date=DAY,
        cutoff=datetime.datetime(2026, 3, 31, 21, tzinfo=datetime.UTC),  # 05:00 on 1 April in Shanghai
        zone=ZoneInfo("Asia/Shanghai"),
        base_ccy="CNY",
        scratch=tmp_path,
        settings=check_settings(DAY),
        is_workday=lambda day: day.weekday() < 5,
    )


@pytest.fixture
def engines() -> Iterator[Callable[[], Engine]]:
    made: list[Engine] = []

    def make() -> Engine:
        made.append(Engine(threads=1))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def check(context: CheckContext, engines: Callable[[], Engine]) -> CheckNight:
    """Check a bank's night; `stored` are rows by table that former nights took (typed by the engine), `waiting`
    those that they held back. `after` is the night before: what it used, kept and withheld is known then."""

    def run(
        bank: Bank,
        stored: Mapping[str, list[dict[str, Any]]] | None = None,
        stored_columns: set[str] | None = None,
        waiting: list[dict[str, Any]] | None = None,
        after: Night | None = None,
        **changes: Any,
    ) -> Night:
        engine = engines()
        relations = {}
        for name, rows in (stored or {}).items():
            table = contract()[name]
            engine.insert(f"stored.{name}", checked_columns(table), rows)
            relations[name] = Stored(f"stored.{name}", stored_columns or set(table.columns))
        if waiting is not None:
            engine.insert("waiting.former", WAITING, waiting)
            changes["waiting"] = "waiting.former"
        if after is not None:
            changes |= _after(engine, after)
        used = replace(context, stored=relations, **changes)
        feeds = bank.land(engine)
        return Night(run_checks(engine, feeds, used), engine, {feed.table.name: feed.columns for feed in feeds})

    return run


def _after(engine: Engine, night: Night) -> dict[str, Any]:
    """What the night before leaves to this one."""
    before, supplied = {}, {}
    for name, table in contract().items():
        if night.report.outcomes[name].is_supplied:
            supplied[name] = night.columns[name]
            if not table.is_daily:
                rows = night.engine.rows(f"select * from checked.{name}")
                engine.insert(f"previous.{name}", checked_columns(table), rows)
                before[name] = f"previous.{name}"
    engine.insert("previous.last_row", LAST_ROW, night.engine.rows(f"select * from {LAST_ROWS}"))
    engine.insert("previous.withheld", WITHHELD, night.engine.rows(f"select * from {TONIGHT}"))
    return {
        "before": before,
        "supplied_before": supplied,
        "last_rows": "previous.last_row",
        "withheld": "previous.withheld",
    }
