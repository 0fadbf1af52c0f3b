"""Compute: build one layer's models and keep its products as batches of the lake."""

from nightdesk.desk.ledger import get_attempt, set_pin
from nightdesk.engine import Engine
from nightdesk.lake import write_batch
from nightdesk.models import REBUILT, ROLLED, build, declared_columns, history_reads, layer_products, ordered
from nightdesk.night.inputs import Inputs, night_engine
from nightdesk.night.opening import Night

#: the computed layers, in the order in which a night builds them
COMPUTED = ("features", "warnings", "tiers", "tasks", "esg")
#: whose flows are whose
_MAPPING = ["features.account_mapping", "features.flow_policy"]
#: the one history that goes on when the others start anew: what each night saw of a loan depends on no mapping
_LASTING = "features.loan_day"


def compute(night: Night, layer: str) -> dict[str, int]:
    """Build a layer from the lake and pin its products; returns their row counts.

    `layer` is one of COMPUTED; every layer before it must have been computed for this attempt.
    """
    if layer == "features":
        return _features(night)
    targets = layer_products(layer)
    with night_engine(night) as engine:
        present = Inputs(night, engine).register(ordered(targets, earlier_products(layer)), layer)
        build(engine, targets, present)
        return {table: _keep(night, engine, table) for table in targets}


def _features(night: Night) -> dict[str, int]:
    """Features in three steps, because the histories are read while tonight's part of them is being made."""
    targets = layer_products("features")
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        is_rolled = _is_rolled(night, engine, inputs)
        structure = ROLLED if is_rolled else REBUILT
        histories = sorted({f"features.{name.partition('.')[2]}" for name in history_reads()})
        first = ordered(histories, _MAPPING, structure)
        made = [*_MAPPING, *(model.table for model in first)]
        for table in histories:
            inputs.former(table.partition(".")[2], goes_on=is_rolled or table == _LASTING)
        inputs.register(first, "features")
        build(engine, histories, _MAPPING, structure)
        for table in histories:
            inputs.history(table.partition(".")[2])
        inputs.register(ordered(targets, made, structure), "features")
        build(engine, targets, made, structure)
        return {
            table: _keep_history(night, engine, table, starts_chain=table != _LASTING and not is_rolled)
            if table in histories
            else _keep(night, engine, table)
            for table in targets
        }


def _is_rolled(night: Night, engine: Engine, inputs: Inputs) -> bool:
    """Whether the state of the night before may be continued: same currency, accounts, groups and excluded flows."""
    targets = [*_MAPPING, "rolling.mapping_change"]
    inputs.register(ordered(targets), "features")
    build(engine, targets)
    if night.attempt.parent_attempt_id is None:
        return False
    with night.desk.connect() as connection:
        if get_attempt(connection, night.attempt.parent_attempt_id).base_ccy != night.attempt.base_ccy:
            return False
    return bool(engine.value("select changes from rolling.mapping_change") == 0)


def earlier_products(layer: str) -> set[str]:
    """The kept tables of the layers before this one: read from the lake, not built again."""
    return {table for other in COMPUTED[: COMPUTED.index(layer)] for table in layer_products(other)}


def _keep_history(night: Night, engine: Engine, table: str, *, starts_chain: bool) -> int:
    """Keep tonight's part of a history by date: later nights read a few days of it, and skip the rest unread."""
    layer, _, name = table.partition(".")
    date = next(column for column, kind in declared_columns(layer)[name].items() if kind == "DATE")
    return _keep(night, engine, table, f"order by {date}", starts_chain=starts_chain)


def _keep(night: Night, engine: Engine, table: str, order: str = "", *, starts_chain: bool = False) -> int:
    name = table.replace(".", "/")
    rows_in_order = engine.arrow(f"select * from {table} {order}")
    attempt_id = night.attempt.attempt_id
    batch_id, rows = write_batch(night.settings.lake_root, name, night.business_date, rows_in_order, attempt_id)
    set_pin(night.desk, night.attempt, name, batch_id, rows, starts_chain=starts_chain)
    return rows
