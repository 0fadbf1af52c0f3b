"""One PostgreSQL cluster on disk and its process: make it, start it, see whether it runs, stop it.

The server listens on 127.0.0.1 with scram passwords and has no Unix socket: a socket path may be 107 bytes
long, a home may be longer, and the usual way out is a folder that every user can write.
"""

import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from nightdesk.errors import StoreError
from nightdesk.pg.placement import Account, binaries

USER = "nightdesk"
HOST = "127.0.0.1"
_LOG_KEEP = 5_000_000  # bytes; a longer log is turned over at the next start

_PG_CTL = ("--wait", "--timeout", "60", "--silent")
# The built-in locale: the same order of text on every machine, whatever the system's libraries say.
_INITDB = (
    *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)
_HBA = f"host all all {HOST}/32 scram-sha-256\n"
_CONF = f"""
# One small machine: the desk, Airflow's metadata and the demo bank share it with the engine.
listen_addresses = '{HOST}'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 120
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
# nobody replicates this server: a table made and filled in one transaction (the demo bank) needs no log of its rows
wal_level = minimal
max_wal_senders = 0
checkpoint_completion_target = 0.9
max_parallel_workers_per_gather = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster's folder, the account that owns it, and nothing that changes while it runs."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.folder / "server.log"

    def create(self, password: str) -> None:
        """Make the data directory, whole or not at all.

        Raises StoreError with initdb's last line when it cannot be made.
        """
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.folder / "password.new"
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        try:
            secret.write_text(password, encoding="ascii")
            self.account.give(secret)
            self._run("initdb", "--pgdata", fresh, "--pwfile", secret, "--username", USER, *_INITDB)
        finally:
            secret.unlink(missing_ok=True)
        (fresh / "pg_hba.conf").write_text(_HBA, encoding="ascii")
        with (fresh / "postgresql.conf").open("a", encoding="ascii") as conf:
            conf.write(_CONF)
        fresh.rename(self.data)

    def start(self, port: int) -> int:
        """Start the server on `port`, or on another free one when that is taken; returns the port."""
        self._drop_stale_pid_file()
        if self.log.exists() and self.log.stat().st_size > _LOG_KEEP:
            self.log.replace(self.log.with_suffix(".log.1"))
        chosen = port if is_free(port) else free_port()
        self._run("pg_ctl", "start", *_PG_CTL, "-D", self.data, "--log", self.log, "--options", f"-p {chosen}")
        return chosen

    def stop(self) -> None:
        """Stop the server, rolling open transactions back; does nothing when it does not run."""
        process = self.process()
        if process is None:
            return
        self._run("pg_ctl", "stop", "--wait", "--timeout", "60", "--silent", "--mode", "fast", "--pgdata", self.data)

    def process(self) -> psutil.Process | None:
        """The running server of this data directory, or None; a pid file alone proves nothing."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
                return None
        except psutil.Error:
            return None
        try:
            return process if Path(process.cwd()) == self.data.resolve() else None
        except psutil.AccessDenied:
            return process  # not to be told apart from ours; taken for a stranger, it could get a rival
        except psutil.Error:
            return None

    def port(self) -> int | None:
        """The port that the running server listens on, once it answers; None before."""
        lines = self._pid_file()
        is_ready = self.process() is not None and len(lines) >= 8 and lines[7].strip() == "ready"
        return int(lines[3]) if is_ready else None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _drop_stale_pid_file(self) -> None:
        # PostgreSQL drops a pid file whose process is gone, but not one whose number was given out again.
        if self.process() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _run(self, command: str, *arguments: str | Path) -> None:
        program = binaries(self.folder, self.account) / command
        try:
            done = subprocess.run(
                [program, *arguments],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=120,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                check=False,
                **self.account.options,
            )
        except subprocess.TimeoutExpired as error:
            raise StoreError(
                f"the embedded PostgreSQL did not answer within two minutes ({command})", f"Read {self.log}."
            ) from error
        if done.returncode:
            said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            reason = [f"exit code {done.returncode}", *said[-1:], *self._last_words(command)][-1]
            raise StoreError(
                f"{command} of the embedded PostgreSQL failed: {reason}",
                f"Mend what it names ({self.log} may say more) and run the command again.",
            )

    def _last_words(self, command: str) -> list[str]:
        if command != "pg_ctl" or not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        return [line.strip() for line in lines if "FATAL" in line][-1:]


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a program could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
