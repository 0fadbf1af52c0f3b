"""The lists of a bank with several branches and its reviews: rendered anew in two processes, and what it took told."""

from pathlib import Path

import pytest

from nightdesk.settings import Settings
from nightdesk_lab.bench.lists import run_lists
from nightdesk_lab.bench.origin import Size
from nightdesk_lab.bench.reviews import run_reviews
from nightdesk_lab.bench.shared_out import PROCESSES, SharedOut, some_and_all

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_given_a_bank_of_many_branches_then_a_part_and_all_of_its_lists_are_measured(tmp_path: Path) -> None:
    size = Size(clients=60, months=7, txn_per_client=40, seed=1)
    found = run_lists(Settings(home=tmp_path), size=size, branches=24, projects=2)
    part, every = found.runs
    assert 0 < part < every
    assert every >= 24, "offices above the branches have lists too"
    _is_measured(found)
    written = list((tmp_path / "bench" / "lists" / "out").glob("*/branch/*/list.xlsx"))
    assert len(written) == every


def test_given_a_bank_of_many_projects_then_a_part_and_all_of_its_reviews_are_measured_as_html(tmp_path: Path) -> None:
    size = Size(clients=60, months=7, txn_per_client=40, seed=1)
    found = run_reviews(Settings(home=tmp_path), size=size, projects=24)
    part, every = found.runs
    assert (part, every) == (3, 24)
    _is_measured(found)
    folder = tmp_path / "bench" / "reviews" / "reviews" / "esg"
    assert sorted({path.suffix for path in folder.iterdir()}) == [".html"], "no paper is set"
    assert len(list(folder.iterdir())) == every


def _is_measured(found: SharedOut) -> None:
    for count, processes in found.runs.items():
        assert len(processes) == PROCESSES
        assert sum(one.rows for one in processes) == count
        assert found.seconds(count) > 0
        assert found.peak_bytes(count) > 10_000_000


def test_given_one_of_them_then_some_are_all() -> None:
    assert some_and_all(["a"]) == (["a"], ["a"])
    assert some_and_all([str(number) for number in range(24)])[0] == ["0", "10", "20"]
