"""The bank's own page about a client's proposals: verdicts, limits, margins, covenants. It never goes to the client."""

from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.client_page import ClientPage, Points
from nightdesk.render.figures import Figures
from nightdesk.render.masking import client_name
from nightdesk.render.night_facts import flags_of, notes_of
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.proposal_after import after_the_draw, formula, lost_needs, outcomes
from nightdesk.render.proposal_parts import reasons, said, side_by_side, verdict_mark
from nightdesk.render.proposal_source import Needed, ProposalInput, Proposed
from nightdesk.render.rows import Row, day_of, decimal_of, int_of, text_of

_TONES = {True: "green", False: "red", None: "not_assessed"}
#: rules whose figure is a code of a family of words
_FAMILIES = {"class": "floor_class", "watch": "watch_stage", "colour": "colour"}


def internal_page(source: ProposalInput) -> ClientPage:
    """The view of the page."""
    t, f = catalogue(source.language), Figures(source.language, source.notes.base_ccy)
    bundles = [one for need in source.needs for one in need.bundles]
    count = sum(one.row["verdict"] == "offer" for one in bundles)
    has_relief = any(one.row["verdict"] == "forbearance" for one in bundles)
    sheets: list[Sheet | Points] = []
    for need in source.needs:
        sheets.append(_need(need, source, t, f))
        sheets += [_bundle(one, source, t, f) for one in need.bundles]
    sheets += [sheet for sheet in (formula(source, t, f), outcomes(source, t, f), lost_needs(source, t, f)) if sheet]
    client_id = str(source.client["client_id"])
    tone = "amber" if has_relief else "green" if count else "grey"
    return ClientPage(
        language=source.language,
        title=t("proposal.internal_title"),
        name=client_name(source.client, full=False),
        id=client_id,
        business_date=f.day(source.business_date),
        when=f.long_day(source.notes.morning),
        subtitle=t("proposal.internal_subtitle"),
        flags=flags_of(source.notes, t, restated=source.revision > 1),
        verdict=Mark(t("proposal.count", n=count, of=len(bundles)), tone),
        verdict_label=t("proposal.verdict"),
        issues=(t("proposal.forbearance"),) if has_relief else (),
        profile=_standing(source, t, f),
        sheets=tuple(sheets),
        notes=notes_of(source.revision, source.notes, t, f),
        footer=(t("proposal.internal_footer"),),
    )


