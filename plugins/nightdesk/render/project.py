"""A project's ESG review, first version: category, covenants, incidents, actions, expiries, what is missing."""

from nightdesk.render.branch_model import Fact, Person
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.inputs import ProjectInput
from nightdesk.render.masking import client_name
from nightdesk.render.night_facts import flags_of, notes_of
from nightdesk.render.project_model import Mark, ProjectView, SignalRow
from nightdesk.render.project_rows import actions_of, covenants_of, expiries_of, incidents_of
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, text_of
from nightdesk.render.task_line import named_kinds

#: contract tables whose absence the review names, in the order of its sections
NEEDED = (
    "covenant_test",
    "esg_incident",
    "esap_action",
    "permit",
    "insurance",
    "project_progress",
    "esg_item",
    "emission",
)
#: fields of the project that a review cannot do without
FIELDS = ("ep_category", "cn_class", "stage", "approved_on")
#: what the verdict names of all that is wrong, red before amber
ISSUES = 5


def render_project(source: ProjectInput) -> str:
    """The review as one HTML page. The same input gives the same bytes."""
    t = catalogue(source.language)
    return fill("esg.html.j2", view=project_view(source), t=t, styles=styles("base", "esg"))


def project_view(source: ProjectInput) -> ProjectView:
    """The view model of one project's review."""
    t = catalogue(source.language)
    f = Figures(source.language, source.notes.base_ccy)
    day, review = source.business_date, source.review
    signals = _signals(source, t, f)
    covenants = covenants_of(source.covenants, t, f)
    incidents = incidents_of(source.incidents, t, f)
    actions = actions_of(source.actions, day, t, f)
    permits = expiries_of(source.permits, source.insurances, day, t, f)
    marks = [row.mark for rows in (signals, covenants, incidents, actions, permits) for row in rows]
    missing = [name for name in NEEDED if name in source.notes.not_supplied]
    told = [(row.mark, row.reason) for row in signals]
    told += [(row.mark, f"{t('esg.incidents')}{t('list.colon')}{row.kind} {row.occurred}") for row in incidents]
    told += [(row.mark, f"{t('esg.covenants')}{t('list.colon')}{row.name} {row.mark.label}") for row in covenants]
    told += [(row.mark, f"{t('esg.actions')}{t('list.colon')}{row.description} {row.note}") for row in actions]
    told += [(row.mark, f"{row.kind} {row.note}") for row in permits]
    issues = [text for tone in ("red", "amber") for mark, text in told if mark.tone == tone]
    client_id = text_of(review, "client_id") or ""
    return ProjectView(
        html_lang="zh-CN" if source.language == "zh_CN" else "en",
        name=text_of(review, "name") or text_of(review, "project_id") or "",
        project_id=text_of(review, "project_id") or "",
        business_date=f.day(day),
        morning=f.long_day(source.notes.morning),
        revision=t("revision", n=source.revision),
        flags=flags_of(source.notes, t, restated=source.restated),
        verdict=_verdict([mark.tone for mark in marks], missing, t),
        issues=tuple(issues[:ISSUES]),
        unassessed=t("esg.verdict_partial", items=_tables(missing, t)) if missing else "",
        profile=_profile(source, t, f),
        client=Person(client_name({"client_id": client_id, **source.client}, full=False), client_id),
        signals=signals,
        covenants=covenants,
        incidents=incidents,
        actions=actions,
        overdue_actions=sum(row.mark.tone in ("red", "amber") for row in actions),
        permits=permits,
        base_ccy=source.notes.base_ccy,
        notes=_notes(source, missing, t, f),
    )


def _verdict(tones: list[str], missing: list[str], t: Catalogue) -> Mark:
    """The worst of the rows; with nothing to judge by, unknown rather than clear."""
    if "red" in tones:
        return Mark(t("esg.verdict_red"), "red")
    if "amber" in tones:
        return Mark(t("esg.verdict_amber"), "amber")
    if not tones and len(missing) >= len(NEEDED) - 3:
        return Mark(t("esg.verdict_unknown"), "not_assessed")
    return Mark(t("esg.verdict_clear"), "green")


def _signals(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[SignalRow, ...]:
    """Signals that a branch may read, red ones first."""
    rows = [row for row in as_rows(source.signals) if row.get("audience") != "risk_only" and row.get("severity")]
    rows.sort(key=lambda row: (row["severity"] != "red", str(row.get("indicator"))))
    reason = "reason_zh" if source.language == "zh_CN" else "reason_en"
    return tuple(
        SignalRow(
            indicator=source.notes.indicator(text_of(row, "indicator") or "", source.language),
            mark=Mark(t.label("severity", row["severity"]), str(row["severity"])),
            reason=named_kinds(text_of(row, reason) or "", t),
            change=t.label("change", text_of(row, "change")),
            since=f.day(day_of(row, "first_seen")),
        )
        for row in rows
    )


def _profile(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    review = source.review
    exposure = decimal_of(review, "exposure_amt") or decimal_of(review, "exposure")
    branch_name = text_of(source.branch, "name_en") if source.language == "en" else None
    branch = branch_name or text_of(source.branch, "name") or text_of(review, "branch_id")
    cod = f"{f.day(day_of(review, 'cod_contract'))} / {f.day(day_of(review, 'cod_forecast'))}"
    values = (
        ("esg.ep_category", _category(review, "ep_category", "category", t)),
        ("esg.cn_class", _category(review, "cn_class", "class", t)),
        ("esg.stage", t.label("stage", text_of(review, "stage"))),
        ("esg.exposure", f.money(exposure)),
        ("esg.branch", branch or t("none")),
        ("esg.progress", _progress(review, f)),
        ("esg.approved_on", f.day(day_of(review, "approved_on"))),
        ("esg.cod", cod),
    )
    return tuple(Fact(t(key), value) for key, value in values)


def _progress(review: Row, f: Figures) -> str:
    physical, day = decimal_of(review, "physical_pct"), day_of(review, "progress_date")
    return f.percent(physical) if day is None else f"{f.percent(physical)} ({f.day(day)})"


def _category(review: Row, column: str, family: str, t: Catalogue) -> str:
    code = text_of(review, column)
    return t("esg.unknown") if code is None else t.label("esg", f"{family}_{code}")


def _notes(source: ProjectInput, missing: list[str], t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    facts = notes_of(source.business_date, source.revision, source.notes, t, f)
    facts = tuple(fact for fact in facts if fact.label != t("note.not_supplied"))
    text = t("esg.missing", tables=_tables(missing, t)) if missing else t("esg.missing_none")
    empty = [name for name in FIELDS if source.review.get(name) is None]
    if empty:
        fields = t("list.join").join(t(f"esg.{name}") for name in empty)
        text = f"{text} · {t('esg.missing_field', fields=fields)}"
    return (*facts, Fact(t("esg.data"), text, "caution" if missing or empty else ""))


def _tables(names: list[str], t: Catalogue) -> str:
    return t("list.join").join(t.label("table", name) for name in names)
