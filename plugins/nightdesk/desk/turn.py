"""The writer's turn: one run at a time writes the nights of a bank, and the fresh night goes before any replay.

Whoever wants to write enters a request; the best one is granted when nobody holds the turn. A process holds a lock of
the database while it works: with its death the lock is gone, and with that its request. Between the tasks of an
orchestrated run there is no process: such a request lives for a lease after its last sign of life. What two runs
publish is fenced by the ledger in any case: the turn spares the loser its work.
"""

import datetime
import getpass
import hashlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.bank_time import bank_time
from nightdesk.clock import now
from nightdesk.desk.tables import turn
from nightdesk.errors import Busy

_LOG = logging.getLogger(__name__)
_LOCK = 7_240_004
#: the class of the locks that tell who is alive
_ALIVE = 724_005
#: order of the requests: tonight's before any replay
FRESH, REPLAY = 0, 1
#: how long a run of several processes may be without a sign of life: longer than any pause before a retry
LEASE = datetime.timedelta(minutes=20)
_POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Request:
    """One run that wants to write a night: `asker` names it in all its processes, `what` says it to people.

    `lease`: how long it lives without a process; none for a run that is one process. `zone`: the bank's, for what it is
    told.
    """

    asker: str
    profile: str
    business_date: datetime.date
    rank: int
    what: str
    lease: datetime.timedelta = datetime.timedelta()
    zone: datetime.tzinfo = datetime.UTC


@dataclass(frozen=True)
class Ahead:
    """The run that goes first: what it is, and since when it writes, or (not `is_writing`) waits.

    `zone` is what people are told instants in. `until`: when the one who is told gives up, where that is known.
    """

    what: str
    since: datetime.datetime
    is_writing: bool
    zone: datetime.tzinfo
    until: datetime.datetime | None = None

    def __str__(self) -> str:
        said = f"{self.what}, which {'writes' if self.is_writing else 'waits'} since {bank_time(self.since, self.zone)}"
        return said if self.until is None else f"{said}; at most until {bank_time(self.until, self.zone)}"


def of_process(
    profile: str, business_date: datetime.date, *, is_replay: bool, zone: datetime.tzinfo = datetime.UTC
) -> Request:
    """The request of a night that runs in this process alone."""
    return Request(
        secrets.token_hex(8),
        profile,
        business_date,
        REPLAY if is_replay else FRESH,
        f"the night of {business_date} ({getpass.getuser()}, process {os.getpid()} on {socket.gethostname()})",
        zone=zone,
    )


def seek(desk: Engine, wanted: Request) -> Ahead | None:
    """Ask for the turn, or give a sign of life; None when it is this run's, else who goes first."""
    with desk.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        now = func.clock_timestamp()
        connection.execute(
            upsert(turn)
            .values(
                asker=wanted.asker,
                profile=wanted.profile,
                business_date=wanted.business_date,
                rank=wanted.rank,
                what=wanted.what,
                alive_key=_key(wanted.asker),
                lease=wanted.lease,
            )
            .on_conflict_do_update(index_elements=["asker"], set_={"seen_at": now, "lease": wanted.lease})
        )
        _forget_the_dead(connection, wanted)
        first = connection.execute(
            select(turn)
            .where(turn.c.profile == wanted.profile)
            .order_by(turn.c.granted_at.is_(None), turn.c.rank, turn.c.business_date, turn.c.asked_at, turn.c.asker)
            .limit(1)
        ).one()
        if first.asker != wanted.asker:
            return _ahead(first, wanted.zone)
        connection.execute(
            update(turn).where(turn.c.asker == wanted.asker, turn.c.granted_at.is_(None)).values(granted_at=now)
        )
        return None


def leave(desk: Engine, asker: str) -> None:
    """Give the turn up, or the wish for it; nothing to do where neither is there."""
    with desk.begin() as connection:
        connection.execute(delete(turn).where(turn.c.asker == asker))


@contextmanager
def at_work(desk: Engine, wanted: Request) -> Iterator[None]:
    """A step of a run that has the turn, or takes it now; the request stays afterwards, for the run's next step.

    Raises Busy when another run goes first.
    """
    with _alive(desk, wanted):
        ahead = seek(desk, wanted)
        if ahead is not None:
            raise _busy(wanted, ahead, "cannot go on")
        try:
            yield
        finally:
            _sign_of_life(desk, wanted)


