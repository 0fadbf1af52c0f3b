"""A client's plan of contingency and exit: its cell of the exit matrix, who does what by when, and what it rests on."""

from dataclasses import dataclass
from datetime import date

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.exit_sheets import exit_sheets
from nightdesk.render.exit_source import ExitInput
from nightdesk.render.figures import Figures
from nightdesk.render.masking import client_name
from nightdesk.render.night_facts import exposure_note, flags_of, notes_of
from nightdesk.render.project_model import Mark, Sheet
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, flag_of, int_of, text_of

#: what a plan's cell looks like: a client of the intensive stages is never green
_TONES = {"viable": "amber", "doubtful": "amber", "not_viable": "red", "not_assessed": "not_assessed"}


@dataclass(frozen=True)
class ExitView:
    """A plan, ready to print."""

    html_lang: str
    name: str
    client_id: str
    stage: str
    business_date: str
    morning: str
    revision: str
    branch: str
    flags: tuple[Fact, ...]
    verdict: Mark
    means: str
    numbers: tuple[str, ...]
    gaps: tuple[str, ...]
    profile: tuple[Fact, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[Fact, ...]


def render_exit_plan(source: ExitInput) -> str:
    """The plan as one HTML page. The same input gives the same bytes."""
    t = catalogue(source.language)
    return fill("exit_plan.html.j2", view=exit_view(source), t=t, styles=styles("base", "esg"))


def exit_view(source: ExitInput) -> ExitView:
    """The view model of one client's plan."""
    t = catalogue(source.language)
    f = Figures(source.language, source.notes.base_ccy)
    plan, ending = source.plan, "zh" if source.language == "zh_CN" else "en"
    client_id = text_of(plan, "client_id") or ""
    branch_name = text_of(source.branch, "name_en") if source.language == "en" else None
    return ExitView(
        html_lang="zh-CN" if source.language == "zh_CN" else "en",
        name=client_name({"client_id": client_id, **source.client}, full=False),
        client_id=client_id,
        stage=t.label("watch_stage", text_of(plan, "stage")),
        business_date=f.day(source.business_date),
        morning=f.long_day(source.notes.morning),
        revision=t("revision", n=source.revision),
        branch=branch_name or text_of(source.branch, "name") or text_of(plan, "branch_id") or "",
        flags=flags_of(source.notes, t, restated=source.revision > 1),
        verdict=_verdict(plan, full_width(text_of(plan, f"strategy_{ending}") or t("none"), t), t),
        means=full_width(text_of(plan, f"means_{ending}") or "", t),
        numbers=(_viability(source, t, f), _protection(source, t, f), *_overdue_share(plan, t, f)),
        gaps=_gaps(plan, t),
        profile=_profile(source, t, f),
        sheets=exit_sheets(source, t, f),
        notes=(*notes_of(source.revision, source.notes, t, f), exposure_note(t)),
    )


def _verdict(plan: Row, strategy: str, t: Catalogue) -> Mark:
    """The cell's strategy; one that nobody approved is called a draft and has no colour: it is what two numbers point
    at, and advises nothing yet. Where no cell is named nothing is drafted."""
    if text_of(plan, "strategy") == "gather":
        return Mark(strategy, "not_assessed")
    if text_of(plan, "state") == "approved":
        return Mark(strategy, _TONES[text_of(plan, "viability") or ""])
    return Mark(t("exit.draft_cell", cell=strategy), "not_assessed")


def _overdue_share(plan: Row, t: Catalogue, f: Figures) -> tuple[str, ...]:
    """How much of what is owed is overdue, which neither number of the cell says: 6,270 of 800,000 is no write-off."""
    overdue, exposure = decimal_of(plan, "overdue_amt"), decimal_of(plan, "exposure_amt")
    if overdue is None or not exposure:
        return ()
    share = f.percent(overdue / exposure * 100)
    return (t("exit.overdue_share", overdue=f.money(overdue), exposure=f.money(exposure), pct=share),)


def _viability(source: ExitInput, t: Catalogue, f: Figures) -> str:
    """The first number with its two sums, its lines and its table; or that it is not assessed, and why."""
    plan, months = source.plan, source.rules.horizon_months
    label = t.label("exit_viability", text_of(plan, "viability"))
    if gap := text_of(plan, "viability_gap"):
        return t("exit.number_gap", what=t("exit.viability"), label=label, why=t.label("exit_gap", gap))
    share = decimal_of(plan, "cash_share_pct")
    values = {
        "label": label,
        "n": months,
        "cash": f.money(decimal_of(plan, "cash_amt")),
        "service": f.money(decimal_of(plan, "service_amt")),
        "ratio": f.number(decimal_of(plan, "viability_ratio")),
        "viable": f.number(source.rules.viability["viable"]),
        "doubtful": f.number(source.rules.viability["doubtful"]),
        "day": f.day(day_of(plan, "cash_data_on")),
        "share": f.percent(share) if share is not None else "",
    }
    said = t(f"exit.viability_by_{text_of(plan, 'cash_source')}", **values)
    capped = t("exit.capped", n=int_of(plan, "max_days_past_due") or 0)
    return f"{said}{t('exit.join')}{capped}" if flag_of(plan, "is_viability_capped") else said


def _protection(source: ExitInput, t: Catalogue, f: Figures) -> str:
    plan = source.plan
    label = t.label("exit_protection", text_of(plan, "protection"))
    if gap := text_of(plan, "protection_gap"):
        return t("exit.number_gap", what=t("exit.protection"), label=label, why=t.label("exit_gap", gap))
    values = {
        "label": label,
        "realisable": f.money(decimal_of(plan, "realisable_amt")),
        "exposure": f.money(decimal_of(plan, "exposure_amt")),
        "pct": f.percent(decimal_of(plan, "protection_pct")),
        "full": f.percent(source.rules.protection["full"], 0),
        "part": f.percent(source.rules.protection["part"], 0),
    }
    return t("exit.protection_by", **values)


def _gaps(plan: Row, t: Catalogue) -> tuple[str, ...]:
    """What people have to know before they follow the plan: its state, where nobody approved what stands here."""
    state = text_of(plan, "state") or ""
    return (t(f"exit.told_{state}"),) if state != "approved" else ()


def _test(source: ExitInput, t: Catalogue, f: Figures) -> tuple[str, str]:
    """When a covenant is tested next; one whose day has passed waits for its result, and is late once that is due."""
    day, due = day_of(source.plan, "next_test_on"), day_of(source.plan, "test_due_on")
    if day is None:
        return "exit.next_test", t("exit.no_test")
    if due is not None and due <= source.business_date:
        return "exit.late_test", t("late_by", n=(source.notes.morning - due).days, day=f.day(due))
    if due is not None and day <= source.business_date:
        return "exit.awaited_test", t("exit.awaited_by", day=f.day(day), due=f.day(due))
    return "exit.next_test", f.day(day)


def decide_by(plan: Row, steps: Table) -> date | None:
    """By when risk has to decide about a plan: the day of its step; None where it is approved, or there is no step."""
    if text_of(plan, "state") == "approved":
        return None
    days = (day_of(row, "due_on") for row in as_rows(steps) if text_of(row, "owner_role") == "risk")
    return max((day for day in days if day), default=None)


def _profile(source: ExitInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    plan = source.plan
    exposure, overdue = decimal_of(plan, "exposure_amt"), decimal_of(plan, "overdue_amt")
    late = int_of(plan, "max_days_past_due")
    said = f.money(overdue) if not late else t("exit.overdue_since", amount=f.money(overdue), n=late)
    held = [t(f"exit.{name}") for name in ("freezes_limits", "draws_need_risk") if flag_of(plan, name)]
    values = (
        ("exit.since", f.day(day_of(plan, "since"))),
        ("exit.why", t.label("watch_rule", text_of(plan, "rule"))),
        ("exit.exposure", f.money(exposure) if exposure is not None else t("exit.unknown")),
        ("exit.overdue", said if overdue is not None else t("exit.unknown")),
        ("exit.state", t.label("exit_state", text_of(plan, "state"))),
        *((("exit.decide_by", f.day(decide)),) if (decide := decide_by(plan, source.steps)) else ()),
        ("exit.renew_by", f.day(day_of(plan, "renew_by"))),
        _test(source, t, f),
        ("exit.in_force", t("list.join").join(held) or t("none")),
    )
    return tuple(Fact(t(key), value) for key, value in values)
