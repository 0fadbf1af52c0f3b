"""Files of the lake that are no longer what was written: told in one line, and made again by the command it names."""

from pathlib import Path

import pytest
from hand_bank import D, days_back
from terminal import Terminal, printed
from test_remedies import works
from typer.testing import Result

pytestmark = pytest.mark.long


def batch(terminal: Terminal, lake_table: str, day: object) -> Path:
    """The one file of a table's batch of a night."""
    (file,) = (terminal.home / "lake" / lake_table / f"night={day}").rglob("*.parquet")
    return file


def damaged(terminal: Terminal, lake_table: str, *words: str) -> list[str]:
    """Run a command that meets a damaged file; returns the command that repairs it."""
    done: Result = terminal.run(*words)
    assert done.exit_code == 6, done.output
    assert f"the lake table {lake_table} of the night" in done.stderr.splitlines()[-1]
    return printed(done)[0]


def flip(file: Path, position: int) -> None:
    data = bytearray(file.read_bytes())
    data[position] ^= 1
    file.write_bytes(data)


def test_given_a_bit_flipped_anywhere_in_a_result_then_no_reader_gets_it_and_a_replay_makes_it_again(
    terminal: Terminal,
) -> None:
    export = ("export", "signal", "--date", str(D))
    before = terminal.run(*export).stdout
    file = batch(terminal, "warnings/signal", D)
    whole = file.read_bytes()
    for position in range(0, len(whole), len(whole) // 6):
        file.write_bytes(whole)
        flip(file, position)
        repair = damaged(terminal, "warnings/signal", *export)
    assert repair == ["backfill", "--from", str(D), "--to", str(D), "--reason", "TEXT"]
    for words in (("outbox", "send", "--date", str(D)), ("explain", "C04", "--date", str(D))):
        assert damaged(terminal, "warnings/signal", *words) == repair
    works(terminal, repair)
    assert terminal.run(*export).stdout == before
    assert terminal.run("explain", "C04", "--date", str(D)).exit_code == 0


@pytest.mark.parametrize("left", [0, 100], ids=["emptied", "cut off"])
def test_given_a_state_that_is_cut_off_then_the_night_after_it_says_so_and_a_replay_makes_it_again(
    terminal: Terminal, left: int
) -> None:
    file = batch(terminal, "features/client_window", D)
    file.write_bytes(file.read_bytes()[:left])
    repair = damaged(terminal, "features/client_window", "night", "--date", str(days_back(-1)))
    works(terminal, repair)
    works(terminal, ["night", "--date", str(days_back(-1))])


def test_given_a_history_that_is_cut_off_then_the_night_that_wrote_it_is_replayed(terminal: Terminal) -> None:
    file = batch(terminal, "source/txn", days_back(1))
    file.write_bytes(file.read_bytes()[:100])
    repair = damaged(terminal, "source/txn", "night", "--date", str(days_back(-1)))
    assert repair == ["backfill", "--from", str(days_back(1)), "--to", str(D), "--reason", "TEXT"]
    works(terminal, repair)
    works(terminal, ["night", "--date", str(days_back(-1))])


def test_given_landed_rows_that_are_damaged_then_the_replay_says_to_ask_the_source(terminal: Terminal) -> None:
    flip(batch(terminal, "landing/loan", D), 200)
    repair = damaged(terminal, "landing/loan", "backfill", "--from", str(D), "--to", str(D), "--reason", "x")
    assert "--reread" in repair
    works(terminal, repair)


def test_given_a_dollar_in_a_path_then_it_is_a_path(terminal: Terminal, tmp_path: Path) -> None:
    place = tmp_path / "a$b $business_date.parquet"
    works(terminal, ["export", "signal", "--date", str(D), "--format", "parquet", "--out", str(place)])
    assert place.stat().st_size > 100
