"""The week of a branch, for its head: as a page of the book, and as the text of a mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nightdesk.render.book import BookInput, book_view
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.people import named_client, named_staff
from nightdesk.render.people_tables import WEEKLY
from nightdesk.render.rows import Row

#: what a week is asked for
MODELS = tuple(table.model for section in WEEKLY for table in (*section.summaries, *section.lists))


@dataclass(frozen=True)
class WeekInput:
    """The week of one branch: its row of the registry, a row of tasks_weekly.headline, and its rows of MODELS."""

    branch: Row
    business_date: date
    revision: int
    language: Language
    notes: Notes
    headline: Row
    rows: Mapping[str, Sequence[Row]]
    clients: Mapping[str, str]
    staff: Mapping[str, str]
    courses: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str]


def week_page(source: WeekInput) -> BookInput:
    """The page of a branch's week, in the branch's language."""
    return BookInput(
        kind="weekly",
        business_date=source.business_date,
        revision=source.revision,
        restated=source.revision > 1,
        language=source.language,
        notes=source.notes,
        sections=WEEKLY,
        rows={model: [_named(row, source, source.language) for row in rows] for model, rows in source.rows.items()},
        headline=_headline(source, source.language),
    )


def week_text(source: WeekInput) -> str:
    """The same as text, a line a row."""
    page = week_page(source)
    t, view = catalogue(page.language), book_view(page)
    lines = [f"{view.title} {view.sub}", ""]
    lines += [f"{fact.label}{t('list.colon')}{fact.value}" for fact in (*view.flags, *view.figures)]
    for section in view.sections:
        for table in (*section.tables, *section.lists):
            lines += ["", f"== {table.title}"]
            if table.rows:
                lines.append(" | ".join(label for label, _ in table.columns))
            lines += [" | ".join(cell.text for cell in row) for row in table.rows]
            lines += [words for words in (table.more, table.said) if words]
    lines += ["", *(f"{fact.label}{t('list.colon')}{fact.value}" for fact in view.notes)]
    return "\n".join(lines) + "\n"


def _named(row: Mapping[str, Any], source: WeekInput, language: Language) -> dict[str, Any]:
    """A row with whom and what it is about in words."""
    found = dict(row)
    if "staff_id" in row:
        found["staff"] = named_staff(row["staff_id"], source.staff)
    if "client_id" in row:
        found["client"] = named_client(row["client_id"], source.clients, source.staff)
    if "course" in row:
        found["course_name"] = source.courses.get(str(row["course"]), {}).get(language, row["course"])
    if "indicator" in row:
        name = row["indicator_name"] if language == "zh_CN" else row["indicator_name_en"]
        found["indicator_text"] = f"{row['indicator']} {name or ''}".strip()
    if "move_amt" in row:
        found["move_size"] = abs(row["move_amt"])
    return found


def _headline(source: WeekInput, language: Language) -> dict[str, object]:
    t, f = catalogue(language), Figures(language, source.notes.base_ccy)
    row: Mapping[str, Any] = source.headline
    first = source.business_date - timedelta(days=6)
    name = source.branch["name_en"] if language == "en" and source.branch["name_en"] else source.branch["name"]
    share = t("weekly.none_answered") if row["false_share_pct"] is None else f.percent(row["false_share_pct"])
    return {
        "branch_name": f"{name} {source.branch['branch_id']}",
        "week": t("weekly.days", first=first, last=source.business_date),
        "done": t("weekly.done", n=row["done_count"], late=row["done_late_count"]),
        "contact_count": row["contact_count"],
        "late_tasks": row["late_count"],
        "missed_contacts": row["missed_count"],
        "false_share": t("weekly.share", share=share, n=row["proposed_count"]),
        "promises": t("weekly.promises", kept=row["kept_count"], missed=row["not_kept_count"]),
        "leaving_amt": row["leaving_amt"],
        "coming_amt": row["coming_amt"],
        "needs": t("weekly.needs", won=row["won_count"], lost=row["lost_count"]),
        "over_capacity": row["over_capacity_count"],
    }
