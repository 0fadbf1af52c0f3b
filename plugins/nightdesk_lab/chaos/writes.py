"""The writes that leave a process, counted: each is a place where a kill may fall before or after it.

Counted are what makes a file or link visible, a commit of the desk database, a batch of the lake, and the two acts of
handing over a mail. They are wrapped where the product calls them; the product knows nothing of it.
"""

import json
import os
import signal
import smtplib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeAlias

import psycopg

from nightdesk import lake

When: TypeAlias = Literal["before", "after"]


class Writes:
    """Counts a process's writes into `log`, one line each, and kills the process at one of them."""

    def __init__(self, log: Path, kill_at: tuple[int, When] | None) -> None:
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._kill_at = kill_at
        self._numbers = count()  # threads of one step write at once

    def around(self, kind: str, what: str, write: Callable[[], Any]) -> Any:
        """Do one write; the process may die before or after it, as a machine does: without a word."""
        number = next(self._numbers)
        self._log.write(json.dumps({"number": number, "kind": kind, "what": what}) + "\n")
        self._die_at(number, "before")
        try:
            return write()
        finally:
            self._die_at(number, "after")

    def _die_at(self, number: int, when: When) -> None:
        if self._kill_at == (number, when):
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Wrap every way out of this process."""
        for name in ("replace", "rename", "symlink", "link"):
            self._wrap(os, name, "file shown", lambda given: Path(os.fsdecode(given[1])).name)
        self._wrap(psycopg.Connection, "commit", "desk commit", lambda _given: "")
        self._wrap(lake, "write_deltalake", "lake batch", lambda given: "/".join(Path(str(given[0])).parts[-2:]))
        self._wrap(
            smtplib.SMTP, "docmd", "mail told", lambda given: str(given[1]), only=lambda given: given[1] == "DATA"
        )
        self._wrap(
            smtplib.SMTP, "send", "mail handed over", lambda _given: "", only=lambda given: len(given[1]) > _ENVELOPE
        )

    def _wrap(
        self,
        owner: Any,
        name: str,
        kind: str,
        what: Callable[[tuple[Any, ...]], str],
        only: Callable[[tuple[Any, ...]], bool] = lambda _given: True,
    ) -> None:
        original = getattr(owner, name)

        def wrapped(*given: Any, **named: Any) -> Any:
            if not only(given):
                return original(*given, **named)
            return self.around(kind, what(given), lambda: original(*given, **named))

        setattr(owner, name, wrapped)


#: longer than any command of the conversation, shorter than any list
_ENVELOPE = 2_000