def _standing(source: ProposalInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    row, dash = source.standing, t("none")
    level = int_of(row, "stage_level")
    late = int_of(row, "days_past_due")
    return (
        Fact(t("proposal.colour"), t.label("colour", text_of(row, "colour") or "not_assessed")),
        Fact(
            t("proposal.watch"),
            dash if level is None else t.label("watch_stage", f"W{level}") if level else t("proposal.not_watched"),
        ),
        Fact(t("proposal.class"), t.label("floor_class", row["asset_class"]) if row.get("asset_class") else dash),
        Fact(t("proposal.past_due"), dash if late is None else t("note.days", n=late)),
        Fact(t("proposal.exposure"), f.money(decimal_of(row, "exposure_amt"))),
        Fact(t("proposal.group_exposure"), f.money(decimal_of(row, "group_exposure_amt"))),
    )


def _need(need: Needed, source: ProposalInput, t: Catalogue, f: Figures) -> Sheet:
    names = ("verdict", "bundle", "product", "amount", "tenor", "shape", "min_dscr", "why_not")

    def cells(one: Proposed) -> tuple[Cell, ...]:
        row, words = one.row, source.words
        against = reasons(one, "why_not", t)
        months = int_of(row, "tenor_months")
        return (
            Cell("", verdict_mark(row, words, t)),
            Cell(said(words.bundle[str(row["bundle"])], "name", t), is_heading=True),
            Cell(said(words.product[str(row["product"])], "name", t)),
            Cell(f.money(decimal_of(row, "amount")), is_number=True),
            Cell(t("none") if months is None else t("proposal.months", n=months), is_number=True),
            Cell(said(words.shape[str(row["shape"])], "name", t) if row["shape"] else t("none")),
            Cell(f.number(decimal_of(row, "min_dscr")), is_number=True),
            Cell(t("proposal.semicolon").join(against) if against else t("none")),
        )

    return Sheet(
        title=t("proposal.need", need=t.label("need", need.row["kind"]), id=need.row["need_id"]),
        hint=t(
            "proposal.asked",
            amount=f.money(decimal_of(need.row, "asked_amt")),
            day=f.day(day_of(need.row, "by_when")),
        ),
        columns=tuple((t(f"proposal_column.{name}"), name in ("amount", "tenor", "min_dscr")) for name in names),
        rows=tuple(cells(one) for one in need.bundles),
    )


def _bundle(one: Proposed, source: ProposalInput, t: Catalogue, f: Figures) -> Sheet:
    row = one.row
    parts = [side_by_side(one, source.words, t, f, is_internal=True), after_the_draw(one, source, t, f)]
    return Sheet(
        title=t("proposal.limits", name=said(source.words.bundle[str(row["bundle"])], "name", t)),
        hint=str(row["proposal_id"]),
        facts=_bank_side(row, source, t, f),
        columns=tuple(
            (t(f"proposal_column.{name}"), name in ("value", "limit")) for name in ("met", "rule", "value", "limit")
        ),
        rows=tuple(
            _limit(limit, source, t, f) for limit in sorted(one.limits, key=lambda limit: _place(limit, source))
        ),
        parts=tuple(part for part in parts if part),
    )


def _place(limit: Row, source: ProposalInput) -> tuple[int, int]:
    """What is not met comes first, then what is not known."""
    met = limit["is_met"]
    return (0 if met is False else 1 if met is None else 2), int_of(source.words.rule[str(limit["rule"])], "place") or 0


def _limit(limit: Row, source: ProposalInput, t: Catalogue, f: Figures) -> tuple[Cell, ...]:
    rule, met = source.words.rule[str(limit["rule"])], limit["is_met"]
    verdict = {True: "pass", False: "fail", None: "not_assessed"}[met if isinstance(met, bool) else None]
    return (
        Cell("", Mark(t.label("gate_verdict", verdict), _TONES[met if isinstance(met, bool) else None])),
        Cell(said(rule, "name", t), is_heading=True),
        Cell(_figure(limit, "value", rule, t, f), is_number=True),
        Cell(_figure(limit, "limit", rule, t, f), is_number=True),
    )


def _figure(limit: Row, side: str, rule: Row, t: Catalogue, f: Figures) -> str:
    value = decimal_of(limit, "value" if side == "value" else "limit_value")
    code, unit, bound = text_of(limit, f"{side}_code"), text_of(rule, "unit"), str(rule["bound"])
    if side == "limit" and bound in ("above", "known"):
        return t(f"proposal_bound.{bound}")
    if value is None or (unit == "code" and code is None):
        return t("none")
    if unit == "code":
        said = t("proposal.not_watched") if code == "W0" else t.label(_FAMILIES[str(limit["rule"])], code)
        bound = "worst"
    else:
        said = _written(value, unit or "int", t, f)
    return said if side == "value" or code == "W0" else t(f"proposal_bound.{bound}", value=said)


def _written(value: Decimal, unit: str, t: Catalogue, f: Figures) -> str:
    if unit in ("days", "months"):
        return t("note.days" if unit == "days" else "proposal.months", n=int(value))
    if unit == "amt":
        return f.money(value)
    if unit == "pct":
        return f.percent(value, 2)
    return f.number(value) if unit == "ratio" else f.whole(value)


def _bank_side(row: Row, source: ProposalInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    product = source.words.product[str(row["product"])]
    low, high = decimal_of(row, "rate_low_pct"), decimal_of(row, "rate_high_pct")
    found: list[tuple[str, Decimal | None, str]] = [
        ("rate_of_table", decimal_of(row, "rate_pct"), "pct"),
        ("funding", decimal_of(product, "funding_pct"), "pct"),
        ("risk_cost", decimal_of(product, "risk_cost_pct"), "pct"),
        ("margin", decimal_of(row, "margin_pct"), "pct"),
        ("capacity", decimal_of(row, "capacity_amt"), "amt"),
        ("capacity_down", decimal_of(row, "capacity_down_amt"), "amt"),
        ("life_cover", decimal_of(row, "life_cover"), "ratio"),
        ("life_cover_down", decimal_of(row, "life_cover_down"), "ratio"),
        ("security_gap", decimal_of(row, "security_gap_amt"), "amt"),
    ]
    corridor = (
        ()
        if low is None or high is None
        else (Fact(t("proposal.rate"), t("proposal.rate_range", low=f.percent(low, 2), high=f.percent(high, 2))),)
    )
    known = tuple(
        Fact(t(f"proposal.{name}"), _written(value, unit, t, f)) for name, value, unit in found if value is not None
    )
    return corridor + known
