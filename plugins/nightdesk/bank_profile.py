"""A profile: how one bank's system maps to the contract, with its currency, time zone, calendar and hours."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from nightdesk.settings import Settings


@dataclass(frozen=True)
class Profile:
    """What a night needs to know of the bank. `calendar` is `china` or `weekdays`; the hours are HH:MM bank time;
    `without` are required tables that it has not.
    """

    name: str
    base_ccy: str
    zone: ZoneInfo
    calendar: str
    cut_off: str
    deadline: str
    without: frozenset[str] = frozenset()


def load_profile(settings: Settings, name: str | None = None) -> Profile:
    """The bank of this profile, by default of the settings' own, as the settings have it for that profile.

    Raises PolicyError when its profile.yaml cannot be used.
    """
    bank = settings.for_profile(name or settings.profile)
    return Profile(bank.profile, bank.base_ccy, bank.zone, bank.calendar, bank.cut_off, bank.deadline, bank.without)
