"""Repayment shapes: each module of this folder is one, found by lying here, and named as its module is.

A module has `SHAPE`, a class of nightdesk.financing.schedule.shape.Shape; nothing else has to know of it.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.terms import Terms


@cache
def names() -> tuple[str, ...]:
    """Every shape, in the order of names."""
    return tuple(sorted(entry.name for entry in iter_modules(__path__)))


def shape_of(terms: Terms) -> Shape:
    """The shape of a contract. Raises UsageError for one that does not exist, or whose extras do not fit."""
    if terms.shape not in names():
        raise UsageError(f"there is no shape {terms.shape!r}", f"Choose one of: {', '.join(names())}.")
    shape: type[Shape] = import_module(f"{__name__}.{terms.shape}").SHAPE
    return shape(terms)
