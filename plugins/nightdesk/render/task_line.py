"""One task row as one line of the list, and what must not be said on it."""

from collections.abc import Callable, Sequence
from datetime import date

from nightdesk.render.branch_card import Action, Line
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, day_of, decimal_of, flag_of, int_of, list_of, text_of

#: the kind of a permit or an insurance as reasons quote it, before its id
#: columns of the visible rank; they add up to the priority, 0-100
POINTS = ("sev_points", "urgency_points", "tier_points", "exposure_points", "value_points")

#: what a branch may see of a task that risk alone may understand: who, when and the neutral wording
NEUTRAL_COLUMNS = (
    "business_date",
    "branch_id",
    "owner_id",
    "client_id",
    "task_key",
    "rank",
    "priority",
    "due_on",
    "late_days",
    "overdue_level",
    "tier",
    "exposure_amt",
    "is_must_do",
    "is_later",
    "is_deadline",
    "place_rule",
    "card_code",
    "escalated_to",
    "status",
    "feedback_by",
    "feedback_on",
    "is_false_alarm_proposed",
    "card_code",
    "escalated_to",
    *POINTS,
)


def without_suspicion(row: Row, t: Catalogue) -> Row:
    """The row as a branch may read it: one for risk alone says that a use-of-funds check is due, no more."""
    if row.get("audience") != "risk_only":
        return row
    wording = {
        "kind": "use_of_funds_check",
        "reason_zh": t("neutral.reason"),
        "reason_en": t("neutral.reason"),
        "next_step_zh": t("neutral.next_step"),
        "next_step_en": t("neutral.next_step"),
    }
    return {name: row[name] for name in NEUTRAL_COLUMNS if name in row} | wording


def line_of(
    row: Row,
    t: Catalogue,
    f: Figures,
    staff_name: Callable[[str | None], str],
    steps: Sequence[Row] = (),
    episode: Row | None = None,
) -> Line:
    """The line of one task in the language of `t`; `steps` are its rows of tasks.playbook_task, `episode` the open one
    of its signal, which says since when it stands and whether this list tells it anew.

    Steps have days of their own, and what the task itself is due for is then the report.
    """
    actions = actions_of(steps, t, f)
    suffix = "zh" if t.language == "zh_CN" else "en"
    late = int_of(row, "late_days")
    level = text_of(row, "overdue_level") or "ok"
    opened_on, business_date = day_of(episode or {}, "opened_on"), day_of(row, "business_date")
    change = _change(row, episode)
    status = text_of(row, "status") or "open"
    if status == "acknowledged" and row.get("is_false_alarm_proposed"):
        status = "false_alarm_proposed"
    severity = text_of(row, "severity") or ""
    due_on = day_of(row, "due_on")
    return Line(
        task_key=text_of(row, "task_key") or "",
        kind=t.label("kind", text_of(row, "kind")),
        subject=text_of(row, "loan_id") or text_of(row, "project_id") or "",
        reason=full_width(text_of(row, f"reason_{suffix}") or "", t),
        next_step=full_width(text_of(row, f"next_step_{suffix}") or "", t),
        actions=actions,
        due_on=due_on,
        due=f.short_day(due_on),
        due_in=_due_in(late, t),
        due_state=_due_state(late),
        late_days=late,
        level=level,
        level_label="" if level == "ok" else t.label("level", level),
        change=change,
        change_label="" if change in ("none", "same") else t.label("change", change),
        status=status,
        status_label="" if status == "open" else t.label("status", status),
        feedback=_feedback(row, t, staff_name),
        indicator=text_of(row, "indicator") or "",
        severity=severity,
        severity_label=t.label("severity", severity) if severity else "",
        priority=f.points(decimal_of(row, "priority")),
        age="" if opened_on is None or business_date is None else t("line.age", n=(business_date - opened_on).days + 1),
        is_told=change not in ("none", "same"),
        escalated=_escalated(row, level, t),
        code=text_of(row, "card_code") or "",
        is_deadline=flag_of(row, "is_deadline"),
        is_planned=text_of(row, "kind") == "exit_step",
        episode_id=text_of(episode or {}, "episode_id") or "",
    )


def one_a_fact(rows: Sequence[Row]) -> list[Row]:
    """Of signals, the gravest first, those that stand for a line: not what another one names already (`told_with`)."""
    told: set[str] = set()
    shown = []
    for row in rows:
        if text_of(row, "indicator") not in told:
            shown.append(row)
            told.update(list_of(row, "told_with"))
    return shown


