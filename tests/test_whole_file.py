"""A file is there whole or not at all, whoever writes it, and whatever died writing it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nightdesk.whole_file import write_whole

_DIES = """
import os, signal, sys
from pathlib import Path
from nightdesk import whole_file
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
whole_file.write_whole(Path(sys.argv[1]), b"of one that was killed, and longer than what comes")
"""


def test_given_a_writer_killed_before_its_file_is_in_place_when_written_again_then_nothing_of_it_is_left(
    tmp_path: Path,
) -> None:
    target = tmp_path / "list.xlsx"
    killed = subprocess.run([sys.executable, "-c", _DIES, str(target)], check=False)
    assert killed.returncode == -9
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == [".list.xlsx.draft"]
    write_whole(target, b"whole")
    assert target.read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["list.xlsx"]


def test_given_many_writers_of_one_file_when_they_meet_then_it_is_always_one_of_theirs_and_no_draft_is_left(
    tmp_path: Path,
) -> None:
    target = tmp_path / "list.html"
    pages = [bytes([65 + which]) * 50_000 for which in range(8)]
    write_whole(target, pages[0])
    with ThreadPoolExecutor(8) as writers:
        writing = [writers.submit(write_whole, target, page) for page in pages * 20]
        seen = {target.read_bytes() for _ in range(200)}
        for one in writing:
            one.result()
    assert seen <= set(pages)
    assert [path.name for path in tmp_path.iterdir()] == ["list.html"]
