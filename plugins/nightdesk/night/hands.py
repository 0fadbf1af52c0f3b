"""How many threads a step of a night works with at once."""

from collections.abc import Callable, Mapping

from nightdesk.at_once import at_once
from nightdesk.attempt.night_engine import FEW_CLIENTS
from nightdesk.desk.pins import Pin
from nightdesk.engine import Engine
from nightdesk.setting_values import bytes_of
from nightdesk.settings import Settings

#: what a statement is to have for itself: all share the engine's limit, and one that finds no room fails
_BYTES_EACH = 300_000_000


def hands_of(settings: Settings, clients: int) -> int:
    """As many as the engine has threads, and memory for; one for a large bank, whose single statements use every core,
    and its memory each on its own."""
    if clients > FEW_CLIENTS:
        return 1
    return max(1, min(settings.threads, bytes_of(settings.memory_limit) // _BYTES_EACH))


def write_all(engine: Engine, count: int, writes: Mapping[str, Callable[[Engine], Pin]]) -> list[Pin]:
    """Write batches, each by its lake table, with `count` hands; returns their pins in the order given."""
    made: dict[str, Pin] = {}

    def keep(hand: Engine, table: str) -> None:
        made[table] = writes[table](hand)

    with engine.hands(count) as hands:
        at_once(dict.fromkeys(writes, ()), hands, keep, Engine.interrupt)
    return [made[table] for table in writes]
