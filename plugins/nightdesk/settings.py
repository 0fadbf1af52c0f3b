"""The one effective configuration: every setting, its value, and where that came from."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from nightdesk.airflow_connections import CONNECTIONS, connection_of_environment
from nightdesk.errors import PolicyError
from nightdesk.mailboxes import read_mailboxes
from nightdesk.setting_values import (
    currency,
    dispensable_tables,
    mailboxes,
    one_mailbox,
    size,
    time_of_day,
    web_address,
    zone_name,
)

PREFIX = "NIGHTDESK_"
#: where a container finds secrets as files: nightdesk_desk_url, nightdesk_source_url …
SECRETS = Path("/run/secrets")
#: what a profile may say of its bank
BANK_SETTINGS = ("base_ccy", "timezone", "calendar", "cut_off", "deadline", "without_tables")


def project_root() -> Path:
    """The folder that holds dags/, plugins/, sql/ and the rest."""
    return Path(__file__).resolve().parents[2]


def sql_root() -> Path:
    """The folder of all SQL: what is read of the bank, every rule, and policy."""
    return project_root() / "sql"


@dataclass(frozen=True)
class Origin:
    """Where a value came from; `name` is the option, variable, file or connection that gave it."""

    kind: Literal["option", "environment", "secret", "connection", "profile", "default"]
    name: str = ""


#: setting -> its value as it was given, and by what
Found = dict[str, tuple[Any, Origin]]


class Settings(BaseModel):
    """What a deployment decides. Relative paths are relative to the project's root, not the working directory.

    `effective` makes them; made by hand, what is named counts as an option and all else is default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(Path("var"), description="everything written lies below it", validate_default=True)
    source_url: str | None = Field(None, description="SQLAlchemy URL of the bank's tables; unset = the demo bank")
    profile: str = Field("contract", description="folder of sql/extract/ that maps the source to the contract")
    lake: str | None = Field(None, description="folder or object-store address of the lake; unset = <home>/lake")
    desk_url: str | None = Field(None, description="SQLAlchemy URL of the desk database; unset = embedded server")
    smtp_url: str | None = Field(
        None, description="smtp://, smtps://, smtp+starttls:// or file://; unset = <home>/mail"
    )
    mail_from: str = Field("Nightdesk <nightdesk@localhost>", description="sender of the morning lists")
    mail_retry_seconds: int = Field(
        15, ge=1, le=600, description="pause before a list that was not delivered is tried again; doubles up to 300"
    )
    mail_patience_minutes: int = Field(
        60, ge=0, le=100, description="how long one command tries again, at most up to the deadline; 0 = not at all"
    )
    mail_max_mb: int = Field(
        10, ge=1, le=50, description="what a mail may have in MB; a larger one leaves without workbook"
    )
    workbook_keys: Path | None = Field(
        None, description="file of branch and key: workbooks in mails are encrypted; unset = they are not"
    )
    timezone: str = Field("Asia/Shanghai", description="the bank's time zone")
    base_ccy: str = Field("CNY", description="the bank's base currency, ISO 4217")
    calendar: Literal["china", "weekdays"] = Field("china", description="working days where the source names none")
    cut_off: str = Field("05:00", description="bank time on the day after the business date")
    deadline: str = Field("07:30", description="bank time by which the morning's lists are out")
    without_tables: str = Field(
        "", description="required tables that the bank has not, divided by commas: not assessed"
    )
    turn_wait: int = Field(120, ge=0, description="minutes that a night waits while another of this bank is written")
    operators_email: str | None = Field(None, description="who is told of failures, divided by ; or ,; unset = nobody")
    feedback_url: str | None = Field(
        None, description="imaps:// or file:// of the mailbox that branches answer to; unset = none is read"
    )
    pages_url: str | None = Field(None, description="http(s) address at which <home>/out is served; unset = no links")
    memory_limit: str = Field("640MB", description="what the engine may hold in memory before it spills")
    code_version: str | None = Field(None, description="commit or release of the code, where it is no git work tree")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="from which level on the command line shows what it logs"
    )
    threads: int = Field(2, ge=1, description="threads of the engine")

    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)

    @field_validator("home", "workbook_keys", mode="after")
    @classmethod
    def _from_root(cls, value: Path | None) -> Path | None:
        return None if value is None else (project_root() / value.expanduser()).resolve()

    _zone_name = field_validator("timezone")(zone_name)
    _time_of_day = field_validator("cut_off", "deadline")(time_of_day)
    _dispensable = field_validator("without_tables")(dispensable_tables)
    _size = field_validator("memory_limit")(size)
    _mailbox = field_validator("mail_from")(one_mailbox)
    _mailboxes = field_validator("operators_email")(mailboxes)
    _address = field_validator("pages_url")(web_address)
    _currency = field_validator("base_ccy")(currency)

    @model_validator(mode="after")
    def _night_before_deadline(self) -> "Settings":
        if self.deadline <= self.cut_off:  # both HH:MM of the same morning
            raise ValueError(f"the deadline {self.deadline} does not lie after the cut-off {self.cut_off}")
        return self

    def origin(self, name: str) -> Origin:
        """Where the value of a setting came from."""
        stated = Origin("option") if name in self.model_fields_set else Origin("default")
        return self._origins.get(name, stated)

    def for_profile(self, name: str) -> "Settings":
        """These settings for the bank of a profile: its profile.yaml stands above the defaults and below all else."""
        said = self.origin("profile") if name == self.profile else Origin("option", "--profile")
        return _settled({**self._given(), "profile": (name, said)})

    def with_option(self, name: str, value: str, by: str) -> "Settings":
        """The same with one setting given by `by`, above everything else."""
        return _settled({**self._given(), name: (value, Origin("option", by))})

    def _given(self) -> Found:
        """What was said by anything above a profile."""
        return {
            name: (getattr(self, name), self.origin(name))
            for name in type(self).model_fields
            if self.origin(name).kind not in ("profile", "default") and getattr(self, name) is not None
        }

    @cached_property
    def zone(self) -> ZoneInfo:
        """The bank's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def without(self) -> frozenset[str]:
        """The required tables that the bank has not."""
        return frozenset(name.strip() for name in self.without_tables.split(",") if name.strip())

    @property
    def operators(self) -> tuple[str, ...]:
        """The addresses of those who are told of failures."""
        return read_mailboxes(self.operators_email).addresses

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


def effective(
    options: Mapping[str, tuple[str, str | None]] | None = None,
    *,
    connection: Callable[[str], str | None] = connection_of_environment,
) -> Settings:
    """The settings of this process, each from the first that has it: option, environment, secret file, connection,
    profile, default. What is set to the empty string is not set.

    `options`: setting -> (the option's name, its value or None). `connection` gives the URL of an Airflow connection
    by its id, None where there is none; it is asked only for what nothing above has said.
    Raises PolicyError naming the variable, and what gave it, when a value cannot be used.
    """
    found: Found = {}
    given = {name: (value, Origin("option", option)) for name, (option, value) in (options or {}).items()}
    for layer in (given, dict(_environment()), dict(_secrets())):
        found = {name: entry for name, entry in layer.items() if str(entry[0] or "").strip()} | found
    for name, connection_id in CONNECTIONS.items():
        if name not in found and (url := connection(connection_id)):
            found[name] = (url, Origin("connection", connection_id))
    return _settled(found)


def get_settings(profile: str | None = None, source: str | None = None) -> Settings:
    """The effective settings of this process; `profile` and `source` are options of the command line.

    Raises PolicyError naming the variable when one cannot be used.
    """
    return effective({"profile": ("--profile", profile), "source_url": ("--source", source)})


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def unused_names() -> list[str]:
    """NIGHTDESK_ variables of the environment, and nightdesk_ secret files, that no setting reads."""
    variables = {name for name in os.environ if name.startswith(PREFIX)}
    files = {path.name for path in SECRETS.glob(f"{PREFIX.lower()}*")}
    known = {variable_of(name) for name in Settings.model_fields}
    return sorted(variables - known) + sorted(str(SECRETS / name) for name in files if name.upper() not in known)


def profile_file(name: str) -> Path:
    """Where a profile says what it knows of its bank."""
    return sql_root() / "extract" / name / "profile.yaml"


def _environment() -> Iterator[tuple[str, tuple[str, Origin]]]:
    for name in Settings.model_fields:
        variable = variable_of(name)
        yield name, (os.environ.get(variable, ""), Origin("environment", variable))


def _secrets() -> Iterator[tuple[str, tuple[str, Origin]]]:
    for name in Settings.model_fields:
        path = SECRETS / variable_of(name).lower()
        try:
            text = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
        except (OSError, UnicodeDecodeError):
            raise PolicyError(f"the secret file {path} cannot be read", "Mend its rights or its content.") from None
        yield name, (text, Origin("secret", str(path)))


def _profile(name: str) -> Found:
    """What a profile's profile.yaml says of its bank. Every value is text: a YAML reader takes 6:30 for a number."""
    path = profile_file(name)
    if not name.replace("_", "").isalnum() or not path.is_file():
        return {}
    label = str(path.relative_to(project_root()))
    try:
        own = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}  # noqa: S506  # text only
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise PolicyError(f"{label} cannot be read as YAML", "Mend that file.") from None
    if not isinstance(own, dict):
        raise PolicyError(f"{label} is not a list of settings, one `name: value` a line", "Mend that file.")
    if unknown := sorted(set(own) - set(BANK_SETTINGS)):
        raise PolicyError(f"{label}: unknown entry {', '.join(unknown)}", "Remove it.")
    return {key: (value, Origin("profile", label)) for key, value in own.items() if str(value).strip()}


def _settled(given: Found) -> Settings:
    """Settings of what was given above a profile, that profile and the defaults."""
    name = str(given["profile"][0]) if "profile" in given else str(Settings.model_fields["profile"].default)
    found = _profile(name) | given
    try:
        settings = Settings(**{key: value for key, (value, _) in found.items()})
    except ValidationError as error:
        first = error.errors(include_context=False)[0]
    else:
        settings._origins.update({key: origin for key, (_, origin) in found.items()})
        return settings
    # raised out here: a validation error kept as its context outlives the interpreter and floods stderr with leaks
    at = [str(part) for part in first["loc"][:1]] or [key for key in ("cut_off", "deadline") if key in found]
    names = " and ".join(variable_of(key) for key in at)
    other = " and ".join(dict.fromkeys(o.name for _, o in (found[key] for key in at) if o.kind != "environment"))
    reason = str(first["msg"]).removeprefix("Value error, ")
    raise PolicyError(
        f"the setting {names}{f' ({other})' if other else ''} cannot be used: {reason}",
        f"Correct {other or names} and try again.",
    )
