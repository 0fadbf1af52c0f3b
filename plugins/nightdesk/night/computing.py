"""Compute: build one layer's models and keep its products as batches of the lake."""

from nightdesk.attempt.batches import write
from nightdesk.attempt.inputs import Inputs, night_engine
from nightdesk.attempt.opening import Night
from nightdesk.attempt.reckoning import reckon_within, reckoned_for
from nightdesk.desk.ledger import get_attempt
from nightdesk.desk.pins import Pin, pins_of, set_pins
from nightdesk.engine import Engine
from nightdesk.fingerprint import fingerprint, rolled_tables
from nightdesk.models import (
    REBUILT,
    ROLLED,
    build,
    declared_columns,
    earlier_products,
    history_reads,
    layer_products,
    ordered,
)
from nightdesk.night.wording import in_words

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
        reckoned = reckoned_for(ordered(targets, earlier_products(layer)))
        present = Inputs(night, engine).register(ordered([*targets, *reckoned], earlier_products(layer)), layer)
        if reckoned:
            present |= reckon_within(engine, present)
        build(engine, targets, present)
        return _pinned(night, [_write(night, engine, table) for table in targets])


def _features(night: Night) -> dict[str, int]:
    """Features in three steps, because the histories are read while tonight's part of them is being made."""
    targets = layer_products("features")
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        is_rolled = _is_rolled(night)
        structure = ROLLED if is_rolled else REBUILT
        histories = sorted({f"features.{name.partition('.')[2]}" for name in history_reads()})
        first = ordered(histories, structure=structure)
        present = [model.table for model in first]
        for table in histories:
            inputs.former(table.partition(".")[2], goes_on=is_rolled or table == _LASTING)
        inputs.register(first, "features")
        build(engine, histories, structure=structure)
        for table in histories:
            inputs.history(table.partition(".")[2])
        inputs.register(ordered(targets, present, structure), "features")
        build(engine, targets, present, structure)
        made = [
            _write_history(night, engine, table, starts_chain=table != _LASTING and not is_rolled)
            if table in histories
            else _write(night, engine, table)
            for table in targets
        ]
        return _pinned(night, made)


def _is_rolled(night: Night) -> bool:
    """Whether the state of the night before may be continued: made by tonight's SQL and policy, in the same currency.

    Clients whose accounts, groups or rates changed are read anew by the models of the rolled night themselves.
    """
    if night.attempt.parent_attempt_id is None:
        return False
    with night.desk.connect() as connection:
        parent = get_attempt(connection, night.attempt.parent_attempt_id)
        pins = pins_of(connection, parent.attempt_id)
    if parent.base_ccy != night.attempt.base_ccy:
        return False
    for table in rolled_tables("features"):
        pin = pins.get(table.replace(".", "/"))
        if pin is None or pin.fingerprint != fingerprint(table, night.business_date, night.profile.name):
            return False
    return True


def _write_history(night: Night, engine: Engine, table: str, *, starts_chain: bool) -> Pin:
    """Write tonight's part of a history by date: later nights read a few days of it, and skip the rest unread."""
    layer, _, name = table.partition(".")
    date = next(column for column, kind in declared_columns(layer)[name].items() if kind == "DATE")
    return _write(night, engine, table, f"order by {date}", starts_chain=starts_chain)


def _write(night: Night, engine: Engine, table: str, order: str = "", *, starts_chain: bool = False) -> Pin:
    rows = in_words(engine.arrow(f"select * from {table} {order}"), night.profile.base_ccy)
    return write(night, table.replace(".", "/"), rows, starts_chain=starts_chain)


def _pinned(night: Night, made: list[Pin]) -> dict[str, int]:
    """Pin what a layer wrote, all of it at once; returns the row counts by table."""
    set_pins(night.desk, night.attempt, made)
    return {one.table_name.replace("/", "."): one.row_count for one in made}
