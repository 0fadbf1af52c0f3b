"""Compute: build one layer's models and keep its products as batches of the lake."""

from nightdesk.desk.ledger import set_pin
from nightdesk.engine import Engine
from nightdesk.lake import write_batch
from nightdesk.models import build, layer_products, ordered
from nightdesk.night.inputs import Inputs, night_engine
from nightdesk.night.opening import Night

#: the computed layers, in the order in which a night builds them
COMPUTED = ("features", "warnings", "tiers", "tasks", "esg")


def compute(night: Night, layer: str) -> dict[str, int]:
    """Build a layer from the lake and pin its products; returns their row counts.

    `layer` is one of COMPUTED; every layer before it must have been computed for this attempt.
    """
    targets = layer_products(layer)
    with night_engine(night) as engine:
        present = Inputs(night, engine).register(ordered(targets, earlier_products(layer)), layer)
        build(engine, targets, present)
        return {table: _keep(night, engine, table) for table in targets}


def earlier_products(layer: str) -> set[str]:
    """The kept tables of the layers before this one: read from the lake, not built again."""
    return {table for other in COMPUTED[: COMPUTED.index(layer)] for table in layer_products(other)}


def _keep(night: Night, engine: Engine, table: str, *, starts_chain: bool = False) -> int:
    name = table.replace(".", "/")
    batch_id, rows = write_batch(
        night.settings.lake_root, name, night.business_date, engine.arrow(f"select * from {table}")
    )
    set_pin(night.desk, night.attempt, name, batch_id, rows, starts_chain=starts_chain)
    return rows
