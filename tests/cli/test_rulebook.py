"""nightdesk rulebook: pages in a folder, of a day's policy and the newest evaluation of the home."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from nightdesk.cli import app


def write(home: Path, *words: str) -> Result:
    return CliRunner(env={"NIGHTDESK_HOME": str(home)}).invoke(app, ["rulebook", *words])


def evaluation(home: Path, profile: str, last: str, judged: int) -> Path:
    path = home / "evaluation" / f"2025-01-01_{last}_{profile}" / "evaluation.json"
    path.parent.mkdir(parents=True)
    told: dict[str, Any] = {"profile": profile, "from": "2025-01-01", "to": last, "indicators": []}
    path.write_text(json.dumps(told | {"population": {"judged_events": judged}}), encoding="utf-8")
    return path


def test_given_a_folder_then_the_pages_of_both_languages_are_there_and_named(tmp_path: Path) -> None:
    out = tmp_path / "book"
    done = write(tmp_path, "--out", str(out), "--date", "2026-03-31", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["profile"], told["date"]) == ("contract", "2026-03-31")
    assert {Path(page) for page in told["pages"]} == {path for path in out.rglob("*") if path.is_file()}
    for language, said in (("zh_CN", "尚无评估结果"), ("en", "There is no evaluation yet")):
        assert said in (out / language / "index.html").read_text(encoding="utf-8")


def test_given_several_evaluations_then_the_profiles_own_that_reaches_furthest_is_told(tmp_path: Path) -> None:
    evaluation(tmp_path, "contract", "2026-01-31", 7)
    evaluation(tmp_path, "contract", "2026-02-28", 8)
    other = evaluation(tmp_path, "berka", "2026-12-31", 9)
    out = tmp_path / "book"
    assert write(tmp_path, "--out", str(out), "--date", "2026-03-31").exit_code == 0
    assert "events judged 8" in (out / "en" / "index.html").read_text(encoding="utf-8")
    assert write(tmp_path, "--out", str(out), "--date", "2026-03-31", "--evaluation", str(other)).exit_code == 0
    assert "events judged 9" in (out / "en" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"), [("not json", "cannot be read as an evaluation"), ('{"a": 1}', "is no evaluation")]
)
def test_given_a_file_that_is_no_evaluation_then_it_is_refused_in_one_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(text, encoding="utf-8")
    done = write(tmp_path, "--out", str(tmp_path / "book"), "--date", "2026-03-31", "--evaluation", str(path))
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "book").exists()
