"""Printing beside rendering: while one page is set on paper, which takes no turn of Python's, the next is rendered."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType

from nightdesk.night.each import Each

#: pages that wait for their paper, at most: each holds its text
_MOST_WAITING = 8


class Papers:
    """What is left to do of pages, done by one thread in the order it comes; a failure is noted with `each`.

    Use as a context manager: leaving it waits for all of them.
    """

    def __init__(self, each: Each) -> None:
        self._each = each
        self._printer = ThreadPoolExecutor(1, "printer")
        self._waiting: deque[tuple[str, Future[object]]] = deque()

    def __enter__(self) -> "Papers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._printer.shutdown(cancel_futures=kind is not None)
        while kind is None and self._waiting:
            self._settle()

    def add(self, name: str, rest: Callable[[], object]) -> None:
        """Have the rest of a page done; waits where many do already."""
        if len(self._waiting) >= _MOST_WAITING:
            self._settle()
        self._waiting.append((name, self._printer.submit(copy_context().run, rest)))  # measured with who asked for it

    def _settle(self) -> None:
        name, printed = self._waiting.popleft()
        if error := printed.exception():
            if not isinstance(error, Exception):
                raise error
            self._each.note(name, error)
