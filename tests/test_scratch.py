"""Scratch folders: gone with the work, left by a killed process, and swept without touching what lives."""

import signal
import subprocess
import sys
from pathlib import Path

from nightdesk.engine import Engine
from nightdesk.scratch import CHECK, SPILL, scratch, spilled_bytes, sweep_scratch

_KILLED = """
import os, signal, sys
from pathlib import Path
from nightdesk.engine import Engine
from nightdesk.scratch import CHECK, scratch
work = Path(sys.argv[1])
with scratch(work, CHECK) as folder, Engine(spill=work):
    (folder / "column.parquet").write_bytes(b"x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_given_a_killed_process_then_what_it_left_is_swept_and_what_lives_is_not(tmp_path: Path) -> None:
    with Engine(spill=tmp_path), scratch(tmp_path, CHECK) as folder:
        living = {path.name for path in tmp_path.iterdir()}
        died = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
        assert died.returncode == -signal.SIGKILL
        left = {path.name for path in tmp_path.iterdir()} - living
        assert {name.partition("-")[0] + "-" for name in left} == {SPILL, CHECK}
        assert set(sweep_scratch(tmp_path)) == left
        assert {path.name for path in tmp_path.iterdir()} == living
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []
    assert sweep_scratch(tmp_path) == []


def test_given_folders_of_no_process_then_only_those_of_scratch_names_are_swept(tmp_path: Path) -> None:
    for name in ("spill-old", "check-20260331-abc", "lists"):
        (tmp_path / name / "deep").mkdir(parents=True)
    assert sweep_scratch(tmp_path) == ["check-20260331-abc", "spill-old"]
    assert [path.name for path in tmp_path.iterdir()] == ["lists"]


def test_given_an_engine_that_spills_then_its_bytes_are_seen_until_it_closes(tmp_path: Path) -> None:
    with Engine(memory_limit="40MB", spill=tmp_path) as engine:
        before = spilled_bytes()
        engine.execute("create table t as select range as i, md5(range::varchar) as x from range(3000000)")
        assert spilled_bytes() > before
    assert spilled_bytes() == 0
