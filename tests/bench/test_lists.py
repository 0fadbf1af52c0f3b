"""The lists of a bank with several branches: every one is rendered anew, in two processes, and what it took is told."""

from pathlib import Path

import pytest

from nightdesk.settings import Settings
from nightdesk_lab.bench.lists import PROCESSES, run_lists
from nightdesk_lab.bench.origin import Size

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_given_a_bank_of_many_branches_then_a_part_and_all_of_its_lists_are_measured(tmp_path: Path) -> None:
    size = Size(clients=60, months=7, txn_per_client=40, seed=1)
    found = run_lists(Settings(home=tmp_path), size=size, branches=24, projects=2)
    part, every = found.runs
    assert 0 < part < every
    assert every >= 24, "offices above the branches have lists too"
    for lists, processes in found.runs.items():
        assert len(processes) == PROCESSES
        assert sum(one.rows for one in processes) == lists
        assert found.seconds(lists) > 0
        assert found.peak_bytes(lists) > 10_000_000
    written = list((tmp_path / "bench" / "lists" / "out").glob("*/branch/*/list.xlsx"))
    assert len(written) == every
