"""What a night tells its models of itself: what its source supplied, and what each of its rules reads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nightdesk.engine import Engine
from nightdesk.judged import rule_reads

#: what was recorded of each source table, as `feeds_of` gives it
Feeds = Sequence[Mapping[str, Any]]

SUPPLIED = {"table_name": "VARCHAR", "is_supplied": "BOOLEAN"}
SUPPLIED_COLUMN = {"table_name": "VARCHAR", "column_name": "VARCHAR"}
#: what each rule (an indicator, or the five-class floor) reads of the source, row by row
RULE_SOURCE = {"rule": "VARCHAR", "table_name": "VARCHAR", "column_name": "VARCHAR"}


def tell(engine: Engine, table: str, feeds: Feeds) -> None:
    """Make a table of TOLD, of a night whose source tables were recorded so."""
    types, rows = TOLD[table]
    engine.insert(table, types, list(rows(feeds)))


def _supplied(feeds: Feeds) -> Iterator[dict[str, object]]:
    for row in feeds:
        yield {"table_name": row["table_name"], "is_supplied": row["is_supplied"]}


def _supplied_columns(feeds: Feeds) -> Iterator[dict[str, object]]:
    for row in feeds:
        for column in row["columns_supplied"].split(","):
            if column:
                yield {"table_name": row["table_name"], "column_name": column}


def _rule_source(_feeds: Feeds) -> Iterator[dict[str, object]]:
    for rule, reads in sorted(rule_reads().items()):
        for name, columns in sorted(reads.items()):
            for column in sorted(columns):
                yield {"rule": rule, "table_name": name, "column_name": column}


#: the tables that a night tells, each with its columns and what makes its rows
TOLD: Mapping[str, tuple[dict[str, str], Callable[[Feeds], Iterator[dict[str, object]]]]] = {
    "night.supplied": (SUPPLIED, _supplied),
    "night.supplied_column": (SUPPLIED_COLUMN, _supplied_columns),
    "night.rule_source": (RULE_SOURCE, _rule_source),
}
