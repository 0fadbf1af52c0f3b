"""The bench as a whole: prepare, measure side by side, hold equal, and say what came of it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nightdesk import pg
from nightdesk.settings import Settings
from nightdesk_lab.bench.measuring import Measure, measured, run_step
from nightdesk_lab.bench.origin import Origin, Size, left_ready, note_ready, origin_now
from nightdesk_lab.bench.rolling import CHANGED, ROUNDS, TARGET_RATIO

PARTS = ("recompute", "extract", "checks")
#: measured only where it is asked for: a night with a few mappings changed, beside one without
ROLLING = "rolling"
#: what our side does of the recomputation where it is held to what the pandas side does of it
SAME_RULES = "same_rules"
#: what is to be reached at 200,000 clients and 20 million transactions; printed beside, never a pass mark
TARGETS: dict[str, dict[str, float]] = {
    "recompute": {"wall_ratio": 6, "memory_ratio": 8},
    "extract": {"wall_ratio": 3},
    "checks": {"wall_s": 3},
}
#: what the catalogue may add to the CPU of the rest of a recomputation, and the memory it may take, at 20,000 clients
CATALOGUE_TARGET = {"added_pct": 60, "peak_mb": 1000}


class Say(Protocol):
    """Tells the reader what is being done: a word for it, and the values that go with it."""

    def __call__(self, step: str, /, **values: object) -> None: ...


def _silent(step: str, /, **values: object) -> None:
    """Tells nobody."""


@dataclass
class Bench:
    """What was measured: (part, side) -> measure; what was held equal, and what differed."""

    origin: Origin
    txn_rows: int = 0
    measures: dict[str, dict[str, Measure]] = field(default_factory=dict)
    equal_rows: dict[str, int] = field(default_factory=dict)
    differences: list[dict[str, Any]] = field(default_factory=list)
    left_out: tuple[str, ...] = ()
    #: CPU seconds of the recomputation a table at a time, of each table, and of each that only indicators after the
    #: first ones ask for; None where it was not run
    singly_cpu_s: float | None = None
    table_cpu_s: dict[str, float] = field(default_factory=dict)
    catalogue_cpu_s: dict[str, float] = field(default_factory=dict)
    #: what a recomputation with so many mappings changed took, and one without (0)
    rolling: dict[int, Measure] = field(default_factory=dict)
    #: where both sides' tables lie: the night's files by lake table, and the plain night's one file
    night_files: dict[str, list[str]] = field(default_factory=dict)
    plain_files: dict[str, str] = field(default_factory=dict)

    def ratio(self, part: str, of: str, ours: str = "nightdesk") -> float | None:
        """How many times as much the pandas side took as ours, all of it or SAME_RULES."""
        sides = self.measures.get(part, {})
        if not {ours, "pandas"} <= sides.keys():
            return None
        took, theirs = (getattr(sides[name], of) for name in (ours, "pandas"))
        return theirs / took if took else None

    def rolling_ratio(self) -> float | None:
        """How many times the CPU of the night without changed mappings the one with them took; None if not run."""
        if not self.rolling:
            return None
        without, changed = (self.rolling[count].cpu_s for count in (0, CHANGED))
        return changed / without if without else None

    def catalogue_added_pct(self) -> float | None:
        """What those tables' CPU is of that of all else in the recomputation, in percent; None where it was not run, or
        where nothing is left for all else."""
        added = sum(self.catalogue_cpu_s.values())
        rest = (self.singly_cpu_s or 0.0) - added
        return 100 * added / rest if rest > 0 else None

    def document(self) -> dict[str, Any]:
        """The whole as a plain document."""
        return {
            **self.origin.document(),
            "txn_rows": self.txn_rows,
            "measures": {
                part: {side: {**asdict(measure), "rows_per_s": measure.rows_per_s} for side, measure in sides.items()}
                for part, sides in self.measures.items()
            },
            "ratios": {
                part: {of: self.ratio(part, of) for of in ("wall_s", "cpu_s", "peak_bytes")} for part in self.measures
            },
            "targets": TARGETS,
            "catalogue": {
                "cpu_s": self.catalogue_cpu_s,
                "night_cpu_s": self.singly_cpu_s,
                "table_cpu_s": self.table_cpu_s,
                "added_pct": self.catalogue_added_pct(),
                "target": CATALOGUE_TARGET,
            },
            "same_rules": {of: self.ratio("recompute", of, SAME_RULES) for of in ("wall_s", "cpu_s", "peak_bytes")},
            "rolling": {
                "measures": {count: asdict(measure) for count, measure in self.rolling.items()},
                "ratio": self.rolling_ratio(),
                "target": TARGET_RATIO,
            },
            "equal_rows": self.equal_rows,
            "differences": self.differences,
            "left_out_of_pandas": list(self.left_out),
        }


def run_bench(
    settings: Settings,
    *,
    size: Size,
    parts: Collection[str] = PARTS,
    rows: int = 300_000,
    say: Say = _silent,
) -> Bench:
    """Make the bank, and measure `parts`; everything lies below `<home>/bench`.

    What a former run left there is used again when it was of the same bank and the same committed code; else it goes.
    Raises NightdeskError when a step fails. Differences are in the result, not raised.
    """
    home = settings.home / "bench"
    bench = Bench(origin_now(size, settings))
    if not bench.origin.is_quiet:
        say("not_quiet", load=bench.origin.load, cores=bench.origin.cores)
    ready = left_ready(home, bench.origin)
    (home / "bench.log").write_text("", encoding="utf-8")
    try:
        if ready is None:
            say("prepare")
            ready = run_step(home, "prepare", **asdict(size))
            note_ready(home, bench.origin, ready)
        bench.txn_rows = ready["txn_rows"]
        attempt = {"attempt_id": ready["attempt_id"]}
        if "recompute" in parts:
            _recompute(bench, home, attempt, say)
        if "extract" in parts:
            say("extract")
            bench.measures["extract"] = {
                "nightdesk": measured(home, "copy", **attempt, rows=rows),
                "pandas": measured(home, "read_sql", **attempt, rows=rows),
            }
            ours, theirs = (side.extra.pop("digest") for side in bench.measures["extract"].values())
            if ours != theirs:
                counts = [side.rows for side in bench.measures["extract"].values()]
                bench.differences.append(
                    {"table": "txn", "key": "-", "column": "rows", "night": counts[0], "plain": counts[1]}
                )
        if "checks" in parts:
            say("checks")
            bench.measures["checks"] = {"nightdesk": measured(home, "checks", **attempt, rows=rows)}
        if ROLLING in parts:
            _rolling(bench, home, attempt, say)
    finally:
        pg.stop(home)
    return bench


def _recompute(bench: Bench, home: Path, attempt: dict[str, Any], say: Say) -> None:
    from nightdesk_lab.bench.plain import LEFT_OUT

    say("recompute")
    ours = measured(home, "night", **attempt)
    theirs = measured(home, "plain")
    ours.rows = theirs.rows  # both answer for the same history, whether they read it or continue from the night before
    alike = measured(home, SAME_RULES, **attempt)
    alike.rows = theirs.rows
    bench.measures["recompute"] = {"nightdesk": ours, "pandas": theirs, SAME_RULES: alike}
    say("compare")
    bench.night_files, bench.plain_files = ours.extra.pop("files"), theirs.extra.pop("files")
    held = run_step(home, "compare", night_files=bench.night_files, plain_files=bench.plain_files)
    bench.equal_rows, bench.differences = held["rows"], held["differences"]
    bench.left_out = LEFT_OUT
    say("singly")
    told = run_step(home, "catalogue", **attempt)
    bench.singly_cpu_s, bench.table_cpu_s = told["cpu_s"], told["tables"]
    bench.catalogue_cpu_s = {table: told["tables"][table] for table in told["added"]}


def _rolling(bench: Bench, home: Path, attempt: dict[str, Any], say: Say) -> None:
    say("rolling", count=CHANGED)
    attempts = {0: attempt, CHANGED: run_step(home, "take_changed", **attempt)}
    rounds = [{count: measured(home, "night", **taken) for count, taken in attempts.items()} for _ in range(ROUNDS)]
    for count in attempts:
        bench.rolling[count] = min((taken[count] for taken in rounds), key=lambda measure: measure.cpu_s)
