"""Whoever names no command is shown those that there are."""

from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from nightdesk.cli import app


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
