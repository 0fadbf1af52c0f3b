"""One effective configuration: each setting from the first place that has it, and every value knows which."""

import itertools
import os
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from nightdesk import settings as settings_module
from nightdesk.bank_profile import load_profile
from nightdesk.errors import PolicyError
from nightdesk.setting_values import bytes_of
from nightdesk.settings import BANK_SETTINGS, Origin, Settings, effective, get_settings, unused_names, variable_of

URLS = {"source_url": "NIGHTDESK_SOURCE", "desk_url": "NIGHTDESK_DESK", "smtp_url": "SMTP_DEFAULT"}
#: for each setting, one usable value for each place, the highest first; all of them differ
VALUES: dict[str, tuple[str, ...]] = {
    "home": ("/data/a", "/data/b", "/data/c"),
    "source_url": ("sqlite:////a", "sqlite:////b", "sqlite:////c", "sqlite:////d"),
    "profile": ("a", "b", "c"),
    "lake": ("/a", "/b", "/c"),
    "desk_url": ("postgresql+psycopg://a/x", "postgresql+psycopg://b/x", "postgresql+psycopg://c/x"),
    "smtp_url": ("smtps://a", "smtps://b", "smtps://c"),
    "mail_from": ("a@bank.example", "b@bank.example"),
    "mail_retry_seconds": ("1", "2"),
    "mail_patience_minutes": ("0", "30"),
    "timezone": ("Asia/Tokyo", "Asia/Seoul", "Asia/Dhaka"),
    "base_ccy": ("AAA", "BBB", "DDD"),
    "calendar": ("weekdays", "china", "weekdays"),
    "cut_off": ("01:00", "02:00", "03:00"),
    "deadline": ("08:00", "09:00", "10:00"),
    "without_tables": ("txn", "loan", "txn, loan"),
    "turn_wait": ("5", "6"),
    "mail_max_mb": ("5", "20"),
    "workbook_keys": ("/a/keys.yaml", "/b/keys.yaml"),
    "feedback_url": ("imaps://a@bank.example/INBOX", "file:///data/answers"),
    "operators_email": ("ops@bank.example", "a@bank.example; b@bank.example"),
    "pages_url": ("https://pages.bank.example/out", "http://10.0.0.1:8000"),
    "memory_limit": ("1GB", "2GB"),
    "threads": ("3", "4"),
    "log_level": ("info", "error"),
    "code_version": ("a1", "b2"),
}
#: the places that can say something of a setting, the highest first
PLACES = {
    name: (
        *(["option"] if name in ("source_url", "profile") else []),
        "environment",
        "secret",
        *(["connection"] if name in URLS else []),
        *(["profile"] if name in BANK_SETTINGS else []),
    )
    for name in Settings.model_fields
}


