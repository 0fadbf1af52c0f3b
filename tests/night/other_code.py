"""A copy of the project, to be changed and run as other code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hand_bank import D

from nightdesk.settings import Settings, project_root

PARTS = ("plugins/nightdesk", "sql", "expectations", "reports")


class Code:
    """A copy of the project, to be changed and run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for part in PARTS:
            shutil.copytree(project_root() / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))

    def change(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, path
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def reverse_rows(self, path: str) -> None:
        file = self.root / path
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")

    def run(self, program: str, *words: str, settings: Settings | None = None, source: str = "") -> str:
        env = {**os.environ, "PYTHONPATH": str(self.root / "plugins"), "NIGHTDESK_CODE_VERSION": "other"}
        if settings:
            env |= {
                "NIGHTDESK_HOME": str(settings.home),
                "NIGHTDESK_DESK_URL": str(settings.desk_url),
                "NIGHTDESK_SOURCE_URL": source,
            }
        done = subprocess.run(
            [sys.executable, "-c", program, *words], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def night(self, settings: Settings, source: str) -> None:
        self.run("from nightdesk.cli import app; app()", "night", "--date", str(D), settings=settings, source=source)

    def fingerprint(self, table: str) -> str:
        program = (
            "import datetime, sys; from nightdesk.fingerprint import fingerprint;"
            "print(fingerprint(sys.argv[1], datetime.date.fromisoformat(sys.argv[2]), 'contract'))"
        )
        return self.run(program, table, str(D))
