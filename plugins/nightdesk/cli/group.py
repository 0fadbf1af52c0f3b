"""How every command ends: done, or one clear line on stderr and an exit code."""

import json
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

EXIT_CODES = (
    "Exit codes: 0 done · 1 a defect of Nightdesk · 2 usage · 3 source · 4 night held by its checks · 5 refused · "
    "6 desk database or lake · 7 mail · 8 policy or settings · 9 deadline missed · 130 Ctrl-C · 143 told to end"
)
_INTERRUPTED, _TERMINATED = 130, 143
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
        given = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in given
        try:
            with _ending_as_exception():
                code = super().main(given, prog_name, complete_var, False, windows_expand_args, **extra)
        except TyperException as error:
            _usage(error, as_json)
        except SystemExit as error:
            if error.code == _TERMINATED:
                _fail("ended by a signal", _AGAIN, _TERMINATED, as_json)
            raise
        except Exception as error:
            expected = as_expected(error)
            if expected is not None:
                _forget(error)
                _fail(expected.what, expected.remedy, expected.exit_code, as_json)
            if as_json:
                _say_json(f"a defect of Nightdesk: {type(error).__name__}: {error}", "Report the traceback.", 1)
            raise  # the traceback is what a report of a defect needs
        if code == _INTERRUPTED:
            _fail("ended by Ctrl-C", _AGAIN, _INTERRUPTED, as_json)
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _ending_as_exception() -> Iterator[None]:
    """SIGTERM raises in the step that it meets, so that the ledger and the outbox are told how that step ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _told_to_end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _told_to_end(_signal: int, _frame: object) -> NoReturn:
    sys.exit(_TERMINATED)


def _forget(error: BaseException | None) -> None:
    """Let go of what the failed steps held: kept until the interpreter ends, the engine's objects count as leaks
    there, and it floods stderr with them."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        cause = error.__cause__ or error.__context__
        error.__traceback__ = error.__cause__ = error.__context__ = None
        error = cause


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
    typer.echo(f"nightdesk: {' '.join(line.split())}", err=True)
    if as_json:
        _say_json(what, remedy, exit_code)
    sys.exit(exit_code)


def _say_json(what: str, remedy: str, exit_code: int) -> None:
    document = {"error": {"what": what, "remedy": remedy, "exit_code": exit_code}}
    typer.echo(json.dumps(document, ensure_ascii=False))
