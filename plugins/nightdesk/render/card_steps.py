"""The lines of one card, the worst first; which of them it prints, and which steps come first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from nightdesk.render.branch_card import Action, Line
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.rows import Row, decimal_of, flag_of, text_of
from nightdesk.render.task_line import brief_when, due_short

NO_SIGNAL = 3
#: so many lines a card prints, if it is not of more that cannot wait; and so many steps
SHOWN_LINES = 3
SHOWN_ACTIONS = 3
#: what a card never leaves to a count
PRESSING = ("late", "today")
#: so much of what one role has to do on one day
SHOWN_DEEDS = 2
#: so many other signals a list of one line each names
NAMED = 6

#: what is said once: the role, the deed, and its day where it is not a warning's step
_Asked: TypeAlias = tuple[str, str, date | None]


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

    A proven red, a date in a contract or in the law, a step of a plan of contingency and exit, other work that is late
    or due today, and whatever is due first is printed however many there are; ambers, signals that no evaluation has
    shown to help and other work as long as there is room.
    """
    nearest = max(lines, key=_lateness, default=None)
    waiting = [_can_wait(line) and line is not nearest for line in lines]
    room = max(SHOWN_LINES - waiting.count(False), 0)
    shown: list[Line] = []
    named: list[Line] = []
    for line, can_wait in zip(lines, waiting, strict=True):
        if can_wait and room == 0:
            named.append(line)
            continue
        room -= can_wait
        shown.append(line)
    return tuple(shown), tuple(named)


def _can_wait(line: Line) -> bool:
    if not line.severity:
        return not (line.is_deadline or line.is_planned or line.due_state in PRESSING)
    return line.severity in ("amber", "blue") or bool(line.unproven)


def todo_of(lines: Iterable[Line], t: Catalogue, f: Figures) -> tuple[tuple[Action, ...], int]:
    """What a card asks for first, and how many deeds there are besides: late before due, those of one role and day
    together. A step that several warnings ask of one role is said once, by its first day, and names them all. What a
    line asks for without steps is one: that of another day is about another date.
    """
    actions = [(line, action) for line in lines for action in (line.actions or _next(line, t, f))]
    actions.sort(key=lambda pair: (pair[1].due_on is None, pair[1].due_on or date.max))
    asked: dict[_Asked, dict[tuple[str, str], None]] = {}
    merged: dict[tuple[date | None, str], tuple[Action, list[_Asked]]] = {}
    for line, action in actions:
        for deed in action.deeds:
            one = (action.role, deed, None if line.actions else action.due_on)
            by = asked.setdefault(one, {})
            if not by:
                merged.setdefault((action.due_on, action.role), (action, []))[1].append(one)
            by[line.name, line.subject] = None
    shown = [_cut(action, deeds, asked, t) for action, deeds in list(merged.values())[:SHOWN_ACTIONS]]
    return tuple(shown), len(asked) - sum(len(action.deeds) for action in shown)


def _cut(
    action: Action, deeds: Sequence[_Asked], asked: Mapping[_Asked, Iterable[tuple[str, str]]], t: Catalogue
) -> Action:
    said = []
    for one in deeds[:SHOWN_DEEDS]:
        by = _named(list(asked[one]))
        said.append(one[1] + (t("list.aside", text=t("list.join").join(by)) if len(by) > 1 else ""))
    return replace(action, deeds=tuple(said), words=t("todo.join").join(said))


def named_with_day(line: Line, t: Catalogue) -> str:
    """A line that is only named, with how late it is or that it is due today where it is."""
    name = name_of(line.name, line.severity_label, t)
    if line.due_state not in PRESSING:
        return name
    return t("card.named_due", name=name, due=due_short(line.late_days, t))


def _named(by: Sequence[tuple[str, str]]) -> list[str]:
    """Lines by name, and where two have one name by what they are about as well."""
    names = [name for name, _ in by]
    return [name if names.count(name) == 1 else f"{name} {subject}".rstrip() for name, subject in by]


def _next(line: Line, t: Catalogue, f: Figures) -> tuple[Action, ...]:
    """The one step of a task that has no steps of its own."""
    if not line.next_step:
        return ()
    when = brief_when(line.due_on, line.late_days, t, f)
    due_in = line.due_in if line.due_state in ("late", "today") else ""
    step = line.next_step
    return (Action(line.due_on, line.due, due_in, line.due_state, when, line.helper, (step,), step, step),)


def also_of(lines: Sequence[Line], t: Catalogue) -> str:
    """What a client has besides its first line and the one due before it, by name, every red of them; empty where that
    is all.
    """
    told = {id(lines[0]), id(_sooner(lines))}
    others = list(
        dict.fromkeys((line.name, line.severity_label, line.severity) for line in lines if id(line) not in told)
    )
    if not others:
        return ""
    reds = sum(severity == "red" for _, _, severity in others)
    kept = max(reds, NAMED)
    items = t("list.join").join(name_of(name, label, t) for name, label, _ in others[:kept])
    if len(others) > kept:
        return t("card.also_more", items=items, total=len(others))
    return t("card.also", items=items)


def sooner_of(lines: Sequence[Line], t: Catalogue) -> str:
    """The line of a client that is due before its first one, by name, with its day; empty where none is."""
    nearest = _sooner(lines)
    if nearest is None:
        return ""
    name = name_of(nearest.name, nearest.severity_label, t)
    return t("card.sooner", name=name, day=nearest.due, left=due_short(nearest.late_days, t))


def _sooner(lines: Sequence[Line]) -> Line | None:
    nearest = max(lines, key=_lateness)
    return None if _lateness(nearest) <= _lateness(lines[0]) else nearest


def _lateness(line: Line) -> float:
    return float("-inf") if line.late_days is None else line.late_days


def name_of(name: str, severity_label: str, t: Catalogue) -> str:
    """An indicator with its severity, or a kind of task."""
    return t("card.named", name=name, severity=severity_label) if severity_label else name
