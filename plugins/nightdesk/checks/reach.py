"""Reach: how far back the rows of a daily table were asked for, and which rows lie beyond it."""

import datetime
from dataclasses import dataclass

from nightdesk.sql_text import literal


@dataclass(frozen=True)
class Reach:
    """Every row dated from `since` on was asked for, and of older ones those known after `known_after` (aware).

    What else comes along is of an older day that has more rows than it had, and is read whole.
    """

    since: datetime.date
    known_after: datetime.datetime

    def is_beyond(self, table: str, waiting: str | None) -> str:
        """The condition for typed rows beyond it. What waits for its parent (a row of the relation `waiting`) came in
        time.
        """
        known_after = literal(self.known_after.astimezone(datetime.UTC).replace(tzinfo=None))
        test = f"on_date < {literal(self.since)} and coalesce(known_at_given <= {known_after}, true)"
        if waiting:
            test += f" and row_key not in (select row_key from {waiting} where table_name = {literal(table)})"
        return test
