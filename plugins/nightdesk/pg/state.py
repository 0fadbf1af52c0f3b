"""What is remembered about an embedded server, in `<home>/pg`: its place, port and password."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from nightdesk.errors import StoreError

FILE = "server.json"
PASSWORD = "password"  # noqa: S105 (the name of the file)


@dataclass(frozen=True)
class State:
    """Where the cluster lies (relative to the folder when inside it) and the loopback port it listens on."""

    cluster: str
    port: int

    def cluster_in(self, folder: Path) -> Path:
        """The cluster's absolute folder."""
        return folder / self.cluster


def folder_of(home: Path) -> Path:
    """The folder of one home that belongs to its embedded server."""
    return home.absolute() / "pg"


def read(folder: Path) -> State | None:
    """What was remembered, or None before the first start."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return State(cluster=str(content["cluster"]), port=int(content["port"]))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise _not_ours(folder) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{folder / FILE} is damaged", "Move the home aside, or restore that file from a copy."
        ) from error


def write(folder: Path, state: State) -> None:
    """Remember `state`; a reader sees the old or the new file, never half of one."""
    new = folder / f"{FILE}.new"
    new.write_text(json.dumps(asdict(state)) + "\n", encoding="utf-8")
    new.replace(folder / FILE)


def has_password(folder: Path, role: str) -> bool:
    """Whether a role's password was made already."""
    return _password_file(folder, role).exists()


def password(folder: Path, role: str = "") -> str:
    """The password of a role, without one the superuser's: random, made once, readable by its owner only."""
    path = _password_file(folder, role)
    try:
        if not path.exists():
            new = path.with_name(f"{path.name}.new")
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(24))
            new.replace(path)
        return path.read_text(encoding="ascii")
    except PermissionError as error:
        raise _not_ours(folder) from error


def _password_file(folder: Path, role: str) -> Path:
    return folder / (f"{PASSWORD}.{role}" if role else PASSWORD)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes; waits. The folder is made when it is missing."""
    handle = _take(folder)
    try:
        yield
    finally:
        os.close(handle)


def _take(folder: Path) -> int:
    path = folder / "lock"
    try:
        while True:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
            os.close(handle)  # the folder was removed while this process waited: the lock is on nothing
    except PermissionError as error:
        raise _not_ours(folder) from error
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be used: {error.strerror}", "Set NIGHTDESK_HOME to a writable folder."
        ) from error


def _not_ours(folder: Path) -> StoreError:
    return StoreError(
        f"{folder} belongs to another user",
        "Run the command as that user, or set NIGHTDESK_HOME to a folder of your own.",
    )
