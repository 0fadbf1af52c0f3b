"""The bench on a tiny bank: both nights come to the same, an altered value is found, nothing is judged by the clock."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from nightdesk.pg import status
from nightdesk.settings import Settings
from nightdesk_lab.bench.catalogue import added
from nightdesk_lab.bench.comparing import COMPARED
from nightdesk_lab.bench.measuring import run_step
from nightdesk_lab.bench.origin import Size, note_ready, origin_now
from nightdesk_lab.bench.rolling import CHANGED
from nightdesk_lab.bench.running import PARTS, ROLLING, Bench, run_bench

pytestmark = [pytest.mark.slow, pytest.mark.long]

SIZE = Size(clients=60, months=14, txn_per_client=100, seed=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own."""
    return tmp_path_factory.mktemp("bench-home")


@pytest.fixture(scope="module")
def bench(home: Path) -> Bench:
    """The whole bench, once, in a home that a bench of another size has left."""
    left = home / "bench"
    (left / "lake" / "source" / "txn").mkdir(parents=True)
    (left / "lake" / "source" / "txn" / "former.parquet").write_text("of another bank")
    settings = Settings(home=home, code_version="1.4.2")
    note_ready(left, origin_now(replace(SIZE, clients=SIZE.clients * 10), settings), {"attempt_id": "former"})
    return run_bench(settings, size=SIZE, rows=2_000)


def test_what_another_size_left_is_not_measured_and_the_figures_say_what_they_are_of(bench: Bench, home: Path) -> None:
    assert not (home / "bench" / "lake" / "source" / "txn" / "former.parquet").exists()
    told = bench.document()
    assert told["bank"] == {"clients": 60, "months": 14, "txn_per_client": 100, "seed": 1}
    assert told["code"] == "1.4.2"
    assert told["txn_rows"] >= bench.measures["extract"]["nightdesk"].rows
    assert told["machine"]["cores"] >= 1
    assert told["machine"]["memory_bytes"] > 100_000_000
    assert told["machine"]["load_at_start"] >= 0


def test_the_same_bank_and_code_are_measured_again_without_making_them_anew(bench: Bench, home: Path) -> None:
    said: list[str] = []
    again = run_bench(
        Settings(home=home, code_version="1.4.2"),
        size=SIZE,
        parts=("extract",),
        rows=2_000,
        say=lambda step, **_: said.append(step),
    )
    assert "prepare" not in said
    assert again.measures["extract"]["nightdesk"].rows == bench.measures["extract"]["nightdesk"].rows
    assert again.txn_rows == bench.txn_rows


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


def test_the_catalogues_tables_are_counted_and_have_a_share(bench: Bench) -> None:
    assert set(bench.catalogue_cpu_s) <= added()
    assert bench.catalogue_cpu_s.items() < bench.table_cpu_s.items(), "the page has every table"
    assert {"features", "tasks"} <= {table.partition(".")[0] for table in bench.table_cpu_s}
    assert {table for table in bench.catalogue_cpu_s if table.startswith("warnings_indicator.")}
    assert bench.document()["catalogue"]["added_pct"] > 0


def test_of_ours_what_pandas_does_too_is_measured_beside_it_and_is_a_part_of_the_night(bench: Bench) -> None:
    sides = bench.measures["recompute"]
    assert set(sides) == {"nightdesk", "pandas", "same_rules"}
    assert 0 < sides["same_rules"].cpu_s < sides["nightdesk"].cpu_s
    assert sides["same_rules"].extra["tables"] > len(COMPARED)


def test_a_night_with_mappings_changed_is_held_against_one_without(bench: Bench, home: Path) -> None:
    settings = Settings(home=home, code_version="1.4.2")
    rolled = run_bench(settings, size=SIZE, parts=(ROLLING,))
    assert rolled.txn_rows == bench.txn_rows, "of the same bank"
    assert set(rolled.rolling) == {0, CHANGED}
    assert rolled.rolling_ratio() > 0
    without, changed = (
        pd.concat(
            [
                pd.concat(map(pd.read_parquet, rolled.rolling[count].extra["files"][f"features/{kind}_mapping"]))
                .rename(columns={f"{kind}_id": "id"})
                .assign(kind=kind)
                .set_index(["kind", "id"])[[column]]
                .rename(columns={column: "owner"})
                for kind, column in (("client", "group_id"), ("account", "client_id"))
            ]
        ).sort_index()
        for count in (0, CHANGED)
    )
    assert int((without["owner"].fillna("") != changed["owner"].fillna("")).sum()) == CHANGED


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
