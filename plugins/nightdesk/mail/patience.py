"""How long a sender keeps trying what certainly was not delivered."""

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nightdesk.clock import now

#: seconds; longer pauses would let a server that is back wait
LONGEST_PAUSE = 300


@dataclass
class Patience:
    """Pauses between rounds: `first` seconds, doubling, until `ends_at` (an aware instant).

    `pause` waits so many seconds, `clock` says the instant; both for tests and for callers with other means.
    """

    first: float
    ends_at: datetime.datetime
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], datetime.datetime] = now
    _rounds: int = field(default=0, init=False)

    def next_try(self) -> datetime.datetime | None:
        """The instant of the next round; None when it would lie past the end. The last one may come early."""
        at, seconds = self.clock(), min(self.first * 2**self._rounds, LONGEST_PAUSE)
        if at >= self.ends_at:
            return None
        self._rounds += 1
        return min(at + datetime.timedelta(seconds=seconds), self.ends_at)

    def wait(self, until: datetime.datetime) -> None:
        """Wait for an instant."""
        self.pause(max((until - self.clock()).total_seconds(), 0))


def patience_until(deadline: datetime.datetime, first: float, minutes: float) -> Patience:
    """Patience of one command: up to so many minutes from now, and at most up to the deadline."""
    return Patience(first, min(deadline, now().astimezone(deadline.tzinfo) + datetime.timedelta(minutes=minutes)))
