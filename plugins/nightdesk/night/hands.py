"""How many threads a step of a night works with at once."""

from collections.abc import Callable, Mapping

from nightdesk.at_once import at_once
from nightdesk.attempt.opening import Night
from nightdesk.desk.pins import Pin
from nightdesk.engine import Engine

#: up to here a statement's planning and a batch's commit are most of what they take, and one core does each
_FEW_CLIENTS = 10_000


def hands_of(night: Night, clients: int) -> int:
    """As many as the engine has threads; one for a large bank, whose single statements use every core, and its memory
    each on its own."""
    return 1 if clients > _FEW_CLIENTS else night.settings.threads


def write_all(engine: Engine, count: int, writes: Mapping[str, Callable[[Engine], Pin]]) -> list[Pin]:
    """Write batches, each by its lake table, with `count` hands; returns their pins in the order given."""
    made: dict[str, Pin] = {}

    def keep(hand: Engine, table: str) -> None:
        made[table] = writes[table](hand)

    with engine.hands(count) as hands:
        at_once(dict.fromkeys(writes, ()), hands, keep)
    return [made[table] for table in writes]
