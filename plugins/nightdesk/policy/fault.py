"""What is wrong with a policy row, and where it stands: one kind of words for the night and for who mends the row."""

import datetime
from dataclasses import dataclass, field

from nightdesk.errors import PolicyError
from nightdesk.render.catalogue import Catalogue, catalogue

#: faults that are found where a file is read; what its rows are to each other is judged when there are none
_OF_A_ROW = frozenset(
    [
        "unreadable",
        "header",
        "cells",
        "empty",
        "not_listed",
        "no_date",
        "no_number",
        "no_whole_number",
        "too_low",
        "too_high",
        "reversed",
        "overlap",
        "no_table",
    ]
)


@dataclass(frozen=True)
class Fault:
    """One fault. `kind` and `figures` fill the sentence `policy_fault.<kind>` of the catalogues.

    `lines` are those of `file` that it concerns, none where a row is missing; `since` is the first day on which it
    counts, None where it does on every day.
    """

    kind: str
    table: str
    file: str
    lines: tuple[int, ...] = ()
    key: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    since: datetime.date | None = field(default=None, compare=False)

    @property
    def is_of_a_row(self) -> bool:
        """Whether the row, or its file, cannot be read at all."""
        return self.kind in _OF_A_ROW

    @property
    def place(self) -> str:
        """The file, and the lines in it."""
        numbers = " and ".join(str(line) for line in self.lines)
        return f"{self.file}, line{'s' if len(self.lines) > 1 else ''} {numbers}" if self.lines else self.file

    def says(self, t: Catalogue) -> str:
        """The fault in words."""
        return t(f"policy_fault.{self.kind}", **dict(self.figures))


def fault(kind: str, table: str, file: str, lines: tuple[int, ...] = (), key: str = "", **figures: object) -> Fault:
    """A fault with its figures as text."""
    return Fault(kind, table, file, lines, key, tuple((name, str(value)) for name, value in figures.items()))


def refusal(faults: list[Fault], day: datetime.date | None = None) -> PolicyError:
    """The first of these faults as the error that stops a night, of `day`, and how many more there are."""
    first = faults[0]
    where = f"{first.place}, {first.key}" if first.key else first.place
    when = f" on {day}" if day and not first.is_of_a_row else ""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return PolicyError(
        f"{where}: {first.says(catalogue('en'))}{when}{more}",
        "Nothing was run: mend it and see `nightdesk policy check`.",
    )
