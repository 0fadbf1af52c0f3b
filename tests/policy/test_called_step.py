"""What is asked in a step's place once the loans are due in full has words where that step has them."""

import csv

from nightdesk.settings import project_root


def rows(name: str) -> list[dict[str, str]]:
    with (project_root() / "sql" / "policy" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_given_a_step_that_another_replaces_then_both_are_steps_of_the_same_kind_of_list() -> None:
    plans = {row["action"] for row in rows("exit_step_text")}
    playbooks = {row["code"] for row in rows("playbook_step_text") if row["part"] == "action"}
    replaced = rows("called_step")
    assert replaced
    for row in replaced:
        known = [words for words in (plans, playbooks) if row["action"] in words]
        assert known, row
        assert all(row["instead"] in words for words in known), row
