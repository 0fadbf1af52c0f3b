"""What checks are told, and what they say: context, outcomes and the night's report, as plain values."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.contract import Table
from nightdesk.errors import NightdeskError, PolicyError
from nightdesk.policy import policy

#: most rows of one frame, and of a daily table's typed rows in memory: what keeps memory flat on a first night
FRAME_ROWS = 1_000_000

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Feed:
    """What the source gave of one table: the relation of landed rows (None: not supplied) and its columns."""

    table: Table
    landing: str | None
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Held:
    """Rows of a daily table that former nights took and tonight still sees.

    `relation` has the typed contract columns and known_at (UTC); `columns` are those that the source supplied then.
    """

    relation: str
    columns: Collection[str]


@dataclass(frozen=True)
class Volume:
    """How many rows a table had on a former night: those dated that day, or a snapshot's."""

    business_date: datetime.date
    rows: int


@dataclass(frozen=True)
class CheckContext:
    """The night that the checks are about.

    `cutoff` is aware. `held` and `recent` go by table name. `waiting` is the relation of rows that former nights held
    back for their parents' sake (waiting.WAITING). `scratch` is a folder for rows that outgrow memory; the relations of
    an outcome read it, so it has to stay until they are written. `settings` come from check_settings.
    """

    business_date: datetime.date
    cutoff: datetime.datetime
    zone: ZoneInfo
    base_ccy: str
    scratch: Path
    settings: Mapping[tuple[str, str], Decimal]
    is_workday: Callable[[datetime.date], bool]
    parent_date: datetime.date | None = None
    held: Mapping[str, Held] = field(default_factory=dict)
    recent: Mapping[str, Sequence[Volume]] = field(default_factory=dict)
    waiting: str | None = None
    frame_rows: int = FRAME_ROWS

    @property
    def cutoff_utc(self) -> datetime.datetime:
        """The cut-off as the lake keeps instants: UTC without a zone."""
        return self.cutoff.astimezone(datetime.UTC).replace(tzinfo=None)

    def setting(self, name: str, table: str) -> Decimal:
        """A policy value of sql/policy/check.csv: the table's own, else the one for every table."""
        found = self.settings.get((name, table), self.settings.get((name, "")))
        if found is None:
            raise PolicyError(f"check.csv has no {name} in force", f"Add a row for {name} to sql/policy/check.csv.")
        return found


def check_settings(day: datetime.date, profile: str = "contract") -> dict[tuple[str, str], Decimal]:
    """The rows of sql/policy/check.csv in force on `day`: (setting, table or '') -> value."""
    rows = policy(profile)["check"].effective(day)
    return {(str(row["setting"]), str(row["table_name"] or "")): Decimal(str(row["value"])) for row in rows}


@dataclass
class TableOutcome:
    """What became of one table's rows.

    Relations in the engine: `checked` (contract columns, known_at, row_key), `quarantined` (business_date, table_name,
    row_key, rule, severity, detail, row_count: one row a key and rule), `superseded` (held rows that a correction takes
    the place of, with row_key). `volume` is what `Volume.rows` of a later night should be told; `days` counts a daily
    table's rows by date; `settled` names the relation of rows whose keys occur again (versions.Versions), if any.
    """

    table: Table
    is_supplied: bool
    is_point_in_time: bool = True
    rows_read: int = 0
    rows_duplicate: int = 0
    rows_superseded: int = 0
    rows_used: int = 0
    rows_quarantined: int = 0
    rows_late: int = 0
    rows_own_fault: int = 0
    volume: int = 0
    settled: str | None = None
    days: dict[datetime.date, int] = field(default_factory=dict)
    results: Rows = field(default_factory=list)

    @property
    def rows_in(self) -> int:
        """Rows to account for: read, less identical duplicates and older versions."""
        return self.rows_read - self.rows_duplicate - self.rows_superseded

    @property
    def checked(self) -> str:
        """The relation of the rows that the night uses."""
        return f"checked.{self.table.name}"

    @property
    def quarantined(self) -> str:
        """The relation of quarantined keys and rules."""
        return f"quarantined.{self.table.name}"

    @property
    def superseded(self) -> str:
        """The relation of held rows that tonight replaces."""
        return f"superseded.{self.table.name}"

    def require_balance(self) -> None:
        """Raises NightdeskError, a defect of ours, when a row is neither used nor quarantined nor late."""
        if self.rows_in != self.rows_used + self.rows_quarantined + self.rows_late:
            raise NightdeskError(
                f"{self.table.name}: {self.rows_in} rows came in, and {self.rows_used} used + "
                f"{self.rows_quarantined} quarantined + {self.rows_late} late do not add up to them",
                "This is a defect of the checks: nothing was published; report it with the night's landing batches.",
            )

    def counts(self) -> dict[str, Any]:
        """The outcome as a row of the quality page and the ledger."""
        return {
            "table_name": self.table.name,
            "kind": "daily" if self.table.is_daily else "snapshot",
            "supplied": self.is_supplied,
            "is_point_in_time": self.is_point_in_time,
            "rows_read": self.rows_read,
            "duplicates": self.rows_duplicate,
            "superseded": self.rows_superseded,
            "rows_in": self.rows_in,
            "used": self.rows_used,
            "quarantined": self.rows_quarantined,
            "late": self.rows_late,
            "volume": self.volume,
        }


@dataclass(frozen=True)
class HeldReason:
    """Why the night is held: the table, the rule, and the line that says it."""

    table_name: str
    rule: str
    what: str


@dataclass
class CheckReport:
    """Everything the checks found. A night with `held_reasons` must not go on."""

    outcomes: dict[str, TableOutcome] = field(default_factory=dict)
    totals: Rows = field(default_factory=list)
    held_reasons: list[HeldReason] = field(default_factory=list)

    @property
    def tables(self) -> Rows:
        """One row a contract table, in the contract's order."""
        return [outcome.counts() for outcome in self.outcomes.values()]

    @property
    def expectations(self) -> Rows:
        """One row a table and expectation that was asked: failures first, critical before warning."""
        rows = [row for outcome in self.outcomes.values() for row in outcome.results]
        return sorted(rows, key=lambda row: (row["success"], row["severity"] != "critical"))
