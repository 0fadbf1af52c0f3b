"""Python looks for cycles among all that it holds whenever some hundreds more are there; a step makes millions."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: so many new containers, so many searches among those, and among those that outlived them, before the next larger one
_SELDOM = (50_000, 20, 10)
#: fewer are frozen where nobody froze anything: some versions of Python begin with hundreds of their own
_NOBODYS = 10_000


@contextmanager
def seldom_sought() -> Iterator[None]:
    """While this is open, what was there before is not searched at all, and what is new a hundred times less often.

    A step's rows hang together as trees, which are freed without a search: a sixth of what lists cost was spent looking
    at them, and in a process of the orchestrator's, which holds a million objects of its own, more. Cycles are found
    late, not never. May be nested, and leaves the search as it was: who finds the heap frozen, by a step around this
    one or by the orchestrator before it forked, neither adds to that nor thaws it.
    """
    before = gc.get_threshold()
    is_ours = gc.get_freeze_count() < _NOBODYS
    if is_ours:
        gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if is_ours:
            gc.unfreeze()
