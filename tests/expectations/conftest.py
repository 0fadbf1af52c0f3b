"""An engine in which every parent has keys that are used and one that is in quarantine."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nightdesk.checks import (
    QUARANTINE,
    CheckContext,
    Feed,
    Reach,
    TableOutcome,
    check_settings,
    check_table,
    code_tables,
    listed_codes,
)
from nightdesk.checks.suites import suite
from nightdesk.contract import Table, contract
from nightdesk.engine import Engine

DAY = datetime.date(2026, 3, 31)
CUTOFF = datetime.datetime(2026, 3, 25, 21, tzinfo=datetime.UTC)
Check = Callable[[Table, list[dict[str, str | None]]], tuple[TableOutcome, dict[str, set[str]]]]


@pytest.fixture
def context(tmp_path: Path) -> CheckContext:
    return CheckContext(
        business_date=DAY,
        cutoff=datetime.datetime(2026, 3, 31, 21, tzinfo=datetime.UTC),
        zone=ZoneInfo("Asia/Shanghai"),
        base_ccy="CNY",
        scratch=tmp_path,
        settings=check_settings(DAY),
        listed=listed_codes(DAY, code_tables()),
        is_workday=lambda day: day.weekday() < 5,
        reach={
            name: Reach(DAY - datetime.timedelta(days=6), CUTOFF)
            for name, table in contract().items()
            if table.is_daily
        },
    )


@pytest.fixture
def check_rows(context: CheckContext) -> Iterator[Check]:
    """Check rows of one table beside given parents; gives the outcome, and quarantined keys by rule."""
    with Engine(threads=1) as engine:
        parents = {c.parent for table in contract().values() for c in table.columns.values() if c.parent}
        for parent in sorted(parents):
            keys: list[dict[str, object]] = [{"row_key": f"{parent}-{number:04d}"} for number in range(200)]
            # one who had left the day before
            keys.append({"row_key": f"left-{parent}", "active_to": DAY - datetime.timedelta(days=1)})
            # the parent's own columns are there too, by the names that its children call it by
            keys = [{f"{parent}_id": key["row_key"], **key} for key in keys]
            types = {f"{parent}_id": "VARCHAR", "row_key": "VARCHAR", "active_from": "DATE", "active_to": "DATE"}
            engine.insert(f"checked.{parent}", types, keys)
            engine.insert(f"quarantined.{parent}", QUARANTINE, [{"row_key": f"bad-{parent}"}])

        def run(table: Table, rows: list[dict[str, str | None]]) -> tuple[TableOutcome, dict[str, set[str]]]:
            landing = f"landing.{table.name}"
            columns = [*table.columns, "known_at"]
            engine.insert(landing, dict.fromkeys(columns, "VARCHAR"), rows)
            feed = Feed(table, landing, frozenset(columns))
            supplied = set(contract()) - {e.unless_supplied for e in suite(table.name)}
            outcome = check_table(engine, feed, supplied, context)
            found: dict[str, set[str]] = {}
            for row in engine.rows(f"select row_key, rule from {outcome.quarantined}"):
                found.setdefault(row["rule"], set()).add(row["row_key"])
            return outcome, found

        yield run
