"""The bench of many small nights: each night is told once, in rounds of sixteen, with code and machine."""

import re
from pathlib import Path

import pytest

from nightdesk.cli.options import Lang
from nightdesk.settings import Settings
from nightdesk_lab.bench.origin import Origin, Size
from nightdesk_lab.bench.tiny_nights import NightsBench, Took, run_nights
from nightdesk_lab.cli.nights import show

ORIGIN = Origin(Size(0, 0, 0, 0), "1234567", 2, 1, 0.5, "1")


@pytest.mark.slow
@pytest.mark.long
def test_given_nights_then_each_reads_the_history_of_those_before_and_nothing_of_an_earlier_run(tmp_path: Path) -> None:
    left = tmp_path / "bench" / "nights" / "lake" / "features" / "client_day" / "left.parquet"
    left.parent.mkdir(parents=True)
    left.write_text("of nights that were measured before")
    found = run_nights(Settings(home=tmp_path), 3)
    assert not left.exists()
    assert [night.files for night in found.nights] == [0, 1, 2]
    assert found.nights[0].read_bytes == 0 < found.nights[1].read_bytes < found.nights[2].read_bytes
    assert all(night.written_bytes > 1000 and night.cpu_seconds > 0 for night in found.nights)


@pytest.mark.parametrize("lang", Lang)
def test_given_a_round_of_nights_and_one_more_then_two_lines_have_their_means_and_say_of_what_code(
    capsys: pytest.CaptureFixture[str], lang: Lang
) -> None:
    found = NightsBench(ORIGIN, [Took(n, 1000 * n, 2000, 0.5, 1) for n in range(16)] + [Took(40, 9000, 1000, 0.25, 2)])
    show(found, lang)
    said = capsys.readouterr().out
    lines = [re.findall(r"[\d.]+", line) for line in said.splitlines() if line.startswith("│")]
    assert lines == [["16", "7.5", "7.5", "2.0", "0.500", "1.000"], ["17", "40.0", "9.0", "1.0", "0.250", "2.000"]]
    assert "[code 1234567; 2 cores, load 0.5]" in said
