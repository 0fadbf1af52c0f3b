"""What a table of a book of pages is: a model, which of its columns are shown, and how each is.

A column reads `name:shown`; `shown` is text, said (a text that is often not there: an empty cell then), day, count,
number, tonnes, amount, million (an amount in millions, so exact that ratios of it can be reckoned anew), pct, flag,
`code/<family>`, the words of a code, or `codes/<family>`, of some that a `;` divides. Before it may stand `prose` (what
may run over several lines; alone it is such a text), `known` (empty where there is no such thing, which is known) and
`maybe` (no column where no row has any), as in `late_days:known:count`. `branch` and `name` take the language's own
column where the model has one.
"""

from dataclasses import dataclass
from typing import NamedTuple

_MARKS = ("prose", "known", "maybe")


class TableColumn(NamedTuple):
    """A column of a model, how it is shown, and which of the marks it has."""

    name: str
    kind: str
    is_prose: bool = False
    is_known: bool = False
    is_maybe: bool = False


@dataclass(frozen=True)
class TableSpec:
    """A model (`schema.name`), its columns, what its rows are sorted by (`-` is downwards; nulls stand last), and by
    which column a summary's row leads into `listed`. `groups` is the column by whose value a list is entered."""

    model: str
    columns: tuple[TableColumn, ...]
    order: tuple[str, ...]
    by: str = ""
    listed: str = ""
    groups: str = ""
    rests_on: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The model without its schema: of its words, anchor and file."""
        return self.model.partition(".")[2]


@dataclass(frozen=True)
class SectionSpec:
    """A section: its summaries, and the lists behind them."""

    name: str
    summaries: tuple[TableSpec, ...]
    lists: tuple[TableSpec, ...] = ()


def table_of(
    model: str, columns: str, order: str, *, by: str = "", listed: str = "", groups: str = "", rests_on: str = ""
) -> TableSpec:
    """A table as its columns, order and `rests_on` are written: in one text each, divided by blanks."""
    shown = tuple(_column(written) for written in columns.split())
    return TableSpec(model, shown, tuple(order.split()), by, listed, groups, tuple(rests_on.split()))


def _column(written: str) -> TableColumn:
    name, *words = written.split(":")
    kind = words[-1] if words[-1] not in _MARKS else "text"
    return TableColumn(name, kind, *(mark in words for mark in _MARKS))
