"""Growth on tiny banks: every step of the later night is told for each size, and no size is what another left."""

from pathlib import Path

import pytest

from nightdesk.settings import Settings
from nightdesk.steps import STEPS
from nightdesk_lab.bench.growth import run_growth
from nightdesk_lab.bench.origin import Size

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_given_banks_of_more_and_more_history_then_each_step_is_told_for_each(tmp_path: Path) -> None:
    size = Size(clients=30, months=7, txn_per_client=40, seed=1)
    left = tmp_path / "bench" / "growth" / "1x" / "lake" / "source" / "txn" / "former.parquet"
    left.parent.mkdir(parents=True)
    left.write_text("of a bank that was measured before")
    found = run_growth(Settings(home=tmp_path), size=size, factors=(1, 2))
    assert set(found.cpu_seconds) == set(STEPS) - {"send"}
    assert all(set(took) == {1, 2} for took in found.cpu_seconds.values())
    assert found.rows[2] > 1.5 * found.rows[1]
    assert not left.exists(), "made anew, and not added to"
