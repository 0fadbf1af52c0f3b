"""How every command ends: done, or one clear line on stderr and an exit code."""

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from nightdesk.cli.failing import as_expected
from nightdesk.cli.logs import is_debugging
from nightdesk.closed import closed_by_default
from nightdesk.failures import reduced
from nightdesk.render.inert import escaped, inert

EXIT_CODES = (
    "Exit codes: 0 done · 1 a defect of Nightdesk · 2 usage · 3 source · 4 night held by its checks · 5 refused · "
    "6 desk database or lake · 7 mail · 8 policy or settings · 9 deadline missed · 130 Ctrl-C · "
    "141 nobody reads on · 143 told to end"
)
_INTERRUPTED, _UNREAD, _TERMINATED = 130, 141, 143
#: the exit code of the signal that told this process to end
_ended: list[int] = []
_AGAIN = "What was published stays, nothing else was; run the same command again to go on."


class NightdeskGroup(TyperGroup):
    """Turns every failure of any command into one line, and with --json into one document on stdout as well."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command that was asked for, and end with its exit code."""
        del standalone_mode  # how a failure is said is decided here, for every caller
        given = _after_the_command(list(sys.argv[1:] if args is None else args))
        as_json = "--json" in given
        try:
            with _ending_as_exception(), closed_by_default():
                code = super().main(given, prog_name, complete_var, False, windows_expand_args, **extra)
                sys.stdout.flush()
        except TyperException as error:
            _usage(error, as_json)
        except SystemExit as error:
            if error.code == _TERMINATED:
                _fail("ended by a signal", _AGAIN, _TERMINATED, as_json)
            if isinstance(error.__context__, BrokenPipeError):  # both libraries that print make 1 of it, a defect here
                _end_unread()
            raise
        except BrokenPipeError:
            _end_unread()
        except Exception as error:  # noqa: BLE001  # said in one line, or as a defect: both end here
            expected = as_expected(error)
            if expected is not None:
                _forget(error)
                _fail(expected.what, expected.remedy, expected.exit_code, as_json)
            _defect(error, as_json)
        if code == _INTERRUPTED and _ended:  # the engine raises one thing for every signal that meets a statement
            _fail("ended by a signal", _AGAIN, _ended.pop(), as_json)
        if code == _INTERRUPTED:
            _fail("ended by Ctrl-C", _AGAIN, _INTERRUPTED, as_json)
        sys.exit(code if isinstance(code, int) else 0)


def _after_the_command(given: list[str]) -> list[str]:
    """A command line whose `--json` and `--lang`, which every command takes, stand after its name, also where they were
    written before it."""
    before: list[str] = []
    moved: list[str] = []
    words = list(given)
    while words and words[0].partition("=")[0] in ("--json", "--lang", "--log-level"):
        taken = 1 if words[0] == "--json" or "=" in words[0] else 2
        (before if words[0].startswith("--log-level") else moved).extend(words[:taken])
        words = words[taken:]
    is_command = bool(words) and not words[0].startswith("-")
    return [*before, *words, *(moved if is_command else [])] if words else given


@contextmanager
def _ending_as_exception() -> Iterator[None]:
    """SIGTERM raises in the step that it meets, so that the ledger and the outbox are told how that step ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _ended.clear()
    before = signal.signal(signal.SIGTERM, _told_to_end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _told_to_end(_signal: int, _frame: object) -> NoReturn:
    _ended.append(_TERMINATED)
    sys.exit(_TERMINATED)


def _end_unread() -> NoReturn:
    """Whoever read the output (`head`) has gone: nobody is there to be told, and the code is a closed pipe's usual one.
    What is still to be written goes nowhere, else the interpreter says at its end that it cannot be."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(_UNREAD)


def _forget(error: BaseException | None) -> None:
    """Let go of what the failed steps held: kept until the interpreter ends, the engine's objects count as leaks
    there, and it floods stderr with them."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        cause = error.__cause__ or error.__context__
        error.__traceback__ = error.__cause__ = error.__context__ = None
        error = cause


def _defect(error: Exception, as_json: bool) -> NoReturn:
    """Say where the code broke, which is what a report of a defect needs; what a library said of it may quote a cell,
    and is for who looks for the defect (--log-level debug)."""
    if is_debugging():
        trace = "".join(traceback.format_exception(error))
    else:
        frames = "".join(traceback.format_tb(error.__traceback__))
        trace = f"Traceback (most recent call last):\n{frames}{type(error).__name__}: {reduced(error)}\n"
    typer.echo(trace, err=True, nl=False)
    if as_json:
        _say_json(f"a defect of Nightdesk: {type(error).__name__}: {reduced(error)}", "Report the traceback.", 1)
    sys.exit(1)


def _usage(error: TyperException, as_json: bool) -> NoReturn:
    """A command line that cannot be read; one that names no command has asked for the help."""
    if type(error).__name__ == "NoArgsIsHelpError":  # typer keeps the class to itself
        typer.echo(str(error), err=True, nl=False)
        sys.exit(error.exit_code)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "nightdesk"
    where = f"{path.removeprefix('nightdesk ')}: " if " " in path else ""
    message = error.format_message().replace("Value error, ", "")
    _fail(f"{where}{message}", f"See {path} --help.", error.exit_code, as_json)


def _fail(what: str, remedy: str, exit_code: int, as_json: bool) -> NoReturn:
    line = f"{what} {remedy}" if what.endswith(("?", "!")) else f"{what.rstrip('.')}. {remedy}"
    typer.echo(f"nightdesk: {inert(' '.join(line.split()))}", err=True)
    if as_json:
        _say_json(what, remedy, exit_code)
    sys.exit(exit_code)


def _say_json(what: str, remedy: str, exit_code: int) -> None:
    document = {"error": {"what": what, "remedy": remedy, "exit_code": exit_code}}
    typer.echo(escaped(json.dumps(document, ensure_ascii=False)))
