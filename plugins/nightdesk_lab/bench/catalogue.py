"""What the whole catalogue adds to a recomputation: what only the indicators after the first ones ask for."""

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from nightdesk.engine import Engine
from nightdesk.models import Model, models

#: the indicators that were there before the catalogue was whole
FIRST = frozenset(
    {
        *("E01", "E03", "E04", "J07", "J11", "J12", "J15", "J16", "P01", "P02", "P03", "Q01", "Q02", "Q03", "Q04"),
        *("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T21"),
    }
)
#: the schema of the indicators' tables
INDICATOR = "warnings_indicator."
#: what is made of the readings of every indicator: it is there with few of them too
_GATHERS = "warnings_verdict."


def added(known: Mapping[str, Model] | None = None, first: Collection[str] = FIRST) -> frozenset[str]:
    """The tables that indicators after the `first` ones rest on, and none of the first does; themselves among them.

    What else reads such a table is not asked: other rules came to use what the catalogue brought.
    """
    every = models() if known is None else known
    indicators = {table for table in every if table.startswith(INDICATOR)}
    firsts = {table for table in indicators if table.removeprefix(INDICATOR)[:3].upper() in first}
    return rested_on(every, indicators - firsts) - rested_on(every, firsts)


def rested_on(every: Mapping[str, Model], tables: Collection[str]) -> frozenset[str]:
    """These tables and all that they are made of, as far as models make it; what gathers other signals is no part."""
    found: set[str] = set()
    waiting = list(tables)
    while waiting:
        table = waiting.pop()
        if table in every and table not in found and not table.startswith(_GATHERS):
            found.add(table)
            waiting.extend(every[table].reads)
    return frozenset(found)


@contextmanager
def cpu_by_table() -> Iterator[dict[str, float]]:
    """CPU seconds of this process that each table took to build, of those built meanwhile: one at a time, whatever
    hands are asked for, since two that are built at once would each count the other's."""
    took: dict[str, float] = {}
    made, handed = Engine.build, Engine.hands

    def build(engine: Engine, table: str, sql: str, **options: object) -> None:
        began = time.process_time()
        made(engine, table, sql, **options)  # type: ignore[arg-type]
        took[table] = took.get(table, 0.0) + time.process_time() - began

    def alone(engine: Engine, _count: int) -> AbstractContextManager[list[Engine]]:
        return handed(engine, 1)

    Engine.build = build  # type: ignore[assignment,method-assign]
    Engine.hands = alone  # type: ignore[assignment,method-assign]
    try:
        yield took
    finally:
        Engine.build = made  # type: ignore[method-assign]
        Engine.hands = handed  # type: ignore[method-assign]
