"""What was passed on since nobody answered: who is asked of each branch and level, and which of it reaches nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.mailboxes import read_mailboxes

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Asked:
    """One who is asked at a level: of which branch, where the person works, and the bare address."""

    branch_id: str
    escalated_to: str
    staff_id: str
    home_branch_id: str
    address: str


def asked_people(rows: Rows) -> list[Asked]:
    """The people of sql/asked/escalation_person who have one address that a mail can go to."""
    found = []
    for row in rows:
        boxes = read_mailboxes(row["email"])
        if len(boxes.addresses) == 1 and not boxes.bad:
            found.append(
                Asked(
                    str(row["branch_id"]),
                    str(row["escalated_to"]),
                    str(row["staff_id"]),
                    str(row["home_branch_id"]),
                    boxes.addresses[0],
                )
            )
    return found


def unreached(people: Sequence[Asked], tasks: Rows) -> dict[str, dict[str, int]]:
    """By branch and level, how many tasks were passed on to a level at which nobody has an address."""
    reached = {(one.branch_id, one.escalated_to) for one in people}
    found: dict[str, dict[str, int]] = {}
    for row in tasks:
        branch, level = str(row["branch_id"]), row["escalated_to"]
        if level and (branch, level) not in reached:
            levels = found.setdefault(branch, {})
            levels[str(level)] = levels.get(str(level), 0) + 1
    return found
