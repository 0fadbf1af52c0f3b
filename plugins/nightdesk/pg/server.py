"""The embedded server of a home: idempotent, safe under concurrent calls, and it outlives its caller."""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import psycopg

from nightdesk.errors import StoreError, UsageError
from nightdesk.pg import roles, state
from nightdesk.pg.cluster import HOST, USER, Cluster, free_port
from nightdesk.pg.placement import account_for, is_cluster_folder, make_cluster_folder, taken_from_nobody
from nightdesk.pg.roles import ROLES
from nightdesk.pg.state import State

DESK = "nightdesk"
_MAINTENANCE = "postgres"  # the database that every cluster has


@dataclass(frozen=True)
class Server:
    """A server that answers; `log` and `data` are for people who look for the cause of something.

    `user` and `password` are the superuser's, `passwords` those of the roles that own a database each.
    """

    port: int
    pid: int
    data: Path
    log: Path
    password: str = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False, hash=False)
    host: str = HOST
    user: str = USER

    def url(self, database: str = DESK, driver: str = "postgresql+psycopg") -> str:
        """The SQLAlchemy URL of one database, as the role that owns it, with the password in it.

        Raises UsageError when the server has no such database.
        """
        if database not in ROLES:
            raise UsageError(f"the embedded server has no database {database!r}", f"Choose one of: {', '.join(ROLES)}.")
        role = ROLES[database]
        return self._url(driver, role, self.passwords[role], database)

    def admin_url(self, database: str, driver: str = "postgresql+psycopg") -> str:
        """The same as the superuser of the cluster: for upkeep and tests, never for a setting."""
        return self._url(driver, self.user, self.password, database)

    def _url(self, driver: str, user: str, password: str, database: str) -> str:
        return f"{driver}://{user}:{quote(password, safe='')}@{self.host}:{self.port}/{quote(database, safe='')}"


@dataclass(frozen=True)
class Status:
    """Whether the server of a home runs, and where; None where there is nothing to say."""

    running: bool
    port: int | None = None
    pid: int | None = None
    data: Path | None = None


def ensure_server(home: Path) -> Server:
    """The running server of `home`, made and started when it is not there yet.

    The databases nightdesk, airflow and demo_bank exist afterwards, each with an owner of its own.
    Raises StoreError when it cannot run.
    """
    folder = state.folder_of(home)
    with state.locked(folder):
        password = state.password(folder)
        fresh = {role for role in ROLES.values() if not state.has_password(folder, role)}
        passwords = {role: state.password(folder, role) for role in ROLES.values()}
        known = state.read(folder) or _choose(folder)
        cluster = _cluster(folder, known)
        port = cluster.port()
        if port is None:
            cluster.stop()  # one that runs and does not answer: left half started by a caller that was killed
            cluster = replace(cluster, account=taken_from_nobody(cluster.folder))
            if not cluster.data.exists():
                cluster.create(password)
            port = cluster.start(known.port)
        if port != known.port:
            state.write(folder, replace(known, port=port))
        process = cluster.process()
        if process is None:
            raise StoreError("the embedded PostgreSQL stopped right after its start", f"Read {cluster.log}.")
        server = Server(port, process.pid, cluster.data, cluster.log, password, passwords)
        _make_databases(server, fresh)
        return server


def stop(home: Path) -> bool:
    """Stop the server of `home`; False when none ran."""
    folder = state.folder_of(home)
    if not folder.exists():
        return False
    with state.locked(folder):
        cluster = _known_cluster(folder)
        if cluster is None or cluster.process() is None:
            return False
        cluster.stop()
        return True


def remove(home: Path) -> None:
    """Stop the server of `home` and delete its data, also where they lie outside the home."""
    folder = state.folder_of(home)
    if not folder.exists():
        return
    with state.locked(folder):
        cluster = _known_cluster(folder)
        if cluster is not None:
            cluster.stop()
            if not is_cluster_folder(cluster.folder, folder):
                raise StoreError(f"{folder / state.FILE} names {cluster.folder}", "Remove that folder by hand.")
            shutil.rmtree(cluster.folder, ignore_errors=True)
        shutil.rmtree(folder)


def status(home: Path) -> Status:
    """What can be seen of the server of `home` without starting it."""
    folder = state.folder_of(home)
    cluster = _known_cluster(folder)
    if cluster is None:
        return Status(running=False)
    process = cluster.process()
    if process is None:
        return Status(running=False, data=cluster.data)
    return Status(running=True, port=cluster.port(), pid=process.pid, data=cluster.data)


def _choose(folder: Path) -> State:
    """Place and port of a server that is to be made; remembered before anything is made there."""
    place = make_cluster_folder(folder, account_for(folder / "cluster"))
    chosen = State(cluster=place.name if place.parent == folder else str(place), port=free_port())
    state.write(folder, chosen)
    return chosen


def _known_cluster(folder: Path) -> Cluster | None:
    known = state.read(folder)
    return None if known is None else _cluster(folder, known)


def _cluster(folder: Path, known: State) -> Cluster:
    place = known.cluster_in(folder)
    if not place.is_dir():
        raise StoreError(
            f"{place}, where the embedded PostgreSQL keeps its data, is gone",
            f"Restore it from a copy, or begin anew without its contents: remove {folder}.",
        )
    return Cluster(place, account_for(place))


def _make_databases(server: Server, fresh: Collection[str]) -> None:
    """Roles and databases that are missing; `fresh`: roles whose password was made just now."""
    try:
        with psycopg.connect(
            server.admin_url(_MAINTENANCE, "postgresql"), autocommit=True, connect_timeout=10
        ) as connection:
            there = {name for (name,) in connection.execute("select rolname from pg_roles")}
            for database, role in ROLES.items():
                if role not in there or role in fresh:
                    roles.make_role(connection, role, server.passwords[role])
                roles.make_database(connection, database, role, server.admin_url(database, "postgresql"))
            if set(ROLES.values()) - there:
                roles.close_to_all(connection, _MAINTENANCE)
    except psycopg.Error as error:
        raise StoreError(
            f"the embedded PostgreSQL on port {server.port} refused the password it was made with",
            f"Read {server.log}; when the home was copied in part, restore {server.data.parent.parent}.",
        ) from error
