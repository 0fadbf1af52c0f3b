"""Something else in place of what a module of the product calls, while it is measured."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def standing_in(module: ModuleType, **instead: Callable[..., Any]) -> Iterator[None]:
    """Within it `module` calls `instead` by these names of its own; afterwards what it called before."""
    before = {name: getattr(module, name) for name in instead}
    vars(module).update(instead)
    try:
        yield
    finally:
        vars(module).update(before)
