"""A file that is there whole or not at all."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightdesk.metering import wrote


def write_whole(target: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: a reader sees the old or the new one, never half."""
    with drafted(target) as draft:
        draft.write_bytes(content)
    wrote(len(content))


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """An empty file beside a file's place; it moves there when all went well, and goes when something did not.

    It has one name, so that what a killed process left of one is written over by the next, and is its writer's alone
    while it lives.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    with _alone(draft):
        try:
            yield draft
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


@contextmanager
def _alone(draft: Path) -> Iterator[None]:
    """The draft, emptied, for one writer at a time; a killed one lets go."""
    while True:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # who had it before has moved it to its place or removed it: the name stands for another file now
            if _is_at(draft, handle):
                os.ftruncate(handle, 0)
                yield
                return
        finally:
            os.close(handle)


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
