"""Mutants at work: each in a throwaway copy of the project, under the tests that concern it, with an end to waiting."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue
from types import MappingProxyType
from typing import Literal, TextIO, cast

import psutil

from nightdesk.errors import NightdeskError
from nightdesk_lab.mutation.callers import Callers, called_by
from nightdesk_lab.mutation.choosing import CASES, stages
from nightdesk_lab.mutation.forking import ANSWERS, READY
from nightdesk_lab.mutation.mutants import Mutant

Fate = Literal["noticed", "out of time", "unnoticed"]
#: exit codes of pytest: all passed, some failed, could not be collected, none was chosen; any other, as of a process
#: that the system has ended, says nothing of what is broken
_PASSED, _FAILED, _BROKEN, _NONE = 0, 1, 2, 5
_OF_TESTS, _OF_CASES = "nightdesk_lab.mutation.forking", "nightdesk_lab.mutation.concerned_cases"
#: each module that helps with tests, as it is begun
_COMMANDS = {
    _OF_TESTS: (_OF_TESTS,),
    _OF_CASES: (
        *("pytest", "-q", "-s", "-p", "no:cacheprovider"),
        *("-p", _OF_CASES, "tests/sql/test_cases.py", "-m", "not long"),
    ),
}
#: written by runs, and of no use to a copy
_NOT_COPIED = ("var", ".venv", ".git", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: by which stage of tests (its arguments) it was noticed, or where its time was up, and
    after how many seconds. Out of time may be a loop without end, or a machine with too much to do or too little
    memory: it says neither."""

    mutant: Mutant
    fate: Fate
    by: str
    seconds: float


