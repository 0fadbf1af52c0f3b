"""Opening a night: may it run, whose state does it continue, and with which policy?"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from nightdesk import __version__
from nightdesk.bank_profile import Profile, load_profile
from nightdesk.business_day import cutoff_of
from nightdesk.clock import require_passed
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Attempt, begin_step, close_attempt, get_attempt, open_attempt
from nightdesk.errors import HeldNight, NightdeskError
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
) -> Night:
    """Enter a night in the ledger; everything that can refuse it is asked before anything is written.

    Raises Refused (cut-off ahead, later nights published), SourceError, PolicyError or StoreError.
    """
    bank = load_profile(settings, profile)
    cutoff = known_at or cutoff_of(business_date, bank.zone, settings.cut_off)
    require_passed(cutoff, f"the night of {business_date}")
    version = policy_version(business_date, bank.name)
    opened = open_source(source_url(settings, source), bank.name, bank.zone)
    desk = open_desk(settings)
    entry = open_attempt(
        desk,
        profile=bank.name,
        business_date=business_date,
        cutoff_at=cutoff,
        source=opened.label,
        base_ccy=bank.base_ccy,
        policy_version=version,
        code_version=__version__,
        backfill_id=backfill_id,
    )
    return Night(settings, desk, entry, bank)


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
    return open_source(source_url(night.settings, source), night.profile.name, night.profile.zone)


@contextmanager
def ledgered(night: Night) -> Iterator[None]:
    """Note in the ledger how an attempt ended when a step fails: held by the checks, or failed."""
    try:
        yield
    except NightdeskError as error:
        _close(night, "held" if isinstance(error, HeldNight) else "failed", str(error))
        raise
    except (KeyboardInterrupt, SystemExit):
        _close(night, "failed", "ended from outside, by Ctrl-C or a signal")
        raise
    except BaseException as error:
        _close(night, "failed", f"{type(error).__name__}: {error}".splitlines()[0])
        raise


def _close(night: Night, status: str, message: str) -> None:
    close_attempt(night.desk, night.attempt, status, message)
