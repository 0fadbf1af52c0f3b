"""What is logged on the command line: from a level up, beside the results, and no library's noise."""

import logging
import warnings
from pathlib import Path

import pytest
import typer
from hand_bank import D, days_back, ten_clients, write_sqlite
from terminal import Terminal
from typer.testing import CliRunner

from nightdesk.cli.group import NightdeskGroup
from nightdesk.cli.logs import configure
from nightdesk.cli.options import JsonOption

SECRET = "13912345678"


def test_given_a_level_then_steps_are_shown_on_stderr_from_info_up_and_results_stay_alone(
    terminal: Terminal, tmp_path: Path
) -> None:
    told = terminal.run("--log-level", "info", "night", "--date", str(D), "--json")
    assert f"info: {D} publish: no rows, " in told.stderr
    assert told.stdout.startswith("{")
    bank = ten_clients()
    bank["control_total"] = [{"table_name": "loan", "business_date": D, "row_count": 6, "amount_sum": 1.0}]
    terminal.source = write_sqlite(bank, tmp_path / "held.db")  # it ends at its checks
    quiet = terminal.run("night", "--date", str(D))
    assert quiet.exit_code == 4
    assert "info:" not in quiet.stderr
    assert f"info: {D} extract: " in terminal.run("night", "--date", str(D), log_level="info").stderr


def test_given_a_level_that_is_none_then_it_is_one_line(two_published: Terminal) -> None:
    done = two_published.run("--log-level", "loud", "status")
    assert (done.exit_code, done.stderr.count("\n")) == (8, 1)
    assert "NIGHTDESK_LOG_LEVEL (--log-level)" in done.stderr


@pytest.mark.parametrize(("level", "is_shown"), [("warning", False), ("debug", True)])
def test_given_a_librarys_warning_then_only_who_looks_for_a_defect_sees_it(
    level: str, is_shown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.captureWarnings(False)  # as a process begins
    with warnings.catch_warnings():
        configure(level)
        warnings.warn("an option is old", stacklevel=1)
        logging.getLogger("some.library").warning("no cache")
        logging.getLogger("nightdesk.night").warning("the lake cannot be swept")
        configure("warning")
        logging.captureWarnings(False)
    said = capsys.readouterr().err
    assert said.count("warning: the lake cannot be swept") == 1
    assert ("an option is old" in said, "no cache" in said) == (is_shown, is_shown)


@pytest.mark.parametrize("level", ["warning", "debug"])
def test_given_a_defect_then_where_is_said_and_what_a_cell_held_only_to_who_looks_for_it(level: str) -> None:
    app = typer.Typer(cls=NightdeskGroup)

    @app.callback()
    def every() -> None:
        configure(level)

    @app.command()
    def break_(as_json: JsonOption = False) -> None:
        int(SECRET + "x")

    done = CliRunner().invoke(app, ["break-", "--json"])
    configure("warning")
    assert done.exit_code == 1
    assert "Traceback" in done.stderr
    assert "in break_" in done.stderr
    assert "ValueError: " in done.stderr
    assert SECRET not in done.stdout
    assert (SECRET in done.stderr) is (level == "debug")


def test_given_a_dollar_in_an_exports_path_then_it_is_a_dollar(two_published: Terminal, tmp_path: Path) -> None:
    for form in ("csv", "parquet", "json"):
        for table in ("task", "step"):
            out = tmp_path / "to $home" / f"it's $business_date.{table}.{form}"
            words = ("export", table, "--date", str(days_back(1)), "--format", form, "--out", str(out))
            done = two_published.run(*words)
            assert done.exit_code == 0, done.output
            assert out.stat().st_size > 0