class Copy:
    """A throwaway copy of the project, where one mutant at a time is tried; nothing that it starts outlives its try."""

    def __init__(self, project: Path, folder: Path, callers: Callers) -> None:
        self._root = folder / "project"
        self._callers = callers
        self._scratch = folder / "scratch"
        self._helpers: dict[str, subprocess.Popen[str]] = {}
        #: tests that have passed without a mutant after they had failed with one
        self._sound: set[str] = set()
        shutil.copytree(project, self._root, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        # by its hash: a file that is changed twice in a second would else be taken for the one before
        with suppress(OSError):
            compile_dir(self._root / "plugins", quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def judge(self, mutant: Mutant, limit: float, most: int) -> Verdict:
        """Try a mutant for at most `limit` seconds, in the nearest `most` stages of its tests.

        Raises NightdeskError when a test that failed fails without the mutant too: then it says nothing about it.
        """
        began = time.monotonic()
        file = self._root / mutant.path
        whole = file.read_text(encoding="utf-8")
        fate: Fate = "unnoticed"
        by = ""
        try:
            called = called_by(self._callers, self._root, mutant) if self._callers else ()
            for stage in stages(self._root, mutant.path, called)[:most]:
                by = " ".join(stage)
                self._helper(stage)  # what it reads when it begins is the whole project
                file.write_text(mutant.of(whole), encoding="utf-8")
                code = self._tried(mutant.path, stage, limit - (time.monotonic() - began))
                file.write_text(whole, encoding="utf-8")
                if code is None:
                    fate = "out of time"
                elif code not in (_PASSED, _NONE):
                    self._require_sound(mutant.path, stage, limit)
                    fate = "noticed" if code in (_FAILED, _BROKEN) else "out of time"
                if fate != "unnoticed":
                    break
        finally:
            file.write_text(whole, encoding="utf-8")
        return Verdict(mutant, fate, by if fate != "unnoticed" else "", time.monotonic() - began)

    def close(self) -> None:
        """End the helpers."""
        for helper in self._helpers.values():
            with helper:
                helper.kill()
        self._end_what_is_left()

    def _require_sound(self, path: str, stage: Sequence[str], limit: float) -> None:
        """What has just failed passes without the mutant."""
        failed = self._failed()
        if failed and failed <= self._sound:
            return
        is_case = stage == list(CASES)
        again = (
            self._concerned(path, limit, sorted(failed)) if is_case else self._pytest([*stage, "--last-failed"], limit)
        )
        if again not in (_PASSED, _NONE):
            raise NightdeskError(
                f"a test of {' '.join(stage)} fails without any mutant: {', '.join(sorted(failed)) or 'see there'}",
                "Mend it first: what it says counts for nothing.",
            )
        self._sound |= failed

    def _failed(self) -> set[str]:
        """The tests that failed last, as pytest remembers them."""
        try:
            return set(json.loads(self._note.read_text(encoding="utf-8")))
        except OSError:
            return set()

    @property
    def _cache(self) -> Path:
        return self._scratch / "cache"

    @property
    def _note(self) -> Path:
        """Where pytest remembers what failed last."""
        return self._cache / "v" / "cache" / "lastfailed"

    def _tried(self, path: str, stage: Sequence[str], limit: float) -> int | None:
        """pytest's exit code, None when it had to be ended."""
        shutil.rmtree(self._cache, ignore_errors=True)
        return self._concerned(path, limit) if stage == list(CASES) else self._pytest(stage, limit)

    def _helper(self, stage: Sequence[str]) -> subprocess.Popen[str]:
        """The helper for a stage, which is begun when it is first asked for."""
        name = _OF_CASES if stage == list(CASES) else _OF_TESTS
        return self._helpers.get(name) or self._begun(name)

    def _concerned(self, path: str, limit: float, again: Sequence[str] = ()) -> int | None:
        order = {"path": path, "seconds": limit, "note": str(self._note), "again": list(again)}
        return self._ask(_OF_CASES, order)

    def _pytest(self, stage: Sequence[str], limit: float) -> int | None:
        arguments = ["-x", "-q", "--tb=no", "-o", f"cache_dir={self._cache}", *stage]
        return self._ask(_OF_TESTS, {"arguments": arguments, "seconds": limit})

    def _ask(self, name: str, order: dict[str, object]) -> int | None:
        """What a helper answers."""
        helper = self._helpers[name]
        orders, answers = cast("TextIO", helper.stdin), cast("TextIO", helper.stdout)
        try:
            orders.write(f"{json.dumps(order)}\n")
            orders.flush()
            return cast("int | None", json.loads(answers.readline()))
        except (OSError, ValueError) as error:
            raise NightdeskError(
                f"{name} ended in {self._root}", f"Run it there by hand: {' '.join(_COMMANDS[name])}."
            ) from error
        finally:
            self._end_what_is_left()

    def _begun(self, name: str) -> subprocess.Popen[str]:
        (self._scratch / "tmp").mkdir(parents=True, exist_ok=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NIGHTDESK_", "AIRFLOW"))}
        answers, answered = os.pipe()
        environment = kept | {
            "PYTHONPATH": os.pathsep.join([str(self._root / "plugins"), str(Path(__file__).parents[2])]),
            "TMPDIR": str(self._scratch / "tmp"),
            "NIGHTDESK_HOME": str(self._scratch / "home"),
            ANSWERS: str(answered),
        }
        helper = subprocess.Popen(
            [sys.executable, "-m", *_COMMANDS[name]],
            cwd=self._root,
            env=environment,
            pass_fds=[answered],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        os.close(answered)
        helper.stdout = said = os.fdopen(answers)
        self._helpers[name] = helper
        if said.readline() != f"{json.dumps(READY)}\n":
            raise NightdeskError(f"{name} did not begin in {self._root}", "Run it there by hand.")
        return helper

    def _end_what_is_left(self) -> None:
        """Servers that tests started in sessions of their own are known by the scratch folder in their command line."""
        mark = str(self._scratch / "tmp")
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if any(mark in word for word in process.cmdline()):
                    process.kill()


def judged(
    project: Path,
    folder: Path,
    mutants: Iterable[Mutant],
    *,
    limit: float,
    jobs: int,
    most: int = 9,
    callers: Callers = MappingProxyType({}),
) -> Iterator[Verdict]:
    """The verdict on each mutant as it comes, of the nearest `most` stages of tests, first those that are known to call
    what is broken.

    `jobs` copies are at work, in `folder`, which is removed afterwards.
    """
    copies: SimpleQueue[Copy] = SimpleQueue()
    made: list[Copy] = []

    def judge(mutant: Mutant) -> Verdict:
        copy = copies.get()
        try:
            return copy.judge(mutant, limit, most)
        finally:
            copies.put(copy)

    try:
        for number in range(jobs):
            made.append(Copy(project, folder / str(number), callers))
            copies.put(made[-1])
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(judge, mutants)
    finally:
        for copy in made:
            copy.close()
        shutil.rmtree(folder, ignore_errors=True)
