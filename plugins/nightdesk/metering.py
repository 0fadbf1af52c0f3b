"""What work takes: seconds, CPU, peak memory, and bytes spilled and written."""

import resource
import sys
import threading
import time
from contextvars import ContextVar
from pathlib import Path

import psutil

from nightdesk.scratch import spilled_bytes

#: seconds between two looks at memory and spill
_LOOK = 0.05
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")

#: threads of one piece of work write at once
_COUNTING = threading.Lock()
_CURRENT: ContextVar["Meter | None"] = ContextVar("meter", default=None)


class Meter:
    """Measures this process between entering and leaving; what waits for children counts their CPU as well.

    `seconds` of wall time, `cpu_seconds` user and system of all threads, `peak_bytes` the most memory that the process
    held meanwhile, `spill_bytes` the most that its engines held on disk, `written_bytes` what was told by `wrote`.
    """

    def __init__(self) -> None:
        self.seconds = self.cpu_seconds = 0.0
        self.peak_bytes = self.spill_bytes = self.written_bytes = 0
        self._done = threading.Event()
        self._process = psutil.Process()

    def __enter__(self) -> "Meter":
        self._outer = _CURRENT.set(self)
        self._knows_peak = _forget_peak()
        self._began, self._cpu_before = time.perf_counter(), _cpu_seconds()
        self._watch = threading.Thread(target=self._watching, name="meter", daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.cpu_seconds = time.perf_counter() - self._began, _cpu_seconds() - self._cpu_before
        self._done.set()
        self._watch.join()
        self.look()
        if self._knows_peak:  # no look misses it
            self.peak_bytes = _peak_bytes()
        _CURRENT.reset(self._outer)

    def _watching(self) -> None:
        while not self._done.wait(_LOOK):
            self.look()

    def look(self) -> None:
        """Take note of what is held just now."""
        self.peak_bytes = max(self.peak_bytes, self._process.memory_info().rss)
        self.spill_bytes = max(self.spill_bytes, spilled_bytes())


def wrote(size: int) -> None:
    """Tell the work under way, if any is measured, that bytes were written to the lake or to a page."""
    if (meter := _CURRENT.get()) is not None:
        with _COUNTING:
            meter.written_bytes += size


def look() -> None:
    """Let the work under way, if any is measured, see what is held before it is given back."""
    if (meter := _CURRENT.get()) is not None:
        meter.look()


def _cpu_seconds() -> float:
    told = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in told)


def _forget_peak() -> bool:
    """Let Linux begin its own note of the process's peak anew; elsewhere the looks have to do."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        _RESET.write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _peak_bytes() -> int:
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
