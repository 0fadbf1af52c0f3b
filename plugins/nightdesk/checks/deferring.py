"""Imports put off or left out: what a library imports beside what is needed of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any


class _Deferred(ModuleType):
    """Stands for a module until something of it is read; from then on it answers as the module does."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import machinery looks for these, and does without
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def defer(*names: str) -> Iterator[None]:
    """Within the context an import of one of these modules loads nothing; after it an import loads as ever.

    A module that is loaded already, or that is not installed, is left as it is.
    """
    put_off = {}
    for name in names:
        spec = None if name in sys.modules else find_spec(name)
        if spec is not None:
            module = module_from_spec(spec)
            module.__class__ = _Deferred
            put_off[name] = sys.modules[name] = module
    try:
        yield
    finally:
        for name, module in put_off.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


@contextmanager
def hide(*names: str) -> Iterator[None]:
    """Within the context these packages count as not installed, but for those that are loaded already."""
    hidden: dict[str, Any] = dict.fromkeys(name for name in names if name not in sys.modules)
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
