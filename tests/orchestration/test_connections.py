"""An Airflow connection gives the same URL under Airflow and on the command line, and stands below the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from nightdesk.airflow_connections import connection_of_environment
from nightdesk.settings import Origin, get_settings

VARIABLE = "AIRFLOW_CONN_NIGHTDESK_SOURCE"


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("postgres://u:p%40ss@db:5432/bank", "postgresql+psycopg://u:p%40ss@db:5432/bank"),
        ("postgresql://u@db/bank?sslmode=require", "postgresql+psycopg://u@db/bank?sslmode=require"),
        ("postgresql+psycopg://u:p@db/bank", "postgresql+psycopg://u:p@db/bank"),
        ("mssql+pyodbc://u:p@db/bank?driver=ODBC+18", "mssql+pyodbc://u:p@db/bank?driver=ODBC+18"),
        ("sqlite:////data/bank.db", "sqlite:////data/bank.db"),
        ("sqlite://%2Fdata%2Fbank.db", "sqlite:////data/bank.db"),
        (json.dumps({"conn_type": "sqlite", "host": "/data/bank.db"}), "sqlite:////data/bank.db"),
        (
            json.dumps({"conn_type": "postgres", "host": "db", "login": "u", "password": "p/s", "schema": "bank"}),
            "postgresql+psycopg://u:p%2Fs@db/bank",
        ),
        (
            json.dumps({"conn_type": "postgres", "host": "db", "port": 5433, "extra": {"sslmode": "require", "x": {}}}),
            "postgresql+psycopg://db:5433?sslmode=require",
        ),
        ("smtp://u:p@mail:465", "smtps://u:p@mail:465"),
        ("smtp://mail:25?disable_ssl=true", "smtp://mail:25"),
        ("smtp://mail:587?disable_ssl=true&disable_tls=false", "smtp+starttls://mail:587"),
        (
            json.dumps({"conn_type": "smtp", "host": "mail", "extra": '{"disable_ssl": true, "disable_tls": false}'}),
            "smtp+starttls://mail",
        ),
    ],
)
def test_a_connection_gives_the_same_url_with_and_without_airflow(
    monkeypatch: pytest.MonkeyPatch, said: str, url: str
) -> None:
    from nightdesk.orchestration.connections import _url

    monkeypatch.setenv(VARIABLE, said)
    assert connection_of_environment("nightdesk_source") == url
    assert _url("nightdesk_source") == url


def test_a_password_comes_through_as_it_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        VARIABLE, json.dumps({"conn_type": "postgres", "host": "db", "login": "u", "password": "a/b@c:?"})
    )
    assert make_url(str(connection_of_environment("nightdesk_source"))).password == "a/b@c:?"


def test_the_environment_stands_above_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    from nightdesk.orchestration.connections import task_settings

    monkeypatch.setenv(VARIABLE, "sqlite:////data/connection.db")
    for found in (get_settings(), task_settings()):
        assert found.source_url == "sqlite:////data/connection.db"
        assert found.origin("source_url") == Origin("connection", "nightdesk_source")
    monkeypatch.setenv("NIGHTDESK_SOURCE_URL", "sqlite:////data/environment.db")
    for found in (get_settings(), task_settings()):
        assert found.source_url == "sqlite:////data/environment.db"


#: Airflow is imported once, and a process for each environment goes on from there
SCHEDULES = """
import json, os, sys
import nightdesk.orchestration.timetable
assert "nightdesk.orchestration.defaults" not in sys.modules
for said in json.loads(sys.argv[1]):
    sys.stdout.flush()
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
        continue
    os.environ.update(said)
    from nightdesk.orchestration.defaults import AFTER_CUT_OFF as night, AT_DEADLINE as watch
    print(night.serialize()["cron"], watch.serialize()["cron"], night.zone, sep=" | ", flush=True)
    os._exit(0)
"""


def test_schedules_follow_the_effective_hours(tmp_path: Path) -> None:
    expected = {
        "5 5 * * * | 30 7 * * * | Asia/Shanghai": {},
        "35 6 * * * | 0 9 * * * | Asia/Shanghai": {"CUT_OFF": "06:30", "DEADLINE": "09:00"},
        "2 0 * * * | 59 23 * * * | Asia/Shanghai": {"CUT_OFF": "23:57", "DEADLINE": "23:59"},
        "5 5 * * * | 30 7 * * * | Europe/Prague": {"PROFILE": "berka"},
    }
    said = [{f"NIGHTDESK_{key}": value for key, value in one.items()} for one in expected.values()]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NIGHTDESK_")}
    done = subprocess.run(
        [sys.executable, "-c", SCHEDULES, json.dumps(said)],
        env={**plain, "NIGHTDESK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == list(expected)
