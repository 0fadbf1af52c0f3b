"""Sections of a project's review that are one table or one list of facts: emissions, reviews, grievances."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.panel import panel_words
from nightdesk.render.project_draws import draw_sheet
from nightdesk.render.project_equator import equator_sheet
from nightdesk.render.project_facts import FactWords
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.project_score import contractor_sheet, kpi_sheet, score_sheet, trend_sheet
from nightdesk.render.project_signing import condition_issues, signed_facts_sheet, signing_sheet
from nightdesk.render.project_standards import standard_sheet
from nightdesk.render.project_waiting import waiting_sheets
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, int_of, text_of

_DUE = {"overdue": "amber", "open": "grey", "done": "green", "not_assessed": "not_assessed"}


@dataclass(frozen=True)
class Sheets:
    """The sections made here, by name, and what of them counts for the verdict: (mark, what it says)."""

    by_name: dict[str, Sheet]
    told: tuple[tuple[Mark, str], ...]


def sheets_of(source: ProjectInput, t: Catalogue, f: Figures) -> Sheets:
    """Every such section of one project."""
    kpis, over = kpi_sheet(source, t, f)
    grievances, contradicted = _grievances(source, t, f)
    names = {code: by_language.get(source.language, code) for code, by_language in source.item_names.items()}
    words = FactWords(t, f, source.notes, names)
    signing = signing_sheet(source, words, t, f)
    sheets = {
        "score": score_sheet(source, t, f),
        "kpis": kpis,
        "trend": trend_sheet(source, t, f),
        "contractors": contractor_sheet(source, t, f),
        "draws": draw_sheet(source, t, f),
        "signing": replace(signing, parts=(*waiting_sheets(source, words, t, f), *signing.parts)),
        "equator": equator_sheet(source, t, f),
        "due": _due(source, t, f),
        "standards": standard_sheet(source, t),
        "grievances": grievances,
        "emissions": _emissions(source, t, f),
        "taxonomy": _taxonomy(source, t, f),
        "credit": _credit(source, t, f),
    }
    kept = signed_facts_sheet(source, words, t, f)
    if kept is not None:
        sheets["signed_facts"] = kept
    return Sheets(sheets, (*over, *condition_issues(source, t), *contradicted))


def _table(t: Catalogue, names: Sequence[str], numbers: Iterable[str] = ()) -> tuple[tuple[str, bool], ...]:
    return tuple((t(f"esg_column.{name}"), name in numbers) for name in names)


def _said(none: str, rows: Table, rests_on: set[str], source: ProjectInput, t: Catalogue) -> str:
    return panel_words(
        t(none),
        is_empty=not as_rows(rows),
        rests_on=rests_on,
        notes=source.notes,
        withheld=source.withheld,
        t=t,
    )


def _emissions(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """Scopes each on a line of its own: they are never added up."""
    found = sorted(as_rows(source.emissions), key=lambda row: (-(int_of(row, "year") or 0), int_of(row, "scope") or 0))
    rows = []
    for row in found:
        reason, basis = text_of(row, "reason"), text_of(row, "basis")
        told = t.label("emission_reason", reason) if reason else ""
        if reason == "not_due":
            told = t("esg.not_due_until", day=f.day(day_of(row, "report_due_on")))
        based = "" if basis is None else t.label("emission_basis", basis)
        day, share = day_of(row, "basis_on"), decimal_of(row, "attribution_pct")
        rows.append(
            (
                Cell(str(int_of(row, "year"))),
                Cell(t("esg.scope_n", n=int_of(row, "scope")), is_heading=True),
                Cell(f.trimmed(decimal_of(row, "emission_t"), 2), is_number=True),
                Cell(f.dash if share is None else f"{f.trimmed(share)}%", is_number=True),
                Cell(f.number(decimal_of(row, "financed_t"), 0), is_number=True),
                Cell(_quality(row, t)),
                Cell(told or " ".join(part for part in (based, f.day(day) if day and based else "") if part)),
            )
        )
    return Sheet(
        title=t("esg.emissions"),
        hint=t("esg.emissions_hint"),
        facts=_coverage(found, t, f),
        columns=_table(
            t,
            ("year", "scope", "emission_t", "attribution", "financed_t", "quality", "basis"),
            ("emission_t", "attribution", "financed_t"),
        ),
        rows=tuple(rows),
        said=_said("esg.emissions_empty", source.emissions, {"emission"}, source, t),
    )


def _quality(row: Row, t: Catalogue) -> str:
    score, option = int_of(row, "quality"), text_of(row, "option")
    if row.get("financed_t") is None:
        return t("none")
    said = t("esg.not_scored") if score is None else t("esg.quality_n", n=score)
    return said if option is None else t("esg.quality_by", quality=said, option=option)


def _coverage(found: Sequence[Row], t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    """Of the newest year that is reported or due: what is owed, and of which scopes the emissions are covered."""
    known = [row for row in found if row.get("reason") != "not_due"]
    if not known:
        return ()
    year = int_of(known[0], "year")
    newest = [row for row in known if int_of(row, "year") == year]
    covered = [str(int_of(row, "scope")) for row in newest if row.get("financed_t") is not None]
    lacking = [str(int_of(row, "scope")) for row in newest if row.get("financed_t") is None]
    owed = decimal_of(newest[0], "outstanding_amt")
    words = [t("esg.scopes_covered", scopes=t("list.join").join(covered))] if covered else []
    words += [t("esg.scopes_uncovered", scopes=t("list.join").join(lacking))] if lacking else []
    facts = [
        Fact(t("esg.owed_at_end", year=year), f.money(owed)),
        Fact(t("esg.coverage"), t("list.join").join(words)),
    ]
    direct = [decimal_of(row, "financed_t") for row in newest if int_of(row, "scope") in (1, 2)]
    both = [value for value in direct if value is not None]
    if owed and len(both) == 2:
        # with what it is reckoned from in full: of rounded figures a reader reckons another one
        of = {"tonnes": f.trimmed(sum(both, Decimal(0))), "ccy": f.base_ccy, "owed": f.number(owed)}
        facts.append(Fact(t("esg.intensity"), t("esg.t_per_million", n=f.number(sum(both) * 1_000_000 / owed), **of)))
    return tuple(facts)


def _due(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    rows = []
    order = ("overdue", "open", "not_assessed", "done")
    for row in sorted(
        as_rows(source.due),
        key=lambda row: (order.index(str(row["state"])), str(row.get("due_on")), str(row.get("kind"))),
    ):
        state, reason = str(row["state"]), text_of(row, "reason")
        asked = due_basis(row, t, f, source.staff)
        late = int_of(row, "late_days") or 0
        note = t("esg.overdue_days", n=late) if late else t.label("due_reason", reason) if reason else ""
        rows.append(
            (
                Cell("", Mark(t(f"due_state.{state}"), _DUE[state])),
                Cell(t.label("esg_due_kind", text_of(row, "kind")), is_heading=True),
                Cell(asked),
                Cell(f.day(day_of(row, "due_on"))),
                Cell(f.day(day_of(row, "done_on"))),
                Cell(note),
            )
        )
    return Sheet(
        title=t("esg.due"),
        columns=_table(t, ("state", "review", "asked_by", "due", "last_done", "note")),
        rows=tuple(rows),
        said="" if rows else t("esg.due_empty"),
    )


def due_basis(row: Row, t: Catalogue, f: Figures, staff: Mapping[str, str] | None = None) -> str:
    """What sets the day of a row of tasks.esg_due: policy's rhythm, the register, a red signal, or whoever prepared a
    review or sent it back."""
    rule, every = text_of(row, "rule") or "", int_of(row, "every_months")
    if rule == "rhythm":
        return t("esg.every_months", n=every) if every else t("none")
    if rule == "register":
        return t("esg.registered")
    if rule in ("prepared", "returned"):
        of = {"period": f.day(day_of(row, "period_end")), "day": f.day(day_of(row, "event_on"))}
        who = text_of(row, "asked_by") or ""
        return t(f"due_basis.{rule}", who=(staff or {}).get(who, who), **of)
    return t("esg.since_red", rule=rule)


def _taxonomy(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    rows = tuple(
        (
            Cell(text_of(row, "taxonomy_version") or t("none"), is_heading=True),
            Cell(text_of(row, "taxonomy_code") or t("esg.no_code")),
            Cell(f.count(int_of(row, "loan_count")), is_number=True),
            Cell(f.money(decimal_of(row, "outstanding_amt")), is_number=True),
        )
        for row in as_rows(source.taxonomy)
    )
    return Sheet(
        title=t("esg.taxonomy"),
        hint=t("esg.taxonomy_hint"),
        columns=_table(t, ("version", "code", "loans", "owed"), ("loans", "owed")),
        rows=rows,
        said="" if rows else t("esg.taxonomy_empty"),
    )


def _grievances(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Sheet, list[tuple[Mark, str]]]:
    row = source.grievance
    sheet = Sheet(title=t("esg.grievances"), said=t("esg.grievances_unknown"))
    if not row or row.get("open_count") is None:
        return sheet, []
    facts = [Fact(t("esg.grievances_open"), f.count(int_of(row, "open_count")))]
    oldest, unknown = int_of(row, "oldest_open_days"), int_of(row, "unknown_count")
    if oldest is not None:
        facts.append(Fact(t("esg.grievances_oldest"), t("esg.days_n", n=oldest)))
    facts.append(Fact(t("esg.grievances_closed"), f.count(int_of(row, "closed_count"))))
    if unknown:
        facts.append(Fact(t("esg.grievances_unknown_n"), f.count(unknown), "caution"))
    reported = decimal_of(row, "reported_open")
    if reported is None:
        facts.append(Fact(t("esg.grievances_reported"), t("esg.nothing_reported")))
    else:
        told = t("esg.reported_on", n=f.trimmed(reported), day=f.day(day_of(row, "reported_on")))
        facts.append(Fact(t("esg.grievances_reported"), told))
    contradicted = []
    if row.get("is_contradicted") is True:
        words = t("esg.contradicted", reported=f.trimmed(reported), open=f.count(int_of(row, "open_then")))
        facts.append(Fact(t("esg.grievances_gap"), words, "caution"))
        contradicted = [(Mark(t("severity.amber"), "amber"), words)]
    elif reported is not None and (open_then := int_of(row, "open_then")) is not None and reported > open_then:
        # which of the two is right is not known: its fact is not assessed, so nothing here is green
        words = t("esg.reports_more", reported=f.trimmed(reported), open=f.count(open_then))
        facts.append(Fact(t("esg.grievances_gap"), words, "caution"))
    return Sheet(title=t("esg.grievances"), facts=tuple(facts)), contradicted


def _credit(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """What credit and construction say: read beside the review, and no part of its verdict."""
    review = source.review
    late, physical = int_of(review, "max_days_past_due"), decimal_of(review, "physical_pct")
    facts = (
        Fact(t("esg.outstanding"), f.money(decimal_of(review, "outstanding_amt"))),
        Fact(t("esg.arrears"), t("esg.arrears_lack") if late is None else _late(late, t)),
        Fact(t("esg.progress"), f.percent(physical if isinstance(physical, Decimal) else None)),
    )
    return Sheet(title=t("esg.credit"), hint=t("esg.credit_hint"), facts=facts)


def _late(days: int, t: Catalogue) -> str:
    return t("esg.days_n", n=days) if days else t("esg.no_arrears")
