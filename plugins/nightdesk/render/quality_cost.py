"""The quality page's last section: what the night's steps took, and the nights before it as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.made_of import Cost
from nightdesk.render.rows import Row, as_rows, decimal_of, int_of, text_of

#: size of the drawing, in its own units; a bar and its gap are one step wide
_STEP, _BAR, _HEIGHT = 20, 14, 80


@dataclass(frozen=True)
class Line:
    """A step, a part of one, or all of them: figures ready to print, empty where nothing was measured; `status` by its
    code.
    """

    step: str
    status: str
    tries: int
    rows: int | None
    seconds: str
    cpu_seconds: str
    written: str
    peak: str
    spill: str


@dataclass(frozen=True)
class Bar:
    """One night of the trend: its place and height in the drawing, and its figures."""

    x: int
    y: int
    height: int
    business_date: date
    seconds: str
    cpu_seconds: str
    peak: str
    is_tonight: bool


@dataclass(frozen=True)
class Trend:
    """The drawing: bars in order, its width and height, and the longest night's seconds."""

    bars: list[Bar]
    width: int
    height: int
    bar_width: int
    longest: str


@dataclass(frozen=True)
class PrintedCost:
    """The section: a line a step, their total where there are several, and the trend."""

    steps: list[Line]
    total: Line | None
    trend: Trend | None


def cost_of(cost: Cost) -> PrintedCost | None:
    """The section, ready to print; None where no step was noted: a night of before they were."""
    rows = as_rows(cost.steps)
    if not rows:
        return None
    done = [row for row in rows if row.get("status") == "done"]
    total = None
    if len(done) > 1:
        total = _line(
            {
                "step": "all",
                "status": "done",
                "tries": sum(int_of(row, "tries") or 0 for row in done),
                **{name: sum(decimal_of(row, name) or 0 for row in done) for name in ("seconds", "cpu_seconds")},
                "written_bytes": sum(int_of(row, "written_bytes") or 0 for row in done),
                **{name: max(int_of(row, name) or 0 for row in done) for name in ("peak_bytes", "spill_bytes")},
            }
        )
    return PrintedCost([_line(row) for row in rows], total, _trend(as_rows(cost.nights)))


def _line(row: Row) -> Line:
    return Line(
        step=text_of(row, "part") or str(row["step"]),
        status=str(row["status"]),
        tries=int_of(row, "tries") or 0,
        rows=int_of(row, "row_count"),
        seconds=_seconds(decimal_of(row, "seconds")),
        cpu_seconds=_seconds(decimal_of(row, "cpu_seconds")),
        written=_megabytes(int_of(row, "written_bytes")),
        peak=_megabytes(int_of(row, "peak_bytes")),
        spill=_megabytes(int_of(row, "spill_bytes")),
    )


def _trend(nights: Sequence[Row]) -> Trend | None:
    if not nights:
        return None
    taken = [decimal_of(row, "seconds") or Decimal(0) for row in nights]
    longest = max(taken)
    bars: list[Bar] = []
    for place, (row, seconds) in enumerate(zip(nights, taken, strict=True)):
        height = max(1, int(_HEIGHT * seconds / longest)) if longest else 1
        bars.append(
            Bar(
                x=place * _STEP,
                y=_HEIGHT - height,
                height=height,
                business_date=row["business_date"],  # type: ignore[arg-type]
                seconds=_seconds(seconds),
                cpu_seconds=_seconds(decimal_of(row, "cpu_seconds")),
                peak=_megabytes(int_of(row, "peak_bytes")),
                is_tonight=place == len(nights) - 1,
            )
        )
    return Trend(bars, len(nights) * _STEP, _HEIGHT, _BAR, _seconds(longest))


def _seconds(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{Decimal(size) / 1_000_000:,.1f}"
