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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from nightdesk import pg
from nightdesk.addresses import masked_url
from nightdesk.errors import NightdeskError, Refused
from nightdesk.orchestration.mail_catcher import MAIL_PORT, mail_catcher
from nightdesk.orchestration.pool import POOL_COMMAND, WRITER_POOL
from nightdesk.orchestration.services import Services
from nightdesk.orchestration.standalone import (
    HOST,
    SERVICES,
    airflow_environment,
    airflow_home,
    login,
)
from nightdesk.pg.cluster import free_port, is_free
from nightdesk.settings import Settings

PORT = 8080
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
                mailing = settings if settings.smtp_url else settings.with_option("smtp_url", caught_at, "mail catcher")
                environment = airflow_environment(mailing, port=chosen)
                about = Ready(
                    f"http://{HOST}:{chosen}",
                    "",
                    "",
                    masked_url(mailing.transport_url),
                    str(mails),
                    str(airflow_home(settings) / "logs"),
                )
                say("bringing Airflow's metadata up to date")
                _migrate(environment, Path(about.logs), stopped)
                _make_pool(environment, Path(about.logs), stopped)
                say("starting " + ", ".join(SERVICES))
                for name, command in SERVICES.items():
                    # tasks report to the API server: one that is started before it answers has lost a try
                    if name != "scheduler" or _wait_until_healthy(("metadatabase",), chosen, services, stopped):
                        services.start(name, [*_AIRFLOW, *command], environment)
                if _wait_until_healthy(_PARTS, chosen, services, stopped):
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


def _wait_until_healthy(parts: Sequence[str], port: int, services: Services, stopped: threading.Event) -> bool:
    """Whether the API server answers, and says that these parts are well; false when told to stop before."""
    deadline = time.monotonic() + START_SECONDS
    while not stopped.wait(0.5):
        services.check()
        state = health(port)
        late = [part for part in parts if state.get(part) != "healthy"]
        if not late:
            return True
        if time.monotonic() > deadline:
            raise NightdeskError(
                f"after {START_SECONDS:.0f} s these do not answer: {', '.join(late)}",
                "Read their logs in NIGHTDESK_HOME/airflow/logs.",
            )
    return False


def _migrate(environment: dict[str, str], logs: Path, stopped: threading.Event) -> None:
    """Bring Airflow's metadata to this version; ends early when told to stop."""
    if _run(["db", "migrate"], environment, logs / "migrate.log", stopped):
        raise NightdeskError(
            "Airflow's metadata could not be brought up to date", f"Read {logs / 'migrate.log'}, then start again."
        )


def _make_pool(environment: dict[str, str], logs: Path, stopped: threading.Event) -> None:
    """Make the pool whose one slot the writing tasks share: without it Airflow starts none of them."""
    if not stopped.is_set() and _run(POOL_COMMAND, environment, logs / "pool.log", stopped):
        raise NightdeskError(
            f"Airflow's pool {WRITER_POOL} could not be made", f"Read {logs / 'pool.log'}, then start again."
        )


def _run(command: list[str], environment: dict[str, str], log: Path, stopped: threading.Event) -> int:
    """Run one command of Airflow's to its end, or to the sign to stop; returns its exit code, 0 when stopped."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [*_AIRFLOW, *command],
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
            return 0
    return process.returncode


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
