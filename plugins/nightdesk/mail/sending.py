"""Working through the outbox: claim, build, deliver, write down what became of it, and try again what did not leave."""

import datetime
import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import getpid

from sqlalchemy import Connection, Engine

from nightdesk.bank_time import bank_time
from nightdesk.desk.claiming import claim, finish, mark_sending, put_off, settle_abandoned
from nightdesk.desk.outbox import Item, list_rows
from nightdesk.errors import MailError, NightdeskError
from nightdesk.mail.message import Mail, build_message
from nightdesk.mail.outcome import Outcome, Transport
from nightdesk.mail.patience import Patience

#: makes the mail of an outbox row; called after the claim, so that two senders never both build one. Raises Outdated
#: where what it has is no longer what the row's list says
Composer = Callable[[Item], Mail]
#: seconds that another sender at work on a list is waited for: several of its server's time-outs
_OTHER_SENDER = 120
#: connections that break one after the other until the server counts as away
_BROKEN_IN_A_ROW = 3

_log = logging.getLogger(__name__)


class Outdated(MailError):
    """A list was corrected since this sender read it. It waits for a sender that has what it says now."""


@dataclass(frozen=True)
class Handover:
    """One list and what became of it."""

    item: Item
    outcome: Outcome


def claimer_name() -> str:
    """Who claims: host and process, for the person who reads the outbox."""
    return f"{socket.gethostname()}/{getpid()}"


def send_one(desk: Engine, message_id: str, transport: Transport, compose: Composer, claimer: str) -> Handover | None:
    """Send one pending list; None when it is not pending, or another sender has it.

    A mail that cannot be built is refused, and what another sender or person changed meanwhile is left as it is: one
    bad entry must not keep the other branches waiting. Only what ends the process is raised.
    """
    with desk.connect() as connection:
        item = claim(connection, message_id, claimer, _OTHER_SENDER)
        if item is None:
            return None
        try:
            outcome = _attempt(connection, item, transport, compose, claimer)
            status = "pending" if outcome.fate == "deferred" else outcome.fate
            finish(connection, message_id, claimer, status, outcome.detail)
        except MailError as error:
            _log.warning("%s", error)
            return Handover(item, Outcome("uncertain", error.what))
    return Handover(item, outcome)


def _attempt(connection: Connection, item: Item, transport: Transport, compose: Composer, claimer: str) -> Outcome:
    try:
        message = build_message(compose(item))
        message.as_bytes()
    except Outdated as error:
        return Outcome("deferred", error.what[:500], is_pointless=True)
    except NightdeskError as error:
        return Outcome("refused", f"not built: {error.what}"[:500])
    except Exception as error:  # noqa: BLE001  # a defect with one list is no reason to keep the others back
        _log.exception("the list of branch %s cannot be built", item.branch_id)
        return Outcome("refused", f"not built: {type(error).__name__}, a defect of Nightdesk")
    is_marked = False

    def before_data() -> None:
        nonlocal is_marked
        mark_sending(connection, item, claimer)
        is_marked = True

    try:
        return transport.deliver(message, before_data)
    except MailError:
        raise
    except BaseException as error:
        fate = "uncertain" if is_marked else "pending"
        finish(connection, item.message_id, claimer, fate, f"interrupted: {type(error).__name__}")
        raise


def send_pending(
    desk: Engine,
    message_ids: Sequence[str],
    transport: Transport,
    compose: Composer,
    *,
    claimer: str | None = None,
    patience: Patience | None = None,
) -> list[Handover]:
    """Send the named lists that are pending, one conversation each; first marks what dead senders left.

    What certainly was not delivered is tried again as long as `patience` lasts (once, without it). A server that is
    away is asked once a round, not once a list.
    """
    name = claimer or claimer_name()
    with desk.connect() as connection:
        settle_abandoned(connection)
    done: dict[str, Handover] = {}
    waiting = list(message_ids)
    while waiting:
        waiting, reason = _round(desk, waiting, transport, compose, name, done)
        if not waiting:
            break
        is_pointless = any(done[one].outcome.is_pointless for one in waiting if one in done)
        again_at = patience.next_try() if patience and not is_pointless else None
        with desk.connect() as connection:
            untried = [one for one in waiting if one not in done]
            put_off(connection, untried, again_at, reason)
            put_off(connection, [one for one in waiting if one in done], again_at)
        if patience is None or again_at is None:
            break
        until = bank_time(again_at, patience.ends_at.tzinfo or datetime.UTC)
        _log.warning("%d lists wait until %s: %s", len(waiting), until, reason)
        patience.wait(again_at)
    return [done[one] for one in message_ids if one in done]


def _round(
    desk: Engine,
    waiting: Sequence[str],
    transport: Transport,
    compose: Composer,
    claimer: str,
    done: dict[str, Handover],
) -> tuple[list[str], str]:
    """Try each list once, until the server turns out to be away; returns what is to be tried again, and why.

    Those that were not reached come first the next time, so that one that breaks connections cannot starve them.
    """
    deferred: list[str] = []
    reason, broken = "", 0
    for number, message_id in enumerate(waiting, start=1):
        delivery = send_one(desk, message_id, transport, compose, claimer)
        if delivery is None:
            done.pop(message_id, None)  # another sender, or a person, saw to it meanwhile
            continue
        done[message_id] = delivery
        outcome = delivery.outcome
        if outcome.fate == "deferred" and not (outcome.is_pointless and outcome.concerns == "message"):
            deferred.append(message_id)
            reason = outcome.detail
        broken = broken + 1 if outcome.concerns == "connection" else 0
        if outcome.concerns == "server" or broken == _BROKEN_IN_A_ROW:
            return [*waiting[number:], *deferred], outcome.detail
    return deferred, reason


def pending(connection: Connection, profile: str, business_date: datetime.date) -> list[Item]:
    """What waits, of one date; what was tried least comes first, so that nothing starves behind a bad one."""
    rows = list_rows(connection, profile=profile, business_date=business_date, status="pending")
    return sorted(rows, key=lambda row: row.attempts)
