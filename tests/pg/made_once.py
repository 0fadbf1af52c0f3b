"""What one process of the tests makes for all of them: a server, a migrated desk, nights to be read or copied."""

import fcntl
import os
import pickle
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")
#: told apart in the names of databases: all processes share one server
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def shared_cache(shared: Path) -> Path:
    """The folder that stands for `cache` in homes of a run: what a process works out of sql/, the others find."""
    folder = shared / "cache"
    folder.mkdir(exist_ok=True)
    return folder


class Unmade(Exception):
    """The process that was first to ask for something failed to make it."""


def made_once(place: Path, name: str, make: Callable[[Path], Made]) -> Made:
    """What `make` returns, given a new folder below `place` to write into: the first process that asks makes it, the
    others wait for it and get the same.

    Raises Unmade for the others where it fails, with what it failed of: nobody tries again.
    """
    kept, failed, folder = place / f"{name}.made", place / f"{name}.failed", place / name
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if failed.exists():
            raise Unmade(f"{name} could not be made:\n{failed.read_text(encoding='utf-8')}")
        if not kept.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                kept.write_bytes(pickle.dumps(make(folder)))
            except Exception:
                failed.write_text(traceback.format_exc(), encoding="utf-8")
                raise
        made: Made = pickle.loads(kept.read_bytes())  # noqa: S301  # a process of this very run wrote it
        return made
