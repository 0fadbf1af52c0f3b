"""The demonstration: a demo bank, its latest nights through the real DAG, and where to look."""

import datetime
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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
    _bank(settings, clients, say)
    dates = [UNTIL - datetime.timedelta(days=nights - 1 - i) for i in range(nights)]
    with open_desk(settings).connect() as connection:
        latest = latest_published_date(connection, settings.profile)
    left = [day for day in dates if latest is None or day > latest]
    for day in dates:
        if day not in left:
            say("kept", date=day)
    if left:
        # a person signs a review after the first night; the last one shows what has changed since
        _run_dag(settings, left[:1], say)
        if left[1:]:
            sign_one(settings, source_url(settings), left[0])
            _run_dag(settings, left[1:], say)
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


def _bank(settings: Settings, clients: int, say: Say) -> None:
    """Fill the demo bank's database, once for these arguments."""
    from nightdesk_lab.demo_bank import generate

    made = settings.home / "demo_bank.json"
    wanted = {"clients": clients, "months": MONTHS, "until": str(UNTIL), "seed": SEED}
    if made.exists():
        have = json.loads(made.read_text(encoding="utf-8"))
        if have != wanted:
            raise NightdeskError(
                f"this home holds a demo bank of {have['clients']} clients, not of {clients}",
                "Use the same --clients, or begin anew with `make clean`.",
            )
        say("bank_there")
        return
    say("bank", clients=f"{clients:,}", months=MONTHS, until=UNTIL)
    generate(
        source_url(settings),
        clients=clients,
        months=MONTHS,
        until=UNTIL,
        seed=SEED,
        truth=settings.home / "demo_truth.csv",
    )
    made.write_text(json.dumps(wanted), encoding="utf-8")


def _run_dag(settings: Settings, dates: list[datetime.date], say: Say) -> None:
    log = settings.home / "logs" / "demo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    say("dag", first=dates[0], last=dates[-1], log=log)
    command = [sys.executable, "-m", "nightdesk.orchestration.trial", *(str(day) for day in dates)]
    with (
        log.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            command, env=airflow_environment(settings), stdout=subprocess.PIPE, stderr=file, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            told = _RUN.fullmatch(line.strip())
            if told:
                say("ran" if told["state"] == "success" else "failed", date=told["date"], seconds=told["seconds"])
    if process.returncode:
        tail = [line for line in Path(log).read_text(encoding="utf-8").splitlines() if "Error" in line][-1:]
        raise NightdeskError(
            f"a run of nightly_monitoring failed{': ' + tail[0].strip() if tail else ''}",
            f"Read {log}, then run it again.",
        )


__all__ = ["MONTHS", "SEED", "UNTIL", "Shown", "run_demo"]
