"""Are the morning's lists out? Asked of what was published and of the output folder, whoever ran the night."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from nightdesk.bank_profile import load_profile
from nightdesk.business_day import morning_of
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.publication import current
from nightdesk.desk.standing import first_astray
from nightdesk.desk.tables import attempt, outbox
from nightdesk.errors import DeadlineMissed, UsageError
from nightdesk.night.rendering import branches_of, is_mailing_morning, lists_to_mail
from nightdesk.render.outputs import path_part
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Gap:
    """Something that is not out: the whole night (no branch), or one branch's list and how far it came.

    `state`: not_published, not_rendered, not_sent, or the list's status in the outbox.
    """

    branch_id: str | None
    state: str

    def __str__(self) -> str:
        what = "the night" if self.branch_id is None else f"the list of branch {self.branch_id}"
        return f"{what} is {self.state.replace('_', ' ')}"


@dataclass(frozen=True)
class Morning:
    """The state of one morning. `missing` says what is not out; empty means that all is.

    `last_attempt`: how the latest attempt ended. `replay`: the command to run when the published nights up to this
    one stand on a state that was replaced.
    """

    business_date: datetime.date
    revision: int | None
    is_mailing_day: bool
    lists: int
    sent: int
    missing: Sequence[Gap]
    last_attempt: str
    replay: str | None = None


def look(settings: Settings, business_date: datetime.date, profile: str | None = None) -> Morning:
    """What is out, and what is missing, of a business date's lists."""
    name = load_profile(settings, profile).name
    desk = open_desk(settings)
    with desk.connect() as connection:
        last = connection.execute(
            select(attempt.c.status, attempt.c.message)
            .where(attempt.c.profile == name, attempt.c.business_date == business_date)
            .order_by(attempt.c.opened_at.desc())
            .limit(1)
        ).one_or_none()
        said = f"{last.status}: {last.message}" if last else "no attempt"
        try:
            published = current(connection, name, business_date)
        except UsageError:
            return Morning(business_date, None, False, 0, 0, [Gap(None, "not_published")], said)
        statuses = _statuses(connection, name, business_date)
        astray = first_astray(connection, name, business_date + datetime.timedelta(days=1))
        latest = latest_published_date(connection, name)
    folder = settings.out / str(business_date) / "branch"
    missing = [
        Gap(branch, "not_rendered")
        for branch in branches_of(settings, published)
        if not (folder / path_part(branch) / "list.html").exists()
    ]
    mailing = is_mailing_morning(settings, published, morning_of(business_date))
    due = lists_to_mail(settings, published) if mailing else []
    missing += [Gap(branch, statuses.get(branch, "not_sent")) for branch in due if statuses.get(branch) != "sent"]
    sent = sum(1 for branch in due if statuses.get(branch) == "sent")
    replay = f"nightdesk backfill --from {astray.business_date} --to {latest} --reason TEXT" if astray else None
    return Morning(business_date, published.revision, mailing, len(due), sent, missing, said, replay)


def _statuses(connection: Connection, profile: str, business_date: datetime.date) -> dict[str, str]:
    """How far each branch's list came: sent when any revision of it was, else as far as the newest one."""
    rows = connection.execute(
        select(outbox.c.branch_id, outbox.c.status)
        .where(outbox.c.profile == profile, outbox.c.business_date == business_date)
        .order_by(outbox.c.status == "sent", outbox.c.revision)
    )
    return {row.branch_id: row.status for row in rows}


def require_lists_out(settings: Settings, business_date: datetime.date, profile: str | None = None) -> str:
    """One line on the morning; raises DeadlineMissed when a list is not out."""
    morning = look(settings, business_date, profile)
    if morning.missing:
        first, more = morning.missing[0], len(morning.missing) - 1
        raise DeadlineMissed(
            f"the lists of {business_date} are not out: {first}"
            + (f", and {more} more" if more else "")
            + (f" (last attempt: {morning.last_attempt})" if morning.revision is None else ""),
            "Run `nightdesk status` for all of it, then `nightdesk outbox list` or "
            f"`nightdesk night --date {business_date} --send`.",
        )
    return f"{business_date}: revision {morning.revision}, {morning.sent} of {morning.lists} lists sent"


def is_past(settings: Settings, business_date: datetime.date, deadline: str, profile: str | None = None) -> bool:
    """Whether the deadline (HH:MM bank time) of a business date's morning has passed."""
    hours, _, minutes = deadline.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise UsageError(f"--deadline {deadline!r} is not a time of day", "Write it as HH:MM, e.g. 07:30.")
    zone = load_profile(settings, profile).zone
    moment = datetime.datetime.combine(morning_of(business_date), datetime.time(int(hours), int(minutes)), tzinfo=zone)
    return now() >= moment


def yesterday(settings: Settings, profile: str | None = None) -> datetime.date:
    """The business date whose morning is today."""
    return now().astimezone(load_profile(settings, profile).zone).date() - datetime.timedelta(days=1)
