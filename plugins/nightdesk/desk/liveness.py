"""Who works on which attempt, and which attempts nobody works on any more.

A process that works on an attempt holds its advisory lock; the server frees that with the process's connection, however
it ended. A free lock alone says little: under an orchestrator nobody holds one between two steps, or before a killed
step is tried again. So an attempt is lost

- at once, when one process was to take it from open to end (the command line);
- when it was killed within a step and another attempt at the same night begins, which takes its place;
- when nobody has touched it for as long as no run waits between two steps.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, exists, func, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from nightdesk.desk.tables import attempt, step

_KEY = "hashtextextended(:attempt_id, 7240004)"
#: longer than a run waits between two steps or tries, shorter than until the next night
_SILENCE = datetime.timedelta(hours=20)
_SAID = "its process ended without a word: killed, or its machine went down"


@contextmanager
def working_on(desk: Engine, attempt_id: str) -> Iterator[None]:
    """Hold an attempt's lock, beside whoever holds it already: copies of a step are told apart by their token."""
    with desk.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"select pg_advisory_lock_shared({_KEY})"), {"attempt_id": attempt_id})
        try:
            yield
        finally:
            try:
                connection.execute(text(f"select pg_advisory_unlock_shared({_KEY})"), {"attempt_id": attempt_id})
            except SQLAlchemyError:  # the server went away, and the lock with it; the work itself says so
                connection.invalidate()


def end_lost(connection: Connection, profile: str, business_date: datetime.date) -> list[str]:
    """Close as `lost`, with their steps, what nobody works on any more, now that an attempt at a night begins.

    Returns the attempts' ids. The locks of those are held until the transaction ends.
    """
    began = step.c.attempt_id == attempt.c.attempt_id
    is_within_step = exists().where(began, step.c.status == "running")
    last_seen = select(func.max(func.coalesce(step.c.ended_at, step.c.started_at))).where(began).scalar_subquery()
    given_up = or_(
        attempt.c.is_one_process,
        is_within_step & (attempt.c.profile == profile) & (attempt.c.business_date == business_date),
        func.greatest(attempt.c.opened_at, last_seen) < func.now() - _SILENCE,
    )
    silent = select(attempt.c.attempt_id).where(or_(attempt.c.status == "running", is_within_step), given_up)
    lost = [one for one in connection.scalars(silent.order_by(attempt.c.attempt_id)) if _is_free(connection, one)]
    if lost:
        ended = {"status": "lost", "message": _SAID}
        for table, closed in ((attempt, "closed_at"), (step, "ended_at")):
            connection.execute(
                update(table)
                .where(table.c.attempt_id.in_(lost), table.c.status == "running")
                .values(**ended, **{closed: func.now()})
            )
    return lost


def others_at_work(connection: Connection, profile: str) -> list[str]:
    """Attempts of other banks that have not ended: their nights may be writing to, and reading, the same lake tables.

    Those of this bank have its turn one after the other.
    """
    query = select(attempt.c.attempt_id).where(attempt.c.profile != profile, attempt.c.status == "running")
    return list(connection.scalars(query.order_by(attempt.c.attempt_id)))


def lost_attempts(connection: Connection) -> list[str]:
    """Attempts that were ever lost."""
    return list(connection.scalars(select(attempt.c.attempt_id).where(attempt.c.status == "lost")))


def _is_free(connection: Connection, attempt_id: str) -> bool:
    query = text(f"select pg_try_advisory_xact_lock({_KEY})")
    return bool(connection.scalar(query, {"attempt_id": attempt_id}))
