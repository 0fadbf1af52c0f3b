"""Whoever names no command is shown those that there are."""

import datetime
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from nightdesk.cli import app
from nightdesk.cli.group import _after_the_command, _fail
from nightdesk.cli.letters import require_reached, say_fates
from nightdesk.cli.options import Lang, Plain, day_or_none, language_or_none, pages_folder, remarks, results, say_json
from nightdesk.errors import MailError, UsageError
from nightdesk.night.letters import Told
from nightdesk.render.catalogue import catalogue


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


def test_given_no_terminal_then_remarks_go_to_stderr_and_results_to_stdout_each_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = f"12 {'word ' * 300}end"
    remarks.print(said)
    assert capsys.readouterr() == ("", f"{said}\n")
    results.print(said)
    assert capsys.readouterr() == (f"{said}\n", "")


def test_given_a_terminal_then_text_is_shown_as_it_is_without_a_colour_or_a_cut() -> None:
    shown = io.StringIO()
    Plain(file=shown, force_terminal=True, color_system="standard", width=20).print("[bold]no[/bold] 12 'a' is longer")
    assert shown.getvalue() == "[bold]no[/bold] 12 'a' is longer\n"


def test_given_a_document_then_it_is_indented_and_can_be_read_in_any_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_json({"branch": "一支行", "amount_amt": Decimal("1.50"), "on": datetime.date(2026, 3, 31)})
    assert capsys.readouterr().out == '{\n  "branch": "一支行",\n  "amount_amt": "1.50",\n  "on": "2026-03-31"\n}\n'


def test_given_an_option_that_need_not_be_given_then_it_is_none_or_what_it_says(tmp_path: Path) -> None:
    assert (day_or_none(None), day_or_none("2026-03-31")) == (None, datetime.date(2026, 3, 31))
    with pytest.raises(UsageError, match="--until 'soon' is not a date"):
        day_or_none("soon", "--until")
    assert [language_or_none(lang) for lang in (None, Lang.en, Lang.zh_CN)] == [None, "en", "zh_CN"]
    home, told = tmp_path / "home", tmp_path / "told"
    assert pages_folder(None, home, "brief", "2026-03-31") == home / "brief" / "2026-03-31"
    assert pages_folder(told, home, "brief", "2026-03-31") == told


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("--json status", "status --json"),
        ("--lang en status --date D", "status --date D --lang en"),
        ("--lang=en --json outbox list", "outbox list --lang=en --json"),
        ("--log-level info --json status", "--log-level info status --json"),
        ("--log-level=info --lang en status", "--log-level=info status --lang en"),
        ("status --json", "status --json"),
        ("--json", "--json"),
        ("--lang en", "--lang en"),
        ("--json --version", "--version"),
    ],
)
def test_given_what_every_command_takes_before_its_name_then_it_is_read_as_behind_it(given: str, read: str) -> None:
    assert _after_the_command(given.split()) == read.split()


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("it is wrong", "nightdesk: it is wrong. Mend it."),
        ("it is wrong.", "nightdesk: it is wrong. Mend it."),
        ("is it wrong?", "nightdesk: is it wrong? Mend it."),
        ("it is\n  wrong!", "nightdesk: it is wrong! Mend it."),
    ],
)
def test_given_a_failure_then_it_is_one_sentence_and_its_remedy(
    what: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        _fail(what, "Mend it.", 7, as_json=True)
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (7, f"{line}\n")
    assert json.loads(said.out) == {"error": {"what": what, "remedy": "Mend it.", "exit_code": 7}}


def test_given_letters_then_a_line_tells_each_address_its_fate_and_one_that_was_not_reached_is_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    t = catalogue("en")
    say_fates([], t, "nobody is asked")
    assert capsys.readouterr().err == "nobody is asked\n"
    reached = [Told("one@bank.example", "sent"), Told("two@bank.example", "already")]
    say_fates(reached, t, "nobody is asked")
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert "one@" not in said
    require_reached([], "the digest")
    require_reached(reached, "the digest")
    with pytest.raises(MailError, match="the digest did not reach 1 of 3 addresses"):
        require_reached([*reached, Told("three@bank.example", "refused")], "the digest")
