"""Tables of the bank as a whole: branch, staff, absence, training, target, campaign_plan, fx_rate, sector_index,
calendar_day."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank import names
from nightdesk_lab.demo_bank.campaigns import campaign_frame
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, frame, ids
from nightdesk_lab.demo_bank.offices import office_staff, offices
from nightdesk_lab.demo_bank.people import absence_frame, hand_over
from nightdesk_lab.demo_bank.plan import Plan, branch_name
from nightdesk_lab.demo_bank.sectors import CODES
from nightdesk_lab.demo_bank.training import training_frame

_MEASURES = ("coverage_pct", "deposit_growth_amt", "contribution_amt")


def bank_frames(plan: Plan) -> dict[str, pa.Table]:
    """All of them."""
    return {
        "branch": _branches(plan),
        "staff": _staff(plan),
        "absence": absence_frame(plan),
        "training": training_frame(plan),
        "target": _targets(plan),
        "campaign_plan": campaign_frame(plan),
        "fx_rate": _rates(plan),
        "sector_index": _sector_index(plan),
        "calendar_day": plan.timeline.calendar_frame(),
    }


def _branches(plan: Plan) -> pa.Table:
    at = np.arange(plan.branches, dtype=np.int64)
    rows = [branch_name(int(number)) for number in at]
    above = offices(plan)
    own = ids("B", at + 1, 3)
    keys = pa.concat_arrays([own, pa.array(above.branch_id)])
    mode = np.where(at == plan.branches - 1, 1, 0) if plan.branches > 3 else np.zeros(plan.branches, dtype=np.int64)
    return frame(
        "branch",
        {
            "branch_id": keys,
            "name": [*(row[0] for row in rows), *above.name],
            "name_en": [*(row[1] for row in rows), *above.name_en],
            "region": [*(row[2] for row in rows), *above.region],
            "parent_branch_id": [*above.above, *above.parent],
            # an office has no clients, and so no list that anybody waits for
            "list_email": [
                *(f"{key.lower()}.list@bank.example" for key in own.to_pylist()),
                *(None for _ in above.name),
            ],
            "language": [*(row[3] for row in rows), *("zh_CN" for _ in above.name)],
            "mail_mode": Coded(("masked", "full", "link_only"), np.r_[mode, np.zeros(len(above.name), dtype=np.int64)]),
        },
        np.full(len(keys), plan.timeline.first * DAY - 10_800),
    )


def _staff(plan: Plan) -> pa.Table:
    staff = plan.staff
    size = len(staff.branch)
    full, _ = names.people(plan.random("staff"), np.zeros(size, dtype=np.bool_))
    # and one manager of the first branch who has left: the number behind those of the others
    gone, _ = names.people(plan.random("staff left"), np.zeros(1, dtype=np.bool_))
    above = office_staff(plan)
    total = size + 1 + len(above.role)
    keys = ids("S", np.arange(1, total + 1, dtype=np.int64), 4)
    left = hand_over(plan)
    until = np.where(np.arange(size) == left.leaver, left.day, NULL)
    return frame(
        "staff",
        {
            "staff_id": keys,
            "branch_id": pa.concat_arrays(
                [ids("B", np.r_[staff.branch, staff.branch[:1]] + 1, 3), pa.array(above.branch_id)]
            ),
            "name": pa.concat_arrays([full, gone, above.name]),
            "email": [f"{key.lower()}@bank.example" for key in keys.to_pylist()],
            "role": [*staff.role, "rm", *above.role],
            "active_from": np.full(total, plan.timeline.first - 900),
            "active_to": np.r_[until, plan.timeline.first - 30, np.full(len(above.role), NULL)],
            "max_tasks_per_day": np.full(total, 20),
        },
        np.full(total, plan.timeline.first * DAY - 10_800),
    )


def _targets(plan: Plan) -> pa.Table:
    managers = np.flatnonzero(np.array(plan.staff.role) == "rm")
    timeline = plan.timeline
    first_year = int(np.datetime64(timeline.first, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
    month = timeline.month_of(np.array([timeline.last]))[0] + timeline.calendar_month[0] - 1
    quarters = np.arange((timeline.calendar_month[0] - 1) // 3, month // 3 + 1)
    labels = [f"{first_year + int(quarter) // 4}Q{int(quarter) % 4 + 1}" for quarter in quarters]
    shape = (len(managers), len(quarters), len(_MEASURES))
    staff, quarter, measure = (array.ravel() for array in np.indices(shape))
    value = np.array([95 * 10_000, 8_000_000 * 10_000, 600_000 * 10_000])[measure]
    return frame(
        "target",
        {
            "staff_id": ids("S", managers[staff] + 1, 4),
            "quarter": Coded(labels, quarter),
            "measure": Coded(_MEASURES, measure),
            "target_value": value,
        },
        np.full(len(staff), timeline.first * DAY - 10_800),
    )


def _rates(plan: Plan) -> pa.Table:
    """Dollar and euro in yuan on workdays, a slow walk."""
    random = plan.random("rates")
    timeline = plan.timeline
    days = np.arange(timeline.first, timeline.last + 1)
    days = days[timeline.is_workday(days)]
    parts = []
    for ccy, level in (("USD", 7.12), ("EUR", 7.85)):
        walk = level * np.exp(np.cumsum(0.0018 * random.standard_normal(len(days))))
        rate = np.round(walk * 10_000).astype(np.int64)
        columns = {"ccy": ccy, "business_date": days, "rate": rate}
        parts.append(frame("fx_rate", columns, days * DAY + 17 * 3_600))
    return pa.concat_tables(parts)


def _sector_index(plan: Plan) -> pa.Table:
    random = plan.random("sectors")
    timeline = plan.timeline
    months = np.flatnonzero(timeline.month_starts[1:] + 15 <= timeline.last)
    sector, month = np.repeat(np.arange(len(CODES)), len(months)), np.tile(months, len(CODES))
    value = 1_000_000 + (20_000 * random.standard_normal(len(sector))).astype(np.int64)
    return frame(
        "sector_index",
        {
            "sector_code": Coded(CODES, sector),
            "month": timeline.month_starts[month],
            "name": "activity",
            "value": value,
        },
        (timeline.month_starts[month + 1] + 15) * DAY + 36_000,
    )
