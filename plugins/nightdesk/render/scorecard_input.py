"""What the scorecards of a quarter are made of."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Sequence[Mapping[str, Any]]

_LAST_DAYS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


@dataclass(frozen=True)
class Quarter:
    """A quarter: its name (2026Q3), and its first and last day."""

    name: str
    first_day: datetime.date
    last_day: datetime.date

    @property
    def next_last_day(self) -> datetime.date:
        """The last day of the quarter after it."""
        after = self.last_day + datetime.timedelta(days=1)
        return quarter_of(after).last_day


@dataclass(frozen=True)
class Scorecards:
    """The scorecards that a night shows: rows of tasks_scorecard by model, and what their codes are called.

    `nights`: how many nights of the quarter are published; what only nights see rests on those.
    """

    quarter: Quarter
    totals: Rows
    measures: Rows
    items: Rows
    checks: Rows
    marks: Rows
    suggested: Rows
    nights: int
    clients: Mapping[str, str]
    staff: Mapping[str, str]
    courses: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, Mapping[str, str]]
    check_texts: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str]

    def digest(self) -> str:
        """The same for the same figures and rows behind them."""
        rows = {"measures": _plain(self.measures), "items": _plain(self.items)}
        return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def quarter_of(day: datetime.date) -> Quarter:
    """The quarter in which a day lies."""
    number = (day.month + 2) // 3
    month, last = _LAST_DAYS[number]
    return Quarter(f"{day.year}Q{number}", datetime.date(day.year, month - 2, 1), datetime.date(day.year, month, last))


def _plain(rows: Rows) -> list[dict[str, str]]:
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
