"""Child processes that live and die with this one: each in its own process group, its log in a file."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from nightdesk.errors import NightdeskError

#: how long a service may take to end by itself before it is ended
GRACE_SECONDS = 10.0


@dataclass
class Service:
    """One running child."""

    name: str
    log: Path
    process: "subprocess.Popen[bytes]"


class Services:
    """Starts children, notices the first that ends, and ends them all with everything they started."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[Service] = []

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start one child; what it prints goes to `<name>.log`."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(Service(name, log, process))

    def check(self) -> None:
        """Raise NightdeskError when a child has ended: none of them ends by itself."""
        for service in self._running:
            code = service.process.poll()
            if code is not None:
                how = (
                    f"by itself with exit code {code}{_last_words(service.log)}" if code >= 0 else f"by signal {-code}"
                )
                raise NightdeskError(
                    f"{service.name} ended {how}",
                    f"Read {service.log}, mend the cause and start again.",
                )

    def stop(self) -> None:
        """End all children and their descendants, politely first; returns when none is left."""
        family = {child for service in self._running for child in _family(service.process.pid)}
        for service in self._running:
            if service.process.poll() is None:
                service.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for service in self._running:
            try:
                service.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                family |= _family(service.process.pid)
        _, alive = psutil.wait_procs(family, timeout=max(0.5, deadline - time.monotonic()))
        for process in alive:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        for service in self._running:
            service.process.wait()
        psutil.wait_procs(alive, timeout=5)
        self._running.clear()


def _family(pid: int) -> set[psutil.Process]:
    """A child with its descendants, and who is left of its session: what it started has no parent once it is killed."""
    session = {process for process in psutil.process_iter() if _session_of(process.pid) == pid}
    try:
        process = psutil.Process(pid)
        return {process, *process.children(recursive=True)} | session
    except psutil.NoSuchProcess:
        return session


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:  # it is gone, or another account's
        return None


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-50:]]
    telling = [line for line in lines if "Error" in line or "error" in line] or [line for line in lines if line]
    return f": {telling[-1][:200]}" if telling else ""
