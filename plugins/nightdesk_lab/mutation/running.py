"""Mutants at work: each in a throwaway copy of the project, under the tests that concern it, with an end to waiting."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

import psutil

from nightdesk.errors import NightdeskError
from nightdesk_lab.mutation.choosing import stages
from nightdesk_lab.mutation.mutants import Mutant

Fate = Literal["noticed", "out of time", "unnoticed"]
#: exit codes of pytest: all passed, some failed, could not be collected, none was chosen
_PASSED, _FAILED, _BROKEN, _NONE = 0, 1, 2, 5
#: written by runs, and of no use to a copy
_NOT_COPIED = ("var", ".venv", ".git", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: by which stage of tests (its arguments) it was noticed, or where its time was up, and
    after how many seconds. Out of time may be a loop without end, or a machine with too much to do: it says neither."""

    mutant: Mutant
    fate: Fate
    by: str
    seconds: float


class Copy:
    """A throwaway copy of the project, where one mutant at a time is tried; nothing that it starts outlives its try."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._root = folder / "project"
        self._scratch = folder / "scratch"
        shutil.copytree(project, self._root, ignore=shutil.ignore_patterns(*_NOT_COPIED))

    def judge(self, mutant: Mutant, limit: float) -> Verdict:
        """Try a mutant for at most `limit` seconds.

        Raises NightdeskError when a test that failed fails without the mutant too: then it says nothing about it.
        """
        began = time.monotonic()
        file = self._root / mutant.path
        whole = file.read_text(encoding="utf-8")
        fate: Fate = "unnoticed"
        by = ""
        try:
            for stage in stages(self._root, mutant.path):
                by = " ".join(stage)
                file.write_text(mutant.of(whole), encoding="utf-8")
                code = self._pytest(stage, limit - (time.monotonic() - began))
                file.write_text(whole, encoding="utf-8")
                if code is None:
                    fate = "out of time"
                elif code in (_FAILED, _BROKEN):
                    self._require_sound(stage, limit)
                    fate = "noticed"
                elif code not in (_PASSED, _NONE):
                    raise NightdeskError(f"pytest {by} ended with {code} in {self._root}", "Run it there by hand.")
                if fate != "unnoticed":
                    break
        finally:
            file.write_text(whole, encoding="utf-8")
        return Verdict(mutant, fate, by if fate != "unnoticed" else "", time.monotonic() - began)

    def _require_sound(self, stage: Sequence[str], limit: float) -> None:
        """What has just failed passes without the mutant."""
        if self._pytest([*stage, "--last-failed"], limit, keep_cache=True) not in (_PASSED, _NONE):
            raise NightdeskError(
                f"a test of {' '.join(stage)} fails without any mutant",
                "Mend it first: what it says counts for nothing.",
            )

    def _pytest(self, stage: Sequence[str], limit: float, *, keep_cache: bool = False) -> int | None:
        """pytest's exit code, None when it had to be ended."""
        cache = self._scratch / "cache"
        if not keep_cache:
            shutil.rmtree(self._scratch, ignore_errors=True)
        (self._scratch / "tmp").mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIGHTDESK_", "AIRFLOW"))}
        environment = kept | {
            "PYTHONPATH": str(self._root / "plugins"),
            "PYTHONDONTWRITEBYTECODE": "1",  # a file changed twice in a second would be taken for the one before
            "TMPDIR": str(self._scratch / "tmp"),
            "NIGHTDESK_HOME": str(self._scratch / "home"),
        }
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-o", f"cache_dir={cache}", *stage]
        with subprocess.Popen(
            command,
            cwd=self._root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                return process.wait(max(limit, 1))
            except subprocess.TimeoutExpired:
                return None
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                self._end_what_is_left()

    def _end_what_is_left(self) -> None:
        """Servers that tests started in sessions of their own are known by the scratch folder in their command line."""
        mark = str(self._scratch)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if any(mark in word for word in process.cmdline()):
                    process.kill()


def judged(project: Path, folder: Path, mutants: Iterable[Mutant], *, limit: float, jobs: int) -> Iterator[Verdict]:
    """The verdict on each mutant as it comes; `jobs` copies at work, in `folder`, which is removed afterwards."""
    copies: SimpleQueue[Copy] = SimpleQueue()

    def judge(mutant: Mutant) -> Verdict:
        copy = copies.get()
        try:
            return copy.judge(mutant, limit)
        finally:
            copies.put(copy)

    try:
        for number in range(jobs):
            copies.put(Copy(project, folder / str(number)))
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(judge, mutants)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
