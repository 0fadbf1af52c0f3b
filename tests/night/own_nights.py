"""Which tests have a whole night made that no other test shares: `make test-nights` has them, `make test` has not.

Told from what a test and its fixtures call, so that who writes such a test need not say so; one that makes its night in
another process is marked by hand.
"""

from collections.abc import Callable, Iterable, Iterator
from dis import get_instructions
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

_SUITE = Path(__file__).parents[1]
#: what makes a night when it is called
MAKERS = frozenset({"run_night", "publish_night", "show_night", "published_nights", "run_backfill"})
#: the two nights that one process makes for all: whoever reads them, or goes on from a copy, has none of its own
SHARED = frozenset({"first_night", "second_night"})
#: a command that makes one, as a terminal is told: its name and the first option, and no other command before it
COMMANDS = frozenset({("night", "--date"), ("backfill", "--from"), ("demo", "--clients")})


def has_own_night(item: pytest.Function) -> bool:
    """Whether the test, or a fixture that it asks for, makes a night."""
    asked = (one for name, found in item._fixtureinfo.name2fixturedefs.items() if name not in SHARED for one in found)
    return any(makes_night(function) for function in (item.function, *(one.func for one in asked)))


def makes_night(function: Callable[..., Any]) -> bool:
    """Whether it, or a function of the suite that it calls, calls a maker of nights or tells a terminal to make one."""
    return isinstance(function, FunctionType) and any(_makes(each.__code__) for each in _reached(function))


@cache
def _reached(function: FunctionType) -> frozenset[FunctionType]:
    """The function and all of the suite's that it calls, as they are named where it stands."""
    reached, waiting = {function}, [function]
    while waiting:
        caller = waiting.pop()
        named = (caller.__globals__.get(name) for code in _codes(caller.__code__) for name in code.co_names)
        called = {one for one in named if isinstance(one, FunctionType) and _is_of_suite(one)}
        waiting += called - reached
        reached |= called
    return frozenset(reached)


def _is_of_suite(function: FunctionType) -> bool:
    return Path(function.__code__.co_filename).is_relative_to(_SUITE)


@cache
def _makes(function: CodeType) -> bool:
    codes = list(_codes(function))
    return not all(MAKERS.isdisjoint(code.co_names) for code in codes) or any(_is_told(code) for code in codes)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """It and what is written within it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _is_told(code: CodeType) -> bool:
    words = ["", *_words(one.argval for one in get_instructions(code) if one.opname in ("LOAD_CONST", "CALL"))]
    return any(
        (name, option) in COMMANDS and before != "export"
        for before, name, option in zip(words, words[1:], words[2:], strict=False)
    )


def _words(told: Iterable[object]) -> Iterator[str]:
    """The words in order, those of a tuple as well; something else that is told in between counts as a word."""
    for one in told:
        if isinstance(one, tuple):
            yield from _words(one)
        else:
            yield str(one)
