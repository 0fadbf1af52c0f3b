"""Two nights of a bank through the whole of sql/: the first rebuilt, the second continued; what each table came to."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlcase import parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import (
    LAYERS,
    REBUILT,
    ROLLED,
    build,
    declared_columns,
    history_reads,
    layer_products,
    models,
    ordered,
)

Row = dict[str, Any]
#: of a table's rows whatever their order, and of each row all of its columns
_DIGEST = """
select count(*) || ' ' || substr(md5(coalesce(string_agg(said, chr(10) order by said), '')), 1, 12)
from (select cast(made as varchar) as said from {} as made)
"""


def nights(bank: Mapping[str, list[Row]], first: datetime.date, before: Mapping[str, list[Row]]) -> dict[str, str]:
    """`table` and `table again` (the second night's): number of rows and what stands for all their values.

    The second night sees the same rows a day later; `before` is what was remembered before the first.
    """
    given = {f"source.{name}": rows for name, rows in bank.items()}
    with Engine(parameters(first), threads=1) as engine:
        prepare(engine, {**given, **before}, first, list(bank))
        found = _digests(engine, _made(engine, REBUILT))
        kept = [table for layer in LAYERS for table in layer_products(layer)]
        for table in kept:
            engine.execute(f"create or replace table {_aside(table)} as select {_columns(table)} from {table}")
        later = first + datetime.timedelta(days=1)
        engine.parameters = parameters(later, parent_date=first)
        prepare(engine, given, later, list(bank))
        for table in kept:
            for schema in ("previous", "former", "history"):
                name = f"{schema}.{table.partition('.')[2]}"
                engine.execute(f"create or replace table {name} as select * from {_aside(table)}")
        again = _digests(engine, _made(engine, ROLLED))
        return found | {f"{table} again": said for table, said in again.items()}


def _aside(table: str) -> str:
    return f"first_{table.replace('.', '_of_')}"


def _columns(table: str) -> str:
    """What is kept of a table: the figures of its sentences are not."""
    layer, _, name = table.partition(".")
    return ", ".join(f'"{column}"' for column in declared_columns(layer)[name])


def _digests(engine: Engine, tables: set[str]) -> dict[str, str]:
    return {table: engine.value(_DIGEST.format(table)) for table in sorted(tables)}


def _made(engine: Engine, structure: frozenset[str]) -> set[str]:
    """Build every model of such a night; a history has tonight's rows from where they are made."""
    histories = sorted({f"features.{name.partition('.')[2]}" for name in history_reads()})
    build(engine, histories, structure=structure)
    present = {model.table for model in ordered(histories, structure=structure)}
    _remember(engine, histories)
    for layer in LAYERS:
        # of features only what is kept is asked for: a rebuilt night has no use for the steps of a rolled one
        is_asked = {table for table, model in models(structure).items() if model.layer == layer != "features"}
        targets = sorted({*layer_products(layer), *is_asked})
        wanted = [table for table in targets if table not in present]
        made = {model.table for model in ordered(wanted, present, structure)}
        build(engine, wanted, present, structure)
        present |= made
        _remember(engine, [table for table in layer_products(layer) if table not in histories])
    return present


def _remember(engine: Engine, tables: list[str]) -> None:
    for table in tables:
        name = f"history.{table.partition('.')[2]}"
        engine.execute(f"insert into {name} by name select {_columns(table)} from {table}")
