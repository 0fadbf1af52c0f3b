"""What was passed on to one person, of all branches: which reds nobody has answered, since when, and whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.masking import client_name
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, day_of, text_of

#: lines that a mail names before it says how many more there are
_NAMED = 60


@dataclass(frozen=True)
class Passed:
    """One red that was passed on, ready to print."""

    branch: str
    client: str
    client_id: str
    code: str
    indicator: str
    reason: str
    owner: str
    since: str
    level: str


@dataclass(frozen=True)
class EscalationView:
    """What one person's mail says."""

    title: str
    lines: tuple[Passed, ...]
    more: int
    business_date: str


def escalation_view(
    tasks: Sequence[Row],
    *,
    branches: Mapping[str, Row],
    clients: Mapping[str, Row],
    staff: Mapping[str, Row],
    language: Language,
    business_date: date,
) -> EscalationView:
    """The view of tasks that were passed on, the longest unanswered first; clients are named as in a masked list."""
    t = catalogue(language)
    reason = "reason_zh" if language == "zh_CN" else "reason_en"
    ordered = sorted(
        tasks,
        key=lambda row: (
            str(row["unanswered_since"]),
            str(row["branch_id"]),
            str(row["client_id"]),
            str(row["task_key"]),
        ),
    )
    lines = tuple(
        Passed(
            branch=_branch(branches.get(str(row["branch_id"]), {}), str(row["branch_id"]), language),
            client=client_name(clients.get(str(row["client_id"]), {"client_id": row["client_id"]}), full=False),
            client_id=str(row["client_id"]),
            code=text_of(row, "card_code") or "",
            indicator=text_of(row, "indicator") or "",
            reason=full_width(text_of(row, reason) or "", t),
            owner=text_of(staff.get(str(row.get("owner_id")), {}), "name") or t("owner.none"),
            since=str(day_of(row, "unanswered_since") or t("none")),
            level=t.label("escalated_to", text_of(row, "escalated_to")),
        )
        for row in ordered
    )
    return EscalationView(
        t("escalation.title", n=len(lines)), lines[:_NAMED], max(len(lines) - _NAMED, 0), business_date.isoformat()
    )


def escalation_texts(view: EscalationView, language: Language) -> tuple[str, str]:
    """The text and the HTML of the mail."""
    t = catalogue(language)
    html = inlined(fill("escalation.html.j2", view=view, t=t, styles=styles("mail"), lang=language.replace("_", "-")))
    return fill("escalation.txt.j2", view=view, t=t), html


def _branch(row: Row, branch_id: str, language: Language) -> str:
    english = text_of(row, "name_en") if language == "en" else None
    return english or text_of(row, "name") or branch_id
