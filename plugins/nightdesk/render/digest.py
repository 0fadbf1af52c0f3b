"""The head-office digest: branches by colour, what moved, what is due, late, not sent or not assessed, and of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.digest_sections import (
    branch_sheet,
    due_sheet,
    move_sheet,
    reason_sheet,
    unsent_sheet,
)
from nightdesk.render.digest_source import EXPORTS, DigestInput
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.night_facts import flags_of, notes_of
from nightdesk.render.project_model import Sheet
from nightdesk.render.rows import Row, as_rows


@dataclass(frozen=True)
class DigestView:
    """A digest, ready to print."""

    html_lang: str
    business_date: str
    morning: str
    revision: str
    flags: tuple[Fact, ...]
    summary: tuple[Fact, ...]
    branches: Sheet
    sheets: tuple[Sheet, ...]
    notes: tuple[Fact, ...]


def digest_view(source: DigestInput, language: Language) -> DigestView:
    """The view model. The same input gives the same view."""
    t = catalogue(language)
    f = Figures(language, source.notes.base_ccy)
    items = _by_kind(source)
    return DigestView(
        html_lang="zh-CN" if language == "zh_CN" else "en",
        business_date=f.day(source.business_date),
        morning=f.long_day(source.notes.morning),
        revision=t("revision", n=source.revision),
        flags=flags_of(source.notes, t, restated=source.revision > 1),
        summary=_summary(source, items, t, f),
        branches=branch_sheet(source, t, f),
        sheets=(
            move_sheet(items["move"], source, t),
            *(due_sheet(kind, items[kind], source, t, f) for kind in EXPORTS if kind not in ("move", "not_assessed")),
            unsent_sheet(source, t, f),
            reason_sheet(items["not_assessed"], source, t, f),
        ),
        notes=notes_of(source.revision, source.notes, t, f),
    )


def render_digest(source: DigestInput, language: Language, attached: str = "") -> str:
    """The digest as one HTML page; `attached` says of a mailed one what comes with it, or why nothing does."""
    t, view = catalogue(language), digest_view(source, language)
    return fill("digest.html.j2", view=view, t=t, attached=attached, styles=styles("base", "esg"))


def digest_text(source: DigestInput, language: Language) -> str:
    """The digest as plain text: the same sections, a line a row."""
    t, view = catalogue(language), digest_view(source, language)
    lines = [f"{t('digest.title')} {view.business_date} {view.revision}", ""]
    lines += [f"{fact.label}{t('list.colon')}{fact.value}" for fact in (*view.flags, *view.summary)]
    for sheet in (view.branches, *view.sheets):
        lines += ["", f"== {sheet.title}"]
        if sheet.rows:
            lines.append(" | ".join(label for label, _ in sheet.columns))
        for row in sheet.rows:
            lines.append(" | ".join(cell.mark.label if cell.mark else cell.text for cell in row))
        lines += [sheet.said] if sheet.said else []
    lines += ["", *(f"{fact.label}{t('list.colon')}{fact.value}" for fact in view.notes), t("digest.footer")]
    return "\n".join(lines) + "\n"


def _by_kind(source: DigestInput) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in EXPORTS}
    for row in as_rows(source.items):
        found[str(row["kind"])].append(row)
    return found


def _summary(source: DigestInput, items: Mapping[str, Sequence[Row]], t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    # as the warning counts them: a move may be neither, where what the colour rested on can no longer be seen
    worse, better = (sum(row["about"] == change for row in items["move"]) for change in ("worse", "better"))
    other = len(items["move"]) - worse - better
    moved = t("digest.moved_value", worse=f.count(worse), better=f.count(better))
    facts = [
        Fact(t("digest.moved"), moved + (t("digest.moved_other", n=f.count(other)) if other else "")),
        *(Fact(t(f"digest.{kind}"), f.count(len(items[kind]))) for kind in EXPORTS if kind != "move"),
        Fact(t("digest.unsent"), f.count(len(source.unsent)), "strong" if source.unsent else ""),
    ]
    return tuple(facts)
