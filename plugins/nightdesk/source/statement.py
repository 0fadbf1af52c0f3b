"""The SELECT of a mapping's rows, in the words of the source's own dialect."""

import datetime
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, Date, DateTime, Select, bindparam, column, literal_column, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.functions import count

from nightdesk.source.selection import Selection


def probe(mapping: str) -> Select[Any]:
    """A SELECT of no row, whose result names every column of a mapping."""
    return select(literal_column("*")).select_from(_derived(mapping, ())).where(text("1 = 0"))


def first(mapping: str) -> Select[Any]:
    """A SELECT of one row of a mapping, if there is one: the number 1."""
    return select(literal_column("1")).select_from(_derived(mapping, ())).limit(1)


def rows_of(
    dialect: Dialect,
    mapping: str,
    names: Sequence[str],
    selection: Selection | None = None,
    *,
    date: str = "",
    known_at: str | None = None,
    texts: Collection[str] = (),
) -> Select[Any]:
    """A SELECT of columns as the source spells them; of the rows that `selection` wants by `date` and `known_at`.

    Columns in `texts` hold their days and instants as text and are compared as text; the others get typed values,
    bound: how a literal is read depends on the session in most databases.
    """
    rows = _derived(mapping, names)
    statement = select(*(rows.c[name] for name in names))
    if selection is None:
        return statement
    literal, bound = _literals(date, known_at, texts)
    named, known = _compared(dialect, date, known_at, texts)
    where = selection.predicate(named, known, is_text=date in texts, literal=literal)
    return statement.where(text(where).bindparams(*bound))


def counts_of(
    dialect: Dialect,
    mapping: str,
    first: datetime.date,
    before: datetime.date,
    known_by: datetime.datetime,
    *,
    date: str,
    known_at: str | None = None,
    texts: Collection[str] = (),
) -> Select[Any]:
    """A SELECT of how many rows there are of each date from `first` on and before `before`, of those that were known by
    then or say nothing of it. Dates are grouped as they stand, so that no function of a database is needed.
    """
    rows = _derived(mapping, [date])
    literal, bound = _literals(date, known_at, texts)
    named, known = _compared(dialect, date, known_at, texts)
    where = f"{named} >= {literal(first)} and {named} < {literal(before)}"
    if known:
        where += f" and ({known} is null or {known} <= {literal(known_by)})"
    statement = select(rows.c[date], count()).select_from(rows).group_by(rows.c[date])
    return statement.where(text(where).bindparams(*bound))


def _compared(dialect: Dialect, date: str, known_at: str | None, texts: Collection[str]) -> tuple[str, str | None]:
    """A date and a known_at as they are compared."""
    quote = dialect.identifier_preparer.quote
    known = f"s.{quote(known_at)}" if known_at else None
    if known_at in texts:
        known = f"nullif(ltrim(rtrim({known})), '')"  # trim() itself is not everywhere
    return f"s.{quote(date)}", known


def _literals(
    date: str, known_at: str | None, texts: Collection[str]
) -> tuple[Callable[[datetime.date], str], list[BindParameter[Any]]]:
    """What writes days and instants to compare with, and the parameters that it has bound by then."""
    bound: list[BindParameter[Any]] = []

    def literal(value: datetime.date) -> str:
        is_instant = isinstance(value, datetime.datetime)
        if (known_at if is_instant else date) in texts:
            return f"'{value}'".replace(":", "\\:")
        bound.append(bindparam(f"at_{len(bound)}", value, type_=DateTime() if is_instant else Date()))
        return f":{bound[-1].key}"

    return literal, bound


def _derived(mapping: str, names: Sequence[str]) -> Any:
    """A mapping as the derived table `s`; a colon in it is SQL, not a parameter."""
    return text(mapping.replace(":", "\\:")).columns(*(column(name) for name in names)).subquery("s")
