"""A project's ESG review: its verdict rests on environment and society alone; credit stands beside it."""

from decimal import Decimal

from nightdesk.render.branch_card import Person
from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.drawing import WIDTH
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.held_back import held_back_of
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.masking import client_name
from nightdesk.render.missing import table_words
from nightdesk.render.night_facts import amounts_of, flags_of, notes_of
from nightdesk.render.panel import panel_words
from nightdesk.render.project_charts import Drawn, burn_down, incident_chart
from nightdesk.render.project_head import headline_of, profile_of
from nightdesk.render.project_model import Chart, Mark, ProjectView, SignalRow
from nightdesk.render.project_requests import requests_of
from nightdesk.render.project_rows import UNKNOWN, actions_of, covenants_of, expiries_of, incidents_of
from nightdesk.render.project_score import implausible_figures, newest_score
from nightdesk.render.project_sheets import sheets_of
from nightdesk.render.project_signing import review_shown, state_mark
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import as_rows, day_of, decimal_of, flag_of, text_of

#: fields of the project that a review cannot do without
FIELDS = ("ep_category", "cn_class", "stage", "approved_on")
#: what the verdict names of all that is wrong, red before amber
ISSUES = 3
#: what ESG indicators are made of
_FIRED_BY = ("esap_action", "esg_incident", "esg_item", "permit", "report_due")


def render_project(source: ProjectInput) -> str:
    """The review as one HTML page. The same input gives the same bytes."""
    t = catalogue(source.language)
    return fill("esg.html.j2", view=project_view(source), t=t, width=WIDTH, styles=styles("base", "esg"))


def project_view(source: ProjectInput) -> ProjectView:
    """The view model of one project's review."""
    t = catalogue(source.language)
    f = Figures(source.language, source.notes.base_ccy)
    day, review = source.business_date, source.review
    signals, credit_signals = _signals(source, t, f, is_esg=True), _signals(source, t, f, is_esg=False)
    covenants = covenants_of(source.covenants, source.bands, t, f)
    incidents = incidents_of(source.incidents, source.bands, t, f)
    actions = actions_of(source.actions, day, source.bands, t, f)
    permits = expiries_of(source.permits, source.insurances, day, source.bands, t, f)
    sheets = sheets_of(source, t, f)
    # covenants, insurance and construction are the credit's business
    papers = expiries_of(source.permits, (), day, source.bands, t, f)
    marks = [row.mark for rows in (signals, incidents, actions, papers) for row in rows]
    marks += [mark for mark, _ in sheets.told]
    held_back = _held_back(source, t)
    told = [(row.mark, row.reason) for row in signals]
    said = _said_by_signals(source)
    incident, action = (f"{t(f'esg.{name}')}{t('list.colon')}" for name in ("incidents", "actions"))
    found = [(f"esg_incident:{row.number}", row.mark, f"{incident}{row.kind} {row.occurred}") for row in incidents]
    found += [(f"esap_action:{row.number}", row.mark, f"{action}{row.description} {row.note}") for row in actions]
    found += [(f"permit:{row.number}", row.mark, f"{row.kind} {row.note}") for row in papers]
    told += [(mark, text) for key, mark, text in found if said.get(key) not in ("red", mark.tone)]
    told += sheets.told
    issues = [text for tone in ("red", "amber") for mark, text in told if mark.tone == tone]
    shown = review_shown(source)
    client_id = text_of(review, "client_id") or ""
    return ProjectView(
        html_lang="zh-CN" if source.language == "zh_CN" else "en",
        name=text_of(review, "name") or text_of(review, "project_id") or "",
        project_id=text_of(review, "project_id") or "",
        business_date=f.day(day),
        morning=f.long_day(source.notes.morning),
        revision=t("revision", n=source.revision),
        flags=flags_of(source.notes, t, restated=source.restated),
        verdict=_verdict([mark.tone for mark in marks], source, t),
        issues=tuple(issues[:ISSUES]),
        more_issues=t("esg.more_issues", n=len(issues) - ISSUES) if len(issues) > ISSUES else "",
        gaps=_gaps(source, held_back, t),
        state=state_mark(shown, t) if shown else None,
        headline=headline_of(source, t, f),
        charts=_charts(source, t, f),
        profile=profile_of(source, t, f),
        client=Person(client_name({"client_id": client_id, **source.client}, full=False), client_id),
        signals=signals,
        credit_signals=credit_signals,
        sheets={**sheets.by_name, "requests": requests_of(source.requests, source.language, t)},
        covenants=covenants,
        incidents=incidents,
        actions=actions,
        overdue_actions=sum(row.mark.tone in ("red", "amber") for row in actions),
        permits=permits,
        said=_said(source, t),
        base_ccy=source.notes.base_ccy,
        notes=_notes(source, t, f),
    )


def _said_by_signals(source: ProjectInput) -> dict[str | None, str | None]:
    """By the source row that a signal speaks of how grave it is: one event is one issue."""
    return {
        text_of(row, "source_keys"): text_of(row, "severity")
        for row in as_rows(source.signals)
        if row.get("group_code") == "E" and row.get("audience") != "risk_only"
    }


