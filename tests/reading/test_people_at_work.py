"""Who is with the bank on a day, by the staff register, and who of them can be asked."""

import datetime

import pytest

from nightdesk.reading.escalated import Asked, asked_people, unreached
from nightdesk.reading.people import is_at_work

DAY = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "ends", "is_there"),
    [
        (None, None, True),
        (DAY, None, True),
        (DAY + ONE_DAY, None, False),
        (None, DAY + ONE_DAY, True),
        (None, DAY, False),  # the day of leaving is none
        (DAY, DAY + ONE_DAY, True),
        (DAY + ONE_DAY, DAY + 2 * ONE_DAY, False),
        (DAY - ONE_DAY, DAY, False),
    ],
)
def test_given_the_days_of_a_register_then_somebody_is_at_work_from_the_first_to_the_day_before_the_last(
    begins: datetime.date | None, ends: datetime.date | None, is_there: bool
) -> None:
    assert is_at_work({"active_from": begins, "active_to": ends}, DAY) is is_there


def _person(staff_id: str, email: str | None) -> dict[str, object]:
    return {
        "branch_id": "B2",
        "escalated_to": "branch_head",
        "staff_id": staff_id,
        "home_branch_id": "B1",
        "email": email,
    }


def test_given_addresses_then_only_who_has_a_single_good_one_is_asked() -> None:
    said = {
        "S1": "one@bank.example",
        "S2": None,
        "S3": "one@bank.example; two@bank.example",
        "S4": "one@bank.example; none",
    }
    people = asked_people([_person(staff_id, email) for staff_id, email in said.items()])
    assert people == [Asked("B2", "branch_head", "S1", "B1", "one@bank.example")]


def test_given_tasks_that_were_passed_on_then_those_are_counted_whose_level_reaches_nobody() -> None:
    people = asked_people([_person("S1", "one@bank.example")])
    levels = [("B2", "branch_head"), ("B2", "risk"), ("B2", "risk"), ("B3", "branch_head"), ("B3", None)]
    tasks = [{"branch_id": branch, "escalated_to": level} for branch, level in levels]
    assert unreached(people, tasks) == {"B2": {"risk": 2}, "B3": {"branch_head": 1}}
