"""How commands end: one clear line, an exit code, and with --json one document on stdout."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import typer
from hand_bank import D, days_back, ten_clients, write_sqlite
from terminal import Terminal
from typer.main import get_command
from typer.testing import CliRunner

from nightdesk.attempt.opening import ending
from nightdesk.cli import app
from nightdesk.cli.group import NightdeskGroup
from nightdesk.engine import Engine
from nightdesk.reading.exporting import TABLES


@pytest.mark.parametrize(
    ("name", "value", "exit_code"),
    [
        ("timezone", "Mars", 8),
        ("cut_off", "25:00", 8),
        ("memory_limit", "lots", 8),
        ("threads", "0", 8),
        ("calendar", "lunar", 8),
        ("base_ccy", "rmb", 8),
        ("mail_from", "nobody", 8),
        ("desk_url", "nonsense", 6),
        ("desk_url", "sqlite:///x.db", 6),
        ("desk_url", "postgresql://u:secret@127.0.0.1:1/x", 6),
        ("desk_url", "postgresql://u:secret@127.0.0.1:port/x", 6),
        ("desk_url", "postgresql://u@127.0.0.1:1/x?password=secret", 6),
        ("home", "/dev/null/x", 6),
        ("profile", "nope", 8),
        ("source_url", "nonsense", 3),
        ("source_url", "postgresql://u:secret@127.0.0.1:port/x", 3),
        ("source_url", "sqlite:////nowhere/bank.db", 3),
    ],
)
def test_a_setting_of_no_use_is_one_line_with_a_remedy(
    two_published: Terminal, name: str, value: str, exit_code: int
) -> None:
    env = {name: value} if name != "home" else {name: value, "desk_url": ""}
    done = two_published.run("night", "--date", str(D), **env)
    assert (done.exit_code, done.stderr.count("\n")) == (exit_code, 1), done.output
    assert "secret" not in done.output


def test_a_date_before_the_policy_begins_is_one_line(two_published: Terminal) -> None:
    done = two_published.run("night", "--date", "1899-06-01")
    assert (done.exit_code, done.stderr.count("\n")) == (8, 1)
    assert "has no row in force on 1899-06-01" in done.stderr


def test_with_json_an_error_is_a_document_on_stdout_and_a_line_on_stderr(two_published: Terminal) -> None:
    for words in (("export", "nothing", "--date", str(D)), ("export", "task"), ("night", "--date", "tomorrow")):
        done = two_published.run(*words, "--json")
        assert done.exit_code == json.loads(done.stdout)["error"]["exit_code"] == 2
        assert done.stderr.count("\n") == 1


def test_every_command_takes_json_and_lang() -> None:
    def commands(group: object) -> list[object]:
        return [
            leaf for one in group.commands.values() for leaf in (commands(one) if hasattr(one, "commands") else [one])
        ]

    for command in commands(get_command(app)):
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--json", "--lang"} <= options, command.name


@pytest.mark.parametrize("harm", ["table", "column", "truncated"])
def test_a_source_that_cannot_be_read_leaves_nothing_half_done(terminal: Terminal, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "bank.db"
    bank = ten_clients()
    if harm == "table":
        del bank["loan"]
    if harm == "column":
        bank["loan"] = [{k: v for k, v in row.items() if k != "outstanding_amt"} for row in bank["loan"]]
    source = write_sqlite(bank, file)
    if harm == "truncated":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    day = str(days_back(-1))
    done = terminal.run("night", "--date", day, "--source", source, "--json")
    assert done.exit_code == json.loads(done.stdout)["error"]["exit_code"] == 3
    assert not (terminal.home / "out" / day).exists()
    assert "failed" in terminal.run("export", "night", "--date", day).stdout
    assert terminal.run("export", "task", "--date", day).exit_code == 2


def test_a_night_told_to_end_says_so_in_the_ledger(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    source = write_sqlite(ten_clients(), file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("begin exclusive")  # the extract waits for the lock until it is told to end
    day = str(days_back(-1))
    settings = {
        "NIGHTDESK_HOME": str(terminal.home),
        "NIGHTDESK_DESK_URL": terminal.server.admin_url(terminal.database),
        "NIGHTDESK_SOURCE_URL": f"{source}?timeout=60",
    }
    # whoever runs the tests in the background of a shell ignores Ctrl-C, and so would the night
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    words = [sys.executable, "-c", f"{listening}; from nightdesk.cli import app; app()", "night", "--date", day]
    process = subprocess.Popen(words, env={**os.environ, **settings}, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while "running" not in terminal.run("export", "night", "--date", day).stdout:
        assert time.monotonic() < until
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    holder.close()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("nightdesk: ended by Ctrl-C. ")
    assert 'failed,"ended from outside' in terminal.run("export", "night", "--date", day).stdout


@pytest.mark.parametrize(("told", "exit_code", "said"), [("SIGTERM", 143, "a signal"), ("SIGINT", 130, "Ctrl-C")])
def test_given_a_statement_at_work_when_told_to_end_then_the_command_ends_as_told_and_that_is_no_defect(
    told: str, exit_code: int, said: str
) -> None:
    app = typer.Typer(cls=NightdeskGroup)
    ended: list[str] = []

    @app.callback()
    def every() -> None: ...

    @app.command()
    def query() -> None:
        with Engine(threads=1) as engine:  # on one thread the statement hears of a signal at once
            at = threading.Timer(0.2, signal.raise_signal, [signal.Signals[told]])
            try:
                at.start()
                engine.value("select count(*) from range(10000000000) as counted (number) where number % 7 = 1")
            except BaseException as error:
                ended.append(ending(error))
                raise

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        done = CliRunner().invoke(app, ["query"])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (done.exit_code, len(done.stderr.splitlines())) == (exit_code, 1)
    assert done.stderr.startswith(f"nightdesk: ended by {said}. What was published stays, ")
    assert ended == ["ended from outside, by Ctrl-C or a signal"], "as the ledger keeps it"


@pytest.mark.parametrize("before", [["--lang", "en"], ["--lang=en", "--log-level", "error"], ["--json", "--lang=en"]])
def test_given_what_every_command_takes_when_it_stands_before_the_name_then_it_counts_as_after_it(
    two_published: Terminal, before: list[str]
) -> None:
    shown = two_published.run(*before, "outbox", "list", "--date", str(D))
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("[]" if "--json" in before else "")
    assert ("recipient" in shown.stdout) == ("--json" not in before)
    assert two_published.run("--lang", "fr", "status").exit_code == 2
    assert two_published.run("--lang", "en", "--help").exit_code == 0


def test_given_the_help_of_export_then_it_names_every_table_that_can_be_exported(two_published: Terminal) -> None:
    shown = "".join(two_published.run("export", "--help").stdout.split())
    assert all(f"{table}," in shown or f"{table}." in shown for table in TABLES)
    assert "withheld," in shown


@pytest.mark.parametrize("words", ["--help", "decide --help", "status --print-timer", "policy check"])
def test_given_a_reader_that_goes_then_the_command_ends_quietly_with_the_code_of_a_closed_pipe(
    words: str, tmp_path: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    script = "import sys; from nightdesk.cli import app; sys.exit(app())"
    settings = {**os.environ, "NIGHTDESK_HOME": str(tmp_path)}
    command = [sys.executable, "-c", script, *words.split()]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=settings)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
