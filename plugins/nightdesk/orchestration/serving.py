"""`nightdesk up`: PostgreSQL, Airflow's four services and a mail catcher, until Ctrl-C or SIGTERM."""

import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from nightdesk import pg
from nightdesk.errors import NightdeskError, Refused
from nightdesk.orchestration.mail_catcher import mail_catcher
from nightdesk.orchestration.services import Services
from nightdesk.orchestration.standalone import HOST, SERVICES, airflow_environment, airflow_home, login
from nightdesk.pg.cluster import free_port, is_free
from nightdesk.settings import Settings

PORT = 8080
MAIL_PORT = 1025
START_SECONDS = 180.0
_PARTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")
_AIRFLOW = (sys.executable, "-m", "airflow")


@dataclass(frozen=True)
class Ready:
    """What a person needs to know once everything answers."""

    address: str
    user: str
    password_file: str
    smtp_url: str
    mails: str
    logs: str


def serve(settings: Settings, *, port: int | None, say: Callable[[str], None], ready: Callable[[Ready], None]) -> None:
    """Run everything until this process is told to stop (SIGINT, SIGTERM, SIGHUP), then stop it all.

    `port` is the API server's; None takes 8080 or, when that is taken, any free one. Mails go to the catcher
    unless the settings name a server. The embedded PostgreSQL is stopped too when it did not run before.
    Raises Refused when another process serves this home or the port is taken, and NightdeskError when a
    service ends by itself.
    """
    chosen = _port(port)
    with _stop_signals() as stopped, _only_one(airflow_home(settings)):
        was_running = pg.status(settings.home).running
        mails = settings.home / "mail"
        services = Services(airflow_home(settings) / "logs")
        try:
            with mail_catcher(mails, MAIL_PORT if is_free(MAIL_PORT) else free_port()) as caught_at:
                smtp_url = settings.smtp_url or caught_at
                environment = airflow_environment(settings.model_copy(update={"smtp_url": smtp_url}), port=chosen)
                about = Ready(
                    f"http://{HOST}:{chosen}",
                    "",
                    "",
                    smtp_url,
                    str(mails),
                    str(airflow_home(settings) / "logs"),
                )
                say("bringing Airflow's metadata up to date")
                _migrate(environment, Path(about.logs), stopped)
                for name, command in SERVICES.items():
                    services.start(name, [*_AIRFLOW, *command], environment)
                say("starting " + ", ".join(SERVICES))
                if _wait_until_ready(chosen, services, stopped):
                    entry = login(settings)
                    ready(replace(about, user=entry.user, password_file=str(entry.password_file)))
                while not stopped.wait(1.0):
                    services.check()
                say("stopping")
        finally:
            services.stop()
            if not was_running:
                pg.stop(settings.home)


def health(port: int) -> dict[str, str]:
    """What the API server says of each part, "healthy" when it is; empty while it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/api/v2/monitor/health")
        answer = connection.getresponse()
        document = json.loads(answer.read()) if answer.status == http.client.OK else {}
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return {part: str((document.get(part) or {}).get("status")) for part in _PARTS} if document else {}


def _wait_until_ready(port: int, services: Services, stopped: threading.Event) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while not stopped.wait(0.5):
        services.check()
        state = health(port)
        if state and all(status == "healthy" for status in state.values()):
            return True
        if time.monotonic() > deadline:
            late = [part for part in _PARTS if state.get(part) != "healthy"]
            raise NightdeskError(
                f"after {START_SECONDS:.0f} s these do not answer: {', '.join(late)}",
                "Read their logs in NIGHTDESK_HOME/airflow/logs.",
            )
    return False


def _migrate(environment: dict[str, str], logs: Path, stopped: threading.Event) -> None:
    """Bring Airflow's metadata to this version; ends early when told to stop."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / "migrate.log"
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [*_AIRFLOW, "db", "migrate"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        while process.poll() is None and not stopped.wait(0.2):
            pass
        if process.poll() is None:
            process.terminate()
            return
    if process.returncode:
        raise NightdeskError("Airflow's metadata could not be brought up to date", f"Read {log}, then start again.")


def _port(wanted: int | None) -> int:
    if wanted is None:
        return PORT if is_free(PORT) else free_port()
    if not is_free(wanted):
        raise Refused(f"port {wanted} is taken by another program", "Name another with --port, or leave it out.")
    return wanted


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the home's Airflow against a second `up`; the lock goes with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Refused(f"Airflow of {folder.parent} is up already", "Use that one, or stop it first.") from None
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGINT, SIGTERM and SIGHUP set, instead of ending the process amid something."""
    stopped = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
