"""The environment of Airflow's processes, held against the settings and the installed Airflow."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from nightdesk import pg
from nightdesk.orchestration.standalone import airflow_environment, login
from nightdesk.settings import Settings, get_settings, project_root


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    home = tmp_path_factory.mktemp("standalone")
    yield Settings(home=home, base_ccy="CZK")
    pg.remove(home)


def test_given_settings_when_asked_for_the_environment_then_everything_lies_below_the_home(
    settings: Settings,
) -> None:
    environment = airflow_environment(settings, port=9000)
    assert environment["NIGHTDESK_HOME"] == str(settings.home)
    assert environment["NIGHTDESK_BASE_CCY"] == "CZK"
    assert "NIGHTDESK_DESK_URL" not in environment, "unset stays unset"
    assert environment["AIRFLOW_HOME"] == str(settings.home / "airflow")
    assert environment["AIRFLOW__CORE__DAGS_FOLDER"] == str(project_root() / "dags")
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == pg.ensure_server(settings.home).url("airflow")
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:9000/execution/"
    assert airflow_environment(settings, port=9000) == environment, "keys and passwords are made once"


def test_given_defaults_when_handed_on_then_they_stay_defaults_and_a_profile_keeps_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("NIGHTDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NIGHTDESK_HOME", str(settings.home))
    monkeypatch.setenv("NIGHTDESK_PROFILE", "berka")
    environment = airflow_environment(get_settings())
    assert {name for name in environment if name.startswith("NIGHTDESK_")} == {"NIGHTDESK_HOME", "NIGHTDESK_PROFILE"}
    assert environment["AIRFLOW__CORE__DEFAULT_TIMEZONE"] == "Europe/Prague"
    program = (
        "from nightdesk.bank_profile import load_profile; from nightdesk.settings import get_settings\n"
        "bank = load_profile(get_settings()); print(bank.name, bank.base_ccy, bank.zone.key, bank.calendar)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["berka", "CZK", "Europe/Prague", "weekdays"]


def test_given_a_mail_catcher_when_handed_on_then_it_is_a_setting_there(settings: Settings) -> None:
    caught = settings.with_option("smtp_url", "smtp://127.0.0.1:1", "mail catcher")
    assert airflow_environment(caught)["NIGHTDESK_SMTP_URL"] == "smtp://127.0.0.1:1"
    assert caught.origin("base_ccy").kind == "option", "what was given before still is"


def test_given_an_environment_when_read_back_then_its_secrets_are_strong_private_and_differ(
    settings: Settings,
) -> None:
    environment = airflow_environment(settings)
    keys = ["AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"]
    assert len({environment[key] for key in keys}) == 3
    assert Fernet(environment[keys[0]]).decrypt(Fernet(environment[keys[0]]).encrypt(b"x")) == b"x"
    folder = settings.home / "airflow" / "secrets"
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077] == []
    assert len(login(settings).password()) >= 16


def test_given_a_desk_elsewhere_when_the_environment_names_the_metadata_then_no_server_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql+psycopg://u:p@db/airflow")
    elsewhere = Settings(home=tmp_path, desk_url="postgresql+psycopg://u:p@db/desk")
    environment = airflow_environment(elsewhere)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "postgresql+psycopg://u:p@db/airflow"
    assert environment["NIGHTDESK_DESK_URL"] == "postgresql+psycopg://u:p@db/desk"
    assert not pg.status(tmp_path).running


def test_given_the_environment_when_airflow_starts_in_it_then_every_setting_is_one_it_knows(
    settings: Settings,
) -> None:
    program = (
        "import os; from airflow.configuration import conf\n"
        "known = conf.configuration_description\n"
        "for name in os.environ:\n"
        "    if name.startswith('AIRFLOW__'):\n"
        "        section, key = name.removeprefix('AIRFLOW__').lower().split('__')\n"
        "        assert key in known[section]['options'], name\n"
        "print(conf.get('core', 'executor'), conf.getboolean('core', 'load_examples'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=airflow_environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-2:] == ["LocalExecutor", "False"]
