"""Contacts that come to light late, in whatever order, leave the plan that would stand had each been known at once."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcase import given_types, kept_types, parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import build

pytestmark = pytest.mark.slow
START = datetime.date(2026, 1, 5)
#: days of the nights, over four windows of a core client and its quarter's visit
NIGHTS = [START + datetime.timedelta(days=days) for days in (0, 14, 31, 45)]
PRESENT = {
    "staging.client",
    "tiers.client_tier",
    "warnings.watch",
    "tasks_contact.event",
    "tasks_listing.owner",
    "tasks_listing.candidate",
    "tasks_listing.scored",
}


@dataclass(frozen=True)
class Contact:
    """One contact: on which day after START, how it was, and at which of NIGHTS, or the next, the bank knew it."""

    on: int
    kind: str
    channel: str
    is_two_way: bool
    known_at: int

    def row(self, number: int) -> dict[str, Any]:
        at = datetime.datetime.combine(START + datetime.timedelta(days=self.on), datetime.time(2))
        return {
            "contact_id": f"K{number:02d}", "client_id": "C1", "staff_id": "S1", "occurred_at": at, "kind": self.kind,
            "channel": self.channel, "two_way": self.is_two_way,
        }  # fmt: skip


CONTACTS = st.lists(
    st.builds(
        Contact,
        on=st.integers(-10, 45),
        kind=st.sampled_from(["fixed", "special", "visit"]),
        channel=st.sampled_from(["meeting", "call", "message"]),
        is_two_way=st.booleans(),
        known_at=st.integers(0, 3),
    ),
    min_size=1,
    max_size=7,
)


class Plans:
    """A chain of nights of one client, each going on from the plan of the night before."""

    def __init__(self) -> None:
        self.engine = Engine(parameters(NIGHTS[0]), threads=1)
        prepare(self.engine, {}, NIGHTS[0], ["contact", "staff"])
        for table in PRESENT:
            self.engine.empty(table, given_types(table))
        for table, row in {
            "staging.client": {"client_id": "C1", "is_active": True, "onboard_date": datetime.date(2020, 1, 1)},
            "tiers.client_tier": {"client_id": "C1", "tier": "core", "is_contact_owed": True},
            "tasks_listing.owner": {"client_id": "C1", "branch_id": "B1", "holder_id": "S1", "owner_id": "S1"},
            "source.branch": {"branch_id": "B1", "name": "B1"},
            "source.staff": {"staff_id": "S1", "branch_id": "B1", "name": "S1", "role": "rm"},
        }.items():
            self.engine.insert(table, given_types(table), [row])

    def after(self, nights: Sequence[Sequence[dict[str, Any]]]) -> list[Any]:
        """The last plan, where each night knows these contacts."""
        self.engine.empty("previous.contact_plan", kept_types("contact_plan"))
        for day, known in zip(NIGHTS, nights, strict=True):
            self.engine.parameters = parameters(day)
            self.engine.insert("source.contact", given_types("source.contact"), list(known))
            build(self.engine, ["tasks.contact_plan"], PRESENT)
            self.engine.execute("create or replace table previous.contact_plan as select * from tasks.contact_plan")
        rows = self.engine.arrow("select * from tasks.contact_plan").read_all().to_pylist()
        return sorted(rows, key=repr)


def told(contacts: Sequence[tuple[int, Contact]], is_late: bool) -> list[list[dict[str, Any]]]:
    """What each night knows: all that had happened, or of that what had come to light, in the order given."""
    return [
        [
            contact.row(number)
            for number, contact in contacts
            if START + datetime.timedelta(days=contact.on) <= day
            and (not is_late or contact.known_at <= place or day == NIGHTS[-1])
        ]
        for place, day in enumerate(NIGHTS)
    ]


@pytest.mark.long
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(contacts=CONTACTS, order=st.randoms(use_true_random=False))
def test_given_late_contacts_in_any_order_then_the_plan_is_that_of_the_full_history(contacts: Any, order: Any) -> None:
    numbered = list(enumerate(contacts))
    shuffled = order.sample(numbered, len(numbered))
    plans = Plans()
    at_once = plans.after(told(numbered, is_late=False))
    assert at_once, "the client is owed contacts"
    assert plans.after(told(shuffled, is_late=True)) == at_once


def test_given_a_contact_of_a_window_that_ended_when_it_comes_to_light_then_the_window_is_no_longer_missed() -> None:
    contact = [(0, Contact(2, "fixed", "call", True, 0))]
    late = (1, Contact(13, "fixed", "call", True, 3))
    plans = Plans()
    states = []
    for contacts in (contact, [*contact, late]):
        rows = plans.after(told(contacts, is_late=True))
        states.append({(row["slot"], row["window_from"]): row["state"] for row in rows if row["kind"] == "fixed"})
    second_half = ("2", datetime.date(2026, 1, 16))
    assert second_half in states[0]
    assert states[0][second_half] == "missed"
    assert states[1][second_half] == "done"
