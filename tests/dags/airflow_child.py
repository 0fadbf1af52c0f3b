"""A process that runs our DAGs, kept for several tests: to import Airflow takes longer than most runs."""

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class AirflowChild:
    """Started at the first run, and ended by `close`; `log` is what the tasks of the latest run said."""

    def __init__(self, folder: Path, environment: Callable[[], dict[str, str]]) -> None:
        self._path, self._environment = folder / "runs.log", environment
        self._read = 0
        self._process: subprocess.Popen[str] | None = None

    def begin(self, **asked: Any) -> None:
        """Ask for something, and do not wait for it."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, str(HERE / "trial_runs.py")],
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._path.open("w", encoding="utf-8"),
                text=True,
            )
        self._read = self._path.stat().st_size
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(json.dumps(asked) + "\n")
        pipe.flush()

    def run(self, dag: str, **conf: Any) -> dict[str, Any]:
        """What became of a run."""
        return dict(self._answer(dag=dag, conf=conf))

    def run_after(self, run_id: str, dag: str) -> dict[str, Any]:
        """What became of a run that the asset events of an earlier one start."""
        return dict(self._answer(dag=dag, conf={}, after=run_id))

    def trial(self, *dates: datetime.date) -> bool:
        """Whether the runs of the demonstration (orchestration/trial.py) succeed, the first that does not ends them."""
        return bool(self._answer(trial=list(map(str, dates))))

    def _answer(self, **asked: Any) -> Any:
        self.begin(**asked)
        assert self._process is not None
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        assert told, self.log[-3000:]
        return json.loads(told)

    @property
    def log(self) -> str:
        """What was said since the latest run began."""
        with self._path.open(encoding="utf-8") as file:
            file.seek(self._read)
            return file.read()

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End the process, whatever it is at."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
