"""Whom a plan of exit names, whom an answer is of, and how many of those that failed a line has room for."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from nightdesk.night.answers import _of_line, _people
from nightdesk.night.each import first_of
from nightdesk.night.page_kind.exit_plan import _upwards, people_of

D = datetime.date(2026, 3, 31)
REGISTRY = {
    "B1": {"parent_branch_id": "B2"},
    "B2": {"parent_branch_id": "B3"},
    "B3": {"parent_branch_id": None},
    "B4": {"parent_branch_id": "B5"},
    "B5": {"parent_branch_id": "B4"},
}


def person(staff_id: str, role: str, branch_id: str, **cells: Any) -> dict[str, Any]:
    return {
        "staff_id": staff_id, "name": f"name {staff_id}", "role": role, "branch_id": branch_id, "active_from": None,
        "active_to": None, **cells,
    }  # fmt: skip


STAFF = [
    person("S1", "rm", "B1"),
    person("S2", "rm", "B1"),
    person("S3", "rm", "B1"),
    person("S4", "branch_head", "B1"),
    person("S5", "branch_head", "B2"),
    person("S6", "risk", "B3"),
    person("S7", "branch_head", "B1", active_to=D),
]


def test_given_a_plan_then_owner_and_deputy_head_and_the_nearest_risk_above_are_named() -> None:
    owner = {"owner_id": "S1", "deputy_id": "S2"}
    found = people_of({"branch_id": "B1"}, owner, STAFF, REGISTRY, D)
    assert found == (("rm", "name S1"), ("rm", "name S2"), ("branch_head", "name S4"), ("risk", "name S6"))
    own = people_of({"branch_id": "B1"}, {}, [*STAFF, person("S8", "risk", "B1")], REGISTRY, D)
    assert own == (("branch_head", "name S4"), ("risk", "name S8"))
    assert people_of({"branch_id": "B4"}, owner, STAFF, REGISTRY, D) == (("rm", "name S1"), ("rm", "name S2"))


def test_given_a_registry_then_the_way_up_ends_at_the_top_or_where_it_began() -> None:
    assert _upwards("B1", REGISTRY) == ["B1", "B2", "B3"]
    assert _upwards("B4", REGISTRY) == ["B4", "B5"]
    assert _upwards("B9", REGISTRY) == ["B9"]


@pytest.mark.parametrize(
    ("count", "said"), [(1, "t1"), (3, "t1; t2; t3"), (4, "t1; t2; t3; and 1 more"), (6, "t1; t2; t3; and 3 more")]
)
def test_given_texts_then_three_are_said_and_the_others_counted(count: int, said: str) -> None:
    assert first_of([f"t{n}" for n in range(1, count + 1)]) == said


def test_given_staff_then_an_address_is_of_one_person_or_of_nobody() -> None:
    addresses = {"S1": "One@bank.example ", "S2": "two@bank.example", "S3": "TWO@bank.example", "S4": "", "S5": None}
    desk: Any = SimpleNamespace(staff=[{"staff_id": key, "email": email} for key, email in addresses.items()])
    assert _people(desk) == {"one@bank.example": "S1"}


def test_given_a_line_without_a_code_then_it_answers_nothing() -> None:
    assert _of_line("thank you", "S1") == []
