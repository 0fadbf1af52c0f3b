"""What differs between two business dates, by value, with who answers for it and why."""

import datetime
from collections.abc import Callable

import pytest

from nightdesk.policy import policy
from nightdesk.policy.difference import differences

Damage = Callable[[str, str, str], None]
OLD, NEW = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)


def test_given_one_policy_when_two_dates_are_compared_then_nothing_differs() -> None:
    assert differences(policy(), OLD, NEW) == []


@pytest.fixture
def changed(damage: Damage) -> None:
    """From 2026 on one value is another, one row is new, one is gone, and one only says why in other words."""
    damage("capacity.csv", "rm,20,1900-01-01,,", "rm,25,2026-01-01,,head,more hands\nrm,20,1900-01-01,2025-12-31,")
    damage(
        "contact_kind.csv",
        "visit,never,true,1900-01-01,,",
        "visit,never,true,2026-01-01,,client management,in other words\nvisit,never,true,1900-01-01,2025-12-31,",
    )
    damage("action_priority.csv", "", "soon,false,2026-01-01,,esg,a new word\n")
    damage("maturity_notice.csv", "30,1900-01-01,,", "30,1900-01-01,2025-12-31,")


@pytest.mark.usefixtures("changed")
def test_given_rows_that_change_then_each_value_is_told_once_with_before_after_owner_and_reason() -> None:
    assert [
        (one.table, one.key, one.column, one.before, one.after, one.owner, one.reason)
        for one in differences(policy(), OLD, NEW)
    ] == [
        ("action_priority", "soon", "is_high", None, "false", "esg", "a new word"),
        ("action_priority", "soon", "owner", None, "esg", "esg", "a new word"),
        ("capacity", "rm", "max_tasks_per_day", "20", "25", "head", "more hands"),
        ("capacity", "rm", "owner", "client management", "head", "head", "more hands"),
        ("maturity_notice", "30", "owner", "lending", None, "lending", "first notice: plan repayment or renewal"),
    ]


@pytest.mark.usefixtures("changed")
def test_given_the_dates_the_other_way_round_then_before_and_after_change_places() -> None:
    there, back = differences(policy(), OLD, NEW), differences(policy(), NEW, OLD)
    assert [(one.before, one.after) for one in back] == [(one.after, one.before) for one in there]
    assert differences(policy(), NEW, datetime.date(2030, 1, 1)) == []


@pytest.mark.usefixtures("changed")
def test_given_a_changed_row_then_the_place_of_the_newer_one_is_told() -> None:
    found = {one.table: (one.file, one.line) for one in differences(policy(), OLD, NEW)}
    assert found["capacity"] == ("sql/policy/capacity.csv", 2)
    assert found["maturity_notice"] == ("sql/policy/maturity_notice.csv", 2)
