"""The ledger's steps: what each step of an attempt took, and what the nights before took."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk.standing import points
from nightdesk.desk.tables import attempt, pointer, publication, step
from nightdesk.steps import STEPS, UP_TO_PUBLICATION

#: a night's steps in their order, whatever the alphabet says
IN_ORDER = case({name: place for place, name in enumerate(STEPS)}, value=step.c.step)


def begin(desk: Engine, attempt_id: str, name: str, part: str = "") -> int:
    """Enter that a step begins, or begins again: then its row is of the newest try. Returns which try it is."""
    fresh: dict[str, Any] = {column.name: None for column in step.c if column.nullable}
    fresh |= {"status": "running", "message": "", "started_at": func.clock_timestamp()}
    with desk.begin() as connection:
        entered = connection.execute(
            upsert(step)
            .values(attempt_id=attempt_id, step=name, part=part, tries=1, **fresh)
            .on_conflict_do_update(
                index_elements=["attempt_id", "step", "part"], set_={**fresh, "tries": step.c.tries + 1}
            )
            .returning(step.c.tries)
        )
        return int(entered.scalar_one())


def end(
    desk: Engine, attempt_id: str, name: str, part: str, tries: int, status: str, *, message: str = "", **measured: Any
) -> None:
    """Enter how a try of a step ended (done, held or failed) and what it took; `measured` by the table's columns.

    Another copy may have begun the step meanwhile: then the row is its own."""
    with desk.begin() as connection:
        connection.execute(
            update(step)
            .where(step.c.attempt_id == attempt_id, step.c.step == name, step.c.part == part)
            .where(step.c.tries == tries)
            .values(status=status, message=message, ended_at=func.clock_timestamp(), **measured)
        )


def steps_of(connection: Connection, attempt_id: str) -> list[dict[str, Any]]:
    """The steps of an attempt that have begun, in their order."""
    rows = connection.execute(select(step).where(step.c.attempt_id == attempt_id).order_by(IN_ORDER, step.c.part))
    return [dict(row._mapping) for row in rows]


@dataclass(frozen=True)
class NightCost:
    """What a night took until it was published: seconds of wall and CPU, the most memory and disk of any step, and the
    bytes that it wrote to the lake."""

    business_date: datetime.date
    seconds: Decimal
    cpu_seconds: Decimal
    peak_bytes: int
    spill_bytes: int
    written_bytes: int


def recent_costs(connection: Connection, profile: str, before: datetime.date, nights: int) -> list[NightCost]:
    """What the last published nights before a date took, oldest first; those of which no step was noted are left out.

    Up to the publication, since a page cannot tell what its own rendering took: equal content keeps its attempt, and
    with it these figures.
    """
    newest = (
        select(
            pointer.c.business_date,
            func.sum(step.c.seconds),
            func.sum(step.c.cpu_seconds),
            func.max(step.c.peak_bytes),
            func.max(step.c.spill_bytes),
            func.sum(step.c.written_bytes),
        )
        .join(publication, points())
        .join(attempt, attempt.c.attempt_id == publication.c.attempt_id)
        .join(step, step.c.attempt_id == attempt.c.attempt_id)
        .where(pointer.c.profile == profile, pointer.c.business_date < before)
        .where(step.c.status == "done", step.c.step.in_(UP_TO_PUBLICATION))
        .group_by(pointer.c.business_date)
        .order_by(pointer.c.business_date.desc())
        .limit(nights)
    )
    rows = connection.execute(newest).all()
    return [NightCost(day, seconds, cpu, *map(int, sizes)) for day, seconds, cpu, *sizes in reversed(rows)]
