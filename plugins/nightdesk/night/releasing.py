"""Releasing a held night: a person overrides the checks that may be, and the night goes on from them."""

import datetime

from sqlalchemy import Connection

from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, resume_night
from nightdesk.bank_profile import load_profile
from nightdesk.checks import releasable_rules
from nightdesk.desk import releases
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import begin_step, held_attempt, latest_attempt
from nightdesk.desk.remedy import night_command
from nightdesk.entering.decision import Decided, decide
from nightdesk.entering.refusing import Wanted
from nightdesk.errors import Refused, UsageError
from nightdesk.night.each import first_of
from nightdesk.night.stepping import Progress
from nightdesk.night.whole import NightResult, finish_night
from nightdesk.released import Overridden
from nightdesk.settings import Settings


def release_night(
    settings: Settings,
    business_date: datetime.date,
    *,
    by: str,
    reason: str,
    profile: str | None = None,
    send: bool = False,
    restate: bool = False,
    progress: Progress | None = None,
) -> NightResult:
    """Record a release of the date's held attempt, and let it go on from its checks; the source is not asked again.

    Raises UsageError when that attempt is not held, or who and why are not said; Refused when a check holds it that
    nobody may override; HeldNight when the checks find something else than what was released.
    """
    night = record_release(settings, business_date, by=by, reason=reason, profile=profile)
    return finish_night(settings, night.attempt.attempt_id, send=send, restate=restate, progress=progress)


def decide_release(
    settings: Settings,
    wanted: Wanted,
    business_date: datetime.date,
    *,
    profile: str | None = None,
    progress: Progress | None = None,
) -> tuple[Decided, NightResult | None]:
    """Decide about the date's held attempt by policy decision_rule: approved, it is released as release_night does, in
    the names of both people and with the note as reason; rejected, it stays held, and the result is None.

    Raises what release_night and entering.decision.decide do; nothing is entered then, neither decision nor release.
    """
    night, holds = _held(settings, business_date, profile)
    is_approved = wanted.verdict == "approve"
    if is_approved and not wanted.note.strip():
        raise UsageError("a release needs a reason", "Give --note TEXT; the ledger and the lists keep it.")
    people = ", ".join(who for who in (wanted.by, wanted.checker) if who)

    def beside(connection: Connection) -> None:
        if is_approved:
            releases.record(connection, night.attempt.attempt_id, holds, people, wanted.note.strip())

    done = decide(settings, wanted, profile=profile, beside=beside)
    if not is_approved:
        return done, None
    begin_step(night.desk, night.attempt.attempt_id)  # it goes on from here
    return done, finish_night(settings, night.attempt.attempt_id, progress=progress)


def record_release(
    settings: Settings, business_date: datetime.date, *, by: str, reason: str, profile: str | None = None
) -> Night:
    """Enter the release in the ledger, and nothing else: whoever orchestrates the night goes on with `check`."""
    if not by.strip() or not reason.strip():
        raise UsageError(
            "a release needs a name and a reason", "Give --by WHO and --reason TEXT; the ledger keeps both."
        )
    night, holds = _held(settings, business_date, profile)
    with night.desk.begin() as connection:
        releases.record(connection, night.attempt.attempt_id, holds, by.strip(), reason.strip())
    begin_step(night.desk, night.attempt.attempt_id)  # it goes on from here
    return night


def _held(settings: Settings, business_date: datetime.date, profile: str | None) -> tuple[Night, list[Overridden]]:
    """The date's held attempt, and the checks that hold it; raises where there is none, or nobody may override them."""
    name = load_profile(settings, profile).name
    with open_desk(settings).connect() as connection:
        found = held_attempt(connection, name, business_date)
        last = latest_attempt(connection, name, business_date)
    if found is None:
        said = "no attempt" if last is None else f"a latest attempt that is {last[0].status}"
        raise UsageError(
            f"the night of {business_date} has {said}: only a held one is released",
            f"Look with `nightdesk status --date {business_date}`, or run {night_command(name, business_date)}",
        )
    night = resume_night(settings, found[0].attempt_id)
    holds = _holds(night)
    fixed = [one for one in holds if one.rule not in releasable_rules()]
    if fixed:
        raise Refused(
            f"the night of {business_date} is held by {first_of([one.what for one in fixed])}: its results would mean "
            "nothing, so nobody may release it",
            f"Mend the source, then run {night_command(name, business_date)}",
        )
    return night, holds


def _holds(night: Night) -> list[Overridden]:
    """The checks that hold an attempt, from its own findings."""
    with night_engine(night) as engine:
        rows = Inputs(night, engine).ask("hold")
    return [Overridden(row["table_name"], row["rule"], f"{row['table_name']}: {row['rule']}") for row in rows]
