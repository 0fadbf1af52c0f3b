"""The lines of one card: reasons that ask for the same step stand together, the worst of them first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from nightdesk.render.branch_model import Line, Step
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.rows import Row, day_of, decimal_of, flag_of, text_of

NO_SIGNAL = 3
#: from so many steps on a card names those that can wait, and shows them in the workbook
SHOWN_STEPS = 4
_NEVER = 1_000_000


def in_order(rows: Sequence[Row], signal: Callable[[Row], Row], line: Callable[[Row], Line]) -> list[Row]:
    """The rows of one card, given by rank, as they are printed.

    Steps follow each other as their best row ranks; many rows of a client have one priority, and then the worse
    severity and the heavier indicator come first. The same decides within a step.
    """
    places = {id(row): place for place, row in enumerate(rows)}
    groups: dict[tuple[object, ...], list[Row]] = {}

    def weight(row: Row) -> tuple[int, Decimal, int]:
        return _severity(row), -(decimal_of(signal(row), "weight") or Decimal(0)), places[id(row)]

    def rank(row: Row) -> tuple[bool, Decimal, tuple[int, Decimal, int]]:
        # as the list itself is ranked: what is red before all else, then by priority
        return text_of(row, "severity") != "red", -(decimal_of(row, "priority") or Decimal(0)), weight(row)

    for row in rows:
        groups.setdefault(_asked(line(row)), []).append(row)
    ordered = sorted(groups.values(), key=lambda group: min(rank(row) for row in group))
    return [row for group in ordered for row in sorted(group, key=weight)]


def _asked(line: Line) -> tuple[object, ...]:
    """What a line asks for: its steps, which have days of their own, or its next step by its deadline."""
    return line.actions or (line.next_step, line.due, line.level_label)


def _severity(row: Row) -> int:
    severity = text_of(row, "severity")
    if severity == "red":
        return 0 if flag_of(row, "is_hard") else 1
    return 2 if severity == "amber" else NO_SIGNAL


def steps_of(lines: Sequence[Line]) -> tuple[Step, ...]:
    """Lines in printed order as steps: neighbours that ask for the same share one, with the earliest deadline."""
    return tuple(_step(list(alike)) for _, alike in groupby(lines, key=_asked))


def _step(lines: Sequence[Line]) -> Step:
    first = max(lines, key=lambda line: -_NEVER if line.late_days is None else line.late_days)
    return Step(
        next_step=first.next_step,
        actions=first.actions,
        due=first.due,
        due_label=first.due_label,
        due_in=first.due_in,
        due_state=first.due_state,
        level_label=first.level_label,
        lines=tuple(lines),
    )


def shown_of(steps: Sequence[Step]) -> tuple[tuple[Step, ...], tuple[Line, ...]]:
    """The steps that a card prints, and the lines of those that it only names.

    A proven red and whatever is no signal is printed however many there are; ambers, and signals that no evaluation has
    shown to help, as long as there is room.
    """
    shown: list[Step] = []
    named: list[Line] = []
    must = sum(not _can_wait(step) for step in steps)
    room = max(SHOWN_STEPS - must, 0)
    for step in steps:
        if _can_wait(step) and room == 0:
            named.extend(step.lines)
            continue
        room -= _can_wait(step)
        shown.append(step)
    return tuple(shown), tuple(named)


def _can_wait(step: Step) -> bool:
    return all(line.severity in ("amber", "blue") or (line.severity and line.unproven) for line in step.lines)


def undated(lines: Sequence[Line], signals: Sequence[Row], t: Catalogue) -> tuple[list[Line], str]:
    """The lines without the date of their data, and that date, if all that end in one name the same; else as given."""
    dates = {}
    for place, (line, signal) in enumerate(zip(lines, signals, strict=True)):
        day = day_of(signal, "data_date")
        if day is not None and line.reason.endswith(t("line.data_to", day=day.isoformat())):
            dates[place] = day.isoformat()
    if len(set(dates.values())) != 1:
        return list(lines), ""
    (day_text,) = set(dates.values())
    ending = t("line.data_to", day=day_text)
    short = [
        replace(line, reason=line.reason.removesuffix(ending)) if place in dates else line
        for place, line in enumerate(lines)
    ]
    return short, day_text
