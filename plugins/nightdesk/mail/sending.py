"""Working through the outbox: claim, build, deliver, write down what became of it."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from os import getpid

from sqlalchemy import Engine

from nightdesk.desk.outbox import Item, claim, finish, list_rows, sweep
from nightdesk.errors import NightdeskError
from nightdesk.mail.message import Mail, build_message
from nightdesk.mail.transport import Outcome, Transport

#: makes the mail of an outbox row; called after the claim, so that two senders never both build one
Composer = Callable[[Item], Mail]


@dataclass(frozen=True)
class Delivery:
    """One list and what became of it."""

    item: Item
    outcome: Outcome


def claimer_name() -> str:
    """Who claims: host and process, for the person who reads the outbox."""
    return f"{socket.gethostname()}/{getpid()}"


def send_one(desk: Engine, message_id: str, transport: Transport, compose: Composer, claimer: str) -> Delivery | None:
    """Send one pending list; None when it is not pending or another sender has it.

    A mail that cannot be built is refused; a defect of ours is written down as that, and raised again.
    """
    with desk.connect() as connection:
        item = claim(connection, message_id, claimer)
        if item is None:
            return None
        try:
            message = build_message(compose(item))
        except BaseException as error:
            outcome = Outcome("refused", f"not built: {error}"[:500])
            finish(connection, message_id, claimer, outcome.fate, outcome.detail)
            if isinstance(error, NightdeskError):
                return Delivery(item, outcome)  # one bad address must not keep the other branches waiting
            raise
        try:
            outcome = transport.deliver(message)
        except BaseException as error:
            finish(connection, message_id, claimer, "uncertain", f"interrupted: {type(error).__name__}")
            raise
        finish(connection, message_id, claimer, outcome.fate, outcome.detail)
    return Delivery(item, outcome)


def send_pending(
    desk: Engine, items: Iterable[str], transport: Transport, compose: Composer, claimer: str | None = None
) -> list[Delivery]:
    """Send the named lists that are pending, one conversation each; first marks what dead senders left."""
    name = claimer or claimer_name()
    with desk.connect() as connection:
        sweep(connection)
    deliveries = (send_one(desk, message_id, transport, compose, name) for message_id in items)
    return [delivery for delivery in deliveries if delivery is not None]


def pending_ids(desk: Engine, profile: str, business_date: object) -> list[str]:
    """Message-IDs that wait, of one date."""
    with desk.connect() as connection:
        rows = list_rows(connection, profile=profile, status="pending")
    return [row.message_id for row in rows if row.business_date == business_date]
