"""Measured work: a step in a fresh process, and what it took."""

import json
import os
import subprocess
import sys
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
    """What a step took: seconds of wall and CPU of the work itself, and the most that its process held meanwhile."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    rows: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def rows_per_s(self) -> float:
        """Rows a second of wall time."""
        return self.rows / self.wall_s if self.wall_s else 0.0


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
