"""Plain rows from whatever a caller holds: lists of dicts, pandas frames, Arrow tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, runtime_checkable

from nightdesk.errors import NightdeskError
from nightdesk.render.inert import cut, inert

Row: TypeAlias = Mapping[str, object]

#: types of which every value is plain; a list asks for hundreds of thousands of cells
_AS_IS = frozenset({type(None), bool, int, str, date, datetime})


@runtime_checkable
class ArrowLike(Protocol):
    """A table that hands out its rows as dicts: pyarrow.Table."""

    def to_pylist(self) -> list[dict[str, Any]]: ...


@runtime_checkable
class FrameLike(Protocol):
    """A table that hands out its rows as records: pandas.DataFrame."""

    def to_dict(self, orient: Any) -> Any: ...


Table: TypeAlias = Sequence[Row] | ArrowLike | FrameLike


class PlainRows(tuple[dict[str, object], ...]):
    """Rows whose values are plain already: what reads them again and again does not make them plain each time.

    Nothing changes such a row: whoever reads the same rows shares it.
    """

    __slots__ = ()


def as_rows(table: Table) -> tuple[dict[str, object], ...]:
    """The rows of `table` with plain Python values; missing values of every kind become None.

    Raises NightdeskError when a value is a fraction held as a float: amounts and ratios come as Decimal.
    """
    if isinstance(table, PlainRows):
        return table
    records: Iterable[Mapping[str, object]]
    if isinstance(table, list | tuple):  # asking a protocol costs more than all the rest, and a book has many pages
        records = table
    elif isinstance(table, ArrowLike):
        records = table.to_pylist()
    elif isinstance(table, FrameLike):
        records = table.to_dict("records")
    else:
        records = table
    return PlainRows(
        {name: value if type(value) in _AS_IS else plain(value, name) for name, value in record.items()}
        for record in records
    )


def plain(value: object, name: str = "value") -> object:
    """One cell as None, bool, int, Decimal, str, date, datetime or a tuple of them."""
    if value is None or isinstance(value, bool | int | str | Decimal):
        return None if isinstance(value, Decimal) and value.is_nan() else value
    if isinstance(value, datetime):
        # pandas' NaT is a datetime to isinstance and never equal to itself
        if value != value:
            return None
        to_python = getattr(value, "to_pydatetime", None)
        return to_python() if to_python is not None else value
    if isinstance(value, date):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(plain(item, name) for item in (sorted(value) if isinstance(value, set | frozenset) else value))
    if isinstance(value, float):
        if value != value:
            return None
        if value == int(value):
            return int(value)
        raise NightdeskError(
            f"the column {name} holds the float {value!r}",
            "Hand it over as Decimal: reports never round floats.",
        )
    item = getattr(value, "item", None)
    if callable(item):
        return plain(item(), name)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    raise NightdeskError(
        f"the column {name} holds a {type(value).__name__}", "Hand over text, numbers, dates or nothing."
    )


def text_of(row: Row, name: str) -> str | None:
    """The column as one line of inert text, cut to what a page shows; None when it is absent, null or empty."""
    value = row.get(name)
    return None if value is None else _line(str(value))


@lru_cache(maxsize=50_000)  # a branch's list and the part of each of its people say the same texts
def _line(text: str) -> str | None:
    return cut(" ".join(inert(" ".join(text.split())).split())) or None


def decimal_of(row: Row, name: str) -> Decimal | None:
    """The column as Decimal; None when absent or null."""
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


def int_of(row: Row, name: str) -> int | None:
    """The column as int; None when absent or null."""
    value = decimal_of(row, name)
    return None if value is None else int(value)


def day_of(row: Row, name: str) -> date | None:
    """The column as a date; None when absent or null."""
    value = row.get(name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return None if value is None else date.fromisoformat(str(value)[:10])


def flag_of(row: Row, name: str) -> bool:
    """The column as a boolean; absent and null are false."""
    return row.get(name) is True


def list_of(row: Row, name: str) -> tuple[str, ...]:
    """The column as texts: a list, or one text joined by commas, semicolons or blanks."""
    value = row.get(name)
    if value is None:
        return ()
    if isinstance(value, tuple | list):
        return tuple(str(item) for item in value if item is not None)
    return tuple(str(value).replace(";", " ").replace(",", " ").split())
