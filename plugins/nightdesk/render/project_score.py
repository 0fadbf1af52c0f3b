"""Score, figures, trend and contractors of a project's review: what has evidence, how old that is, what lacks."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project_charts import Drawn, limit_chart, score_chart
from nightdesk.render.project_model import Cell, Chart, Mark, Sheet
from nightdesk.render.project_signing import last_signed
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, int_of, text_of

#: charts of figures against their limits: the nearest to it
_LIMIT_CHARTS = 2
_KPI = {
    "over_limit": "red", "near_limit": "amber", "behind_target": "amber", "unit_differs": "not_assessed",
    "implausible": "not_assessed",
    "no_evidence": "not_assessed", "missing": "not_assessed", "no_line": "grey", "within_limit": "green",
    "on_target": "green",
}  # fmt: skip
_PARTS = (
    "permits_compliance", "emissions_energy", "pollution", "biodiversity_climate", "safety", "labour", "community",
    "resettlement", "disclosure", "related_party", "anti_corruption", "board", "action_plan",
)  # fmt: skip


def newest_score(source: ProjectInput) -> Row:
    """Tonight's score; empty where there is none."""
    return next((row for row in as_rows(source.scores) if day_of(row, "as_of") == source.business_date), {})


def score_sheet(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """Both scores with their coverage, and each item: its weight, grade, evidence and how old that is."""
    row = newest_score(source)
    rows = sorted(as_rows(source.items), key=lambda item: (_place(str(item.get("part"))), str(item.get("item"))))
    facts = []
    if row:
        aged, count = int_of(row, "aged_count") or 0, int_of(row, "item_count") or 0
        evidenced = int_of(row, "evidenced_count") or 0
        facts = [
            Fact(t("esg.score_evidenced"), f.trimmed(decimal_of(row, "score_evidenced"), 1)),
            Fact(t("esg.score_strict"), f.trimmed(decimal_of(row, "score_strict"), 1)),
            Fact(t("esg.score_coverage"), f.percent(decimal_of(row, "coverage_pct"))),
            Fact(t("esg.score_items"), t("esg.items_of", evidenced=evidenced, count=count, aged=aged)),
        ]
    return Sheet(
        title=t("esg.score"),
        hint=t("esg.score_hint"),
        facts=tuple(facts),
        columns=_columns(t, ("evidence", "item", "part", "weight", "grade", "as_of_period", "evidence_id"),
                         ("weight", "grade")),
        rows=tuple(_item(one, source, t, f) for one in rows),
        said="" if rows else t("esg.score_empty"),
    )  # fmt: skip


def _place(part: str) -> int:
    return _PARTS.index(part) if part in _PARTS else len(_PARTS)


def _item(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Cell, ...]:
    state = str(row["state"])
    tone = {"evidenced": "green", "aged": "amber"}.get(state, "not_assessed")
    evidence, day = text_of(row, "evidence_id"), day_of(row, "evidence_on")
    told = " ".join(part for part in (evidence or "", f.day(day) if day else "") if part)
    return (
        Cell("", Mark(t(f"item_state.{state}"), tone)),
        Cell(_name(row, source), is_heading=True),
        Cell(t.label("esg_part", text_of(row, "part"))),
        Cell(f.trimmed(decimal_of(row, "weight"), 2), is_number=True),
        Cell(f.trimmed(decimal_of(row, "grade"), 0), is_number=True),
        Cell(f.day(day_of(row, "period_end")), is_whole=True),
        Cell(told or (t("none") if state == "missing" else t("esg.from_plan"))),
    )


def kpi_sheet(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Sheet, list[tuple[Mark, str]]]:
    """Each measured figure beside its baseline, target and limit, and what of it counts for the verdict: one over
    or near its limit, where no indicator says so already, and one that misses its target, which none does."""
    rows, told = [], []
    order = list(_KPI)
    is_told = any(str(row.get("indicator")) == "E05" and row.get("severity") for row in as_rows(source.signals))
    kpis = sorted(as_rows(source.kpis), key=lambda row: (order.index(str(row["state"])), str(row["item"])))
    for row in kpis:
        state = str(row["state"])
        mark = Mark(t(f"kpi_state.{state}"), _KPI[state])
        unit = t.label("esg_unit", text_of(row, "unit"))
        if state in ("over_limit", "near_limit") and not is_told:
            told.append((mark, _against_limit(row, source, t, f)))
        elif state == "behind_target":
            told.append((mark, _behind(row, source, t, f)))
        baseline, began = decimal_of(row, "baseline"), day_of(row, "baseline_on")
        first = f"{f.trimmed(baseline)} ({began:%Y-%m})" if baseline is not None and began else t("none")
        rows.append(
            (
                Cell("", mark),
                Cell(_named(row, source, unit), is_heading=True),
                Cell(first, is_number=True),
                Cell(f.trimmed(decimal_of(row, "target")), is_number=True),
                Cell(f.trimmed(decimal_of(row, "value")), is_number=True),
                Cell(f.trimmed(decimal_of(row, "permit_limit")), is_number=True),
                Cell(f.percent(decimal_of(row, "limit_pct"), 0), is_number=True),
                Cell(f.day(day_of(row, "period_end")), is_whole=True),
                Cell(_evidence(row, t, f), is_whole=True),
            )
        )
    lacking = [
        _name(row, source) for row in kpis if row["state"] in ("missing", "no_evidence", "unit_differs", "implausible")
    ]
    sheet = Sheet(
        title=t("esg.kpis"),
        hint=t("esg.kpis_hint"),
        columns=_columns(
            t,
            ("state", "item", "baseline", "target", "actual", "permit_limit", "limit_share", "period", "evidence_id"),
            ("baseline", "target", "actual", "permit_limit", "limit_share"),
        ),
        rows=tuple(rows),
        said=t("esg.kpis_lacking", items=t("list.join").join(lacking))
        if lacking
        else ""
        if rows
        else t("esg.kpis_empty"),
        charts=_limit_charts(source, kpis, t, f),
    )
    return sheet, told


def implausible_figures(source: ProjectInput, t: Catalogue) -> list[str]:
    """What is outside what the project's sector could have, and was not used, with its period."""
    items = [
        f"{_name(row, source)} {row['period_end']}" for row in as_rows(source.kpis) if row["state"] == "implausible"
    ]
    years = {int_of(row, "year") for row in as_rows(source.emissions) if row.get("reason") == "implausible"}
    return items + [t("esg.emissions_of_year", year=year) for year in sorted(years, key=str)]


def _against_limit(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> str:
    """A figure over or near its limit; in decibels, or beside a limit of nothing, there is no share to give."""
    share = decimal_of(row, "limit_pct")
    told = t(f"kpi_state.{row['state']}") if share is None else t("esg.over_limit", share=f.percent(share, 0))
    return f"{_name(row, source)}{t('list.colon')}{told}"


def _behind(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> str:
    """A figure that misses its target, with both."""
    value, target = f.trimmed(decimal_of(row, "value")), f.trimmed(decimal_of(row, "target"))
    return f"{_name(row, source)}{t('list.colon')}{t('esg.behind_target', value=value, target=target)}"


def _evidence(row: Row, t: Catalogue, f: Figures) -> str:
    evidence, day = text_of(row, "evidence_id"), day_of(row, "evidence_on")
    return f"{evidence} {f.day(day)}" if evidence else t("none")


def _named(row: Row, source: ProjectInput, unit: str) -> str:
    """An item with its unit; of a count the name says what is counted."""
    return _name(row, source) if row["unit"] == "count" else f"{_name(row, source)} ({unit})"


def _limit_charts(source: ProjectInput, kpis: Sequence[Row], t: Catalogue, f: Figures) -> tuple[Chart, ...]:
    with_ = Drawn(source.business_date, t, f)
    history = as_rows(source.kpi_history)
    nearest = sorted(kpis, key=lambda row: (-(decimal_of(row, "limit_pct") or Decimal(-1)), str(row["item"])))
    charts = (
        limit_chart(
            _name(row, source),
            [one for one in history if one["item"] == row["item"]],
            t.label("esg_unit", text_of(row, "unit")),
            with_,
        )
        for row in nearest
        if decimal_of(row, "limit_pct") is not None
    )
    return tuple(chart for chart in charts if chart is not None)[:_LIMIT_CHARTS]


def trend_sheet(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """The score against a year ago and against the last signed review, drawn over the last months."""
    row = newest_score(source)
    before = next(
        (
            one
            for one in as_rows(source.scores)
            if (source.business_date - (day_of(one, "as_of") or date.min)).days == 365
        ),
        {},
    )
    signed = last_signed(source)
    facts = [
        Fact(t("esg.than_year_ago"), _difference(row, before, f) or t("esg.no_score_then")),
        Fact(
            t("esg.than_signed"),
            _difference(row, signed, f) or t("esg.no_score_then" if signed else "esg.nothing_signed"),
        ),
    ]
    with_ = Drawn(source.business_date, t, f)
    signings = [one for one in as_rows(source.reviews) if one["state"] in ("approved", "superseded")]
    # thirteen months of which nothing is evidenced are no trend
    is_known = any(one.get("score_evidenced") is not None for one in as_rows(source.scores))
    chart = score_chart(source.scores, signings, source.method_changes, with_) if is_known else None
    return Sheet(
        title=t("esg.trend"),
        hint=t("esg.trend_hint"),
        facts=tuple(facts) if row and is_known else (),
        said="" if chart else t("esg.score_empty"),
        charts=(chart,) if chart else (),
    )


def _difference(row: Row, before: Row, f: Figures) -> str:
    now, then = decimal_of(row, "score_evidenced"), decimal_of(before, "score_evidenced")
    if now is None or then is None:
        return ""
    change = now - then
    sign = "+" if change > 0 else ""
    return f"{sign}{f.number(change, 1)} ({f.trimmed(then, 1)} → {f.trimmed(now, 1)})"


def contractor_sheet(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """Main contractors and suppliers: how their labour was graded, and the clients of the bank that supply the
    project's company."""
    graded = next((row for row in as_rows(source.items) if row.get("item") == "contractor_labour"), None)
    grade = None if graded is None else decimal_of(graded, "grade")
    facts = [
        Fact(
            source.item_names.get("contractor_labour", {}).get(source.language, "contractor_labour"),
            t("esg.grade_lacks") if grade is None else t("esg.grade_of", n=f.trimmed(grade, 0)),
        )
    ]
    rows = tuple(
        (
            Cell(
                "",
                Mark(t("esg.open"), "amber") if int_of(row, "open_count") else Mark(t("esg.nothing_open"), "grey"),
            ),
            Cell(text_of(row, "name") or text_of(row, "party_id") or "", is_heading=True),
            Cell(text_of(row, "party_id") or ""),
            Cell(f.count(int_of(row, "open_count")), is_number=True),
        )
        for row in as_rows(source.parties)
        if row["role"] == "supplier"
    )
    return Sheet(
        title=t("esg.contractors"),
        hint=t("esg.contractors_hint"),
        facts=tuple(facts),
        columns=_columns(t, ("state", "supplier", "number", "incidents_open"), ("incidents_open",)),
        rows=rows,
        said="" if rows else t("esg.contractors_empty"),
    )


def _name(row: Row, source: ProjectInput) -> str:
    code = str(row["item"])
    return source.item_names.get(code, {}).get(source.language, code)


def _columns(t: Catalogue, names: Sequence[str], numbers: Sequence[str] = ()) -> tuple[tuple[str, bool], ...]:
    return tuple((t(f"esg_column.{name}"), name in numbers) for name in names)
