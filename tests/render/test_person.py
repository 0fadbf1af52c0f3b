"""A person's part of a branch's list: the own tasks and clients, whatever table they stand in, and of nobody else."""

from typing import Any

import pyarrow as pa
import pytest
from branch_sample import CLEARED, STAFF, TASKS, branch_input

from nightdesk.render.person import person_input, person_view

OWNERS = {str(row["task_key"]): row.get("owner_id") for row in TASKS}


def ids(rows: Any, name: str) -> set[str]:
    return {str(row[name]) for row in rows}


def test_given_a_person_then_the_own_tasks_stay_and_of_every_table_the_rows_of_their_clients() -> None:
    source = branch_input()
    part = person_input(source, "S01", ())
    assert ids(part.tasks, "task_key") == {key for key, owner in OWNERS.items() if owner == "S01"} != set(OWNERS)
    clients = ids(part.tasks, "client_id")
    for name in ("clients", "warnings", "tiers", "signals", "withheld", "cleared"):
        whole, kept = getattr(source, name), getattr(part, name)
        assert list(kept) == [row for row in whole if str(row.get("client_id")) in clients], name
    assert ids(part.steps, "task_key") <= ids(part.tasks, "task_key")
    assert part.steps


def test_given_a_client_that_a_person_looks_after_without_a_task_then_its_rows_stay_as_well() -> None:
    own = ids(person_input(branch_input(), "S01", ()).tasks, "client_id")
    first = next(row for row in CLEARED if row["client_id"] not in own)
    assert first not in list(person_input(branch_input(), "S01", ()).cleared)
    assert first in list(person_input(branch_input(), "S01", (str(first["client_id"]),)).cleared)


def test_given_a_task_of_somebody_else_about_an_own_client_then_neither_it_nor_its_steps_stay() -> None:
    tasks = [{**row, "owner_id": owner} for row, owner in zip(TASKS[:2], ("S01", "S02"), strict=True)]
    steps = [{"task_key": row["task_key"], "client_id": tasks[0]["client_id"]} for row in tasks]
    part = person_input(branch_input(tasks=tasks, steps=steps), "S01", [str(row["client_id"]) for row in tasks])
    assert (part.tasks, part.steps) == (tasks[:1], steps[:1])


def test_given_what_is_no_table_of_clients_then_it_stays_and_the_branchs_own_figures_do_not() -> None:
    part = person_input(branch_input(unreached={"branch_head": 2}, takes_replies=True), "S01", ())
    assert (part.staff, part.branch, part.takes_replies) == (STAFF, branch_input().branch, True)
    assert (part.summary, part.unreached) == ({}, {})


def test_given_a_table_of_arrow_then_a_persons_part_is_the_same() -> None:
    rows = [{"client_id": row["client_id"], "warning_key": str(n)} for n, row in enumerate(TASKS)]
    made = (person_input(branch_input(episodes=table), "S01", ()) for table in (rows, pa.Table.from_pylist(rows)))
    listed, arrow = ([dict(row) for row in part.episodes] for part in made)  # type: ignore[call-overload]
    assert listed == arrow != []


@pytest.mark.parametrize(("person", "named"), [("S01", "王敏"), ("S02", "李强"), ("S99", "S99")])
def test_given_a_person_then_the_title_of_the_part_names_it_and_one_that_is_not_registered_by_its_id(
    person: str, named: str
) -> None:
    view = person_view(person_input(branch_input(), person, ()), person)
    assert named in view.title
    assert view.branch_name in view.title
    assert not [row["name"] for row in STAFF if row["name"] != named and str(row["name"]) in view.title]
