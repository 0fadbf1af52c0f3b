"""Growth: what each step of a night costs when its bank has once, four and sixteen times as much history.

A night goes on from the one before: of a step whose cost follows the history, the figures say so.
"""

import datetime
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from nightdesk import pg
from nightdesk.attempt.opening import source_url
from nightdesk.desk.database import open_desk
from nightdesk.desk.steps import steps_of
from nightdesk.night.whole import run_night
from nightdesk.settings import Settings
from nightdesk_lab.bench.origin import Origin, Size, origin_now
from nightdesk_lab.demo_bank import generate

#: how much history, against that of the smallest bank
FACTORS = (1, 4, 16)
#: the night that takes the history, and the one that is measured: two working days within a month
FIRST, MEASURED = datetime.date(2026, 8, 26), datetime.date(2026, 8, 27)


@dataclass
class Growth:
    """CPU seconds and bytes at most by step and factor, of each bank's second night, and its transactions."""

    origin: Origin
    rows: dict[int, int] = field(default_factory=dict)
    cpu_seconds: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    peak_bytes: dict[str, dict[int, int]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The whole as a plain document."""
        return {
            **self.origin.document(),
            **{name: getattr(self, name) for name in ("rows", "cpu_seconds", "peak_bytes")},
        }


def run_growth(
    settings: Settings,
    *,
    size: Size,
    factors: Sequence[int] = FACTORS,
    say: Callable[[str], None] = lambda _line: None,
) -> Growth:
    """Make a bank for each factor, run two nights on it and keep what the second took; below `<home>/bench/growth`.

    `size` is the smallest bank's. Each bank begins from nothing, so that no figure is of
    what an earlier run left. Raises NightdeskError when a night fails.
    """
    found = Growth(origin_now(size, settings))
    for factor in factors:
        home = settings.home / "bench" / "growth" / f"{factor}x"
        _clear(home)
        try:
            say(f"{factor}x: a bank of {size.clients:,} clients and {factor * size.months} months, and two nights")
            own = Settings(home=home)
            made = generate(
                source_url(own),
                clients=size.clients,
                months=factor * size.months,
                txn_per_client=factor * size.txn_per_client,
                until=MEASURED,
                seed=size.seed,
            )
            found.rows[factor] = made.rows["txn"]
            run_night(own, FIRST)
            _note(found, factor, own, run_night(own, MEASURED).publication.attempt_id)
        finally:
            pg.stop(home)
    return found


def _note(found: Growth, factor: int, settings: Settings, attempt_id: str) -> None:
    with open_desk(settings).connect() as connection:
        for row in steps_of(connection, attempt_id):
            if row["cpu_seconds"] is not None:
                found.cpu_seconds.setdefault(row["step"], {})[factor] = row["cpu_seconds"]
                found.peak_bytes.setdefault(row["step"], {})[factor] = row["peak_bytes"]


def _clear(home: Path) -> None:
    if home.exists():
        pg.remove(home)
        shutil.rmtree(home)
