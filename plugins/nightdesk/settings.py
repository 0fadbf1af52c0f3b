"""Settings from the environment: one prefix, NIGHTDESK_, and nothing else."""

import os
import re
from email.utils import parseaddr
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from nightdesk.errors import PolicyError

#: where a container finds secrets as files: nightdesk_desk_url, nightdesk_source_url … (the environment wins)
SECRETS = Path("/run/secrets")


def project_root() -> Path:
    """The folder that holds dags/, plugins/, sql/ and the rest."""
    return Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """What a deployment decides. Relative paths are relative to the project's root, not the working directory."""

    model_config = SettingsConfigDict(env_prefix="NIGHTDESK_", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="everything written lies below it")
    source_url: str | None = Field(None, description="SQLAlchemy URL of the bank's tables; unset = the demo bank")
    profile: str = Field("contract", description="folder of sql/extract/ that maps the source to the contract")
    lake: str | None = Field(None, description="folder or object-store address of the lake; unset = <home>/lake")
    desk_url: str | None = Field(None, description="SQLAlchemy URL of the desk database; unset = embedded server")
    smtp_url: str | None = Field(
        None, description="smtp://, smtps://, smtp+starttls:// or file://; unset = <home>/mail"
    )
    mail_from: str = Field("Nightdesk <nightdesk@localhost>", description="sender of the morning lists")
    timezone: str = Field("Asia/Shanghai", description="the bank's time zone")
    base_ccy: str = Field("CNY", description="the bank's base currency, ISO 4217")
    calendar: Literal["china", "weekdays"] = Field("china", description="working days where the source names none")
    cut_off: str = Field("05:00", description="bank time on the day after the business date")
    deadline: str = Field("07:30", description="bank time by which the morning's lists are out")
    memory_limit: str = Field("640MB", description="what the engine may hold in memory before it spills")
    threads: int = Field(2, ge=1, description="threads of the engine")

    @field_validator("home", mode="after")
    @classmethod
    def _from_root(cls, value: Path) -> Path:
        return (project_root() / value.expanduser()).resolve()

    @field_validator("source_url", "lake", "desk_url", "smtp_url", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:  # zoneinfo raises several kinds for an unusable key
            raise ValueError(f"{value!r} is not a time zone name such as Asia/Shanghai") from error
        return value

    @field_validator("cut_off", "deadline")
    @classmethod
    def _clock_time(cls, value: str) -> str:
        hours, _, minutes = value.partition(":")
        if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
            raise ValueError(f"{value!r} is not a time of day such as 05:00")
        return f"{int(hours):02d}:{int(minutes):02d}"

    @field_validator("memory_limit")
    @classmethod
    def _size(cls, value: str) -> str:
        if not re.fullmatch(r"\d+(\.\d+)? ?([KMGT]i?B)", value):
            raise ValueError(f"{value!r} is not a size such as 2GB or 512MiB")
        return value

    @field_validator("mail_from")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1]:
            raise ValueError(f"{value!r} is not a mail address such as Nightdesk <nightdesk@bank.example>")
        return value

    @field_validator("base_ccy")
    @classmethod
    def _currency(cls, value: str) -> str:
        if not (len(value) == 3 and value.isalpha() and value.isupper()):
            raise ValueError(f"{value!r} is not an ISO 4217 currency code such as CNY")
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        """The bank's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def lake_root(self) -> str:
        """Folder or address of the lake."""
        if self.lake is None:
            return str(self.home / "lake")
        return self.lake if "://" in self.lake else str((project_root() / self.lake).resolve())

    @property
    def out(self) -> Path:
        """Where the lists, reviews and the quality page are written, one folder a business date."""
        return self.home / "out"

    @property
    def transport_url(self) -> str:
        """Where mail goes; without a server it is kept as .eml files below the home."""
        return self.smtp_url or f"file://{self.home / 'mail'}"


@lru_cache(maxsize=8)
def _cached(_environment: tuple[tuple[str, str], ...]) -> Settings:
    try:
        return Settings(_secrets_dir=SECRETS if SECRETS.is_dir() else None)
    except ValidationError as error:
        first = error.errors(include_context=False)[0]
    # raised out here: a validation error kept as its context outlives the interpreter and floods stderr with leaks
    name = "NIGHTDESK_" + "_".join(str(part) for part in first["loc"]).upper()
    reason = first["msg"].removeprefix("Value error, ")
    raise PolicyError(f"the setting {name} cannot be used: {reason}", f"Correct {name} and try again.")


def get_settings() -> Settings:
    """The settings of this process's environment.

    Raises PolicyError naming the variable when one cannot be used.
    """
    return _cached(tuple(sorted(item for item in os.environ.items() if item[0].startswith("NIGHTDESK_"))))
