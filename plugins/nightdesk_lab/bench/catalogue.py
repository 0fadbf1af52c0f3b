"""What the whole catalogue adds to a recomputation: what only the indicators after the first ones ask for."""

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from nightdesk.engine import Engine
from nightdesk.models import Model, models

#: the indicators that were there before the catalogue was whole
FIRST = frozenset(
    {
        *("E01", "E03", "E04", "J07", "J11", "J12", "J15", "J16", "P01", "P02", "P03", "Q01", "Q02", "Q03", "Q04"),
        *("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T21"),
    }
)
#: the layers that end in colours
_COLOURING = ("staging", "features", "warnings")
_INDICATOR = "warnings_indicator."
#: what gathers the readings of every indicator: it is there with few of them too
_GATHERS = "warnings_verdict."


def added(known: Mapping[str, Model] | None = None, first: Collection[str] = FIRST) -> frozenset[str]:
    """The tables that a night would not need for its colours were there only the `first` indicators: the others, and
    what in features and warnings nobody else reads. What later layers read of them since counts here too, and a table
    that no indicator comes to is made for something else."""
    every = models() if known is None else known
    readers: dict[str, set[str]] = {table: set() for table in every}
    for model in every.values():
        if model.layer not in _COLOURING:
            continue
        for table in model.reads & every.keys():
            readers[table].add(model.table)
    found = {t for t in every if t.startswith(_INDICATOR) and t.partition(".")[2][:3].upper() not in first}
    while more := {
        table
        for table, by in readers.items()
        if table not in found and by and by <= found and not table.startswith(_GATHERS)
    }:
        found |= more
    return frozenset(found)


@contextmanager
def cpu_by_table() -> Iterator[dict[str, float]]:
    """CPU seconds of this process that each table took to build, of those built meanwhile."""
    took: dict[str, float] = {}
    made = Engine.build

    def build(engine: Engine, table: str, sql: str, **options: object) -> None:
        began = time.process_time()
        made(engine, table, sql, **options)  # type: ignore[arg-type]
        took[table] = took.get(table, 0.0) + time.process_time() - began

    Engine.build = build  # type: ignore[assignment,method-assign]
    try:
        yield took
    finally:
        Engine.build = made  # type: ignore[method-assign]
