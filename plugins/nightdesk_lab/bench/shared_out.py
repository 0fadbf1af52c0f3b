"""Work that is shared out among processes side by side, as the DAG's tasks are, of some and of all there is: seconds,
CPU, and the memory of a process, which shows whether it follows their number."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from nightdesk.settings import Settings
from nightdesk_lab.bench.measuring import Measure, measured
from nightdesk_lab.bench.origin import Origin

#: processes at once, as the DAG's tasks run on two cores
PROCESSES = 2
#: so many times fewer show whether memory follows the number
_FEWER = 10


@dataclass
class SharedOut:
    """What some and what all of it took: of each run, by how much there was, each process's measure."""

    origin: Origin
    runs: dict[int, list[Measure]] = field(default_factory=dict)

    def seconds(self, count: int) -> float:
        """Seconds from the start of a run to the end of its last process."""
        return max(part.wall_s for part in self.runs[count])

    def cpu_seconds(self, count: int) -> float:
        """CPU seconds of all processes of a run."""
        return sum(part.cpu_s for part in self.runs[count])

    def peak_bytes(self, count: int) -> int:
        """The most that one process of a run held."""
        return max(part.peak_bytes for part in self.runs[count])

    def document(self, of: str, **more: object) -> dict[str, Any]:
        """The whole as a plain document; `of` names what is counted."""
        return {
            **self.origin.document(),
            **more,
            "runs": [
                {
                    of: count,
                    "seconds": self.seconds(count),
                    "cpu_seconds": self.cpu_seconds(count),
                    "peak_bytes": self.peak_bytes(count),
                    "processes": [asdict(part) for part in parts],
                }
                for count, parts in self.runs.items()
            ],
        }

    def run(self, settings: Settings, step: str, items: Sequence[str], **options: object) -> None:
        """Run one step of the bench over these, a share in each process. Raises NightdeskError when it fails."""
        shares = [list(items[first::PROCESSES]) for first in range(PROCESSES)]
        with ThreadPoolExecutor(PROCESSES) as side_by_side:
            running = [
                side_by_side.submit(measured, settings.home, step, items=share, **options) for share in shares if share
            ]
            self.runs[len(items)] = [one.result() for one in running]


def some_and_all(items: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """About a tenth of them, spread over all, and all."""
    return items[:: min(_FEWER, max(len(items), 1))], items
