"""One task row as one line of the list, and what must not be said on it."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from nightdesk.render.branch_model import Action, Contribution, Line
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, day_of, decimal_of, int_of, text_of

#: the kind of a permit or an insurance as reasons quote it, before its id
QUOTED_KIND = re.compile("""(?<=[「'])[a-z][a-z_]+(?=[ 」'])""")
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
    row: Row, t: Catalogue, f: Figures, staff_name: Callable[[str | None], str], steps: Sequence[Row] = ()
) -> Line:
    """The line of one task in the language of `t`; `steps` are its rows of tasks.playbook_task.

    Those have days of their own, and what the task itself is due for is then the report.
    """
    actions = actions_of(steps, t, f)
    suffix = "zh" if t.language == "zh_CN" else "en"
    late = int_of(row, "late_days")
    level = text_of(row, "overdue_level") or "ok"
    change = text_of(row, "change") or "none"
    status = text_of(row, "status") or "open"
    if status == "acknowledged" and row.get("is_false_alarm_proposed"):
        status = "false_alarm_proposed"
    severity = text_of(row, "severity") or ""
    return Line(
        task_key=text_of(row, "task_key") or "",
        kind=t.label("kind", text_of(row, "kind")),
        subject=text_of(row, "loan_id") or text_of(row, "project_id") or "",
        reason=reason_words(text_of(row, f"reason_{suffix}") or "", t),
        next_step=full_width(text_of(row, f"next_step_{suffix}") or "", t),
        actions=actions,
        due=f.short_day(day_of(row, "due_on")),
        due_label=t("due.report") if actions else "",
        due_in=_due_in(late, t),
        due_state=_due_state(late),
        late_days=late,
        level=level,
        level_label="" if level == "ok" else t.label("level", level),
        change=change,
        change_label="" if change == "none" else t.label("change", change),
        status=text_of(row, "status") or "open",
        status_label="" if status == "open" else t.label("status", status),
        card_code=text_of(row, "card_code") or "",
        escalated=_escalated(row, t),
        feedback=_feedback(row, t, staff_name),
        indicator=text_of(row, "indicator") or "",
        severity=severity,
        severity_label=t.label("severity", severity) if severity else "",
        priority=f.points(decimal_of(row, "priority")),
        place_rule=t("list.near") if row.get("is_near") and row.get("colour") != "red" else "",
        contributions=_contributions(row, t, f),
    )


def _escalated(row: Row, t: Catalogue) -> str:
    to = text_of(row, "escalated_to")
    return t("list.escalated", to=t.label("escalated_to", to)) if to else ""


def reason_words(reason: str, t: Catalogue) -> str:
    """A reason for readers of the language of `t`: the codes of permits and insurances that it quotes in words, since
    the rules know only the codes, and the language's own punctuation."""
    return full_width(QUOTED_KIND.sub(lambda code: kind_label(code[0], t), reason), t)


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
        words = t("todo.join").join(_with_evidence(row, t) for row in told)
        actions.append(
            Action(
                due=f.short_day(due_on),
                due_in="" if late is None or late < 0 else t("todo.today") if late == 0 else t("todo.late", n=late),
                due_state=_due_state(late),
                role=t.label("owner_role", role),
                words=words,
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
        t("todo.line", when=" ".join((one.due, one.due_in)).strip(), role=one.role, words=one.words)
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


def _feedback(row: Row, t: Catalogue, staff_name: Callable[[str | None], str]) -> str:
    """Who reported back, when, and the note."""
    who = staff_name(text_of(row, "feedback_by"))
    when = day_of(row, "feedback_on") or day_of(row, "feedback_at")
    note = text_of(row, "feedback_note")
    by = " ".join(part for part in (who, "" if when is None else when.isoformat()) if part)
    return t("list.colon").join(part for part in (by, note) if part)


def _contributions(row: Row, t: Catalogue, f: Figures) -> tuple[Contribution, ...]:
    parts = []
    for column in POINTS:
        points = decimal_of(row, column)
        if points is not None:
            parts.append(Contribution(t(f"points.{column}"), f.points(points)))
    return tuple(parts)
