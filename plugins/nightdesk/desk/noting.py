"""What a running attempt notes of itself in the ledger: how its source held still, and whose calendar it goes by."""

from sqlalchemy import Engine, update

from nightdesk.desk.ledger import Attempt
from nightdesk.desk.tables import attempt


def note_calendar(desk: Engine, item: Attempt, calendar_version: str) -> None:
    """Record which calendar a running night's working days came from; reading one that is published notes nothing."""
    _note(desk, item, calendar_version=calendar_version)


def note_snapshot(desk: Engine, item: Attempt, source_snapshot: str) -> None:
    """Record how well the source held still while a running night read its tables."""
    _note(desk, item, source_snapshot=source_snapshot)


def _note(desk: Engine, item: Attempt, **values: str) -> None:
    with desk.begin() as connection:
        connection.execute(
            update(attempt)
            .where(attempt.c.attempt_id == item.attempt_id, attempt.c.token == item.token)
            .where(attempt.c.status == "running")
            .values(**values)
        )
