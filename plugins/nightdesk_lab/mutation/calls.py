"""A plugin of pytest that writes down which functions each test calls: it is the first to notice a mutant there.

    python -m pytest -n 0 -p nightdesk_lab.mutation.calls --calls FILE tests/render

adds to FILE, a line of JSON for each test: its id, its seconds, and the functions as `file::qualified.name`. What a
fixture calls counts for every test that asks for it, whoever it was made for; what another process calls is not seen.
"""

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

_Called = dict[int, CodeType]


class _Calls:
    """What was called, in whatever is at work: a fixture, or else the test that asked for it."""

    def __init__(self, file: Path, root: Path) -> None:
        self._file = file
        self._product = f"{root / 'plugins' / 'nightdesk'}/"
        self._root = f"{root}/"
        self._now: _Called = {}
        self._by_fixture: dict[str, _Called] = defaultdict(dict)
        self._own: dict[str, tuple[float, _Called, set[str]]] = {}

    def __call__(self, frame: FrameType, _event: str, _argument: object) -> None:
        """Python's own hook, for calls alone: it returns nothing, so that lines are not told."""
        code = frame.f_code
        self._now.setdefault(id(code), code)  # kept, so that no other code gets its number

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now, began = {}, time.monotonic()
        own = self._now
        sys.settrace(self)
        threading.settrace(self)
        yield
        sys.settrace(None)
        threading.settrace(None)
        info = getattr(item, "_fixtureinfo", None)
        asked: dict[str, Any] = info.name2fixturedefs if info else {}
        fixtures = {_named(one) for found in asked.values() for one in found}
        self._own[item.nodeid] = (time.monotonic() - began, own, fixtures)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        before, self._now = self._now, self._by_fixture[_named(fixturedef)]
        yield
        self._now = before

    def pytest_sessionfinish(self) -> None:
        told = {name: self._told(called.values()) for name, called in self._by_fixture.items()}
        with self._file.open("a", encoding="utf-8") as file:
            for test, (seconds, called, fixtures) in self._own.items():
                given = set().union(*(told.get(name, set()) for name in fixtures))
                functions = {"own": sorted(self._told(called.values())), "given": sorted(given)}
                file.write(f"{json.dumps({'test': test, 'seconds': round(seconds, 2), **functions})}\n")

    def _told(self, codes: Iterable[CodeType]) -> set[str]:
        of_product = (code for code in codes if code.co_filename.startswith(self._product))
        return {f"{code.co_filename.removeprefix(self._root)}::{_outer(code.co_qualname)}" for code in of_product}


def _named(fixture: pytest.FixtureDef[object]) -> str:
    return f"{fixture.func.__module__}.{fixture.argname}"


def _outer(qualified: str) -> str:
    """The function's name; a comprehension and a lambda are of the one that they stand in."""
    return qualified.split(".<locals>.<")[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--calls FILE`."""
    parser.addoption("--calls", type=Path, help="add to this file which functions each test calls")


def pytest_configure(config: pytest.Config) -> None:
    """Begin, where a file is named."""
    if file := config.getoption("calls"):
        config.pluginmanager.register(_Calls(file.absolute(), config.rootpath))
