"""Table of trainings: certificates of two years, renewed in time but for a few that lapse or end within weeks."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.frames import DAY, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.plan import Plan

_COURSES = ("anti_money_laundering", "post_loan_management", "esg_review")
#: days for which a certificate holds, and how long before its end it is renewed
_HOLDS, _RENEWED_BEFORE = 730, 20
#: of so many certificates one lapsed some days before the bank's last, and one ends some days after it
_EVERY, _LAPSED, _ENDS = 29, 12, 18


def training_frame(plan: Plan) -> pa.Table:
    """Everybody's certificates: as they stood when the bank begins, and renewed."""
    size, timeline = len(plan.staff.branch), plan.timeline
    random = plan.random("training")
    staff, course = np.repeat(np.arange(size), len(_COURSES)), np.tile(np.arange(len(_COURSES)), size)
    expires = timeline.first + random.integers(30, _HOLDS - 10, len(staff))
    number = np.arange(len(staff)) % _EVERY
    expires = np.where(number == 7, timeline.last - _LAPSED, np.where(number == 13, timeline.last + _ENDS, expires))
    first = _rows(staff, course, expires, np.full(len(staff), timeline.first * DAY - 10_800))
    renewed = np.flatnonzero((number != 7) & (number != 13) & (expires - _RENEWED_BEFORE <= timeline.last))
    when = (expires[renewed] - _RENEWED_BEFORE) * DAY + 61_200
    return pa.concat_tables([first, _rows(staff[renewed], course[renewed], expires[renewed] + _HOLDS, when)])


def _rows(staff: Ints, course: Ints, expires: Ints, known: Ints) -> pa.Table:
    rows = frame(
        "training",
        {
            "staff_id": ids("S", staff + 1, 4),
            "course": Coded(_COURSES, course),
            "completed_on": expires - _HOLDS,
            "expires_on": expires,
        },
        known,
    )
    return rows.take(pc.sort_indices(rows["staff_id"].combine_chunks()))
