"""Whoever names no command is shown those that there are."""

from collections.abc import Iterator

import pytest
import typer
from rich.console import Console
from typer.main import get_command
from typer.testing import CliRunner

from nightdesk.cli import app
from nightdesk.cli.options import remarks, results


def groups() -> Iterator[str]:
    """The groups of commands, and all of them together."""
    yield ""
    found = get_command(app)
    yield from (name for name, command in found.commands.items() if hasattr(command, "commands"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("group", list(groups()))
def test_given_a_group_without_a_command_then_it_lists_its_commands(group: str) -> None:
    said = CliRunner().invoke(app, group.split()).output
    found: typer.core.TyperGroup = get_command(app)  # type: ignore[assignment]
    commands = (found.commands[group] if group else found).commands  # type: ignore[attr-defined]
    assert commands
    for name in commands:
        assert f" {name} " in said


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every command by the words that call it."""
    for name, one in group.commands.items():  # type: ignore[attr-defined]
        yield from commands(one, (*path, name)) if hasattr(one, "commands") else [((*path, name), one)]


def test_given_no_option_then_no_switch_of_any_command_is_on() -> None:
    switches = {
        (*path, parameter.name): parameter.default
        for path, command in commands(get_command(app))
        if command.callback.__module__.startswith("nightdesk.")  # type: ignore[attr-defined]  # not the laboratory's
        for parameter in command.params  # type: ignore[attr-defined]
        if getattr(parameter, "is_flag", False)
    }
    assert {("night", "send"), ("outbox", "send", "restate"), ("pg", "stop", "delete_data")} <= switches.keys()
    assert [name for name, is_on in switches.items() if is_on] == []


@pytest.mark.parametrize("console", [remarks, results])
def test_given_no_terminal_then_what_is_said_is_one_line_however_long_and_as_it_is(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    said = f"[bold]no[/bold] 12 {'word ' * 300}end"
    console.print(said)
    assert "".join(capsys.readouterr()) == f"{said}\n"
