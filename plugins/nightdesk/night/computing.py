"""Compute: build one layer's models and keep its products as batches of the lake."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import pyarrow as pa

from nightdesk.attempt.batches import write
from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import clients_of, night_engine
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
from nightdesk.night.by_date import by_date
from nightdesk.night.hands import hands_of, write_all
from nightdesk.night.wording import in_words

#: the one history that goes on when the others start anew: what each night saw of a loan depends on no mapping
_LASTING = "features.loan_day"


def compute(night: Night, layer: str, among: Collection[str] | None = None) -> dict[str, int]:
    """Build a layer from the lake and pin its products; returns their row counts.

    `layer` is one of COMPUTED; every layer before it must have been computed for this attempt. `among`: of its products
    these alone, for who measures a part of a night.
    """
    targets = [table for table in layer_products(layer) if among is None or table in among]
    if layer == "features":
        return _features(night, targets)
    with night_engine(night) as engine:
        reckoned = reckoned_for(ordered(targets, earlier_products(layer)))
        present = Inputs(night, engine).register(ordered([*targets, *reckoned], earlier_products(layer)), layer)
        if reckoned:
            present |= reckon_within(engine, present)
        build(engine, targets, present, hands=_hands(night))
        return _kept(night, engine, {table: partial(_write, night, table=table) for table in targets})


def _features(night: Night, targets: Sequence[str]) -> dict[str, int]:
    """Features in three steps, because the histories are read while tonight's part of them is being made."""
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
        build(engine, histories, structure=structure, hands=_hands(night))
        for table in histories:
            inputs.history(table.partition(".")[2])
        inputs.register(ordered(targets, present, structure), "features")
        build(engine, targets, present, structure, hands=_hands(night))
        writes = {
            table: partial(_write_history, night, table=table, starts_chain=table != _LASTING and not is_rolled)
            if table in histories
            else partial(_write, night, table=table)
            for table in targets
        }
        return _kept(night, engine, writes)


def _hands(night: Night) -> int:
    return hands_of(night.settings, clients_of(night))


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
    return _put(night, table, by_date(engine, table, date), starts_chain=starts_chain)


def _write(night: Night, engine: Engine, table: str) -> Pin:
    return _put(night, table, engine.arrow(f"select * from {table}"))


def _put(night: Night, table: str, rows: pa.RecordBatchReader, *, starts_chain: bool = False) -> Pin:
    worded = in_words(rows, night.profile.base_ccy)
    return write(night, table.replace(".", "/"), worded, starts_chain=starts_chain)


def _kept(night: Night, engine: Engine, writes: Mapping[str, Callable[[Engine], Pin]]) -> dict[str, int]:
    """Write what a layer keeps, and pin all of it at once; returns the row counts by table."""
    pins = write_all(engine, _hands(night), writes)
    set_pins(night.desk, night.attempt, pins)
    return {one.table_name.replace("/", "."): one.row_count for one in pins}
