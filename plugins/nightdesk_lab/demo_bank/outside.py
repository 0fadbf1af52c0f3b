"""What the outside world reports about clients: external_event. Small for the healthy, telling for those in decline."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, frame, ids

_KINDS = (
    "news",
    "executive_change",
    "inspection",
    "lawsuit",
    "enforced",
    "tax_arrears",
    "share_pledge",
    "rating_change",
)
_SOURCES = ("裁判文书网 Court Register", "国家企业信用信息公示系统 Company Register", "财经新闻 Business News")


def event_frame(chunk: Chunk) -> pa.Table:
    """Events of one chunk, each once, known the evening they are published."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    random = chunk.random("events")
    quiet = np.flatnonzero((random.random(chunk.size) < 0.06) & chunk.clients.is_company & (stories.kind < 0))
    old = chunk.clients.onboard[quiet] < timeline.first
    quiet = quiet[old]
    when = timeline.first + random.integers(0, timeline.days, len(quiet))
    kind = random.choice(4, len(quiet), p=[0.55, 0.2, 0.15, 0.1])
    ill = np.flatnonzero(stories.is_decline)
    sued = stories.started_on[ill] + 110 + random.integers(0, 30, len(ill))
    owes = sued + 25
    client = np.r_[quiet, ill, ill]
    when = np.r_[when, sued, owes]
    kind = np.r_[kind, np.full(len(ill), 3), np.full(len(ill), 5)]
    role = np.r_[np.where(kind[: len(quiet)] == 3, 0, 2), np.ones(len(ill)), np.full(len(ill), 2)].astype(np.int64)
    amount = np.where(np.isin(kind, (3, 5)), chunk.clients.inflow[client] // 10, NULL)
    order = np.flatnonzero(when <= timeline.last)
    order = order[np.argsort(when[order], kind="stable")]
    client, when, kind, role, amount = (array[order] for array in (client, when, kind, role, amount))
    numbers = chunk.number * 100_000 + np.arange(len(client), dtype=np.int64)
    keys = ids("EVT", numbers, 8)
    return frame(
        "external_event",
        {
            "event_id": keys,
            "client_id": chunk.client_ids.take(pa.array(client)),
            "kind": Coded(_KINDS, kind),
            "published_on": when,
            "role": Coded(("plaintiff", "defendant", "subject"), role),
            "amount": amount,
            "source": Coded(_SOURCES, np.select([np.isin(kind, (3, 4)), kind == 0], [0, 2], 1)),
            "event_key": keys,
        },
        when * DAY + 20 * 3_600,
    )
