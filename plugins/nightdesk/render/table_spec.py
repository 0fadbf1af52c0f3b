"""What a table of a book of pages is: a model, which of its columns are shown, and how each is.

A column reads `name:shown`; `shown` is text, said (a text that is often not there: an empty cell then), day, count,
number, tonnes, amount, million (an amount in millions, so exact that ratios of it can be reckoned anew), pct, flag,
`code/<family>`, the words of a code, or `codes/<family>`, of some that a `;` divides. `branch` and `name` take the
language's own column where the model has one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableSpec:
    """A model (`schema.name`), its columns, what its rows are sorted by (`-` is downwards; nulls stand last), and by
    which column a summary's row leads into `listed`. `groups` is the column by whose value a list is entered."""

    model: str
    columns: tuple[tuple[str, str], ...]
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
    pairs = tuple((name, shown) for name, _, shown in (column.partition(":") for column in columns.split()))
    return TableSpec(model, pairs, tuple(order.split()), by, listed, groups, tuple(rests_on.split()))
