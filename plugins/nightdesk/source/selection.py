"""Which rows of a daily table a night asks for: those of its dates, and those that came to light since."""

import datetime
from dataclasses import dataclass

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Selection:
    """Dates in (`after`, `until`], plus older rows known after `known_after`, plus rows without a known-at that are
    dated within the look-back. `after` is None on a first night, which takes everything up to `until`."""

    until: datetime.date
    after: datetime.date | None = None
    known_after: datetime.datetime | None = None
    lookback_from: datetime.date | None = None

    def predicate(self, date_column: str, known_at: str | None, *, is_text: bool = False) -> str:
        """The WHERE of this selection. Date literals are ISO text, which compares alike with dates and text.

        A row whose date is missing, or (where dates are text) is none, belongs to the night that it became known to:
        the checks name it.
        """
        undated = f"{date_column} is null" + (f" or {date_column} not like '____-__-__%'" if is_text else "")
        end = f"{date_column} < '{self.until + ONE_DAY}'"
        if self.after is None or self.known_after is None:
            return f"({end} or {undated})"
        past = f"({date_column} < '{self.after + ONE_DAY}' or {undated})"
        look_back = f"({date_column} >= '{self.lookback_from or self.after}' and {past} or {undated})"
        parts = [f"({date_column} >= '{self.after + ONE_DAY}' and {end})"]
        if known_at is None:
            parts.append(look_back)
        else:
            parts.append(f"({past} and {known_at} > '{self.known_after.isoformat(sep=' ')}')")
            parts.append(f"({known_at} is null and {look_back})")
        return "(" + " or ".join(parts) + ")"

    def wants(self, day: datetime.date | None, known_at: datetime.datetime | None) -> bool:
        """The same question of one row, exactly: for sources whose text cannot be compared as instants."""
        if day is not None and day > self.until:
            return False
        if self.after is None or self.known_after is None or (day is not None and day > self.after):
            return True
        if known_at is not None:
            return known_at > self.known_after
        return day is None or (self.lookback_from is not None and day >= self.lookback_from)
