"""nightdesk config: every setting with its value and origin, no secret, and exit code 8 for one of no use."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nightdesk import settings as settings_module
from nightdesk.cli import app
from nightdesk.settings import Settings, variable_of


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Run `nightdesk config` where only these variables are set."""
    monkeypatch.setattr(settings_module, "SECRETS", tmp_path)
    nothing: dict[str, str | None] = {variable_of(name): None for name in Settings.model_fields}

    def run(*words: str, **env: str) -> Result:
        return CliRunner(env={**nothing, **env}).invoke(app, ["config", *words])

    return run


def test_every_setting_is_there_with_its_value_and_origin(say) -> None:  # type: ignore[no-untyped-def]
    done = say("--profile", "berka", "--json", NIGHTDESK_THREADS="3", AIRFLOW_CONN_SMTP_DEFAULT="smtp://u:s3cret@mail")
    assert done.exit_code == 0, done.output
    found = {one["name"]: one for one in json.loads(done.stdout)["settings"]}
    assert list(found) == list(Settings.model_fields)
    told = {name: (one["value"], one["origin"]["kind"], one["origin"]["name"]) for name, one in found.items()}
    assert told["profile"] == ("berka", "option", "--profile")
    assert told["base_ccy"] == ("CZK", "profile", "sql/extract/berka/profile.yaml")
    assert told["threads"] == ("3", "environment", "NIGHTDESK_THREADS")
    assert told["smtp_url"] == ("smtps://u:***@mail", "connection", "smtp_default")
    assert told["desk_url"] == (None, "default", None)
    assert told["cut_off"] == ("05:00", "default", None)


@pytest.mark.parametrize("words", [(), ("--json",), ("--lang", "en")])
def test_no_secret_is_shown_and_a_name_that_nothing_reads_is(say, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    done = say(
        *words,
        NIGHTDESK_CUTOFF="06:00",
        NIGHTDESK_SOURCE_URL="postgresql://u@h/db?password=s3cret",
        NIGHTDESK_DESK_URL="postgresql://u:s3cret@h/db",
        NIGHTDESK_SMTP_URL="smtp://u:s3cret@h",
        NIGHTDESK_LAKE="s3://id:s3cret@lake",
        NIGHTDESK_MAIL_FROM='"[/x]" <a@bank.example>',
    )
    assert done.exit_code == 0, done.output
    assert "s3cret" not in done.output
    assert "NIGHTDESK_CUTOFF" in done.stdout
    assert "[/x]" in done.stdout, "brackets are text, no markup"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars"),
        ("cut_off", "07:30"),
        ("threads", "none"),
        ("profile", "nope"),
        ("source_url", "nonsense"),
        ("source_url", "sqlite:////nowhere/bank.db"),
        ("source_url", "postgresql://u:s3cret@h:port/x"),
        ("desk_url", "sqlite:///x.db"),
        ("desk_url", "postgresql://u:s3cret@h:port/x"),
        ("smtp_url", "carrier-pigeon"),
    ],
)
def test_a_setting_of_no_use_is_named(say, name: str, value: str) -> None:  # type: ignore[no-untyped-def]
    done = say(**{variable_of(name): value})
    assert (done.exit_code, done.stderr.count("\n"), done.stdout) == (8, 1, "")
    assert variable_of(name) in done.stderr
    assert "s3cret" not in done.output
