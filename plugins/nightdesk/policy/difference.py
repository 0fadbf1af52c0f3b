"""What of policy differs between two business dates."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nightdesk.policy.table import PolicyTable, Row, as_written

#: why and since when a row stands: it is told beside what differs, and is no difference by itself
_ABOUT_THE_ROW = ("valid_from", "valid_to", "reason")


@dataclass(frozen=True)
class Difference:
    """One value that is not what it was, None where the row or the value is not there.

    `reason` and `owner` are those of the row that brings it, or of the one that ended.
    """

    table: str
    key: str
    column: str
    before: str | None
    after: str | None
    reason: str
    owner: str
    file: str
    line: int


def differences(tables: Mapping[str, PolicyTable], first: datetime.date, last: datetime.date) -> list[Difference]:
    """Every value in force on `last` that is not the one in force on `first`, by table, key and column."""
    return [one for name in sorted(tables) for one in _of_table(tables[name], first, last)]


def _of_table(table: PolicyTable, first: datetime.date, last: datetime.date) -> Iterator[Difference]:
    before, after = ({table.key_of(row): (place, row) for place, row in table.placed(day)} for day in (first, last))
    for key in sorted({*before, *after}):
        place, row = after.get(key) or before[key]
        old, new = (_values(table, found[key][1]) if key in found else {} for found in (before, after))
        for column in table.columns:
            if old.get(column) != new.get(column):
                yield Difference(
                    table.name,
                    key,
                    column,
                    old.get(column),
                    new.get(column),
                    as_written(row["reason"]),
                    as_written(row["owner"]),
                    place.file,
                    place.line,
                )


def _values(table: PolicyTable, row: Row) -> dict[str, str]:
    """The values of a row that rule, or that somebody answers for."""
    left_out = {*table.key, *_ABOUT_THE_ROW}
    return {name: as_written(value) for name, value in row.items() if name not in left_out and value is not None}
