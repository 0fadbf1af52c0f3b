"""nightdesk pg on a real server."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from nightdesk import pg
from nightdesk.cli.pg import pg_app

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def lasting_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("home")
    yield place
    pg.remove(place)


@pytest.fixture
def home(lasting_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIGHTDESK_HOME", str(lasting_home))
    return lasting_home


def test_given_no_server_when_url_is_asked_then_it_starts_and_the_url_connects(home: Path) -> None:
    answer = RUNNER.invoke(pg_app, ["url"])
    assert answer.exit_code == 0
    address = answer.stdout.strip()
    assert address.startswith("postgresql+psycopg://desk:")
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        assert connection.execute("select current_database()").fetchone() == ("nightdesk",)


def test_given_json_when_started_asked_and_stopped_then_each_answer_is_one_document(home: Path) -> None:
    started = json.loads(RUNNER.invoke(pg_app, ["start", "--json"]).stdout)
    assert started["running"] is True
    asked = json.loads(RUNNER.invoke(pg_app, ["url", "--database", "airflow", "--json"]).stdout)
    assert asked["database"] == "airflow"
    assert asked["url"].endswith(f":{started['port']}/airflow")
    assert json.loads(RUNNER.invoke(pg_app, ["stop", "--json"]).stdout) == {"stopped": True, "deleted": False}
    assert json.loads(RUNNER.invoke(pg_app, ["stop", "--json"]).stdout) == {
        "stopped": False,
        "deleted": False,
    }


def test_given_json_and_a_home_with_a_chinese_name_then_each_answer_is_one_line_and_the_name_is_as_it_is(
    tmp_path: Path,
) -> None:
    settings = {"NIGHTDESK_HOME": str(tmp_path / "晨单")}
    try:
        for words in ("start", "url", "stop"):
            said = RUNNER.invoke(pg_app, [words, "--json"], env=settings).stdout
            assert said.count("\n") == 1
            assert json.loads(said)
            assert "\\u" not in said
    finally:
        pg.remove(tmp_path / "晨单")


def test_given_data_when_stopped_with_delete_data_then_nothing_of_it_is_left(home: Path) -> None:
    started = json.loads(RUNNER.invoke(pg_app, ["start", "--json"]).stdout)
    assert RUNNER.invoke(pg_app, ["stop", "--delete-data"]).exit_code == 0
    assert not Path(started["data"]).exists()
    assert not (home / "pg").exists()
