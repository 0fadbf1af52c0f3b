"""Screening items of `esg_item`: what a reviewer grades each half-year, and what a project never told."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids

#: code, and whether it is asked for while building only
_ITEMS = (
    ("permit_compliance", False),
    ("biodiversity_plan", False),
    ("climate_physical", False),
    ("labour_conditions", False),
    ("contractor_labour", True),
    ("community_engagement", False),
    ("resettlement", True),
    ("esg_disclosure", False),
    ("related_party_conduct", False),
    ("anti_corruption", False),
    ("board_oversight", False),
)
_CODES = tuple(code for code, _ in _ITEMS)


def screening_frame(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """One grade (0 to 100 in steps of 25) a project, half-year and item, known a month after the half-year.

    A sound project keeps its grade but for a step now and then; four in five items are reviewed at all. In the story of
    a penalty compliance falls to the lowest steps.
    """
    timeline, stories = chunk.plan.timeline, curves.stories
    random = chunk.random("screening")
    halves = np.flatnonzero((timeline.calendar_month % 6 == 0) & (timeline.month_starts[1:] + 40 <= timeline.last))
    ends = timeline.month_starts[1:][halves] - 1
    reviewed = random.random((curves.size, len(_ITEMS))) < 0.8
    reviewed &= (curves.stage == 0)[:, None] | ~np.array([building for _, building in _ITEMS])[None, :]
    usual = random.choice([2, 3, 4], (curves.size, len(_ITEMS)), p=[0.2, 0.5, 0.3])
    project, half, item = (
        array.astype(np.int64)
        for array in np.nonzero(reviewed[:, None, :] & np.ones((1, len(ends), 1), dtype=np.bool_))
    )
    step: Ints = usual[project, item] + random.choice([-1, 0, 1], len(project), p=[0.06, 0.88, 0.06])
    level = stories.level(np.arange(timeline.months))[project, halves[half]]
    fined = stories.of("environmental_penalty")[project] & (level > 0) & (item == 0)
    step = np.where(fined, 1 - (stories.depth[project] > 0.5), np.clip(step, 1, 4)).astype(np.int64)
    evidence: Ints = (curves.number[project] + 1) * 10_000 + half * 100 + 50 + item
    return frame(
        "esg_item",
        {
            "project_id": names.take(pa.array(project)),
            "period_end": ends[half],
            "item": Coded(_CODES, item),
            "value": step * 250_000,
            "unit": "grade",
            "target": np.full(len(project), NULL),
            "permit_limit": np.full(len(project), NULL),
            "evidence_id": ids("EVS", evidence, 9),
            "evidence_on": ends[half] + 28,
        },
        (ends[half] + 32) * DAY + 57_600,
    )
