"""A profile: how one bank's system maps to the contract, with its currency, time zone and calendar."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import yaml

from nightdesk.errors import PolicyError
from nightdesk.models import sql_root
from nightdesk.settings import Settings

_KNOWN = {"base_ccy", "timezone", "calendar"}


@dataclass(frozen=True)
class Profile:
    """What a night needs to know of the bank. `calendar` is `china` or `weekdays`."""

    name: str
    base_ccy: str
    zone: ZoneInfo
    calendar: str


def load_profile(settings: Settings, name: str | None = None) -> Profile:
    """The profile of this name: its sql/extract/<name>/profile.yaml over the settings, unless the environment says so.

    Raises PolicyError when the file cannot be used.
    """
    name = name or settings.profile
    path = sql_root() / "extract" / name / "profile.yaml"
    own = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}
    if unknown := sorted(set(own) - _KNOWN):
        raise PolicyError(f"{path.name} of profile {name}: unknown entry {', '.join(unknown)}", "Remove it.")
    chosen = {key: own[key] for key in own if key not in settings.model_fields_set}
    return Profile(
        name,
        chosen.get("base_ccy", settings.base_ccy),
        ZoneInfo(chosen.get("timezone", settings.timezone)),
        chosen.get("calendar", settings.calendar),
    )