def told_with_words(row: Row, t: Catalogue) -> str:
    """The other signals that a signal's line stands for; nothing where there are none."""
    others = list_of(row, "told_with")
    return t("line.told_with", items=t("list.join").join(others)) if others else ""


def kind_label(code: str, t: Catalogue) -> str:
    """The word for a kind of permit or insurance; an unknown code is shown as it is."""
    permit = t.label("permit_kind", code)
    return t.label("insurance_kind", code) if permit == code else permit


def actions_of(steps: Sequence[Row], t: Catalogue, f: Figures) -> tuple[Action, ...]:
    """The steps of a task as they are printed: those of one role and day stand together."""
    grouped: dict[tuple[date | None, str | None], list[Row]] = {}
    for row in sorted(steps, key=lambda row: int_of(row, "step") or 0):
        grouped.setdefault((day_of(row, "due_on"), text_of(row, "owner_role")), []).append(row)
    actions = []
    for (due_on, role), told in grouped.items():
        late = int_of(told[0], "late_days")
        actions.append(
            Action(
                due_on=due_on,
                due=f.short_day(due_on),
                due_in="" if late is None or late < 0 else t("todo.today") if late == 0 else t("todo.late", n=late),
                due_state=_due_state(late),
                when=brief_when(due_on, late, t, f),
                role=t.label("owner_role", role),
                deeds=tuple(step_words(row, "action", t) for row in told),
                words=t("todo.join").join(step_words(row, "action", t) for row in told),
                in_full=t("todo.join").join(_with_evidence(row, t) for row in told),
            )
        )
    return tuple(actions)


def step_words(row: Row, part: str, t: Catalogue) -> str:
    """The action or the evidence of a step; its code where policy had no words for it."""
    suffix = "zh" if t.language == "zh_CN" else "en"
    return full_width(text_of(row, f"{part}_{suffix}") or text_of(row, part) or "", t)


def _with_evidence(row: Row, t: Catalogue) -> str:
    evidence = step_words(row, "evidence", t)
    return step_words(row, "action", t) + (t("todo.evidence", evidence=evidence) if evidence else "")


def todo_words(line: Line, t: Catalogue) -> str:
    """All that a line asks for, as one text."""
    if not line.actions:
        return line.next_step
    said = (
        t("todo.line", when=" ".join((one.due, one.due_in)).strip(), role=one.role, words=one.in_full)
        for one in line.actions
    )
    return t("todo.join").join(said)


def _due_state(late: int | None) -> str:
    return "none" if late is None else "late" if late > 0 else "today" if late == 0 else "ahead"


def _due_in(late: int | None, t: Catalogue) -> str:
    if late is None:
        return t("due.none")
    if late > 0:
        return t("due.late", n=late)
    return t("due.today") if late == 0 else t("due.ahead", n=-late)


def due_short(late: int | None, t: Catalogue) -> str:
    """How late or how near, in the few letters that a list of one line each has room for."""
    if late is None:
        return ""
    return t("due.short_late", n=late) if late > 0 else t("todo.today") if late == 0 else t("due.short_ahead", n=-late)


def brief_when(due_on: date | None, late: int | None, t: Catalogue, f: Figures) -> str:
    """A day, and how late it is, or that it is today; nothing more while it lies ahead."""
    told = due_short(late, t) if late is not None and late >= 0 else ""
    return " ".join(part for part in (f.brief_day(due_on), told) if part)


#: what an episode is told for, as a change of the list
_TOLD_AS = {"opened": "new", "suppression_over": "back", "snooze_over": "back"}


def _change(row: Row, episode: Row | None) -> str:
    """What is new of a task: of a signal why its episode is told tonight, and that it is the same where it is not."""
    if not episode:
        return text_of(row, "change") or "none"
    because = text_of(episode, "told_because") or "same"
    return _TOLD_AS.get(because, because) if flag_of(episode, "is_told") else "same"


def _escalated(row: Row, level: str, t: Catalogue) -> str:
    """To whom a task went that nobody answered: a role where the night says so, else by how late it is."""
    to = text_of(row, "escalated_to")
    if to:
        return t("list.escalated", to=t.label("escalated_to", to))
    return t.label("level", level) if level in ("L2", "L3") else ""


def _feedback(row: Row, t: Catalogue, staff_name: Callable[[str | None], str]) -> str:
    """Who reported back, when, and the note."""
    who = staff_name(text_of(row, "feedback_by"))
    when = day_of(row, "feedback_on") or day_of(row, "feedback_at")
    note = text_of(row, "feedback_note")
    by = " ".join(part for part in (who, "" if when is None else when.isoformat()) if part)
    return t("list.colon").join(part for part in (by, note) if part)
