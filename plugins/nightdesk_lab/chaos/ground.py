"""Where trials take place: a small bank, the night before published, and a copy of all that for each trial."""

import datetime
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import create_engine, select

from nightdesk import pg
from nightdesk.desk.tables import outbox
from nightdesk.errors import NightdeskError
from nightdesk_lab.demo_bank.generate import generate

#: a Wednesday and a Thursday, each with a working day after it
BEFORE, DATE = datetime.date(2026, 10, 14), datetime.date(2026, 10, 15)
#: the smallest bank that has every kind of page: several branches, projects, red clients
_SIZE = {"clients": 40, "months": 2, "branches": 3, "projects": 2, "seed": 1}
#: what a night took, which no two nights share
_OWN_COST = re.compile(rb'<section class="section" id="cost">.*?</section>', re.DOTALL)


class Postbox:
    """A mail server that counts what it accepted, by Message-ID."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Called by the server for each message."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        head = content.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
        line = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.accepted[line.partition(":")[2].strip()] += 1
        return "250 counted"


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (-9: killed), what it said, and the writes that it came to."""

    code: int
    said: str
    error: str
    writes: list[dict[str, Any]]


@dataclass
class Trial:
    """A home, a desk database and a mail server of its own, as they were the evening before."""

    home: Path
    desk_url: str
    environment: dict[str, str]
    post: Postbox
    _count: int = field(default=0)

    def start(self, step: str, **job: Any) -> "subprocess.Popen[str]":
        """Start a child; `finish` waits for it."""
        self._count += 1
        log = self.home / f"writes-{self._count}.jsonl"
        log.unlink(missing_ok=True)  # the evening before left some
        document = {"step": step, "date": str(DATE), "log": str(log), **job}
        child = subprocess.Popen(
            [sys.executable, "-m", "nightdesk_lab.chaos.child", json.dumps(document)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        child.log = log  # type: ignore[attr-defined]
        return child

    def finish(self, child: "subprocess.Popen[str]") -> Ended:
        """What a child came to."""
        out, err = child.communicate()
        log: Path = child.log  # type: ignore[attr-defined]
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return Ended(child.returncode, out.strip(), err.strip(), [json.loads(line) for line in lines])

    def run(self, step: str, **job: Any) -> Ended:
        """Start a child and wait for it."""
        return self.finish(self.start(step, **job))

    def outcome(self) -> dict[str, Any]:
        """What readers have: files by path, exports by table, and the outbox by Message-ID."""
        shown = (self.home / "out" / str(DATE)).resolve()
        files = {
            str(path.relative_to(shown)): _OWN_COST.sub(b"", path.read_bytes())
            for path in sorted(shown.rglob("*") if shown.exists() else ())
            if path.is_file()
        }
        return {"files": files, "exports": self._exports(), "outbox": self.outbox()}

    def outbox(self) -> dict[str, str]:
        """Status by Message-ID."""
        engine = create_engine(self.desk_url)
        try:
            with engine.connect() as connection:
                query = select(outbox.c.message_id, outbox.c.status).where(outbox.c.business_date == DATE)
                return {row.message_id: row.status for row in connection.execute(query)}
        finally:
            engine.dispose()

    def _exports(self) -> dict[str, str]:
        done = self.run("export")
        return dict(json.loads(done.said)) if done.code == 0 else {"all": f"exit {done.code}: {done.error}"}


class Ground:
    """The bank, its first night, and copies of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bank = folder / "bank.db"
        self._numbers = count(1)
        self._making = Lock()

    def prepare(self) -> None:
        """Make the bank and publish the night before; everything of a former run goes first."""
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder / "base").mkdir(parents=True)
        generate(f"sqlite:///{self._bank}", until=DATE, **_SIZE)  # type: ignore[arg-type]
        with sqlite3.connect(self._bank) as connection:
            # totals of so small a bank hold its nights on purpose
            connection.execute("drop table control_total")
        self._server = pg.ensure_server(self._folder / "pg")
        self._admin("create database base")
        with self._trial(self._folder / "base", "base") as base:
            done = base.run("night", date=str(BEFORE))
        if done.code != 0:
            raise NightdeskError(f"the night before could not be run: {done.error}", "Mend it first.")

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A copy of everything as it was the evening before, thrown away afterwards."""
        name = f"trial_{next(self._numbers)}"
        home = self._folder / name
        shutil.copytree(self._folder / "base", home, symlinks=True)
        with self._making:  # one copy of a database at a time
            self._admin(f"create database {name} template base")
        try:
            with self._trial(home, name) as made:
                yield made
        finally:
            self._admin(f"drop database {name} with (force)")
            shutil.rmtree(home)

    def close(self) -> None:
        """Stop what was started, and take its data away."""
        pg.remove(self._folder / "pg")

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def _trial(self, home: Path, database: str) -> Iterator[Trial]:
        post = Postbox()
        port = _free_port()
        controller = Controller(post, hostname="127.0.0.1", port=port)
        controller.start()
        desk_url = self._server.admin_url(database)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NIGHTDESK_")}
        environment = kept | {
            "NIGHTDESK_HOME": str(home),
            "NIGHTDESK_DESK_URL": desk_url,
            "NIGHTDESK_SOURCE_URL": f"sqlite:///{self._bank}",
            "NIGHTDESK_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        try:
            yield Trial(home, desk_url, environment, post)
        finally:
            controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
