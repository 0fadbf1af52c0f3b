"""A process that has read in what tests need beside the product, and forks for each of them: the start is paid once.

Orders come as lines of JSON on stdin, answers go as lines to the file that `ANSWERS` names: READY once, then of each
order pytest's exit code, or null where the time was up.
"""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest

#: names the descriptor that answers are written to; stdout is the tests'
ANSWERS = "NIGHTDESK_MUTATION_ANSWERS"
READY = "ready"
#: what takes a test seconds to import and is no product's: mutants of the product are read anew in each fork
_LIBRARIES = (
    *("alembic.command", "duckdb", "great_expectations", "hypothesis", "jinja2", "jsonschema", "networkx", "openpyxl"),
    *("pandas", "psycopg", "pyarrow", "pydantic", "sqlalchemy", "sqlglot", "typer.testing", "xlsxwriter", "yaml"),
)
_LOOK_SECONDS = 0.02


def serve(work: Callable[[dict[str, Any]], int]) -> None:
    """Answer each order by what `work` says in a fork, which is ended with all that it started."""
    gc.freeze()  # what is there stays shared with the forks
    with os.fdopen(int(os.environ[ANSWERS]), "w") as answers:
        answers.write(f"{json.dumps(READY)}\n")
        answers.flush()
        for line in sys.stdin:
            order = json.loads(line)
            answers.write(f"{json.dumps(_forked(work, order))}\n")
            answers.flush()


def _forked(work: Callable[[dict[str, Any]], int], order: dict[str, Any]) -> int | None:
    """The exit code of `work` in a process group of its own, None when its seconds are over."""
    child = os.fork()
    if child == 0:
        code = 3  # pytest's word for a fault that is its own
        try:
            os.setsid()
            with open(os.devnull, "r+b") as nothing:  # noqa: PTH123  # a device, for its descriptor
                for stream in (0, 1, 2):
                    os.dup2(nothing.fileno(), stream)
            code = int(work(order))
        finally:
            os._exit(code)
    until = time.monotonic() + max(float(order["seconds"]), 1)
    status: int | None = None
    while status is None and time.monotonic() < until:
        ended, said = os.waitpid(child, os.WNOHANG)
        if ended:
            status = os.waitstatus_to_exitcode(said)
        else:
            time.sleep(_LOOK_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
    return status


def _tests(order: dict[str, Any]) -> int:
    return int(pytest.main(order["arguments"]))


if __name__ == "__main__":
    for library in _LIBRARIES:
        with suppress(ImportError):  # a test that needs it says so itself
            import_module(library)
    serve(_tests)
