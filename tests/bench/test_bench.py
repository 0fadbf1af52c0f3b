"""The bench on a tiny bank: both nights come to the same, an altered value is found, nothing is judged by the clock."""

from pathlib import Path

import pandas as pd
import pytest

from nightdesk.bench.comparing import COMPARED
from nightdesk.bench.measuring import run_step
from nightdesk.bench.running import PARTS, Bench, run_bench
from nightdesk.pg import status
from nightdesk.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own."""
    return tmp_path_factory.mktemp("bench-home")


@pytest.fixture(scope="module")
def bench(home: Path) -> Bench:
    """The whole bench, once."""
    size = {"clients": 60, "months": 14, "txn_per_client": 100, "seed": 1}
    return run_bench(Settings(home=home), size=size, rows=2_000)


def test_the_night_and_pandas_come_to_the_same(bench: Bench) -> None:
    assert bench.differences == []
    assert set(bench.equal_rows) == set(COMPARED)
    assert bench.equal_rows["features/client_window"] == 60
    assert bench.equal_rows["warnings/signal"] > 0
    assert bench.equal_rows["tiers/client_metric"] > 0


def test_every_side_is_measured(bench: Bench) -> None:
    assert set(bench.measures) == set(PARTS)
    for sides in bench.measures.values():
        for measure in sides.values():
            assert measure.rows > 0
            assert measure.wall_s > 0
            assert measure.peak_bytes > 10_000_000
    extracted = bench.measures["extract"]
    assert extracted["nightdesk"].rows == extracted["pandas"].rows >= 2_000
    checked = bench.measures["checks"]["nightdesk"]
    kinds = ("used", "quarantined", "late")
    assert 0 < sum(checked.extra[kind] for kind in kinds) <= checked.rows


def test_an_altered_value_is_found_and_named(bench: Bench, home: Path) -> None:
    table = "features/client_window"
    frame = pd.read_parquet(bench.plain_files[table]).sort_values("client_id", ignore_index=True)
    client = str(frame.loc[7, "client_id"])
    frame.loc[7, "inflow_90d_amt"] += 1
    altered = home / "altered.parquet"
    frame.to_parquet(altered, index=False)

    plain_files = {**bench.plain_files, table: str(altered)}
    held = run_step(home / "bench", "compare", night_files=bench.night_files, plain_files=plain_files)

    [found] = held["differences"]
    assert (found["table"], found["key"], found["column"]) == (table, client, "inflow_90d_amt")
    assert found["plain"] - found["night"] == 1


def test_a_missing_row_is_found_and_named(bench: Bench, home: Path) -> None:
    table = "warnings/signal"
    frame = pd.read_parquet(bench.plain_files[table])
    shorter = home / "shorter.parquet"
    frame.iloc[1:].to_parquet(shorter, index=False)

    plain_files = {**bench.plain_files, table: str(shorter)}
    held = run_step(home / "bench", "compare", night_files=bench.night_files, plain_files=plain_files)

    [found] = held["differences"]
    assert found["key"] == f"{frame.loc[0, 'client_id']}|{frame.loc[0, 'indicator']}"
    assert (found["night"], found["plain"]) == ("there", None)


def test_everything_lies_below_the_home_and_the_server_is_stopped(bench: Bench, home: Path) -> None:
    assert bench.measures
    assert {path.name for path in home.iterdir()} <= {"bench", "altered.parquet", "shorter.parquet"}
    assert not status(home / "bench").running
