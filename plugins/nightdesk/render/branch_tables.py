"""What the workbook tells: each task with exact values, each of its steps, how each client that is not green stands."""

from collections.abc import Iterable, Mapping, Sequence

from nightdesk.render.branch_card import Card
from nightdesk.render.branch_model import Sheet, StepRow, Warned
from nightdesk.render.branch_rows import LAST, BranchRows, grouped
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, int_of, text_of
from nightdesk.render.standing_words import capped_sentences, clearing_words, path_words
from nightdesk.render.task_line import POINTS, step_words

OFF_LIST = ("section.later", "section.handled")


def sheet_rows(
    branch: BranchRows,
    cards: tuple[Sequence[Card], Sequence[Card]],
    now: Sequence[Row],
    later: Sequence[Row],
    handled: Sequence[Row],
) -> tuple[Sheet, ...]:
    """Every task with exact values, in the order of the list: the cards that must be done, the others, the rest."""
    t = branch.t
    must = {card.client.id for card in cards[0]}
    numbers = {card.client.id: card.number for part in cards for card in part}
    sections = [
        ("section.must_do" if str(row["client_id"]) in must else "section.rest", row)
        for row in _as_cards(branch, now, numbers)
    ]
    sections += [("section.later", row) for row in later] + [("section.handled", row) for row in handled]
    return tuple(
        Sheet(
            section=t(section),
            card_number=None if section in OFF_LIST else numbers.get(str(row["client_id"])),
            client=branch.client(row["client_id"]),
            owner=branch.owner(row),
            line=branch.line(row),
            colour_label=branch.colour_label(row["client_id"], text_of(row, "colour")),
            tier_label=t.label("tier", text_of(row, "tier") or "none"),
            rank=int_of(row, "rank"),
            due_on=day_of(row, "due_on"),
            late_days=int_of(row, "late_days"),
            exposure=branch.exposure_amt(row),
            priority=decimal_of(row, "priority"),
            points=tuple(decimal_of(row, column) for column in POINTS),
            signal_points=decimal_of(branch.signal(row), "points"),
            clears=clearing_words(branch.signal(row), t, branch.source.notes.base_ccy),
            place_rule=t.label("place_rule", text_of(row, "place_rule")) if row.get("place_rule") else "",
            watched=branch.stage(row["client_id"]),
        )
        for section, row in sections
    )


def _as_cards(branch: BranchRows, rows: Sequence[Row], numbers: Mapping[str, int]) -> list[Row]:
    """The rows in the order of the numbered cards, and within each as the card prints them."""
    groups = grouped(rows, "client_id")
    return [
        row for key in sorted(groups, key=lambda key: numbers.get(key, LAST)) for row in branch.printed(groups[key])
    ]


def step_rows(branch: BranchRows, tasks: Iterable[Row]) -> tuple[StepRow, ...]:
    """The steps of tasks, in the order of the tasks, and the open ones of plans of contingency and exit."""
    t = branch.t
    planned = ({**row, "indicator": t("step.of_plan")} for row in branch.own(branch.source.plan_steps))
    told = [
        *(
            step
            for task in tasks
            for step in sorted(branch.steps_of_task(task), key=lambda row: int_of(row, "step") or 0)
        ),
        *sorted(planned, key=lambda row: (str(row["client_id"]), int_of(row, "step") or 0)),
    ]
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
        for step in told
    )


def warned_rows(branch: BranchRows, warnings: Iterable[Row]) -> tuple[Warned, ...]:
    """Clients with their rows of warnings.warning, what decided their colour, how they compare and how they went."""
    paths, capped = (grouped(branch.own(table), "client_id") for table in (branch.source.paths, branch.source.capped))
    return tuple(
        Warned(
            client=branch.client(row["client_id"]),
            row=row,
            decided=branch.decided(row["client_id"]),
            capped=branch.t("todo.join").join(
                capped_sentences(capped.get(str(row["client_id"]), ()), "told_points", branch.t, branch.f)
            ),
            standing=branch.standing(row["client_id"]),
            path=path_words(paths.get(str(row["client_id"]), ()), branch.t, branch.f),
        )
        for row in as_rows(list(warnings))
    )
