"""One person's part of a branch's list: the own cards, and nothing of anybody else's clients."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from nightdesk.render.branch_model import BranchView
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import catalogue
from nightdesk.render.made_of import BranchInput, Notes
from nightdesk.render.rows import Row, Table, as_rows, text_of

#: of a branch's input what is no table of clients: the people that cards name
_OF_NO_CLIENT = ("staff",)


def person_input(source: BranchInput, person: str, clients: Collection[str]) -> BranchInput:
    """What a branch's list is made of, less all but a person's tasks and clients.

    `clients`: those that the person looks after, with or without a task. Of every table, whatever tables there are, the
    rows of those clients stay, and no row without one; the branch's own figures are left out.
    """
    tasks = [row for row in _records(source.tasks) if row.get("owner_id") == person]
    keys = {row["task_key"] for row in tasks}
    own = {str(row["client_id"]) for row in tasks} | set(clients)
    kept: dict[str, Any] = {}
    for one in fields(source):
        value = getattr(source, one.name)
        if isinstance(value, str | int | Mapping | Notes) or not hasattr(value, "__len__") or one.name in _OF_NO_CLIENT:
            continue
        kept[one.name] = [row for row in _records(value) if str(row.get("client_id")) in own]
    steps = [row for row in kept["steps"] if row.get("task_key") in keys]
    return replace(source, **{**kept, "tasks": tasks, "steps": steps, "summary": {}, "unreached": {}})


def _records(table: Table) -> Sequence[Row]:
    """The rows as they are held: they are made plain where the view is made, and most are not this person's."""
    return table if isinstance(table, list | tuple) else as_rows(table)


def person_view(source: BranchInput, person: str) -> BranchView:
    """The view of a person's part; its title says whose it is."""
    t = catalogue(source.language)
    view = branch_view(source)
    name = next((text_of(row, "name") for row in as_rows(source.staff) if row["staff_id"] == person), None)
    return replace(view, title=t("list.title_person", branch=view.branch_name, person=name or person))
