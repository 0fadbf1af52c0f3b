"""Opening a night: may it run, whose state does it continue, and with which policy?"""

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from nightdesk import __version__
from nightdesk.bank_profile import Profile, load_profile
from nightdesk.bank_time import bank_time
from nightdesk.business_day import cutoff_of, morning_of
from nightdesk.clock import require_passed
from nightdesk.code_version import code_commit
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import (
    Attempt,
    begin_step,
    close_attempt,
    get_attempt,
    least_cutoff,
    new_attempt_id,
    open_attempt,
    standing_attempt,
)
from nightdesk.desk.liveness import working_on
from nightdesk.desk.remedy import night_command
from nightdesk.errors import HeldNight, Refused
from nightdesk.failures import reduced
from nightdesk.policy import policy_version
from nightdesk.settings import Settings
from nightdesk.source import Source, open_source


@dataclass(frozen=True)
class Night:
    """One attempt at hand: settings, desk database, ledger entry and profile. Every step starts from it."""

    settings: Settings
    desk: Engine
    attempt: Attempt
    profile: Profile

    @property
    def business_date(self) -> datetime.date:
        """The bank day that the night is about."""
        return self.attempt.business_date


def source_url(settings: Settings, given: str | None = None) -> str:
    """The source's URL: as given, as set, or the demo bank of this home."""
    if given or settings.source_url:
        return given or str(settings.source_url)
    from nightdesk.pg import ensure_server  # starting a server is only for those who have none

    return ensure_server(settings.home).url("demo_bank")


def open_night(
    settings: Settings,
    business_date: datetime.date,
    *,
    profile: str | None = None,
    source: str | None = None,
    known_at: datetime.datetime | None = None,
    backfill_id: int | None = None,
    is_rereading: bool = False,
    commit: str | None = None,
    whole: ExitStack | None = None,
) -> Night:
    """Enter a night in the ledger; everything that can refuse it is asked before anything is written.

    Without `known_at` the cut-off is the usual one, or a later one that the date or the night before was published
    with. Within a backfill a published date reads the landing batches of its publication, unless `is_rereading`.
    `commit` is the code's, where the caller knows better than code_commit. `whole`: what this process leaves when it is
    done with the night, where it takes it from open to end; the attempt's lock is held until then.

    Raises Refused (cut-off not within its bounds, later nights published), SourceError, PolicyError or StoreError.
    """
    bank = load_profile(settings, profile)
    usual = cutoff_of(business_date, bank.zone, bank.cut_off)
    if known_at is not None:
        known_at = known_at.astimezone(bank.zone)
        _require_after(known_at, business_date, bank)
    else:
        require_passed(usual, f"the night of {business_date}")
    version = policy_version(business_date, bank.name)
    desk = open_desk(settings)
    with desk.connect() as connection:
        least = least_cutoff(connection, bank.name, business_date)
        standing = standing_attempt(connection, bank.name, business_date)
    cutoff = (known_at or max(usual, least or usual)).astimezone(bank.zone)
    require_passed(cutoff, f"the night of {business_date}")
    attempt_id = None
    if whole is not None:  # before anybody can read of the attempt: one that nobody holds is lost
        attempt_id = new_attempt_id(business_date)
        whole.enter_context(working_on(desk, attempt_id))
    pinned = standing if backfill_id is not None and not is_rereading else None
    entry = open_attempt(
        desk,
        profile=bank.name,
        business_date=business_date,
        cutoff_at=cutoff,
        source=pinned.source if pinned else open_source(source_url(settings, source), bank.name, bank.zone).label,
        base_ccy=bank.base_ccy,
        policy_version=version,
        code_version=__version__,
        code_commit=code_commit(settings) if commit is None else commit,
        backfill_id=backfill_id,
        landing_attempt_id=(pinned.landing_attempt_id or pinned.attempt_id) if pinned else None,
        attempt_id=attempt_id,
    )
    return Night(settings, desk, entry, bank)


def _require_after(cutoff: datetime.datetime, business_date: datetime.date, bank: Profile) -> None:
    """Refuse a cut-off within its own business date: a day that is not over has no night."""
    end = datetime.datetime.combine(morning_of(business_date), datetime.time(), bank.zone)
    if cutoff < end:
        raise Refused(
            f"the cut-off {bank_time(cutoff, bank.zone)} lies before the end of {business_date}, "
            f"{bank_time(end, bank.zone)}",
            f"Leave --known-at out, or name a later instant: {night_command(bank.name, business_date)}",
        )


def resume_night(settings: Settings, attempt_id: str) -> Night:
    """The night of an attempt that is already in the ledger, to read it."""
    desk = open_desk(settings)
    with desk.connect() as connection:
        entry = get_attempt(connection, attempt_id)
    return Night(settings, desk, entry, load_profile(settings, entry.profile))


def take_night(settings: Settings, attempt_id: str) -> Night:
    """The night of an attempt that is already in the ledger, for a step to go on with; fences off any other copy."""
    desk = open_desk(settings)
    entry = begin_step(desk, attempt_id)
    return Night(settings, desk, entry, load_profile(settings, entry.profile))


def bank_source(night: Night, source: str | None = None) -> Source:
    """The source that a night reads."""
    profile = night.profile
    return open_source(source_url(night.settings, source), profile.name, profile.zone, profile.without)


@contextmanager
def ledgered(night: Night) -> Iterator[None]:
    """Note in the ledger how an attempt ended when a step fails: held by the checks, or failed."""
    try:
        yield
    except BaseException as error:
        status = "held" if isinstance(error, HeldNight) else "failed"
        close_attempt(night.desk, night.attempt, status, ending(error))
        raise


def ending(error: BaseException) -> str:
    """How work ended that broke off, as the ledger keeps it."""
    return reduced(error) if isinstance(error, Exception) else "ended from outside, by Ctrl-C or a signal"
