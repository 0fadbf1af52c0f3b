"""What every table of the relationship needs: whose row it is, its number, its day, and how it was closed."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Ints, frame


def client_of(chunk: Chunk, at: Ints) -> pa.Array:
    """The ids of the clients at these places of the chunk."""
    return chunk.client_ids.take(pa.array(at))


def days_with_bank(chunk: Chunk, random: np.random.Generator, at: Ints, before_end: int = 0) -> Ints:
    """A workday in each client's time with the bank."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    start = np.maximum(clients.onboard[at] + 1, timeline.first)
    end = np.where(clients.closed[at] == NULL, timeline.last - before_end, clients.closed[at] - 1)
    span = np.maximum(end - start, 0)
    return np.minimum(timeline.roll(start + np.floor(random.random(len(at)) * span).astype(np.int64)), timeline.last)


def row_numbers(chunk: Chunk, rows: int) -> Ints:
    """Numbers of rows that no other chunk gives."""
    return chunk.number * 1_000_000 + np.arange(rows, dtype=np.int64)


def versions(
    name: str, columns: dict[str, object], opened: Ints, closing: dict[str, object], closed: Ints, last: int
) -> pa.Table:
    """The row as it was opened, and once more as it was closed where that is known by the last day."""
    first = frame(name, columns, opened * DAY + 61_200)
    final = frame(name, columns | closing, np.where(closed == NULL, 0, closed) * DAY + 64_800)
    return pa.concat_tables([first, final.filter(pa.array((closed != NULL) & (closed <= last)))])