def _verdict(tones: list[str], source: ProjectInput, t: Catalogue) -> Mark:
    """The worst of the rows; green only where all was supplied, used and judged; unknown without any row."""
    notes, is_held_back = source.notes, bool(as_rows(source.withheld))
    if "red" in tones:
        return Mark(t("esg.verdict_red"), "red")
    if "amber" in tones:
        return Mark(t("esg.verdict_amber"), "amber")
    if is_held_back or UNKNOWN in tones or not tones or implausible_figures(source, t):
        return Mark(t("esg.verdict_unknown"), "not_assessed")
    is_whole = not (notes.not_supplied or notes.unassessed.tables or _thin(source) or _has_open_fact(source))
    return Mark(t("esg.verdict_clear"), "green" if is_whole else "not_assessed")


def _has_open_fact(source: ProjectInput) -> bool:
    """Whether of the facts that a review rests on one at least is not assessed, as the export's finding says."""
    return any(row.get("finding") == "not_assessed" for row in as_rows(source.reviews))


def _thin(source: ProjectInput) -> bool:
    """Whether too little of the score is evidenced for anything to be called good."""
    coverage = decimal_of(newest_score(source), "coverage_pct")
    return coverage is None or coverage < source.bands.least_coverage_pct


def _held_back(source: ProjectInput, t: Catalogue) -> str:
    """The project's rows that were not used, in words; whose they are is said by the page itself."""
    rows = [row | {"project_id": None} for row in as_rows(source.withheld)]
    held = held_back_of(rows, source.notes, lambda key: Person(key, key), t)
    return t("list.join").join(one.what for one in held)


def _gaps(source: ProjectInput, held_back: str, t: Catalogue) -> tuple[str, ...]:
    """What the verdict does not speak of: figures and rows not used, tables not supplied, tables that no rule reads."""
    notes = source.notes
    items = {
        "esg.gap_implausible": t("list.join").join(implausible_figures(source, t)),
        "esg.gap_held_back": held_back,
        "esg.gap_not_supplied": table_words(notes.not_supplied, t),
        "esg.gap_not_assessed": table_words(notes.unassessed.tables, t),
    }
    gaps = [t(key, items=found) for key, found in items.items() if found]
    if _has_open_fact(source):
        gaps.append(t("esg.gap_facts"))
    if _thin(source):
        f, least = Figures(source.language, notes.base_ccy), source.bands.least_coverage_pct
        coverage = f.percent_apart(decimal_of(newest_score(source), "coverage_pct") or Decimal(0), least)
        gaps.append(t("esg.gap_coverage", coverage=coverage, least=f.percent(least, 0)))
    return tuple(gaps)


def _said(source: ProjectInput, t: Catalogue) -> dict[str, str]:
    """What stands under each panel's rows, or in their place."""
    papers = [*as_rows(source.permits), *as_rows(source.insurances)]
    panels = {
        "covenants": (source.covenants, "esg.covenants_empty", ("covenant",)),
        "incidents": (source.incidents, "esg.incidents_empty", ("incident",)),
        "actions": (source.actions, "esg.actions_empty", ("action",)),
        "permits": (papers, "esg.permits_empty", ("permit", "insurance")),
    }
    # that none fired is said only where something could be assessed
    none = t("esg.signals_empty")
    fired = panel_words(none, is_empty=True, rests_on=_FIRED_BY, notes=source.notes, withheld=(), t=t)
    return {"signals": fired} | {
        name: panel_words(
            t(none),
            is_empty=not as_rows(rows),
            rests_on={table for one in made_of for table in source.panels.get(one, ())},
            notes=source.notes,
            withheld=source.withheld,
            t=t,
        )
        for name, (rows, none, made_of) in panels.items()
    }


def _signals(source: ProjectInput, t: Catalogue, f: Figures, *, is_esg: bool) -> tuple[SignalRow, ...]:
    """Signals that a branch may read, of the group E or of all others, red ones first."""
    rows = [
        row
        for row in as_rows(source.signals)
        if row.get("audience") != "risk_only"
        and row.get("severity")
        and (str(row.get("group_code") or row.get("indicator"))[:1] == "E") is is_esg
    ]
    rows.sort(key=lambda row: (row["severity"] != "red", str(row.get("indicator"))))
    reason = "reason_zh" if source.language == "zh_CN" else "reason_en"
    return tuple(
        SignalRow(
            indicator=source.notes.indicator(text_of(row, "indicator") or "", source.language),
            mark=Mark(t.label("severity", row["severity"]), str(row["severity"])),
            reason=full_width(text_of(row, reason) or "", t),
            unproven=t("unproven.mark") if flag_of(row, "is_unproven") else "",
            change=t.label("change", text_of(row, "change")),
            since=f.day(day_of(row, "opened_on")),
        )
        for row in rows
    )


def _charts(source: ProjectInput, t: Catalogue, f: Figures) -> dict[str, Chart]:
    """Drawings of the panels, by their names."""
    with_ = Drawn(source.business_date, t, f)
    drawn = {
        "actions": burn_down(source.actions, with_),
        "incidents": incident_chart(source.incidents, dict(source.bands.incident_tones), with_),
    }
    return {name: chart for name, chart in drawn.items() if chart is not None}


def _notes(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    """The night's facts without the gaps, which the verdict names, and the fields that a review cannot do without."""
    told = (t("note.not_supplied"), t("note.unassessed"))
    facts = notes_of(source.revision, source.notes, t, f)
    facts = (*(fact for fact in facts if fact.label not in told), *amounts_of(t))
    empty = [name for name in FIELDS if source.review.get(name) is None]
    if empty:
        fields = t("list.join").join(t(f"esg.{name}") for name in empty)
        return (*facts, Fact(t("esg.data"), t("esg.missing_field", fields=fields), "caution"))
    return facts
