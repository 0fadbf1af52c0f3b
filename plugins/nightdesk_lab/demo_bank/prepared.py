"""Tables esg_review and esg_condition: what people prepared about one project in five at the last half-year's end.

Nobody has approved them: that is done at the desk, on the facts of a published night.
"""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, Coded, frame, ids

_EPOCH = date(1970, 1, 1)
#: a review is written within so many days of its period's end
_WRITTEN_AFTER = 40
_ONE_IN = 5
_VERDICTS = ("pass", "conditional")
_JUDGEMENTS = (
    "环境和社会管理体系运行正常，行动计划按期推进，建议维持现有安排。",
    "主要手续齐备，个别行动需补充证据，建议附条件通过。",
)
_CONDITIONS = ("补充第三方环境监测报告", "完成申诉机制整改并提交记录")


def prepared_frames(chunk: Chunk, curves: Curves, names: pa.Array) -> dict[str, pa.Table]:
    """Each second of them is conditional, with a condition; each second condition stands before a draw."""
    timeline = chunk.plan.timeline
    project = np.flatnonzero(curves.number % _ONE_IN == 2)
    end = _half_year_before(timeline.last - _WRITTEN_AFTER)
    owner = curves.owner[project]
    manager = chunk.clients.rm[owner]
    staff = np.where(manager >= 0, manager, chunk.clients.branch[owner]) + 1
    conditional = (curves.number[project] // _ONE_IN) % 2
    written = np.full(len(project), (end + _WRITTEN_AFTER - 5) * DAY + 16 * 3_600, dtype=np.int64)
    asked = np.flatnonzero(conditional == 1)
    second = (curves.number[project[asked]] // (2 * _ONE_IN)) % 2
    return {
        "esg_review": frame(
            "esg_review",
            {
                "project_id": names.take(pa.array(project)),
                "period_end": np.full(len(project), end, dtype=np.int64),
                "verdict": Coded(_VERDICTS, conditional),
                "judgement": Coded(_JUDGEMENTS, conditional),
                "next_review_on": np.full(len(project), end + 184 + _WRITTEN_AFTER, dtype=np.int64),
                "prepared_by": ids("S", staff, 4),
                "prepared_at": written,
            },
            written,
        ),
        "esg_condition": frame(
            "esg_condition",
            {
                "condition_id": ids("COND", curves.number[project[asked]] + 1, 6),
                "project_id": names.take(pa.array(project[asked])),
                "period_end": np.full(len(asked), end, dtype=np.int64),
                "condition": Coded(_CONDITIONS, second),
                "due_on": np.full(len(asked), timeline.last + 25, dtype=np.int64),
                "is_before_draw": second == 1,
            },
            written[asked],
        ),
    }


def _half_year_before(day: int) -> int:
    """The last day of June or December that is not after a day, as epoch days."""
    on = _EPOCH + timedelta(days=int(day))
    end = date(on.year, 6, 30) if on >= date(on.year, 6, 30) else date(on.year - 1, 12, 31)
    return (end - _EPOCH).days
