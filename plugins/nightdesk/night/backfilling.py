"""Backfill: nights in order, with a plan beforehand and a trace afterwards. It mails nobody unless told to."""

import datetime
import getpass
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, func, insert, select, update

from nightdesk.bank_profile import load_profile
from nightdesk.business_day import cutoff_of
from nightdesk.clock import require_passed
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.tables import backfill, outbox, pointer
from nightdesk.errors import NightdeskError, Refused, UsageError
from nightdesk.night.whole import NightResult, Progress, run_night
from nightdesk.settings import Settings

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class PlannedNight:
    """One night of a plan: what it would rewrite, and how many lists it would mail."""

    business_date: datetime.date
    standing_revision: int | None
    lists_sent: int
    would_mail: bool


def plan(
    settings: Settings,
    first: datetime.date,
    last: datetime.date,
    *,
    profile: str | None = None,
    send: bool = False,
) -> list[PlannedNight]:
    """The nights from `first` to `last`, in order; changes nothing.

    Raises UsageError for an empty range, and Refused when the last cut-off lies ahead or published nights after
    `last` would be left standing on a state that is no longer there.
    """
    bank = load_profile(settings, profile)
    if last < first:
        raise UsageError(f"the range ends on {last}, before it begins on {first}", "Give --from a day not after --to.")
    require_passed(cutoff_of(last, bank.zone, settings.cut_off), f"the night of {last}")
    desk = open_desk(settings)
    with desk.connect() as connection:
        latest = latest_published_date(connection, bank.name)
        if latest is not None and latest > last:
            raise Refused(
                f"nights after {last} are published (up to {latest}) and continue its state",
                f"Replay to the latest: nightdesk backfill --from {first} --to {latest} --reason TEXT",
            )
        standing = {
            row.business_date: row.revision
            for row in connection.execute(
                select(pointer.c.business_date, pointer.c.revision).where(
                    pointer.c.profile == bank.name, pointer.c.business_date.between(first, last)
                )
            )
        }
        sent = {
            row.business_date: row.lists
            for row in connection.execute(
                select(outbox.c.business_date, func.count().label("lists"))
                .where(outbox.c.profile == bank.name, outbox.c.status == "sent")
                .group_by(outbox.c.business_date)
            )
        }
    days = [first + ONE_DAY * i for i in range((last - first).days + 1)]
    return [PlannedNight(day, standing.get(day), sent.get(day, 0), send) for day in days]


def run_backfill(
    settings: Settings,
    first: datetime.date,
    last: datetime.date,
    *,
    reason: str,
    profile: str | None = None,
    source: str | None = None,
    send: bool = False,
    requested_by: str | None = None,
    progress: Progress | None = None,
    on_night: Callable[[NightResult], None] | None = None,
) -> list[NightResult]:
    """Run the planned nights in order and stop at the first that fails, naming what is left to do.

    Leaves a row in the ledger's backfill table: range, reason, who, and how it ended.
    """
    nights = plan(settings, first, last, profile=profile, send=send)
    desk = open_desk(settings)
    bank = load_profile(settings, profile)
    backfill_id = begin(desk, bank.name, first, last, reason, send, requested_by)
    results: list[NightResult] = []
    for planned in nights:
        day = planned.business_date
        try:
            result = run_night(
                settings,
                day,
                profile=profile,
                source=source,
                send=send,
                backfill_id=backfill_id,
                progress=progress,
            )
        except NightdeskError as error:
            end(desk, backfill_id, "stopped", f"{day}: {error}")
            raise type(error)(
                f"the backfill stopped at {day} with {len(results)} of {len(nights)} nights done: {error.what}",
                f"{error.remedy} Then: nightdesk backfill --from {day} --to {last} --reason TEXT",
            ) from error
        except BaseException:
            end(desk, backfill_id, "stopped", f"{day}: ended from outside or by a defect")
            raise
        results.append(result)
        if on_night:
            on_night(result)
    end(desk, backfill_id, "done", f"{len(results)} nights")
    return results


def begin(
    desk: Engine,
    profile: str,
    first: datetime.date,
    last: datetime.date,
    reason: str,
    send: bool,
    requested_by: str | None,
) -> int:
    """Enter a backfill in the ledger; returns its id."""
    with desk.begin() as connection:
        made = connection.execute(
            insert(backfill)
            .values(
                profile=profile,
                date_from=first,
                date_to=last,
                reason=reason,
                requested_by=requested_by or getpass.getuser(),
                is_sending=send,
                status="running",
            )
            .returning(backfill.c.backfill_id)
        )
        return int(made.scalar_one())


def end(desk: Engine, backfill_id: int, status: str, message: str) -> None:
    """Note how a backfill ended: done or stopped."""
    with desk.begin() as connection:
        connection.execute(
            update(backfill)
            .where(backfill.c.backfill_id == backfill_id)
            .values(status=status, message=message, closed_at=func.now())
        )
