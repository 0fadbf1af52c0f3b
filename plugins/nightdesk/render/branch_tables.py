"""What the workbook tells beside the list: each step of a task, and how each client that is not green stands."""

from collections.abc import Iterable

from nightdesk.render.branch_model import StepRow, Warned
from nightdesk.render.branch_rows import BranchRows, grouped
from nightdesk.render.rows import Row, as_rows, day_of, int_of, text_of
from nightdesk.render.standing_words import path_words
from nightdesk.render.task_line import step_words


def step_rows(branch: BranchRows, tasks: Iterable[Row]) -> tuple[StepRow, ...]:
    """The steps of tasks, in the order of the tasks."""
    t = branch.t
    return tuple(
        StepRow(
            client=branch.client(step["client_id"]),
            indicator=text_of(step, "indicator") or "",
            step=int_of(step, "step"),
            role=t.label("owner_role", text_of(step, "owner_role")),
            action=step_words(step, "action", t),
            evidence=step_words(step, "evidence", t),
            due_on=day_of(step, "due_on"),
            late_days=int_of(step, "late_days"),
            task_key=text_of(step, "task_key") or "",
        )
        for task in tasks
        for step in sorted(branch.steps_of_task(task), key=lambda row: int_of(row, "step") or 0)
    )


def warned_rows(branch: BranchRows, warnings: Iterable[Row]) -> tuple[Warned, ...]:
    """Clients with their rows of warnings.warning, what decided their colour, how they compare and how they went."""
    paths = grouped(branch.own(branch.source.paths), "client_id")
    return tuple(
        Warned(
            client=branch.client(row["client_id"]),
            row=row,
            decided=branch.decided(row["client_id"]),
            standing=branch.standing(row["client_id"]),
            path=path_words(paths.get(str(row["client_id"]), ()), branch.t, branch.f),
        )
        for row in as_rows(list(warnings))
    )
