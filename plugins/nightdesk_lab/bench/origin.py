"""What a figure of the bench is of: which bank, which code, which machine; and whether a home was left by the same."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from nightdesk import pg
from nightdesk.code_version import code_commit
from nightdesk.settings import Settings

#: written when a bank and its nights are ready to be measured, and never before
_READY = "ready.json"
#: what the code's version ends with when files differ from the commit
_CHANGED = "+"


@dataclass(frozen=True)
class Size:
    """How large a bank: clients, full months of history, about how many transactions a client, and the seed."""

    clients: int
    months: int
    txn_per_client: int
    seed: int


@dataclass(frozen=True)
class Origin:
    """Bank, code (commit, `+` when files differ from it, empty when unknown) and machine of a run.

    `memory_bytes` is what the machine has, `load` its load average over the last minute when the run began, `engine`
    what the night's engine may use of it.
    """

    bank: Size
    code: str
    cores: int
    memory_bytes: int
    load: float
    engine: str

    @property
    def is_quiet(self) -> bool:
        """Whether nothing else was at work when the run began: what is measured beside other work says little."""
        return self.load < self.cores / 4

    def document(self) -> dict[str, Any]:
        """As a plain document."""
        machine = {"cores": self.cores, "memory_bytes": self.memory_bytes, "load_at_start": round(self.load, 2)}
        return {
            "bank": asdict(self.bank),
            "code": self.code,
            "machine": {**machine, "is_quiet": self.is_quiet},
            "engine": self.engine,
        }


def origin_now(bank: Size, settings: Settings) -> Origin:
    """The origin of a run that begins now."""
    return Origin(
        bank,
        code_commit(settings),
        psutil.cpu_count() or 1,
        psutil.virtual_memory().total,
        os.getloadavg()[0],
        f"{settings.memory_limit}, {settings.threads} threads",
    )


def left_ready(home: Path, origin: Origin) -> dict[str, Any] | None:
    """What a former run of the same bank and code noted with `note_ready`; otherwise empties the home, and None.

    Code that is not committed, or of which nobody knows the version, may differ from the one before: nothing is kept.
    """
    is_known = bool(origin.code) and not origin.code.endswith(_CHANGED)
    left = _noted(home / _READY) if is_known else {}
    if left.get("of") == _of(origin):
        return dict(left["ready"])
    if home.exists():
        pg.remove(home)
        shutil.rmtree(home)
    home.mkdir(parents=True)
    return None


def note_ready(home: Path, origin: Origin, ready: dict[str, Any]) -> None:
    """Bank and nights are whole: a later run of the same may measure them again. `ready` is what it has to know."""
    (home / _READY).write_text(json.dumps({"of": _of(origin), "ready": ready}), encoding="utf-8")


def _of(origin: Origin) -> dict[str, Any]:
    return {**asdict(origin.bank), "code": origin.code}


def _noted(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
