"""Rows as landed: what a night read of its source, kept so that a replay reads the same again."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Engine as Database

from nightdesk.desk.ledger import Attempt
from nightdesk.desk.pins import Pin, pins_of
from nightdesk.errors import Refused
from nightdesk.lake import batches_in

_LANDING = "landing/"


def landing_pins(desk: Database, attempt_id: str) -> dict[str, Pin]:
    """The landing batches that an attempt read, by contract table."""
    with desk.connect() as connection:
        pins = pins_of(connection, attempt_id)
    return {name.removeprefix(_LANDING): pin for name, pin in pins.items() if name.startswith(_LANDING)}


def require_landing(root: str, desk: Database, standing: Sequence[Attempt], command: str) -> None:
    """Raises Refused, with the command that asks the source again, when rows as landed of a published night are gone.

    They are kept for the policy's `replay_days`.
    """
    there = cache(lambda table: batches_in(root, table))
    for item in standing:
        for pin in landing_pins(desk, item.attempt_id).values():
            if pin.row_count and pin.batch_id not in there(pin.table_name):
                raise Refused(
                    f"the rows that the night of {item.business_date} read are no longer kept ({pin.table_name})",
                    f"Ask the source again, as it is now: {command}",
                )
