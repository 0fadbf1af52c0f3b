"""The demonstration: a demo bank, its latest nights through the real DAG, and where to look."""

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from nightdesk.attempt.opening import source_url
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.errors import NightdeskError
from nightdesk.orchestration.standalone import airflow_environment
from nightdesk.settings import Settings
from nightdesk_lab.signed import sign_one

#: the demo bank's last business date: a Thursday whose morning is a workday, and long past its cut-off
UNTIL = datetime.date(2026, 10, 15)
MONTHS = 24
SEED = 1
#: projects at most, each with its review, and clients to a project in a smaller bank: a bank of 1,000 has 45 of them,
#: and so every story of a project (demo_bank/README.md)
_PROJECTS, _CLIENTS_PER_PROJECT = 60, 22
#: what `trial` prints of a run
_RUN = re.compile(r"(?P<date>\S+): (?P<state>\w+) in (?P<seconds>[\d.]+) s")


class Say(Protocol):
    """Tells the reader what is being done: a message of the catalogue's family `cli.demo`, and its values."""

    def __call__(self, key: str, **values: object) -> None: ...


@dataclass(frozen=True)
class Shown:
    """Where a reader finds what the demonstration made."""

    dates: list[str]
    first_list: str
    lists: str
    mails: str
    reviews: str
    quality: str


def run_demo(settings: Settings, *, clients: int, nights: int, say: Say) -> Shown:
    """Make the demo bank unless it is there, run what is not yet published, and return where to look.

    What is being done is told to `say`. Raises NightdeskError when a run of the DAG fails; its log names the task.
    """
    wanted = {"clients": clients, "months": MONTHS, "until": str(UNTIL), "seed": SEED}
    is_made = _is_made(settings, wanted)
    dates = [UNTIL - datetime.timedelta(days=nights - 1 - i) for i in range(nights)]
    with open_desk(settings).connect() as connection:
        latest = latest_published_date(connection, settings.profile)
    left = [day for day in dates if latest is None or day > latest]
    with ExitStack() as begun:
        airflow = begun.enter_context(_airflow(settings)) if left else None  # it starts while the bank is made
        if is_made:
            say("bank_there")
        else:
            _make_bank(settings, wanted, say)
        for day in dates:
            if day not in left:
                say("kept", date=day)
        if airflow:
            _run_nights(settings, airflow, left, say)
    folder = settings.out / str(UNTIL)
    lists = sorted((folder / "branch").iterdir())
    return Shown(
        [str(day) for day in dates],
        str(lists[0] / "list.html"),
        str(folder / "branch"),
        str(settings.home / "mail"),
        str(folder / "esg"),
        str(folder / "quality.html"),
    )


def _is_made(settings: Settings, wanted: dict[str, Any]) -> bool:
    """Whether this home holds the demo bank that is wanted; NightdeskError where it is another."""
    made = _made_file(settings)
    if not made.exists():
        return False
    have = json.loads(made.read_text(encoding="utf-8"))
    if have != wanted:
        raise NightdeskError(
            f"this home holds a demo bank of {have['clients']} clients, not of {wanted['clients']}",
            "Use the same --clients, or begin anew with `make clean`.",
        )
    return True


def _made_file(settings: Settings) -> Path:
    return settings.home / "demo_bank.json"


def projects_of(clients: int) -> int:
    """How many projects a demonstration of so many clients has."""
    return min(_PROJECTS, max(2, clients // _CLIENTS_PER_PROJECT))


def _make_bank(settings: Settings, wanted: dict[str, Any], say: Say) -> None:
    """Fill the demo bank's database."""
    from nightdesk_lab.demo_bank import generate

    say("bank", clients=f"{wanted['clients']:,}", months=MONTHS, until=UNTIL)
    generate(
        source_url(settings),
        clients=wanted["clients"],
        projects=projects_of(wanted["clients"]),
        months=MONTHS,
        until=UNTIL,
        seed=SEED,
        truth=settings.home / "demo_truth.csv",
    )
    _made_file(settings).write_text(json.dumps(wanted), encoding="utf-8")


def _log(settings: Settings) -> Path:
    return settings.home / "logs" / "demo.log"


@contextmanager
def _airflow(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Airflow in a process of its own, which runs the DAG for each date that it is told, and ends with this one."""
    log = _log(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "nightdesk.orchestration.trial"]
    with (
        log.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            env=airflow_environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close() if process.stdin else None


def _run_nights(settings: Settings, airflow: "subprocess.Popen[str]", dates: list[datetime.date], say: Say) -> None:
    """Run the DAG for each date; a person signs a review after the first, and the last shows what has changed since."""
    say("dag", first=dates[0], last=dates[-1], log=_log(settings))
    for day in dates:
        _run_dag(settings, airflow, day, say)
        if day == dates[0] != dates[-1]:
            sign_one(settings, source_url(settings), day)


def _run_dag(settings: Settings, airflow: "subprocess.Popen[str]", day: datetime.date, say: Say) -> None:
    with suppress(BrokenPipeError):  # it is gone, as its log says
        print(day, file=airflow.stdin, flush=True)
    told = told_of(airflow.stdout or ())
    is_done = told is not None and told["state"] == "success"
    if told:
        say("ran" if is_done else "failed", date=told["date"], seconds=told["seconds"])
    if not is_done:
        log = _log(settings)
        tail = [line for line in log.read_text(encoding="utf-8").splitlines() if "Error" in line][-1:]
        raise NightdeskError(
            f"a run of nightly_monitoring failed{': ' + tail[0].strip() if tail else ''}",
            f"Read {log}, then run it again.",
        )


def told_of(lines: Iterable[str]) -> re.Match[str] | None:
    """What `trial` says of its next run (date, state, seconds), past what is said besides; None where it ends first."""
    return next(filter(None, (_RUN.fullmatch(line.strip()) for line in lines)), None)


__all__ = ["MONTHS", "SEED", "UNTIL", "Shown", "run_demo", "told_of"]
