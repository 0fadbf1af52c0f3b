"""A plugin of pytest: in place of running all SQL cases that it collected it waits for orders, and runs for each broken
file the cases that concern it, in a fork.

Which those are, `concerned` of `reread` beside the cases says, after it has read the file anew.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from nightdesk_lab.mutation.forking import serve


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Serve until there are no more orders."""
    reread = import_module("reread")
    reread.get_ready(session.items)

    def work(order: dict[str, Any]) -> int:
        again: list[str] = order["again"]
        chosen = [item for item in session.items if item.nodeid in again] if again else []
        for item in chosen or reread.concerned(order["path"], session.items):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if session.testsfailed:
                note = Path(order["note"])
                note.parent.mkdir(parents=True, exist_ok=True)
                note.write_text(json.dumps({item.nodeid: True}), encoding="utf-8")
                return int(pytest.ExitCode.TESTS_FAILED)
        return int(pytest.ExitCode.OK)

    serve(work)
    return True
