"""Are the morning's lists out? Asked of the desk database and the output folder alone, whoever ran the night."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from nightdesk.bank_profile import load_profile
from nightdesk.business_day import morning_of
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.desk.tables import attempt, outbox
from nightdesk.errors import DeadlineMissed, UsageError
from nightdesk.night.rendering import branches_of, is_mailing_morning, lists_to_mail
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Morning:
    """The state of one morning. `missing` says, a line each, what is not out; empty means that all is."""

    business_date: datetime.date
    revision: int | None
    is_mailing_day: bool
    lists: int
    sent: int
    missing: Sequence[str]
    last_attempt: str


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
            return Morning(business_date, None, False, 0, 0, [f"{business_date} is not published ({said})"], said)
        statuses = dict(
            connection.execute(
                select(outbox.c.branch_id, outbox.c.status).where(
                    outbox.c.profile == name, outbox.c.business_date == business_date
                )
            )
            .tuples()
            .all()
        )
    folder = settings.out / str(business_date) / "branch"
    missing = [
        f"the list of branch {branch} is not rendered"
        for branch in branches_of(settings, published)
        if not (folder / quote(branch, safe="") / "list.html").exists()
    ]
    mailing = is_mailing_morning(settings, published, morning_of(business_date))
    due = lists_to_mail(settings, published) if mailing else []
    missing += [
        f"the list of branch {branch} is {statuses.get(branch, 'not sent')}"
        for branch in due
        if statuses.get(branch) != "sent"
    ]
    sent = sum(1 for branch in due if statuses.get(branch) == "sent")
    return Morning(business_date, published.revision, mailing, len(due), sent, missing, said)


def require_lists_out(settings: Settings, business_date: datetime.date, profile: str | None = None) -> str:
    """One line on the morning; raises DeadlineMissed when a list is not out."""
    morning = look(settings, business_date, profile)
    if morning.missing:
        first, more = morning.missing[0], len(morning.missing) - 1
        raise DeadlineMissed(
            f"the lists of {business_date} are not out: {first}" + (f", and {more} more" if more else ""),
            "Run `nightdesk status` for all of it, then `nightdesk outbox list` or "
            f"`nightdesk night --date {business_date} --send`.",
        )
    return f"{business_date}: revision {morning.revision}, {morning.sent} of {morning.lists} lists sent"


def is_past(settings: Settings, business_date: datetime.date, deadline: str) -> bool:
    """Whether the deadline (HH:MM bank time) of a business date's morning has passed."""
    hours, _, minutes = deadline.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise UsageError(f"--deadline {deadline!r} is not a time of day", "Write it as HH:MM, e.g. 07:30.")
    zone = load_profile(settings).zone
    moment = datetime.datetime.combine(morning_of(business_date), datetime.time(int(hours), int(minutes)), tzinfo=zone)
    return now() >= moment


def yesterday(settings: Settings) -> datetime.date:
    """The business date whose morning is today."""
    return now().astimezone(load_profile(settings).zone).date() - datetime.timedelta(days=1)
