"""Are the morning's lists out? Asked of what was published and of the output folder, whoever ran the night."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from nightdesk.attempt.calendars import published_gap
from nightdesk.bank_profile import load_profile
from nightdesk.business_day import CalendarGap, morning_of
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import held_attempt, latest_attempt, latest_published_date, published_span
from nightdesk.desk.outbox import IS_LIST, UNSETTLED
from nightdesk.desk.publication import current
from nightdesk.desk.read_mails import receipts_waiting
from nightdesk.desk.remedy import night_command, replay_command, restate_command, status_command
from nightdesk.desk.standing import first_astray
from nightdesk.desk.tables import outbox
from nightdesk.errors import DeadlineMissed, UsageError
from nightdesk.reading.addressing import mailboxes_of
from nightdesk.reading.published_night import branches_lost, branches_of, is_mailing_morning
from nightdesk.reading.received import received
from nightdesk.reading.showing import is_shown, shown_folder
from nightdesk.render.outputs import branch_folder
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Gap:
    """Something that is not out: the whole night (no branch), or one branch's list and how far it came.

    `state`: not_published, not_in_registry (last night's registry has the branch, or tonight's row of it is held back),
    not_rendered, not_sent, or the list's status in the outbox.
    """

    branch_id: str | None
    state: str

    def __str__(self) -> str:
        what = "the night" if self.branch_id is None else f"the list of branch {self.branch_id}"
        return f"{what} is {self.state.replace('_', ' ')}"


@dataclass(frozen=True)
class Morning:
    """The state of one morning. `missing` says what is not out; empty means that all is.

    `revision` is what readers see; of the `sent` lists, `sent_by_revision` says how many branches have which revision,
    `sent_revision` is the newest of those, and `behind` so many are of an older one that says something else than what
    stands; of `behind_unknown` more of an older one nobody knows whether it does. `restate` is the command that sends
    what stands to both. `last_attempt`: how the latest attempt ended. `replay`: the
    command to run when the published nights up to this one stand on a state that was replaced. `calendar_gap`: the
    first day ahead, within the policy's notice, that no calendar covers. `receipts_waiting`: replies of staff whose
    receipt has not left, since receipts leave with mailed lists alone. `nights`: of a date that was not published the
    first and the newest that are, and how many.
    """

    business_date: datetime.date
    revision: int | None
    is_mailing_day: bool
    lists: int
    sent: int
    missing: Sequence[Gap]
    last_attempt: str
    sent_revision: int | None = None
    sent_by_revision: Mapping[int, int] = field(default_factory=dict)
    behind: int = 0
    behind_unknown: int = 0
    restate: str | None = None
    replay: str | None = None
    calendar_gap: CalendarGap | None = None
    receipts_waiting: int = 0
    nights: tuple[datetime.date, datetime.date, int] | None = None


def look(settings: Settings, business_date: datetime.date, profile: str | None = None) -> Morning:
    """What is out, and what is missing, of a business date's lists."""
    name = load_profile(settings, profile).name
    desk = open_desk(settings)
    with desk.connect() as connection:
        last = latest_attempt(connection, name, business_date)
        said = f"{last[0].status}: {last[1]}" if last else "no attempt"
        waiting = held_attempt(connection, name, business_date)
        if waiting and last and waiting[0].attempt_id != last[0].attempt_id:
            said += f"; before it, held: {waiting[1]}"
        try:
            published = current(connection, name, business_date)
        except UsageError:
            missing = [Gap(None, "not_published")]
            return Morning(business_date, None, False, 0, 0, missing, said, nights=published_span(connection, name))
        statuses = _statuses(connection, name, business_date)
        addressed = mailboxes_of(settings, published)
        had = received(connection, settings, published, addressed)
        astray = first_astray(connection, name, business_date + datetime.timedelta(days=1))
        latest = latest_published_date(connection, name)
        waiting_receipts = receipts_waiting(connection, name, business_date)
    folder = shown_folder(settings, business_date) if is_shown(settings, published) else None
    registry = branches_of(settings, published)
    missing = [Gap(branch, "not_in_registry") for branch in branches_lost(settings, published)]
    missing += [
        Gap(branch, "not_rendered")
        for branch in registry
        if folder is None or not (branch_folder(folder, branch) / "list.html").exists()
    ]
    mailing = is_mailing_morning(settings, published, morning_of(business_date))
    due = [branch for branch, to in addressed.items() if to] if mailing else []
    missing += [Gap(branch, statuses.get(branch, "not_sent")) for branch in due if statuses.get(branch) != "sent"]
    sent = [branch for branch in due if statuses.get(branch) == "sent"]
    by_revision = Counter(had[branch].revision for branch in sent)
    behind = sum(1 for branch in sent if had[branch].is_current is False)
    behind_unknown = sum(1 for branch in sent if had[branch].is_current is None)
    replay = replay_command(name, astray.business_date, latest) if astray else None
    gap = published_gap(settings, published)
    return Morning(
        business_date,
        published.revision,
        mailing,
        len(due),
        len(sent),
        missing,
        said,
        sent_revision=max(by_revision, default=None),
        sent_by_revision=dict(sorted(by_revision.items())),
        behind=behind,
        behind_unknown=behind_unknown,
        restate=restate_command(name, business_date) if behind or behind_unknown else None,
        replay=replay,
        calendar_gap=gap,
        receipts_waiting=waiting_receipts,
    )


def _statuses(connection: Connection, profile: str, business_date: datetime.date) -> dict[str, str]:
    """How far each branch's list came: the state of what is still owed to a recipient, else sent, else dropped."""
    rows = connection.execute(
        select(outbox.c.branch_id, outbox.c.status)
        .where(outbox.c.profile == profile, outbox.c.business_date == business_date, IS_LIST)
        .order_by(outbox.c.status.in_(UNSETTLED), outbox.c.status == "sent", outbox.c.revision)
    )
    return {row.branch_id: row.status for row in rows}


def require_lists_out(settings: Settings, business_date: datetime.date, profile: str | None = None) -> str:
    """One line on the morning; raises DeadlineMissed when a list is not out."""
    morning = look(settings, business_date, profile)
    if morning.missing:
        name = load_profile(settings, profile).name
        first, more = morning.missing[0], len(morning.missing) - 1
        raise DeadlineMissed(
            f"the lists of {business_date} are not out: {first}"
            + (f", and {more} more" if more else "")
            + (f" (last attempt: {morning.last_attempt})" if morning.revision is None else ""),
            f"Run `{status_command(name)}` for all of it, then `nightdesk outbox list` or "
            f"`{night_command(name, business_date)} --send`.",
        )
    parts = ", ".join(f"revision {revision} to {n}" for revision, n in morning.sent_by_revision.items())
    said = f"{business_date}: revision {morning.revision} stands, {morning.sent} of {morning.lists} lists sent"
    said += f" ({parts})" if parts else ""
    if morning.behind:
        said += f"; {morning.behind} say something else by now: {morning.restate}"
    if morning.behind_unknown:
        said += f"; of {morning.behind_unknown} it is not known whether they do: {morning.restate}"
    return said


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
