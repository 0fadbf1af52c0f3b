"""The lines of one card, the worst first; which of them it prints, and which steps come first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from nightdesk.render.branch_model import Action, Line
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.rows import Row, decimal_of, flag_of, text_of

NO_SIGNAL = 3
#: so many lines a card prints, if it is not of more that cannot wait; and so many steps
SHOWN_LINES = 3
SHOWN_ACTIONS = 3
#: so many other signals a list of one line each names
NAMED = 6


def in_order(rows: Sequence[Row], signal: Callable[[Row], Row]) -> list[Row]:
    """The rows of one client, given by rank, as they are printed: what is red before all else, then by priority.

    Many rows of a client have one priority, and then the worse severity and the heavier indicator come first.
    """
    places = {id(row): place for place, row in enumerate(rows)}

    def order(row: Row) -> tuple[bool, Decimal, int, Decimal, int]:
        return (
            text_of(row, "severity") != "red",
            -(decimal_of(row, "priority") or Decimal(0)),
            _severity(row),
            -(decimal_of(signal(row), "weight") or Decimal(0)),
            places[id(row)],
        )

    return sorted(rows, key=order)


def _severity(row: Row) -> int:
    severity = text_of(row, "severity")
    if severity == "red":
        return 0 if flag_of(row, "is_hard") else 1
    return 2 if severity == "amber" else NO_SIGNAL


def shown_of(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines that a card prints, and those that it only names.

    A proven red and whatever is no signal is printed however many there are; ambers, and signals that no evaluation has
    shown to help, as long as there is room.
    """
    room = max(SHOWN_LINES - sum(not _can_wait(line) for line in lines), 0)
    shown: list[Line] = []
    named: list[Line] = []
    for line in lines:
        if _can_wait(line) and room == 0:
            named.append(line)
            continue
        room -= _can_wait(line)
        shown.append(line)
    return tuple(shown), tuple(named)


def _can_wait(line: Line) -> bool:
    return line.severity in ("amber", "blue") or bool(line.severity and line.unproven)


def todo_of(lines: Iterable[Line], t: Catalogue) -> tuple[tuple[Action, ...], int]:
    """What a card asks for first, each step said once for all the lines that ask for it, and how many steps there are
    besides: late before due, those of one role and day together. What a line asks for without steps is one.
    """
    asked = [action for line in lines for action in (line.actions or _next(line))]
    merged: dict[tuple[date | None, str], Action] = {}
    for action in asked:
        key = (action.due_on, action.role)
        former = merged.get(key)
        merged[key] = action if former is None else _joined(former, action, t)
    ordered = sorted(merged.values(), key=lambda action: (action.due_on is None, action.due_on or date.max))
    return tuple(ordered[:SHOWN_ACTIONS]), len(ordered[SHOWN_ACTIONS:])


def _next(line: Line) -> tuple[Action, ...]:
    """The one step of a task that has no steps of its own."""
    if not line.next_step:
        return ()
    due_in = line.due_in if line.due_state in ("late", "today") else ""
    return (Action(line.due_on, line.due, due_in, line.due_state, line.helper, line.next_step, line.next_step),)


def _joined(former: Action, action: Action, t: Catalogue) -> Action:
    join = t("todo.join")
    said = former.words.split(join)
    fresh = [words for words in action.words.split(join) if words not in said]
    return replace(former, words=join.join([*said, *fresh])) if fresh else former


def also_of(lines: Sequence[Line], t: Catalogue) -> str:
    """What a client has besides its first line, by name, every red of them; empty where that is all."""
    others = list(dict.fromkeys((line.name, line.severity_label, line.severity) for line in lines[1:]))
    if not others:
        return ""
    reds = sum(severity == "red" for _, _, severity in others)
    kept = max(reds, NAMED)
    named = [name_of(name, label, t) for name, label, _ in others[:kept]]
    if len(others) > kept:
        named.append(t("card.count", n=len(others) - kept))
    return t("card.also", items=t("list.join").join(named))


def name_of(name: str, severity_label: str, t: Catalogue) -> str:
    """An indicator with its severity, or a kind of task."""
    return t("card.named", name=name, severity=severity_label) if severity_label else name
