"""Which rows of a daily table a night asks for: those of its dates, and those that may have come to light since.

A source may show a row long after it knew it. So what is dated within the look-back, or became known within it before
the former night's cut-off, is asked for again; the checks drop what former nights hold already.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Selection:
    """Dates in (`after`, `until`], plus those from `lookback_from` on, plus older rows known after `known_after`, plus
    older days that are read whole (`days`, in order).

    `after` is the date of the former night, and None on a first one, which takes everything up to `until`.
    """

    until: datetime.date
    after: datetime.date | None = None
    known_after: datetime.datetime | None = None
    lookback_from: datetime.date | None = None
    days: tuple[datetime.date, ...] = ()

    @property
    def since(self) -> datetime.date | None:
        """The first date from which every row is asked for; None where all are."""
        if self.after is None or self.known_after is None:
            return None
        return self.lookback_from or self.after + ONE_DAY

    def predicate(
        self,
        date_column: str,
        known_at: str | None,
        *,
        is_text: bool = False,
        literal: Callable[[datetime.date], str] = "'{}'".format,
    ) -> str:
        """The WHERE of this selection. `literal` writes a day or (compared with known_at) an instant: as ISO text,
        which PostgreSQL compares alike with dates and text, unless told.

        A row whose date is missing, or (where dates are text) is none, belongs to the night that it became known to,
        and to every night where that is not said: the checks name it.
        """
        undated = f"{date_column} is null" + (f" or {_is_no_day(date_column)}" if is_text else "")
        end = f"{date_column} < {literal(self.until + ONE_DAY)}"
        if self.since is None or self.known_after is None:
            return f"({end} or {undated})"
        since = literal(self.since)
        parts = [f"({date_column} >= {since} and {end})"]
        for first, last in _runs(self.days):
            parts.append(f"({date_column} >= {literal(first)} and {date_column} < {literal(last + ONE_DAY)})")
        if known_at is None:
            parts.append(f"({undated})")
        else:
            past = f"({date_column} < {since} or {undated})"
            parts.append(f"({past} and {known_at} > {literal(self.known_after)})")
            parts.append(f"({known_at} is null and ({undated}))")
        return "(" + " or ".join(parts) + ")"

    def wants(self, day: datetime.date | None, known_at: datetime.datetime | None) -> bool:
        """The same question of one row, exactly: for sources whose text cannot be compared as instants."""
        if day is not None and day > self.until:
            return False
        if self.since is None or self.known_after is None:
            return True
        if day is not None and (day >= self.since or day in self.days):
            return True
        return known_at > self.known_after if known_at is not None else day is None


def _runs(days: Iterable[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """First and last of each run of consecutive days."""
    runs: list[tuple[datetime.date, datetime.date]] = []
    for day in days:
        if runs and day <= runs[-1][1] + ONE_DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _is_no_day(text: str) -> str:
    """Whether a text that should begin with an ISO date names no day of the calendar, as SQL: 2026-02-30 does not."""
    month, day = f"substr({text}, 6, 2)", f"substr({text}, 9, 2)"
    leap_years = ", ".join(f"'{year:02d}'" for year in range(4, 100, 4))
    no_leap = (
        f"substr({text}, 3, 2) not in ({leap_years})"
        f" and not (substr({text}, 3, 2) = '00' and substr({text}, 1, 2) in ('16', '20', '24'))"
    )
    return (
        f"{text} not like '____-__-__%' or {month} not between '01' and '12' or {day} not between '01' and '31'"
        f" or ({month} in ('04', '06', '09', '11') and {day} = '31')"
        f" or ({month} = '02' and ({day} > '29' or ({day} = '29' and {no_leap})))"
    )
