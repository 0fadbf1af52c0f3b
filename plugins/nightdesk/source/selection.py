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

    def predicate(self, date_column: str, known_at: str | None) -> str:
        """The WHERE of this selection. Date literals are ISO text, which compares alike with dates and text."""
        end = f"{date_column} < '{self.until + ONE_DAY}'"
        if self.after is None or self.known_after is None:
            return end
        past = f"{date_column} < '{self.after + ONE_DAY}'"
        look_back = f"{date_column} >= '{self.lookback_from or self.after}' and {past}"
        parts = [f"({date_column} >= '{self.after + ONE_DAY}' and {end})"]
        if known_at is None:
            parts.append(f"({look_back})")
        else:
            parts.append(f"({past} and {known_at} > '{self.known_after.isoformat(sep=' ')}')")
            parts.append(f"({known_at} is null and {look_back})")
        return " or ".join(parts)

    def wants(self, day: datetime.date | None, known_at: datetime.datetime | None) -> bool:
        """The same question of one row, exactly: for sources whose text cannot be compared as instants."""
        if day is None or day > self.until:
            return False
        if self.after is None or self.known_after is None or day > self.after:
            return True
        if known_at is None:
            return self.lookback_from is not None and day >= self.lookback_from
        return known_at > self.known_after
