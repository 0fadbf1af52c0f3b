"""Contacts of those who review projects: post-loan checks from the desk and visits to the site, by category."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS

#: months between two desk reviews and between two visits, by environmental category (A, B, C)
_EVERY = {"desk": (3, 6, 12), "site": (6, 12, 12)}
#: ids beyond those of any other contact of a chunk
_FIRST_ID = 900_000


def review_contacts(chunk: Chunk, curves: Curves) -> pa.Table:
    """Reviews begin somewhere in their interval and come a little early; one manager in fifteen lets one slip."""
    timeline = chunk.plan.timeline
    random = chunk.random("reviews")
    owners: list[Ints] = []
    days: list[Ints] = []
    on_site: list[Ints] = []
    category = np.array([kind.category for kind in PROJECT_KINDS])[curves.kind]
    for is_visit, name in enumerate(_EVERY):
        # a site may be harder than its trade: the bank goes by the stricter
        every = np.array(_EVERY[name])[np.maximum(category - 1, 0)]
        starts = random.integers(0, every * 30 - 15)
        for project in range(curves.size):
            day = np.arange(timeline.first + starts[project], timeline.last, int(every[project]) * 30 - 12)
            day = timeline.roll(day + random.integers(-6, 7, len(day)))
            slips = random.random(len(day)) < 1 / 15
            day = day[~slips & (day >= timeline.first) & (day < timeline.last)]
            owners.append(np.full(len(day), curves.owner[project], dtype=np.int64))
            days.append(day.astype(np.int64))
            on_site.append(np.full(len(day), is_visit, dtype=np.int64))
    owner, day, visit = (
        np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int64) for arrays in (owners, days, on_site)
    )
    manager = chunk.clients.rm[owner]
    staff = np.where(manager >= 0, manager, chunk.clients.branch[owner]) + 1
    logged = day * DAY + 19 * 3_600
    return frame(
        "contact",
        {
            "contact_id": ids("CT", chunk.number * 1_000_000 + _FIRST_ID + np.arange(len(day), dtype=np.int64), 10),
            "client_id": chunk.client_ids.take(pa.array(owner)),
            "staff_id": ids("S", staff, 4),
            "occurred_at": day * DAY + 10 * 3_600,
            "kind": Coded(("post_loan", "visit"), visit),
            "channel": Coded(("call", "meeting"), visit),
            "two_way": np.ones(len(day), dtype=np.bool_),
            "outcome": "done",
            "note_length": random.integers(60, 260, len(day)),
            "logged_at": logged,
        },
        logged,
    )
