"""What the bench may measure again, and what every figure of it says."""

from dataclasses import replace
from pathlib import Path

import pytest

from nightdesk import pg
from nightdesk.cli.options import Lang
from nightdesk.settings import Settings
from nightdesk_lab.bench.measuring import Measure
from nightdesk_lab.bench.origin import Origin, Size, left_ready, note_ready, origin_now
from nightdesk_lab.bench.running import Bench
from nightdesk_lab.cli.bench import show

BANK = Size(clients=2000, months=14, txn_per_client=100, seed=1)
ORIGIN = Origin(BANK, "3f1c2d", 4, 8_000_000_000, 0.3, "640MB, 2 threads")
READY = {"attempt_id": "a1", "txn_rows": 209_146}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that a run of ORIGIN has left."""
    folder = tmp_path / "bench"
    (folder / "lake").mkdir(parents=True)
    note_ready(folder, ORIGIN, READY)
    return folder


def test_given_the_same_bank_and_code_when_run_again_then_what_was_left_is_kept(home: Path) -> None:
    assert left_ready(home, replace(ORIGIN, load=3.9, cores=2)) == READY
    assert (home / "lake").exists()


@pytest.mark.parametrize(
    "other",
    [
        *[replace(ORIGIN, bank=replace(BANK, **{name: value + 1})) for name, value in vars(BANK).items()],
        replace(ORIGIN, code="77aa01"),
        replace(ORIGIN, code="3f1c2d+"),
        replace(ORIGIN, code=""),
    ],
    ids=[*vars(BANK), "another commit", "changed files", "unknown code"],
)
def test_given_anything_else_when_run_then_the_home_is_emptied_first(home: Path, other: Origin) -> None:
    assert left_ready(home, other) is None
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("code", ["3f1c2d+", ""])
def test_given_code_that_nobody_can_name_when_run_twice_then_it_is_measured_anew_each_time(
    home: Path, code: str
) -> None:
    note_ready(home, replace(ORIGIN, code=code), READY)
    assert left_ready(home, replace(ORIGIN, code=code)) is None


def test_given_a_run_that_broke_before_it_was_ready_when_run_again_then_the_home_is_emptied(home: Path) -> None:
    (home / "ready.json").unlink()
    assert left_ready(home, ORIGIN) is None
    assert list(home.iterdir()) == []


def test_given_no_home_when_run_then_it_is_made(tmp_path: Path) -> None:
    assert left_ready(tmp_path / "new" / "bench", ORIGIN) is None
    assert (tmp_path / "new" / "bench").is_dir()


def test_given_a_server_still_running_in_the_home_when_it_is_emptied_then_the_server_is_stopped(tmp_path: Path) -> None:
    pg.ensure_server(tmp_path)
    assert left_ready(tmp_path, ORIGIN) is None
    assert not pg.status(tmp_path).running


def test_given_this_machine_when_a_run_begins_then_code_and_engine_are_those_of_the_settings() -> None:
    settings = Settings(code_version="1.4.2", memory_limit="2GB", threads=3)
    origin = origin_now(BANK, settings)
    assert (origin.bank, origin.code, origin.engine) == (BANK, "1.4.2", "2GB, 3 threads")


@pytest.mark.parametrize(("load", "is_quiet"), [(0.99, True), (1.0, False)])
def test_given_a_load_when_held_against_the_cores_then_a_quarter_of_them_is_no_quiet_machine(
    load: float, is_quiet: bool
) -> None:
    assert replace(ORIGIN, load=load).is_quiet is is_quiet


@pytest.mark.parametrize(
    ("lang", "of"),
    [
        (
            "en",
            "[2,000 clients, 209,146 transactions, 14 months, seed 1; code 3f1c2d; 4 cores, 8.0 GB, load 0.3 at the "
            "start; engine 640MB, 2 threads]",
        ),
        (
            "zh_CN",
            "［2,000 个客户、209,146 笔流水、14 个月、种子 1；代码 3f1c2d；4 核、8.0 GB、开始时负载 0.3；"
            "引擎 640MB, 2 threads］",
        ),
    ],
)
def test_given_measures_when_printed_then_each_line_of_figures_says_what_it_is_of(
    capsys: pytest.CaptureFixture[str], lang: str, of: str
) -> None:
    done = Bench(ORIGIN, txn_rows=209_146)
    done.measures = {
        "extract": {"nightdesk": Measure(1.0, 1.0, 10, 5000), "pandas": Measure(3.0, 2.0, 20, 5000)},
        "checks": {"nightdesk": Measure(0.8, 1.0, 10, 5000)},
    }
    show(done, Lang(lang))
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("extract", "checks"))]
    assert len(lines) == 2
    assert all(line.rstrip().endswith(of) for line in lines)
    assert all("5,000" in line for line in lines)
