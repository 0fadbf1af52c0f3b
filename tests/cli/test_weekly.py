"""The week by command line: what it is told is what it does."""

from pathlib import Path

from typer.testing import CliRunner

from nightdesk.cli import app


def test_given_another_folder_and_mails_when_asked_together_then_one_line_refuses_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["weekly", "--date", "2026-03-31", "--out", str(tmp_path / "x"), "--send"])
    assert done.exit_code == 2
    assert "--out does not go with --send" in done.stderr
    assert not (tmp_path / "x").exists()