@contextmanager
def taken(desk: Engine, wanted: Request, minutes: float) -> Iterator[None]:
    """The turn, for as long as the block runs; waits for it up to so many minutes, and says for whom.

    Raises Busy when they are over.
    """
    with _alive(desk, wanted):
        try:
            _wait(desk, wanted, minutes)
            yield
        finally:
            leave(desk, wanted.asker)


def refuse_after(desk: Engine, wanted: Request, minutes: float) -> Ahead | None:
    """Like `seek`, for a run that comes back now and then: raises Busy when it has waited for so many minutes."""
    ahead = seek(desk, wanted)
    if ahead is None:
        return None
    with desk.connect() as connection:
        until = turn.c.asked_at + datetime.timedelta(minutes=minutes)
        mine = connection.execute(
            select(until.label("until"), (until < func.clock_timestamp()).label("is_over")).where(
                turn.c.asker == wanted.asker
            )
        ).one_or_none()
    if mine is not None and mine.is_over:
        leave(desk, wanted.asker)
        raise _busy(wanted, ahead, f"waited {minutes:g} minutes and ended")
    return ahead if mine is None else replace(ahead, until=mine.until)


def _wait(desk: Engine, wanted: Request, minutes: float) -> None:
    ends_at, until = time.monotonic() + minutes * 60, now() + datetime.timedelta(minutes=minutes)
    told = None
    while (ahead := seek(desk, wanted)) is not None:
        if time.monotonic() >= ends_at:
            raise _busy(wanted, ahead, f"waited {minutes:g} minutes and ended" if minutes else "cannot begin")
        if ahead != told:
            _LOG.warning("%s waits for %s", wanted.what, replace(ahead, until=until))
            told = ahead
        time.sleep(_POLL_SECONDS)


def _busy(wanted: Request, ahead: Ahead, how: str) -> Busy:
    return Busy(
        f"{wanted.what} {how}: first comes {ahead}",
        "Nothing was changed. Run it again when that has ended; NIGHTDESK_TURN_WAIT says how many minutes it may wait.",
    )


def _ahead(row: "Row[tuple[object, ...]]", zone: datetime.tzinfo) -> Ahead:
    since = row.granted_at or row.asked_at
    return Ahead(row.what, since, row.granted_at is not None, zone)


def _forget_the_dead(connection: Connection, wanted: Request) -> None:
    """Drop the requests of this bank that no living process stands behind and whose lease is over."""
    has_no_process = text(
        "not exists (select 1 from pg_locks where locktype = 'advisory' and granted and classid = :alive"
        " and database = (select oid from pg_database where datname = current_database())"
        " and objid = turn.alive_key and objsubid = 2)"
    ).bindparams(alive=_ALIVE)
    over = turn.c.seen_at + turn.c.lease < func.clock_timestamp()
    dead = connection.execute(
        delete(turn)
        .where(turn.c.profile == wanted.profile, turn.c.asker != wanted.asker, over, has_no_process)
        .returning(turn.c.what)
    )
    for (what,) in dead:
        _LOG.warning("%s had the turn or waited for it, and is no more", what)


@contextmanager
def _alive(desk: Engine, wanted: Request) -> Iterator[None]:
    """Show, by a lock of the database's, that a process of this run lives; copies of a step share it."""
    with desk.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        parameters = {"alive": _ALIVE, "key": _key(wanted.asker)}
        connection.execute(text("select pg_advisory_lock_shared(:alive, :key)"), parameters)
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.execute(text("select pg_advisory_unlock_shared(:alive, :key)"), parameters)


def _sign_of_life(desk: Engine, wanted: Request) -> None:
    with desk.begin() as connection:
        connection.execute(update(turn).where(turn.c.asker == wanted.asker).values(seen_at=func.clock_timestamp()))


def _key(asker: str) -> int:
    """31 bits of the asker's name: what a lock of two numbers takes, and pg_locks shows as it was given."""
    return int.from_bytes(hashlib.sha256(asker.encode()).digest()[:4], "big") >> 1
