"""What one process of the tests makes for all of them: a server, a migrated desk, nights to be read or copied."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")
#: told apart in the names of databases: all processes share one server
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def made_once(place: Path, name: str, make: Callable[[Path], Made]) -> Made:
    """What `make` returns, given a new folder below `place` to write into: the first process that asks makes it, the
    others wait for it and get the same."""
    kept, folder = place / f"{name}.made", place / name
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            kept.write_bytes(pickle.dumps(make(folder)))
        made: Made = pickle.loads(kept.read_bytes())  # noqa: S301  # a process of this very run wrote it
        return made
