"""Scratch folders below <home>/work: gone when their process is done with them, and known as left over when it died.

The lock on the file inside says who lives: the operating system frees it with the process, however that ended.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".lock"
#: what scratch folders begin with: rows that the engine spills, columns that the checks set aside
SPILL, CHECK = "spill-", "check-"
#: the spill folders that this process has open
_SPILLS: set[Path] = set()


@contextmanager
def scratch(work: Path, prefix: str) -> Iterator[Path]:
    """A folder of its own below `work`, removed at the end; `work` is made where it is not there."""
    work.mkdir(parents=True, exist_ok=True)
    folder, lock = _made(work, prefix)
    if prefix == SPILL:
        _SPILLS.add(folder)
    try:
        yield folder
    finally:
        _SPILLS.discard(folder)
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _made(work: Path, prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=work))
        lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / _LOCK).exists():
            return folder, lock
        os.close(lock)  # swept away between its making and its lock


def spilled_bytes() -> int:
    """What the engines of this process hold on disk just now."""
    return sum(_size(folder) for folder in tuple(_SPILLS))


def _size(folder: Path) -> int:
    size = 0
    for place, _, files in os.walk(folder):
        for name in files:
            try:
                size += (Path(place) / name).stat().st_size
            except OSError:  # the engine has just removed it
                continue
    return size


def sweep_scratch(work: Path) -> list[str]:
    """Remove what ended processes left below `work`; returns the folders' names."""
    gone = []
    for folder in sorted([*work.glob(f"{SPILL}*"), *work.glob(f"{CHECK}*")]):
        try:
            lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:  # gone meanwhile, or not ours to touch
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # its process lives
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder.name)
        finally:
            os.close(lock)
    return gone
