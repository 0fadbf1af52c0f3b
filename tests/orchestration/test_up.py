"""nightdesk up, for real: every service answers, the DAGs are parsed, and nothing is left behind."""

import json
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import psutil
import psycopg
import pytest

from nightdesk import pg
from nightdesk.cli.up import _say_json
from nightdesk.orchestration.serving import Ready, health
from nightdesk.settings import project_root

NIGHTDESK = Path(sys.executable).with_name("nightdesk")


@contextmanager
def _up(home: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    environment = {"PATH": "/usr/bin:/bin", "NIGHTDESK_HOME": str(home)}
    with subprocess.Popen(
        [NIGHTDESK, "up", "--json", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("up")
    yield place
    pg.remove(place)


def _until_dags_are_parsed(home: Path, wanted: set[str]) -> tuple[set[str], list[str]]:
    """Ids of the parsed DAGs and the import errors, once all wanted ones are there or 20 s have passed."""
    deadline = time.monotonic() + 20
    address = pg.ensure_server(home).url("airflow", "postgresql")
    while True:
        with psycopg.connect(address) as connection:
            found = {name for (name,) in connection.execute("select dag_id from dag")}
            errors = [text for (text,) in connection.execute("select stacktrace from import_error")]
        if found >= wanted or errors or time.monotonic() > deadline:
            return found, errors
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.long
def test_given_a_new_home_when_up_then_all_answers_dags_are_parsed_mail_is_kept_and_a_signal_ends_it_all(
    home: Path,
) -> None:
    with _up(home) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        about = json.loads(line)
        port = int(about["address"].rpartition(":")[2])
        assert set(health(port).values()) == {"healthy"}

        password_file = Path(about["password_file"])
        assert password_file.stat().st_mode & 0o077 == 0
        assert list(json.loads(password_file.read_text())) == [about["user"]]

        wanted = {path.stem for path in (project_root() / "dags").glob("*.py")}
        found, errors = _until_dags_are_parsed(home, wanted)
        assert errors == []
        assert found == wanted
        assert len(found) >= 3

        message = EmailMessage()
        message["From"], message["To"], message["Message-ID"] = (
            "a@example.org",
            "b@example.org",
            "<m-1@example.org>",
        )
        message.set_content("晨单")
        host, smtp_port = about["smtp_url"].removeprefix("smtp://").split(":")
        with smtplib.SMTP(host, int(smtp_port)) as server:
            server.send_message(message)
        assert (Path(about["mails"]) / "m-1.eml").exists()

        with _up(home) as second:
            _, said = second.communicate(timeout=20)
            assert second.returncode == 5
            assert "up already" in said

        family = psutil.Process(process.pid).children(recursive=True)
        names = {" ".join(child.cmdline()) for child in family}
        for service in ("api_server", "scheduler", "dag-processor", "triggerer"):
            assert any(service in name for name in names), names
        listening = {
            connection.laddr.ip
            for child in family
            for connection in child.net_connections(kind="inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}

        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 20
        _, alive = psutil.wait_procs(family, timeout=1)
        assert [child.cmdline() for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    assert not pg.status(home).running, "the server that it started is stopped with it"


def test_given_json_when_all_is_ready_then_it_is_one_line_with_names_as_they_are_and_nothing_in_it_acts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    about = Ready("http://127.0.0.1:8080", "admin", "/晨单/a", "smtp://127.0.0.1:25", "/晨单\u202e/mail", "/晨单/logs")
    _say_json(about)
    said = capsys.readouterr().out
    assert (said.count("\n"), "/晨单/a" in said, "\u202e" in said) == (1, True, False)
    assert json.loads(said) == about.__dict__


def test_given_a_port_in_use_when_up_on_it_then_one_line_and_refused(home: Path, pg_server: pg.Server) -> None:
    with _up(home, "--port", str(pg_server.port)) as process:
        _, said = process.communicate(timeout=30)
    assert process.returncode == 5
    assert str(pg_server.port) in said
    assert "Traceback" not in said
