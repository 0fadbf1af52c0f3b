"""The lists of a bank with many branches: seconds on two cores and memory, all of them and a tenth of them."""

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from nightdesk import pg
from nightdesk.attempt.opening import source_url
from nightdesk.night.whole import run_night
from nightdesk.reading.published_night import branches_of
from nightdesk.settings import Settings
from nightdesk_lab.bench.growth import MEASURED
from nightdesk_lab.bench.measuring import Measure, measured
from nightdesk_lab.bench.origin import Origin, Size, origin_now
from nightdesk_lab.demo_bank import generate

#: processes that render at once, as the DAG's tasks do on two cores
PROCESSES = 2
#: what is to be reached for 500 branches; printed beside, never a pass mark
TARGET_SECONDS = 60
#: so many times fewer branches show whether memory follows their number
_FEWER = 10


@dataclass
class ListsBench:
    """What the lists of some branches and of all took: of each run, by its number of lists, each process's measure."""

    origin: Origin
    branches: int
    runs: dict[int, list[Measure]] = field(default_factory=dict)

    def seconds(self, lists: int) -> float:
        """Seconds from the start of a run to the end of its last process."""
        return max(part.wall_s for part in self.runs[lists])

    def cpu_seconds(self, lists: int) -> float:
        """CPU seconds of all processes of a run."""
        return sum(part.cpu_s for part in self.runs[lists])

    def peak_bytes(self, lists: int) -> int:
        """The most that one process of a run held."""
        return max(part.peak_bytes for part in self.runs[lists])

    def document(self) -> dict[str, Any]:
        """The whole as a plain document."""
        return {
            **self.origin.document(),
            "branches": self.branches,
            "target_seconds": TARGET_SECONDS,
            "runs": [
                {
                    "lists": lists,
                    "seconds": self.seconds(lists),
                    "cpu_seconds": self.cpu_seconds(lists),
                    "peak_bytes": self.peak_bytes(lists),
                    "processes": [asdict(part) for part in parts],
                }
                for lists, parts in self.runs.items()
            ],
        }


def run_lists(
    settings: Settings,
    *,
    size: Size,
    branches: int,
    projects: int | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> ListsBench:
    """Make a bank of so many branches and its night, and render its lists again, each with its workbook and its mails.

    A tenth of the branches first, then all, each time in two processes; below `<home>/bench/lists`, made anew. Raises
    NightdeskError when the night or a list fails.
    """
    home = settings.home / "bench" / "lists"
    if home.exists():
        pg.stop(home)
        shutil.rmtree(home)
    own, found = Settings(home=home), ListsBench(origin_now(size, settings), branches)
    try:
        say(f"a bank of {branches:,} branches and {size.clients:,} clients, and its night")
        generate(source_url(own), branches=branches, until=MEASURED, projects=projects, **asdict(size))
        published = run_night(own, MEASURED).publication
        every = branches_of(own, published)
        for some in (every[:: max(len(every) // max(branches // _FEWER, 1), 1)], every):
            say(f"{len(some):,} lists")
            found.runs[len(some)] = _rendered(own, some)
    finally:
        pg.stop(home)
    return found


def _rendered(settings: Settings, branches: Sequence[str]) -> list[Measure]:
    """The lists of some branches, shared out among processes that run side by side."""
    shares = [list(branches[first::PROCESSES]) for first in range(PROCESSES)]
    with ThreadPoolExecutor(PROCESSES) as side_by_side:
        running = [
            side_by_side.submit(measured, settings.home, "lists", date=str(MEASURED), branches=share)
            for share in shares
            if share
        ]
        return [one.result() for one in running]
