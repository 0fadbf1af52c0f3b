"""Measured work: a step in a fresh process, and what it took."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightdesk.errors import NightdeskError

#: settings of a deployment that say nothing about the bench's own bank
_SET_ASIDE = ("SOURCE_URL", "LAKE", "DESK_URL", "SMTP_URL")
_FIXED = {
    "PROFILE": "contract",
    "TIMEZONE": "Asia/Shanghai",
    "BASE_CCY": "CNY",
    "CALENDAR": "china",
    "CUT_OFF": "05:00",
}


@dataclass
class Measure:
    """What a step took: seconds of wall and CPU of the work itself, peak memory of its whole process."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    rows: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def rows_per_s(self) -> float:
        """Rows a second of wall time."""
        return self.rows / self.wall_s if self.wall_s else 0.0


class Meter:
    """Wall and CPU seconds between entering and leaving, all threads of this process together."""

    wall_s = 0.0
    cpu_s = 0.0

    def __enter__(self) -> "Meter":
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_s, self.cpu_s = time.perf_counter() - self._wall, time.process_time() - self._cpu


def peak_bytes() -> int:
    """The most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says begins with the peak of the process that started this one
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def environment(home: Path) -> dict[str, str]:
    """The environment of a step: the bench's own home and bank, whatever the deployment's settings are."""
    given = dict(os.environ)
    given |= {f"NIGHTDESK_{name}": "" for name in _SET_ASIDE}
    given |= {f"NIGHTDESK_{name}": value for name, value in _FIXED.items()}
    return {**given, "NIGHTDESK_HOME": str(home)}


def run_step(home: Path, step: str, **options: object) -> dict[str, Any]:
    """Run one step of the bench in a fresh process; returns the document that it prints.

    Raises NightdeskError with the step's own last line when it fails.
    """
    command = [sys.executable, "-m", "nightdesk_lab.bench.child", step, json.dumps(options, default=str)]
    log = home / "bench.log"
    with log.open("a", encoding="utf-8") as errors:
        done = subprocess.run(
            command, env=environment(home), stdout=subprocess.PIPE, stderr=errors, text=True, check=False
        )
    if done.returncode:
        said = log.read_text(encoding="utf-8").strip().splitlines()
        raise NightdeskError(
            f"the bench's step {step} failed: {said[-1] if said else f'exit code {done.returncode}'}",
            f"Read {log}; remove {home} to begin anew.",
        )
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document


def measured(home: Path, step: str, **options: object) -> Measure:
    """Run one measured step."""
    return Measure(**run_step(home, step, **options))
