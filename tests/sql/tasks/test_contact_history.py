"""A plan of contacts is the same whatever order its contacts became known in, over months and changes of tier."""

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from sqlcase import CASES, built_case

from nightdesk.models import declared_columns

pytestmark = pytest.mark.slow
PLAN = Path(CASES) / "tasks" / "contact_plan.yaml"
NIGHTS = [datetime.date(2026, 1, 20) + datetime.timedelta(days=13 * night) for night in range(8)]
LAST = NIGHTS[-1]
CLIENTS = ("C1", "C2", "C3", "C4")
COLUMNS = [name for name in declared_columns("tasks")["contact_plan"] if name != "business_date"]
Row = dict[str, Any]


def tiers(night: datetime.date) -> list[Row]:
    """C1 rises in March, C2 falls in March, C3 and C4 stay."""
    turn = datetime.date(2026, 3, 10)
    moved = {"C1": ("important", "core"), "C2": ("core", "standard")}
    rows = []
    for client in CLIENTS:
        before, after = moved.get(client, ("strategic", "strategic"))
        row: Row = {"client_id": client, "is_contact_owed": True, "tier": before}
        if night >= turn and before != after:
            row |= {"tier": after, "changed_on": turn, "changed_from": before}
        rows.append(row)
    return rows


def some_contacts(luck: random.Random) -> list[Row]:
    kinds, channels = ("fixed", "special", "visit", "salon", "post_loan"), ("meeting", "call", "video", "message")
    return [
        {
            "contact_id": f"K{number}",
            "client_id": luck.choice(CLIENTS),
            "staff_id": luck.choice(("S1", "H1")),
            "occurred_on": datetime.date(2026, 1, 1) + datetime.timedelta(days=luck.randrange(110)),
            "kind": luck.choice(kinds),
            "channel": luck.choice(channels),
            "is_two_way": luck.random() < 0.8,
        }
        for number in range(60)
    ]


def plan_of(night: datetime.date, contacts: list[Row], before: list[Row]) -> list[Row]:
    given: dict[str, Any] = {
        "source.branch": [{"branch_id": "B1"}],
        "source.staff": [
            {"staff_id": "S1", "branch_id": "B1", "role": "rm"},
            {"staff_id": "H1", "branch_id": "B1", "role": "branch_head"},
        ],
        "source.contact": [],
        "night.supplied_column": [{"table_name": "contact", "column_name": "channel"}],
        "staging.client": [
            {"client_id": client, "is_active": True, "onboard_date": datetime.date(2020, 1, 1)} for client in CLIENTS
        ],
        "staging.contact": contacts,
        "tiers.client_tier": tiers(night),
        "warnings.warning": [],
        "warnings.watch": [],
        "tasks_contact.event": [],
        "tasks_listing.owner": [],
        "tasks_listing.candidate": [],
        "tasks_listing.scored": [],
        "tasks.client_owner": [],
        "previous.contact_plan": before,
    }
    with built_case(PLAN, {"as_of": night, "supplied": ["contact"], "given": given, "expect": []}) as built:
        return built.engine.rows(f"select * from {built.model.table} order by client_id, kind, window_from, slot")


def plan_after(contacts: list[Row], known: list[int]) -> list[tuple[Any, ...]]:
    """The last night's plan where contact n became known in the night known[n], or on its own day if that is later."""
    plan: list[Row] = []
    for at, night in enumerate(NIGHTS):
        seen = [
            contact
            for contact, when in zip(contacts, known, strict=True)
            if contact["occurred_on"] <= night and (when <= at or night == LAST)
        ]
        plan = plan_of(night, seen, plan)
    return [tuple(row[name] for name in COLUMNS) for row in plan]


@pytest.mark.parametrize("seed", range(2))
def test_given_contacts_that_become_known_in_any_order_then_the_plan_is_the_same(seed: int) -> None:
    luck = random.Random(seed)
    contacts = some_contacts(luck)
    at_once = plan_after(contacts, [0] * len(contacts))
    late = plan_after(contacts, [luck.randrange(len(NIGHTS)) for _ in contacts])
    assert at_once == late
    states = {(row[COLUMNS.index("kind")], row[COLUMNS.index("state")]) for row in at_once}
    assert {("fixed", "done"), ("fixed", "missed"), ("fixed", "upcoming")} <= states


def test_given_a_tier_that_changed_then_windows_that_ended_stand_as_they_were_asked_for() -> None:
    plan = plan_after([], [])
    asked = {
        (row[COLUMNS.index("client_id")], row[COLUMNS.index("tier")], row[COLUMNS.index("window_from")])
        for row in plan
        if row[COLUMNS.index("kind")] == "fixed"
    }
    first, second = datetime.date(2026, 2, 1), datetime.date(2026, 2, 16)
    assert ("C1", "important", first) in asked
    assert not any(row[0] == "C1" and row[2] == second for row in asked)
    assert {("C2", "core", first), ("C2", "core", second)} <= asked
    assert not any(row[0] == "C2" and row[2] >= datetime.date(2026, 4, 1) for row in asked)
