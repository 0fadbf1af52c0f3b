"""nightdesk pyramid on a tiny bank: a real night up to its colours, counted; and the seeds that it is given."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nightdesk.cli import app


def run(home: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("NIGHTDESK_HOME", str(home))
    return CliRunner().invoke(app, ["pyramid", *arguments])


@pytest.mark.slow
@pytest.mark.long
def test_given_a_seed_then_its_bank_is_made_its_night_run_and_every_client_at_risk_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "pyramid" / "seed_7" / "lake" / "former.parquet"
    left.parent.mkdir(parents=True)
    left.write_text("of another bank")
    done = run(tmp_path, monkeypatch, "--seeds", "7", "--clients", "40", "--months", "4", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    (night,) = found["nights"]
    assert night["seed"] == 7
    assert sum(sum(by.values()) for by in night["clients"].values()) == night["at_risk"] > 10
    assert sum(by["trouble"] for by in night["clients"].values()) == night["in_trouble"] > 0
    assert sum(night["clients"]["red"].values()) > 0
    assert found["decided"]["red"]
    assert not left.exists(), "made anew, and not added to"


@pytest.mark.parametrize("seeds", ["", "1,x", "1,1", "-1"])
def test_given_seeds_that_are_none_then_one_line_says_how_to_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: str
) -> None:
    done = run(tmp_path, monkeypatch, "--seeds", seeds)
    assert done.exit_code == 2
    assert "whole numbers, such as 1,2,3" in done.stderr
