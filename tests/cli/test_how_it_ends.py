"""How a command ends, whatever it meets: an exit code, a line on stderr, with --json a document, and no cell."""

import json
import signal
import sys
import threading
from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner, Result

from nightdesk.cli.group import NightdeskGroup, _ending_as_exception, _forget
from nightdesk.cli.options import JsonOption
from nightdesk.errors import Refused

CELL = "13912345678"
app = typer.Typer(cls=NightdeskGroup)


@app.command()
def done(as_json: JsonOption = False) -> None:
    """It is done."""
    typer.echo("[]" if as_json else "done")


@app.command()
def stopped() -> None:
    """It says so itself."""
    raise typer.Exit(9)


@app.command()
def refused(as_json: JsonOption = False) -> None:
    """Refused."""
    raise Refused("网点 B1 is refused", "Ask for another.")


@app.command()
def broken(as_json: JsonOption = False) -> None:
    """A defect."""
    raise ZeroDivisionError(CELL) from KeyError(CELL)


@app.command()
def interrupted() -> None:
    """Ctrl-C."""
    raise KeyboardInterrupt


@app.command()
def ended() -> None:
    """Told to end."""
    signal.raise_signal(signal.SIGTERM)


@app.command()
def left() -> None:
    """A library ends the process."""
    sys.exit(4)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("done",), 0, ""),
        (("stopped",), 9, ""),
        (("refused",), 5, "nightdesk: 网点 B1 is refused. Ask for another.\n"),
        (("interrupted",), 130, "nightdesk: ended by Ctrl-C. What was published stays"),
        (("ended",), 143, "nightdesk: ended by a signal. What was published stays"),
        (("left",), 4, ""),
        (("done", "--nothing"), 2, "nightdesk: "),
    ],
)
def test_given_a_command_then_it_ends_with_its_code_and_one_line(words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words)
    assert done.exit_code == code
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == bool(said)


@pytest.mark.parametrize(("name", "code"), [("refused", 5), ("broken", 1)])
def test_given_json_then_a_failure_is_a_document_on_stdout_too(name: str, code: int) -> None:
    found = run(name, "--json")
    assert found.exit_code == json.loads(found.stdout)["error"]["exit_code"] == code
    assert ("网点" in found.stdout) is (name == "refused")
    assert run(name).stdout == ""


def test_given_a_group_without_a_command_then_its_help_is_told_and_no_failure() -> None:
    helping = typer.Typer(cls=NightdeskGroup, no_args_is_help=True)
    helping.command()(done)
    helping.command()(stopped)
    found = CliRunner().invoke(helping, [])
    assert "nightdesk: " not in found.output
    assert "Usage" in found.output
    assert not found.output.endswith("\n\n")


def test_given_a_command_below_another_that_cannot_be_read_then_its_whole_name_is_said() -> None:
    above = typer.Typer(cls=NightdeskGroup)
    above.add_typer(app, name="outbox")
    above.command()(done)
    assert "outbox done: " in CliRunner().invoke(above, ["outbox", "done", "--nothing"], prog_name="nightdesk").stderr
    said = CliRunner().invoke(above, ["nothing"], prog_name="nightdesk").stderr
    assert said.startswith("nightdesk: No such command")


def test_given_a_defect_then_where_it_broke_is_told_and_no_value_of_it() -> None:
    found = run("broken")
    assert found.exit_code == 1
    assert found.stderr.startswith("Traceback")
    assert "in broken" in found.stderr
    assert "ZeroDivisionError" in found.stderr
    assert CELL not in found.output


def test_given_no_words_then_those_of_the_process_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["nightdesk", "stopped"])
    with pytest.raises(SystemExit) as ended:
        app()
    assert ended.value.code == 9


def test_given_another_thread_then_a_command_runs_there_and_leaves_signals_alone() -> None:
    found: list[Result] = []
    worker = threading.Thread(target=lambda: found.append(run("done")))
    worker.start()
    worker.join()
    assert [(one.exit_code, one.stdout) for one in found] == [(0, "done\n")]


@pytest.fixture
def handler() -> Iterator[object]:
    """What a process does of its own when it is told to end."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield signal.SIG_IGN
    signal.signal(signal.SIGTERM, before)


def test_given_a_command_that_has_ended_then_signals_mean_what_they_meant_before(handler: object) -> None:
    with _ending_as_exception():
        assert signal.getsignal(signal.SIGTERM) != handler
    assert signal.getsignal(signal.SIGTERM) == handler


def test_given_a_chain_of_errors_then_nothing_of_it_holds_what_the_steps_held() -> None:
    cause, context, error = ValueError("1"), ValueError("2"), ValueError("3")
    for one in (cause, context, error):
        try:
            raise one
        except ValueError:
            pass
    error.__cause__, cause.__context__ = cause, context
    _forget(error)
    assert [one.__traceback__ for one in (error, cause, context)] == [None, None, None]
    assert (error.__cause__, cause.__context__) == (None, None)
