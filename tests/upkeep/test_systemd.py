"""The timer that asks for the lists without Airflow: units that systemd can read, for this home and this deadline."""

import configparser
from pathlib import Path

import pytest

from nightdesk.cli import app
from nightdesk.settings import Settings
from nightdesk.upkeep.systemd import units


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None, comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys keep their case
    parser.read_string(text)
    return parser


def test_given_a_bank_then_its_timer_rings_after_its_deadline_in_its_own_zone(tmp_path: Path) -> None:
    made = units(Settings(home=tmp_path, deadline="06:45", timezone="Europe/Prague"))
    assert set(made) == {"nightdesk-status.service", "nightdesk-status.timer"}
    timer, service = read(made["nightdesk-status.timer"]), read(made["nightdesk-status.service"])
    assert timer["Timer"]["OnCalendar"] == "*-*-* 06:45:30 Europe/Prague"
    assert timer["Timer"]["Persistent"] == "true"
    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["ExecStart"].endswith('nightdesk" status --deadline 06:45 --lang en')
    assert str(tmp_path) in service["Service"]["Environment"]


def test_given_secrets_in_the_settings_then_no_unit_has_them_and_odd_paths_are_quoted(tmp_path: Path) -> None:
    home = tmp_path / "a b%h$x"
    made = units(Settings(home=home, desk_url="postgresql://u:hunter2@db/desk", smtp_url="smtp://u:hunter2@mail"))
    assert "hunter2" not in "".join(made.values())
    assert 'a b%%h$$x"' in made["nightdesk-status.service"]


def test_given_the_option_then_status_prints_the_units_and_asks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        app(["status", "--print-timer"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert "# nightdesk-status.service" in printed
    assert "OnCalendar=*-*-* 07:30:30 Asia/Shanghai" in printed
    assert list(tmp_path.iterdir()) == [], "no database was started"
