"""One person's part of a branch's list: the own cards, and nothing of anybody else's clients."""

from collections.abc import Collection
from dataclasses import replace

from nightdesk.render.branch_model import BranchView
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import catalogue
from nightdesk.render.made_of import BranchInput
from nightdesk.render.rows import Row, Table, as_rows, text_of


def person_input(source: BranchInput, person: str, clients: Collection[str]) -> BranchInput:
    """What a branch's list is made of, less all but a person's tasks and clients.

    `clients`: those that the person looks after, with or without a task. The branch's own figures are left out.
    """
    tasks = [row for row in as_rows(source.tasks) if row.get("owner_id") == person]
    keys = {row["task_key"] for row in tasks}
    own = {str(row["client_id"]) for row in tasks} | set(clients)

    def of_own(table: Table) -> list[Row]:
        return [row for row in as_rows(table) if str(row.get("client_id")) in own]

    return replace(
        source,
        tasks=tasks,
        steps=[row for row in as_rows(source.steps) if row.get("task_key") in keys],
        clients=of_own(source.clients),
        deciding=of_own(source.deciding),
        paths=of_own(source.paths),
        cleared=of_own(source.cleared),
        warnings=of_own(source.warnings),
        tiers=of_own(source.tiers),
        signals=of_own(source.signals),
        resting=of_own(source.resting),
        withheld=of_own(source.withheld),
        summary={},
    )


def person_view(source: BranchInput, person: str) -> BranchView:
    """The view of a person's part; its title says whose it is."""
    t = catalogue(source.language)
    view = branch_view(source)
    name = next((text_of(row, "name") for row in as_rows(source.staff) if row["staff_id"] == person), None)
    return replace(view, title=t("list.title_person", branch=view.branch_name, person=name or person))
