"""What checks are told, and what they say: context, outcomes and the night's report, as plain values."""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.checks.reach import Reach
from nightdesk.contract import Table
from nightdesk.errors import NightdeskError, PolicyError
from nightdesk.policy import policy

#: most rows of one frame, and of a daily table's typed rows in memory: what keeps memory flat on a first night
FRAME_ROWS = 1_000_000
#: keys that a line of the quality page gives as examples
SAMPLES = 5

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Feed:
    """What the source gave of one table: the relation of landed rows (None: not supplied) and its columns."""

    table: Table
    landing: str | None
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stored:
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

    `cutoff` is aware. `reach` (none: everything was asked for), `stored` and `recent` go by table name. `waiting` is
    the relation of rows that former nights held back for their parents' sake (waiting.WAITING). `is_newest_reading`:
    the night before did not read the source after these rows were read. `taken_back`, in a replay, is the relation
    (table_name, row_key) of what the replaced attempt, which read the same rows, counted as taken back. Of the night
    before, too: `before` are the relations of the snapshot rows that it used, `last_rows` that of last good rows kept
    since (absence.LAST_ROW), `withheld` that of what was withheld (withholding.WITHHELD), `supplied_before` the columns
    of each table that was supplied. `scratch` is a folder for rows that outgrow memory; the relations of an outcome
    read it, so it has to stay until they are written. `settings` come from check_settings, `listed` (codes by policy
    table) from listed_codes.
    """

    business_date: datetime.date
    cutoff: datetime.datetime
    zone: ZoneInfo
    base_ccy: str
    scratch: Path
    settings: Mapping[tuple[str, str], Decimal]
    is_workday: Callable[[datetime.date], bool]
    parent_date: datetime.date | None = None
    reach: Mapping[str, Reach] = field(default_factory=dict)
    stored: Mapping[str, Stored] = field(default_factory=dict)
    recent: Mapping[str, Sequence[Volume]] = field(default_factory=dict)
    waiting: str | None = None
    is_newest_reading: bool = True
    taken_back: str | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    last_rows: str | None = None
    withheld: str | None = None
    supplied_before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    frame_rows: int = FRAME_ROWS
    listed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def cutoff_utc(self) -> datetime.datetime:
        """The cut-off as the lake keeps instants: UTC without a zone."""
        return self.cutoff.astimezone(datetime.UTC).replace(tzinfo=None)

    def setting(self, name: str, table: str) -> Decimal:
        """A policy value of check_settings: the table's own, else the one for every table."""
        found = self.settings.get((name, table), self.settings.get((name, "")))
        if found is None:
            raise PolicyError(f"check.csv has no {name} in force", f"Add a row for {name} to sql/policy/check.csv.")
        return found

    def offered_since(self, table: str) -> datetime.date | None:
        """The first of the days of a daily table that tonight's rows have in full: what is dated from it on up to the
        night before, and is not among them, its source has taken back.

        Those days were asked for, and the source keeps them (policy). None where nothing can be said: the table was
        read from its beginning, or the night before read the source after tonight's rows were read.
        """
        reach = self.reach.get(table)
        if reach is None or self.parent_date is None or not self.is_newest_reading:
            return None
        kept = int(self.setting("source_keeps_days", table))
        return max(reach.since, self.parent_date - datetime.timedelta(days=kept - 1))

    def first_day(self, name: str, table: str) -> datetime.date:
        """The first of the days that a policy value of sql/policy/check.csv counts back from the business date."""
        return self.business_date - datetime.timedelta(days=int(self.setting(name, table)))


def check_settings(day: datetime.date, profile: str = "contract") -> dict[tuple[str, str], Decimal]:
    """The rows of check.csv, and of the settings that rules and checks share, in force on `day`: (setting, table or '')
    -> value."""
    tables = policy(profile)
    rows = [row for name in ("check", "rate_setting", "flow_setting") for row in tables[name].effective(day)]
    return {(str(row["setting"]), str(row.get("table_name") or "")): Decimal(str(row["value"])) for row in rows}


