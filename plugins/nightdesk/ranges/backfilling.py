"""Backfill: nights in order, with a plan beforehand and a trace afterwards. It mails nobody unless told to.

A night that is published reads what it read then, from the rows as landed; one that never was reads the source. With
`is_rereading` every night asks the source, as it is now.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, func, select

from nightdesk import __version__
from nightdesk.attempt.calendars import newest_calendar
from nightdesk.bank_profile import load_profile
from nightdesk.business_day import cutoff_of, morning_of
from nightdesk.clock import require_passed
from nightdesk.code_version import code_commit
from nightdesk.desk.audit import Code
from nightdesk.desk.backfills import begin, end
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date, standing_attempt
from nightdesk.desk.outbox import IS_LIST, LEFT
from nightdesk.desk.remedy import replay_command
from nightdesk.desk.standing import first_astray
from nightdesk.desk.tables import outbox, pointer
from nightdesk.errors import MailError, NightdeskError, Refused, UsageError
from nightdesk.mail.compose import ESCALATION
from nightdesk.mail.transport import transport_of
from nightdesk.night.landing import require_landing
from nightdesk.night.mailing import send_lists
from nightdesk.night.stepping import Progress
from nightdesk.night.whole import NightResult, run_night
from nightdesk.policy import policy_version, require_sound
from nightdesk.settings import Settings

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class PlannedNight:
    """One night of a plan: the revision it would rewrite, the lists of it that left before, and whether it mails.

    `lists_sent` counts branches whose list left, as `status` does: what was passed on is no list.
    `mail`: `yes`, or why nothing would be mailed: `not_asked`, `no_workday`, `sent_before`. `reads`: `landing`,
    what the night read when it was published, or `source`, as it is now.
    """

    business_date: datetime.date
    standing_revision: int | None
    lists_sent: int
    mail: str
    reads: str = "source"


def plan(
    settings: Settings,
    first: datetime.date,
    last: datetime.date | None = None,
    *,
    profile: str | None = None,
    send: bool = False,
    restate: bool = False,
    is_rereading: bool = False,
) -> list[PlannedNight]:
    """The nights from `first` to `last` (the latest published one where none is named), in order; changes nothing.

    Raises UsageError for an empty range, and Refused when the last cut-off lies ahead, published nights after `last`
    would be left standing on a state that is no longer there, nights before `first` stand on such a state, or the rows
    that a published night read are no longer kept (unless `is_rereading`). PolicyError for a day whose policy is wrong.
    """
    bank = load_profile(settings, profile)
    if last is not None and last < first:
        raise UsageError(f"the range ends on {last}, before it begins on {first}", "Give --from a day not after --to.")
    desk = open_desk(settings)
    with desk.connect() as connection:
        latest = latest_published_date(connection, bank.name)
        last = last or max(latest or first, first)
        require_passed(cutoff_of(last, bank.zone, bank.cut_off), f"the night of {last}")
        if latest is not None and latest > last:
            raise Refused(
                f"nights after {last} are published (up to {latest}) and continue its state",
                f"Replay to the latest: {replay_command(bank.name, first, latest, is_rereading=is_rereading)}",
            )
        astray = first_astray(connection, bank.name, first)
        if astray is not None:
            begin_there = replay_command(bank.name, astray.business_date, last, is_rereading=is_rereading)
            raise Refused(
                f"the published night {astray.business_date} continues a state of {astray.replaced} that was replaced",
                f"Begin there: {begin_there}",
            )
        standing = {
            row.business_date: row.revision
            for row in connection.execute(
                select(pointer.c.business_date, pointer.c.revision).where(
                    pointer.c.profile == bank.name, pointer.c.business_date.between(first, last)
                )
            )
        }
        mailed = _mailed(connection, bank.name, first, last)
        read = [found for day in sorted(standing) if (found := standing_attempt(connection, bank.name, day))]
        calendar = newest_calendar(settings, connection, bank)  # a night's own is known only when it has run
    if not is_rereading:
        require_landing(settings.lake_root, desk, read, replay_command(bank.name, first, last, is_rereading=True))
    days = [first + ONE_DAY * i for i in range((last - first).days + 1)]
    for day in days:
        require_sound(day, bank.name)
    nights = []
    for day in days:
        sent, left, mailed_to = mailed.get(day, (0, 0, 0))
        mail = "yes"
        if not send:
            mail = "not_asked"
        elif not calendar.is_workday(morning_of(day)):
            mail = "no_workday"
        elif 0 < mailed_to == left and not restate:
            mail = "sent_before"
        reads = "landing" if day in standing and not is_rereading else "source"
        nights.append(PlannedNight(day, standing.get(day), sent, mail, reads))
    return nights


def _mailed(
    connection: Connection, profile: str, first: datetime.date, last: datetime.date
) -> dict[datetime.date, tuple[int, int, int]]:
    """Of each date, how many branches' lists left or may have, to one recipient at least; of how many branches anything
    did that is mailed with lists (what was passed on as well), and of how many any of it is in the outbox."""
    left = outbox.c.status.in_(LEFT)
    query = (
        select(
            outbox.c.business_date,
            func.count(outbox.c.branch_id.distinct()).filter(left, ~outbox.c.kind.startswith(ESCALATION)).label("sent"),
            func.count(outbox.c.branch_id.distinct()).filter(left).label("left"),
            func.count(outbox.c.branch_id.distinct()).label("all"),
        )
        .where(outbox.c.profile == profile, outbox.c.business_date.between(first, last), IS_LIST)
        .group_by(outbox.c.business_date)
    )
    return {row.business_date: (row.sent, row.left, row.all) for row in connection.execute(query)}


def run_backfill(
    settings: Settings,
    first: datetime.date,
    last: datetime.date | None = None,
    *,
    reason: str,
    profile: str | None = None,
    source: str | None = None,
    send: bool = False,
    restate: bool = False,
    is_rereading: bool = False,
    requested_by: str | None = None,
    progress: Progress | None = None,
    on_night: Callable[[NightResult], None] | None = None,
) -> list[NightResult]:
    """Run the planned nights in order and stop at the first that fails, naming what is left to do.

    Leaves a row in the ledger's backfill table: range, reason, who, and how it ended. Mail that fails stops nothing,
    since later nights must not be left on a state that was replaced; it is raised at the end, as MailError.
    """
    backfill_id, nights = begin_planned(
        settings,
        first,
        last,
        reason=reason,
        profile=profile,
        send=send,
        restate=restate,
        is_rereading=is_rereading,
        requested_by=requested_by,
    )
    last = nights[-1].business_date
    desk = open_desk(settings)
    bank = load_profile(settings, profile)
    results: list[NightResult] = []
    unsent: list[MailError] = []
    try:
        for planned in nights:
            day = planned.business_date
            try:
                result = run_night(
                    settings,
                    day,
                    profile=profile,
                    source=source,
                    backfill_id=backfill_id,
                    is_rereading=is_rereading,
                    progress=progress,
                )
            except NightdeskError as error:
                goes_on = replay_command(bank.name, day, last, is_rereading=is_rereading)
                raise type(error)(
                    f"the backfill stopped at {day} with {len(results)} of {len(nights)} nights done: "
                    f"{error.what.rstrip('.')}{_left_astray(desk, bank.name)}",
                    f"{error.remedy.rstrip('.')}. Then: {goes_on}"
                    + (" --source URL" if source else "")
                    + (" --send" if send else ""),
                ) from error
            if send:
                try:
                    lists = send_lists(settings, result.publication, restate=restate, is_backfill=True)
                    result = replace(result, deliveries=lists)
                except MailError as error:
                    unsent.append(error)
            results.append(result)
            if on_night:
                on_night(result)
    except BaseException as error:
        said = error.what if isinstance(error, NightdeskError) else "ended from outside or by a defect"
        end(desk, backfill_id, "stopped", f"{len(results)} of {len(nights)} nights; {said}")
        raise
    end(desk, backfill_id, "done", f"{len(results)} nights" + "".join(f"; {error.what}" for error in unsent))
    if unsent:
        raise MailError(f"all {len(results)} nights are published, but {unsent[0].what}", unsent[0].remedy)
    return results


def begin_planned(
    settings: Settings,
    first: datetime.date,
    last: datetime.date | None = None,
    *,
    reason: str,
    profile: str | None = None,
    send: bool = False,
    restate: bool = False,
    is_rereading: bool = False,
    requested_by: str | None = None,
) -> tuple[int, list[PlannedNight]]:
    """Plan a backfill and enter it in the ledger; returns its id there and its nights in order.

    Raises what `plan` raises, UsageError without a reason, and PolicyError for an address to mail by that is of no use.
    """
    if not reason.strip():
        raise UsageError("a backfill needs a reason", "Say why it is run; the ledger keeps it.")
    nights = plan(settings, first, last, profile=profile, send=send, restate=restate, is_rereading=is_rereading)
    if send:
        transport_of(settings.transport_url)  # an address of no use is said before the nights, not after them
    name = load_profile(settings, profile).name
    until = nights[-1].business_date
    code = Code(policy_version(until, name), __version__, code_commit(settings))
    desk = open_desk(settings)
    backfill_id = begin(desk, name, first, until, reason, send, requested_by, is_rereading=is_rereading, code=code)
    return backfill_id, nights


def _left_astray(desk: Engine, profile: str) -> str:
    """What a replay that stopped half-way leaves behind, for its message."""
    with desk.connect() as connection:
        astray = first_astray(connection, profile)
    return "" if astray is None else f"; from {astray.business_date} on lists stand on a state that was replaced"
