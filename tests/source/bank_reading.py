"""Nights to ask for, rows to ask of, and how a source is read in these tests."""

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.contract import contract
from nightdesk.source import Selection, Source

MakeSource = Callable[..., Source]
SHANGHAI = ZoneInfo("Asia/Shanghai")
D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)
#: the night of D after the night of the day before, whose cut-off was 05:00 on D in Shanghai; it looks back five days
NEXT = Selection(
    until=D,
    after=D - ONE_DAY,
    known_after=datetime.datetime(2026, 3, 25, 21, tzinfo=datetime.UTC),
    lookback_from=D - 5 * ONE_DAY,
)
FIRST = Selection(until=D)


def read(source: Source, name: str, selection: Selection) -> list[dict[str, Any]]:
    table = contract()[name]
    with source.moment() as bank:
        columns = bank.columns(table)
        assert columns is not None
        return bank.stream(table, columns, selection).read_all().to_pylist()


def supplied(source: Source, name: str) -> list[str] | None:
    with source.moment() as bank:
        return bank.columns(contract()[name])


def keys(source: Source, name: str, selection: Selection) -> list[str]:
    return sorted(next(iter(row.values())) for row in read(source, name, selection))


TXN = "create table txn (txn_id text, account_id text, booked_on {date}, direction text, amount {amount}"


def txns(source_kind: str, *rows: tuple[str, str | None, str | None]) -> list[str]:
    """A table of transactions, its dates and instants as text or as they are typed in PostgreSQL."""
    day, instant = ("text", "text") if source_kind == "text" else ("date", "timestamptz")
    made = [TXN.format(date=day, amount="numeric") + f", known_at {instant})"]
    for key, date, known in rows:
        values = ", ".join("null" if value is None else f"'{value}'" for value in (key, "A1", date, "C", "1.00", known))
        made.append(f"insert into txn values ({values})")
    return made


ROWS = (
    ("of-the-day", "2026-03-31", "2026-03-31 10:00:00+08:00"),
    ("tomorrow", "2026-04-01", "2026-04-01 10:00:00+08:00"),
    ("dated-in-the-look-back", "2026-03-26", "2026-03-26 10:00:00+08:00"),
    ("known-before", "2026-03-25", "2026-03-26 05:00:00+08:00"),
    ("known-before-in-utc", "2026-03-25", "2026-03-25 21:00:00+00:00"),
    ("late", "2026-03-25", "2026-03-26 05:00:01+08:00"),
    ("late-in-utc", "2026-01-05", "2026-03-25 21:00:01+00:00"),
    ("no-known-at", "2026-03-27", None),
    ("no-known-at-first", "2026-03-26", None),
    ("no-known-at-long-ago", "2026-03-20", None),
    ("no-date-new", None, "2026-03-31 09:00:00+08:00"),
    ("no-date-old", None, "2026-03-25 09:00:00+08:00"),
)
ASKED = [
    "dated-in-the-look-back",
    "late",
    "late-in-utc",
    "no-date-new",
    "no-known-at",
    "no-known-at-first",
    "of-the-day",
]
