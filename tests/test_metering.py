"""Meters: what work took, each meter its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from nightdesk import metering
from nightdesk.engine import Engine
from nightdesk.metering import Meter, wrote
from nightdesk.whole_file import write_whole

_MB = 1_000_000


def test_given_work_that_held_much_memory_then_the_meter_saw_it_and_the_next_one_does_not() -> None:
    with Meter() as idle:
        pass
    with Meter() as heavy:
        held = bytearray(b"x" * 300 * _MB)
        del held
    with Meter() as after:
        pass
    assert heavy.peak_bytes >= idle.peak_bytes + 250 * _MB
    assert after.peak_bytes <= heavy.peak_bytes - 250 * _MB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system keeps no note of its own")
def test_given_a_peak_between_two_looks_then_the_systems_own_note_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metering, "_LOOK", 60)
    with Meter() as idle:
        pass
    with Meter() as heavy:
        held = bytearray(b"x" * 300 * _MB)
        del held
    assert heavy.peak_bytes >= idle.peak_bytes + 250 * _MB


def test_given_work_of_this_process_and_of_a_child_then_both_count_as_cpu() -> None:
    busy = "sum(range(4_000_000))"
    with Meter() as idle:
        pass
    with Meter() as own:
        sum(range(4_000_000))
    with Meter() as child:
        subprocess.run([sys.executable, "-c", busy], check=True)
    assert own.cpu_seconds > idle.cpu_seconds
    assert child.cpu_seconds > idle.cpu_seconds


def test_given_an_engine_that_spilled_and_closed_then_the_meter_knows_how_much(tmp_path: Path) -> None:
    with Meter() as meter, Engine(memory_limit="40MB", spill=tmp_path) as engine:
        engine.execute("create table t as select range as i, md5(range::varchar) as x from range(3000000)")
    assert meter.spill_bytes > _MB


def test_given_bytes_written_then_the_work_under_way_counts_them_and_no_other(tmp_path: Path) -> None:
    wrote(1)
    with Meter() as outer:
        wrote(10)
        with Meter() as inner:
            write_whole(tmp_path / "page", b"12345")
        wrote(100)
    assert (outer.written_bytes, inner.written_bytes) == (110, 5)
