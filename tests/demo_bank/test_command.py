"""nightdesk demo-bank."""

import json
import sqlite3

import typer
from typer.testing import CliRunner

from nightdesk.cli.group import NightdeskGroup
from nightdesk_lab.cli.demo_bank import demo_bank


def _run(*arguments):
    app = typer.Typer(cls=NightdeskGroup)
    app.command("demo-bank")(demo_bank)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["demo-bank", *arguments])


def test_given_a_url_and_a_date_then_the_bank_is_made_and_the_truth_written(tmp_path):
    file, truth, dirt = tmp_path / "bank.db", tmp_path / "deep" / "truth.csv", tmp_path / "dirt.json"
    result = _run(
        "--url", f"sqlite:///{file}", "--clients", "12", "--months", "3", "--until", "2026-03-31", "--seed", "9",
        "--truth", str(truth), "--dirt", str(dirt), "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert made["clients"] == 12
    assert made["rows"]["txn"] == sqlite3.connect(file).execute("select count(*) from txn").fetchone()[0]
    header = truth.read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("client_id,story,event,event_date,first_visible_on,groups,is_look_alike,")
    assert json.loads(dirt.read_text(encoding="utf-8"))["arguments"]["seed"] == 9


def test_given_a_person_then_a_table_of_rows_is_shown_in_their_language(tmp_path):
    result = _run(
        "--url", f"sqlite:///{tmp_path / 'bank.db'}", "--clients", "10", "--months", "2", "--until", "2026-03-31",
        "--lang", "en",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "10 clients" in result.stdout
    assert "control_total" in result.stdout


def test_given_no_date_then_one_line_says_how_to_write_it(tmp_path):
    result = _run("--url", f"sqlite:///{tmp_path / 'bank.db'}", "--until", "31.03.2026")
    assert result.exit_code == 2
    assert "YYYY-MM-DD" in result.output
