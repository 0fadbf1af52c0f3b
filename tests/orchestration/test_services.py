"""Children of `nightdesk up`: noticed when they end, ended with everything they started."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from nightdesk.errors import NightdeskError
from nightdesk.orchestration import services
from nightdesk.orchestration.services import Services

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", child], start_new_session=True)
print("ready", flush=True)
time.sleep(60)
"""


def _wait_for(log: Path, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_given_a_child_that_fails_when_checked_then_its_name_code_and_last_error_are_told(
    tmp_path: Path,
) -> None:
    children = Services(tmp_path)
    children.start("lamp", [sys.executable, "-c", "raise SystemExit('SomeError: no oil')"], {})
    while children._running[0].process.poll() is None:
        time.sleep(0.05)
    with pytest.raises(NightdeskError, match=r"lamp ended by itself with exit code 1: SomeError: no oil") as raised:
        children.check()
    assert "lamp.log" in raised.value.remedy
    children.stop()


def test_given_children_that_ignore_the_polite_signal_when_stopped_then_none_and_no_grandchild_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "GRACE_SECONDS", 1.0)
    children = Services(tmp_path)
    children.start("mule", [sys.executable, "-c", STUBBORN], {})
    _wait_for(tmp_path / "mule.log", "ready")
    leader = psutil.Process(children._running[0].process.pid)
    family = [leader, *leader.children(recursive=True)]
    assert len(family) == 2
    children.stop()
    _, alive = psutil.wait_procs(family, timeout=1)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []


def test_given_a_child_that_takes_a_while_to_end_when_stopped_then_it_ends_by_itself(tmp_path: Path) -> None:
    polite = f"""
import signal, sys, time
def end(*_):
    time.sleep(1.5)
    open({str(tmp_path / "ended")!r}, "w").close()
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""
    children = Services(tmp_path)
    children.start("butler", [sys.executable, "-c", polite], {})
    _wait_for(tmp_path / "butler.log", "ready")
    children.stop()
    assert (tmp_path / "ended").exists()


def test_given_a_child_that_is_killed_when_stopped_then_what_it_had_started_is_ended_too(tmp_path: Path) -> None:
    working = """
import subprocess, sys, time
child = "import os, time; os.setpgid(0, 0); print('ready', flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", child])
time.sleep(60)
"""
    children = Services(tmp_path)
    children.start("crane", [sys.executable, "-c", working], {})
    _wait_for(tmp_path / "crane.log", "ready")
    leader = psutil.Process(children._running[0].process.pid)
    (left,) = leader.children(recursive=True)
    leader.kill()
    children._running[0].process.wait()
    assert left.is_running()
    with pytest.raises(NightdeskError, match=r"^crane ended by signal 9\."):
        children.check()
    children.stop()
    assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE


def test_given_a_running_child_when_checked_then_nothing_is_raised(tmp_path: Path) -> None:
    children = Services(tmp_path)
    children.start("clock", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    children.check()
    children.stop()
