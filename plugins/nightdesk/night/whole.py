"""A whole night without an orchestrator: the same steps that the DAG's tasks call, one after the other."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

from nightdesk.attempt.opening import Night, ledgered, open_night, resume_night, take_night
from nightdesk.bank_profile import Profile, load_profile
from nightdesk.desk import turn
from nightdesk.desk.database import open_desk
from nightdesk.desk.liveness import working_on
from nightdesk.desk.publication import Publication
from nightdesk.errors import NightdeskError
from nightdesk.mail.transport import transport_of
from nightdesk.night.answers import take_mailbox
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.digest_mail import send_digest
from nightdesk.night.extraction import extract
from nightdesk.night.mailing import Delivery, send_lists
from nightdesk.night.pages import render_night
from nightdesk.night.publishing import publish
from nightdesk.night.stepping import Progress, step
from nightdesk.policy import require_sound
from nightdesk.settings import Settings
from nightdesk.steps import COMPUTED


@dataclass(frozen=True)
class NightResult:
    """What one night came to. `is_new` is false when the content equals the standing revision's."""

    publication: Publication
    is_new: bool
    rows: dict[str, int]
    deliveries: list[Delivery]


def _silent(_step: str, _rows: int | None) -> None:
    """Progress that nobody watches."""


@dataclass
class _Steps:
    """The steps of one night as they are done: told to who watches, measured, and their rows kept."""

    night: Night
    say: Progress
    rows: dict[str, int] = field(default_factory=dict)

    def run(self, name: str, work: Callable[[], int]) -> None:
        """Do one step; `work` returns its rows."""
        self.say(name, None)
        with step(self.night, name) as taken:
            self.rows[name] = taken.rows = work()
        self.say(name, self.rows[name])


def run_night(
    settings: Settings,
    business_date: datetime.date,
    *,
    profile: str | None = None,
    source: str | None = None,
    known_at: datetime.datetime | None = None,
    send: bool = False,
    restate: bool = False,
    backfill_id: int | None = None,
    is_rereading: bool = False,
    turn_wait: float | None = None,
    progress: Progress | None = None,
) -> NightResult:
    """Run one night from open to render, and send its lists when told to.

    Waits up to `turn_wait` minutes (as set, where none are named) while another run writes this bank's nights; Busy
    then. Raises the NightdeskError of the step that failed; nothing is published then, and the ledger says why.
    """
    if send:
        transport_of(settings.transport_url)  # an address of no use is said before the night, not after it
    bank = load_profile(settings, profile)
    require_sound(business_date, bank.name)  # a bad row is said before the wait for a turn, and again at its end
    with ExitStack() as whole:
        with _turn(settings, bank, business_date, turn_wait, is_replay=backfill_id is not None):
            night = open_night(
                settings,
                business_date,
                profile=profile,
                source=source,
                known_at=known_at,
                backfill_id=backfill_id,
                is_rereading=is_rereading,
                whole=whole,
            )
            steps = _Steps(night, progress or _silent)
            with ledgered(night):  # what ends it between two steps
                take_mailbox(night, steps.say)
                steps.run("extract", lambda: sum(extract(night, source).values()))
                published, is_new = _from_checks(steps)
        return _delivered(
            steps, published, is_new=is_new, send=send, restate=restate, is_backfill=backfill_id is not None
        )


def finish_night(
    settings: Settings,
    attempt_id: str,
    *,
    send: bool = False,
    restate: bool = False,
    progress: Progress | None = None,
) -> NightResult:
    """Run an attempt that has its rows from the checks on, and deliver it; raises what run_night does."""
    if send:
        transport_of(settings.transport_url)
    held = resume_night(settings, attempt_id)
    asked = held.attempt
    is_backfill = asked.backfill_id is not None
    with working_on(open_desk(settings), attempt_id):
        with _turn(settings, held.profile, asked.business_date, None, is_replay=is_backfill):
            night = take_night(settings, attempt_id)
            steps = _Steps(night, progress or _silent)
            with ledgered(night):
                published, is_new = _from_checks(steps)
        return _delivered(steps, published, is_new=is_new, send=send, restate=restate, is_backfill=is_backfill)


def _turn(
    settings: Settings, bank: Profile, business_date: datetime.date, minutes: float | None, *, is_replay: bool
) -> AbstractContextManager[None]:
    wanted = turn.of_process(bank.name, business_date, is_replay=is_replay, zone=bank.zone)
    return turn.taken(open_desk(settings), wanted, settings.turn_wait if minutes is None else minutes)


def _from_checks(steps: _Steps) -> tuple[Publication, bool]:
    """Check, compute and publish."""
    night = steps.night
    steps.run("check", lambda: check(night))
    for layer in COMPUTED:
        steps.run(layer, lambda layer=layer: sum(compute(night, layer).values()))  # type: ignore[misc]
    steps.say("publish", None)
    with step(night, "publish"):
        published, is_new = publish(night)
    steps.say("publish", published.revision)
    return published, is_new


def _delivered(
    steps: _Steps, published: Publication, *, is_new: bool, send: bool, restate: bool, is_backfill: bool
) -> NightResult:
    """Render, and send what was rendered; a page that cannot be made is raised once the others are out."""
    settings = steps.night.settings
    written: list[str] = []
    unrendered: NightdeskError | None = None
    try:
        steps.run("render", lambda: render_night(settings, published, on_done=written.append))
    except NightdeskError as error:
        unrendered = error
    deliveries: list[Delivery] = []

    def mail() -> int:
        try:
            sent = send_lists(settings, published, branches=written, restate=restate, is_backfill=is_backfill)
            deliveries.extend(sent)
        finally:  # head office hears above all of a morning whose lists are not out
            send_digest(settings, published, is_backfill=is_backfill)
        return len(deliveries)

    if send:
        steps.run("send", mail)
    if unrendered:
        raise unrendered
    return NightResult(published, is_new, steps.rows, deliveries)
