"""Closed by default: what Nightdesk writes is for the account that runs it, whatever that account's umask is."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_UMASK = 0o077
#: a group may pass through to what lies below, and list nothing
_PASSAGE = 0o710


def close_by_default() -> None:
    """From here on this process, and what it starts, writes files of 0600 and folders of 0700."""
    os.umask(_UMASK)


@contextmanager
def closed_by_default() -> Iterator[None]:
    """The same within a block, for a command that runs inside another program."""
    before = os.umask(_UMASK)
    try:
        yield
    finally:
        os.umask(before)


def close_home(home: Path) -> None:
    """Close a home, and the folders in it, that an older version or a wider umask left open.

    As root the embedded server runs under an account of its own: where its cluster lies in the home, the account's
    group may pass through to it (0710), and list nothing. So it is left where another home lies in this one: its server
    would lose its files while it runs.
    """
    if not home.is_dir():
        return
    ours, cluster = os.geteuid(), home / "pg" / "cluster"
    guest = None
    with suppress(OSError):
        found = cluster.stat()
        guest = found.st_gid if found.st_uid != ours else None
    passage = (home, cluster.parent) if guest is not None else ()
    for folder in (home, *(path for path in home.iterdir() if path.is_dir() and not path.is_symlink())):
        with suppress(OSError):  # another account's, or on a disk that is only read: not ours to close
            found = folder.stat()
            mode = stat.S_IMODE(found.st_mode)
            if guest is not None and folder in passage:
                if found.st_gid != guest:
                    os.chown(folder, -1, guest)
                closed: tuple[int, ...] = (_PASSAGE,)
            else:
                closed = (0o700, _PASSAGE)
            if found.st_uid == ours and mode not in closed:
                folder.chmod(closed[0])