class Places:
    """Everywhere that settings come from, empty to begin with; `root` stands for the project's folder."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.secrets, self._set = root, root / "secrets", monkeypatch.setenv
        self.options: dict[str, str] = {}
        for name in Settings.model_fields:
            monkeypatch.delenv(variable_of(name), raising=False)
        for connection in URLS.values():
            monkeypatch.delenv(f"AIRFLOW_CONN_{connection}", raising=False)
        monkeypatch.setattr(settings_module, "SECRETS", self.secrets)
        monkeypatch.setattr(settings_module, "project_root", lambda: root)
        self.secrets.mkdir()

    def say(self, place: str, name: str, value: str) -> None:
        """Have one place give a setting a value."""
        if place == "option":
            self.options[name] = value
        elif place == "environment":
            self._set(variable_of(name), value)
        elif place == "secret":
            (self.secrets / variable_of(name).lower()).write_text(f"{value}\n", encoding="utf-8")
        elif place == "connection":
            self._set(f"AIRFLOW_CONN_{URLS[name]}", value)
        else:
            self.profile("contract", f"{name}: {value}\n")

    def profile(self, profile: str, text: str) -> None:
        """Write a profile.yaml."""
        folder = self.root / "sql" / "extract" / profile
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "profile.yaml").write_text(text, encoding="utf-8")

    def effective(self) -> Settings:
        """What comes of it."""
        return get_settings(self.options.get("profile"), self.options.get("source_url"))


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    return Places(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("name", "upper", "lower"),
    [(name, *pair) for name, order in PLACES.items() for pair in itertools.combinations((*order, "default"), 2)],
)
def test_every_place_stands_above_every_lower_one(places: Places, name: str, upper: str, lower: str) -> None:
    order = PLACES[name]
    for place in (upper, lower):
        if place != "default":
            places.say(place, name, VALUES[name][order.index(place) % len(VALUES[name])])
    found = places.effective()
    wanted = Settings(**{name: VALUES[name][order.index(upper) % len(VALUES[name])]})  # as typed values
    assert getattr(found, name) == getattr(wanted, name)
    assert getattr(found, name) != Settings.model_fields[name].default or name == "calendar"
    assert found.origin(name).kind == upper


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, order in PLACES.items() for place in order])
def test_what_is_empty_is_not_set(places: Places, name: str, place: str) -> None:
    places.say(place, name, "  " if place != "profile" else '""')
    found = places.effective()
    assert getattr(found, name) == getattr(Settings(), name)
    assert found.origin(name) == Origin("default")


def test_every_value_names_what_gave_it(places: Places) -> None:
    places.options["profile"] = "bank"
    places.say("environment", "threads", "3")
    places.say("secret", "desk_url", "postgresql://a/x")
    places.say("connection", "source_url", "sqlite:////d")
    places.profile("bank", "base_ccy: CZK\n")
    found = places.effective()
    assert {name: found.origin(name).name for name in ("profile", "threads", "desk_url", "source_url", "base_ccy")} == {
        "profile": "--profile",
        "threads": "NIGHTDESK_THREADS",
        "desk_url": str(places.secrets / "nightdesk_desk_url"),
        "source_url": "nightdesk_source",
        "base_ccy": "sql/extract/bank/profile.yaml",
    }
    assert found.origin("lake") == Origin("default")


def test_a_connection_is_asked_for_only_where_nothing_above_it_says_more(places: Places) -> None:
    places.say("environment", "desk_url", "postgresql://a/x")
    asked: list[str] = []
    effective(connection=lambda connection_id: asked.append(connection_id))
    assert asked == ["nightdesk_source", "smtp_default"]


def test_a_profile_has_its_own_values_and_nothing_of_another(places: Places) -> None:
    places.profile("one", "base_ccy: CZK\ntimezone: Europe/Prague\ncut_off: 6:30\ndeadline: 17:30\n")
    places.profile("two", "calendar: weekdays\n")
    places.say("environment", "profile", "one")
    one = places.effective()
    assert (one.base_ccy, one.timezone, one.cut_off, one.deadline) == ("CZK", "Europe/Prague", "06:30", "17:30")
    two = load_profile(one, "two")
    assert (two.name, two.base_ccy, two.zone.key, two.calendar) == ("two", "CNY", "Asia/Shanghai", "weekdays")
    assert (two.cut_off, two.deadline) == ("05:00", "07:30")
    places.say("environment", "base_ccy", "EUR")
    assert load_profile(places.effective(), "one").base_ccy == "EUR", "what the environment says, it says of any bank"


def test_settings_made_by_hand_are_options_and_the_rest_is_the_profiles(places: Places) -> None:
    places.profile("one", "base_ccy: CZK\ntimezone: Europe/Prague\n")
    made = Settings(base_ccy="EUR")
    assert (made.origin("base_ccy").kind, made.origin("timezone").kind) == ("option", "default")
    bank = load_profile(made, "one")
    assert (bank.base_ccy, bank.zone.key) == ("EUR", "Europe/Prague")


@pytest.mark.parametrize(
    ("place", "name", "value", "says"),
    [
        ("environment", "timezone", "Mars", "the setting NIGHTDESK_TIMEZONE cannot be used"),
        ("environment", "cut_off", "24:00", "the setting NIGHTDESK_CUT_OFF cannot be used"),
        ("environment", "threads", "0", "the setting NIGHTDESK_THREADS cannot be used"),
        ("secret", "base_ccy", "rmb", "nightdesk_base_ccy) cannot be used"),
        ("profile", "calendar", "lunar", "NIGHTDESK_CALENDAR (sql/extract/contract/profile.yaml) cannot be used"),
        ("profile", "threads", "2", "unknown entry threads"),
        ("connection", "desk_url", "no address", "AIRFLOW_CONN_NIGHTDESK_DESK cannot be used"),
        ("environment", "cut_off", "07:30", "the deadline 07:30 does not lie after the cut-off 07:30"),
        ("profile", "deadline", "04:59", "NIGHTDESK_DEADLINE (sql/extract/contract/profile.yaml) cannot be used"),
    ],
)
def test_a_value_of_no_use_names_its_variable_and_what_gave_it(
    places: Places, place: str, name: str, value: str, says: str
) -> None:
    places.say(place, name, value)
    with pytest.raises(PolicyError) as raised:
        places.effective()
    assert says in str(raised.value)


@pytest.mark.parametrize("text", ["base_ccy: [", "- base_ccy", "base_ccy"])
def test_a_profile_that_cannot_be_read_is_one_line(places: Places, text: str) -> None:
    places.profile("contract", text)
    with pytest.raises(PolicyError, match=r"sql/extract/contract/profile\.yaml"):
        places.effective()


def test_a_deadline_a_minute_after_the_cut_off_is_the_earliest_that_can_be_used(places: Places) -> None:
    places.say("environment", "cut_off", "07:29")
    assert places.effective().deadline == "07:30"


def test_names_that_no_setting_reads_are_told(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("NIGHTDESK_")]:
        monkeypatch.delenv(name)
    places.say("environment", "cut_off", "06:00")
    monkeypatch.setenv("NIGHTDESK_CUTOFF", "06:00")
    places.say("secret", "desk_url", "x")
    (places.secrets / "nightdesk_deskurl").write_text("x", encoding="utf-8")
    assert unused_names() == ["NIGHTDESK_CUTOFF", str(places.secrets / "nightdesk_deskurl")]


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ("99000KB", 99_000_000),
        ("99000 KiB", 99_000 * 1_024),
        ("150.5MB", 150_500_000),
        ("2GiB", 2 * 1_024**3),
        ("1TB", 10**12),
        ("1TiB", 2**40),
    ],
)
def test_an_amount_of_memory_is_counted_as_the_engine_counts_it(text: str, bytes_: int) -> None:
    assert bytes_of(text) == bytes_
    (setting,) = (
        duckdb.connect(config={"memory_limit": text}).execute("select current_setting('memory_limit')").fetchall()
    )
    shown = setting[0].replace(" ", "")
    assert bytes_of(shown) == pytest.approx(bytes_, rel=0.06)


@pytest.mark.parametrize("text", ["1B", "1", "MB", "1 PB", "-1MB", "1.MB"])
def test_what_is_no_amount_of_memory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        bytes_of(text)


def test_given_settings_that_were_made_then_nobody_changes_them_and_no_unknown_name_is_taken() -> None:
    made = Settings(home=Path("/data/a"))
    with pytest.raises(ValidationError, match="frozen"):
        made.home = Path("/data/b")  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Settings(home=Path("/data/a"), homes="/data/b")  # type: ignore[call-arg]
