"""What a decision's cells are, and which people a refusal names."""

import datetime

import pytest

from nightdesk.entering.refusing import Wanted, fitting, named, nothing_decided


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, " and 1 more"), (12, " and 7 more")])
def test_given_people_then_a_refusal_names_the_first_five_and_how_many_more(count: int, more: str) -> None:
    people = [{"staff_id": f"S{n}", "role": "rm"} for n in range(count)]
    assert named(people) == ", ".join(f"S{n} (rm)" for n in range(min(count, 5))) + more


def test_given_nobody_then_a_refusal_says_so() -> None:
    assert named([]) == "nobody of tonight's register"


def test_given_what_somebody_wants_then_its_cells_are_those_that_were_said() -> None:
    assert Wanted("episode", "E1", "snooze", "S1").cells() == {
        "subject": "episode", "subject_key": "E1", "verdict": "snooze", "decided_by": "S1",
    }  # fmt: skip
    whole = Wanted("episode", "E1", "snooze", "S1", "S2", datetime.date(2026, 4, 30), " seen ").cells()
    assert (whole["checker_id"], whole["until"], whole["note"]) == ("S2", "2026-04-30", "seen")
    assert "note" not in Wanted("episode", "E1", "snooze", "S1", note="  ").cells()


def test_given_a_kind_of_thing_then_the_verdicts_that_policy_has_for_it_are_told_by_name() -> None:
    found = fitting("contract", datetime.date(2026, 3, 31), "episode")
    assert found == sorted(found)
    assert {"snooze", "false_alarm"} <= set(found)
    assert fitting("contract", datetime.date(2026, 3, 31), "nothing") == []


def test_given_a_refusal_then_it_says_that_nothing_was_decided_and_what_to_do() -> None:
    refused = nothing_decided("it may not", "Ask.")
    assert (refused.what, refused.remedy) == ("nothing was decided: it may not", "Ask.")