def listed_codes(day: datetime.date, tables: Collection[str], profile: str = "contract") -> dict[str, frozenset[str]]:
    """The codes in force on `day` of each of these policy tables: the first part of its key."""
    found = policy(profile)
    return {name: frozenset(str(row[found[name].key[0]]) for row in found[name].effective(day)) for name in tables}


@dataclass
class TableOutcome:
    """What became of one table's rows.

    Relations in the engine: `checked` (contract columns, known_at, row_key), `quarantined` (business_date, table_name,
    row_key, rule, severity, detail, row_count: one row a key and rule), `superseded` (stored rows that a correction
    takes the place of, with row_key). `volume` is what `Volume.rows` of a later night should be told; `days` counts a
    daily table's rows by date; `told` counts the cells by rule and column that were read otherwise than they stand;
    `rows_again` are rows of a daily table in quarantine whose key a former night told already, and `rows_own_fault` the
    others with a fault of their own, but for `rows_too_old`, which lie before the look-back; `settled` names the
    relation of rows whose keys occur again (versions.Versions), if any. `rows_taken_back` of the `rows_read_again`
    stored rows that the source should still offer are gone (None: not judged; the relation `taken_back` has them).
    `rows_absent` of last night (of a daily table: series that stopped) are missing without a reason; `rows_vanished` of
    them tonight for the first time and not with their parent, of `rows_expected`. `cells_unreadable` were read as
    missing, and `rows_unmatched` take back what is not known within the days that a reversal looks back. `rows_carried`
    last good rows stand in, apart from the rows that came in. `parts_gone` are columns, or the whole table (None), that
    last night had. `samples` are masked keys by fact.
    """

    table: Table
    is_supplied: bool
    is_point_in_time: bool = True
    rows_read: int = 0
    rows_duplicate: int = 0
    rows_superseded: int = 0
    rows_stored: int = 0
    rows_used: int = 0
    rows_quarantined: int = 0
    rows_late: int = 0
    rows_own_fault: int = 0
    rows_again: int = 0
    rows_too_old: int = 0
    rows_absent: int = 0
    rows_vanished: int = 0
    rows_expected: int = 0
    rows_carried: int = 0
    cells_unreadable: int = 0
    parts_gone: tuple[str | None, ...] = ()
    rows_taken_back: int | None = None
    rows_read_again: int = 0
    rows_unmatched: int = 0
    volume: int = 0
    settled: str | None = None
    days: dict[datetime.date, int] = field(default_factory=dict)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    results: Rows = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows_in(self) -> int:
        """Rows to account for: read, less identical duplicates, older versions, and what former nights hold."""
        return self.rows_read - self.rows_duplicate - self.rows_superseded - self.rows_stored

    @property
    def rows_new(self) -> int:
        """Rows to account for that neither the night before told of nor an older day did: what the feed brought."""
        return self.rows_in - self.rows_again - self.rows_too_old

    @property
    def checked(self) -> str:
        """The relation of the rows that the night uses."""
        return f"checked.{self.table.name}"

    @property
    def quarantined(self) -> str:
        """The relation of quarantined keys and rules."""
        return f"quarantined.{self.table.name}"

    @property
    def unreadable(self) -> str:
        """The relation of cells of used rows that were read as missing (row_key, column_name)."""
        return f"unreadable.{self.table.name}"

    @property
    def superseded(self) -> str:
        """The relation of stored rows that tonight replaces."""
        return f"superseded.{self.table.name}"

    @property
    def taken_back(self) -> str:
        """The relation of stored rows that the source no longer offers; there where `rows_taken_back` is not None."""
        return f"taken_back.{self.table.name}"

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
            "stored": self.rows_stored,
            "rows_in": self.rows_in,
            "used": self.rows_used,
            "quarantined": self.rows_quarantined,
            "late": self.rows_late,
            "carried": self.rows_carried,
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
