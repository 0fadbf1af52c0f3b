"""What happens to the bank's own people: leave with a deputy, and a manager who left, whose clients were handed on."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.frames import DAY, NULL, Ints, frame, ids
from nightdesk_lab.demo_bank.plan import Plan

#: days before the bank's last one on which a manager leaves
_LEFT = 20
#: leaves a year of each manager and head, and their shortest and longest length in days
_LEAVES_A_YEAR, _SHORTEST, _LONGEST = 2, 5, 14


@dataclass(frozen=True)
class HandOver:
    """Who left (position in the staff; NULL: nobody did), on which day, and who has each client since."""

    leaver: int
    day: int
    manager: Ints


def hand_over(plan: Plan) -> HandOver:
    """The first branch's last manager leaves; half of the clients get the one before, the others nobody."""
    clients, staff = plan.clients, plan.staff
    role = np.array(staff.role)
    managers = np.flatnonzero((role == "rm") & (staff.branch == 0))
    day = plan.timeline.last - _LEFT
    if len(managers) < 2 or day <= plan.timeline.first:
        return HandOver(NULL, day, clients.rm)
    leaver, heir = int(managers[-1]), int(managers[-2])
    handed = (clients.rm == leaver) & (np.arange(len(clients.rm)) % 2 == 0)
    return HandOver(leaver, day, np.where(handed, heir, clients.rm))


def absence_frame(plan: Plan) -> pa.Table:
    """Leave of managers and heads. The first branch's first manager is away on the bank's last days, with a deputy."""
    random = plan.random("absences")
    timeline, staff = plan.timeline, plan.staff
    role = np.array(staff.role)
    people = np.flatnonzero((role == "rm") | (role == "branch_head"))
    who = np.repeat(people, max(1, round(_LEAVES_A_YEAR * timeline.days / 365)))
    start = timeline.first + np.floor(random.random(len(who)) * timeline.days).astype(np.int64)
    deputy = _deputies(staff.branch, role, who, random)
    away = np.flatnonzero((role == "rm") & (staff.branch == 0))[:2]
    who = np.r_[who, away[:1]]
    start = np.r_[start, np.full(len(away[:1]), timeline.last - 2)]
    deputy = np.r_[deputy, away[1:] if len(away) > 1 else np.full(len(away[:1]), NULL)]
    length = random.integers(_SHORTEST, _LONGEST + 1, len(who))
    first = np.unique(who * 1_000_000 + start, return_index=True)[1]
    who, start, length, deputy = who[first], start[first], length[first], deputy[first]
    return frame(
        "absence",
        {
            "staff_id": ids("S", who + 1, 4),
            "from_on": start,
            "to_on": start + length,
            "deputy_id": ids("S", np.where(deputy == NULL, NULL, deputy + 1), 4),
        },
        np.maximum(start - 14, timeline.first - 1) * DAY + 36_000,
    )


def _deputies(branch: Ints, role: np.ndarray, who: Ints, random: np.random.Generator) -> Ints:
    """Another manager of the same branch, four times in five; else nobody."""
    found = np.full(len(who), NULL)
    for at, person in enumerate(who.tolist()):
        others = np.flatnonzero((role == "rm") & (branch == branch[person]) & (np.arange(len(role)) != person))
        if len(others) and random.random() < 0.8:
            found[at] = int(random.choice(others))
    return found
