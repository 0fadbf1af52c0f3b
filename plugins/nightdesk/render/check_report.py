"""The report of a post-loan check: the night's facts, what changed, open points, and apart the judgement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nightdesk.render.branch_model import Fact as Line
from nightdesk.render.catalogue import Catalogue, Language, catalogue, language_of
from nightdesk.render.check_draft import Draft, Fact
from nightdesk.render.client_page import ClientPage, Points, render_client_page
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.masking import client_name
from nightdesk.render.night_facts import exposure_foot
from nightdesk.render.people import named_staff
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, text_of

_BLOCKS = ("finance", "efficiency", "exposure", "use_of_funds", "service")
_PAYEES, _SIGNALS = 8, 8


@dataclass(frozen=True)
class Filed:
    """What a person wrote and signed: kept with the facts it was written about."""

    report_id: str
    checked_on: str
    prepared_by: str
    checker_id: str
    conclusion: str
    judgement: str
    report_hash: str
    answers: Mapping[str, str]
    new_points: Sequence[Mapping[str, str]] = ()
    needs: Sequence[Mapping[str, str]] = ()


def check_html(draft: Draft, notes: Notes, filed: Filed | None = None, language: Language | None = None) -> str:
    """A draft, or the report that was filed of it, as one page."""
    return render_client_page(check_page(draft, notes, filed, language))


def check_page(draft: Draft, notes: Notes, filed: Filed | None = None, language: Language | None = None) -> ClientPage:
    """The view of a draft or of a report."""
    t = catalogue(language or language_of(draft.branch.get("language")))
    f = Figures(t.language, notes.base_ccy)
    due = draft.due
    kind = t.label("post_loan_kind", due["kind"])
    is_late = due["state"] == "overdue"
    return ClientPage(
        language=t.language,
        title=t("check.report") if filed else t("check.draft"),
        name=client_name(draft.client, full=False),
        id=f"{due['client_id']} · {due['loan_id']}",
        business_date=f.day(draft.business_date),
        when=f.long_day(notes.morning),
        subtitle=t("check.filed", id=filed.report_id, day=filed.checked_on)
        if filed
        else t("check.subtitle", kind=kind),
        profile=(
            Line(t("check.kind"), kind),
            Line(
                t("check.due"), f.day(day_of(due, "due_on")) + (t("check.late", n=due["late_days"]) if is_late else "")
            ),
            Line(t("check.basis"), t.label("post_loan_basis", due["basis"])),
            Line(t("check.last"), _last(draft, t)),
        ),
        sheets=(
            *(_judged(draft, filed, t) if filed else ()),
            _points(draft, filed, t, f),
            _changes(draft, t, f),
            *(_block(block, draft, t, f) for block in _BLOCKS),
            _payees(draft, t, f),
            *(() if filed else (_to_write(t),)),
        ),
        footer=(
            t("brief.footer", night=f.day(draft.business_date), revision=t("revision", n=draft.revision)),
            t("check.hash", hash=filed.report_hash if filed else draft.facts_hash),
            exposure_foot(t),
        ),
    )


def _last(draft: Draft, t: Catalogue) -> str:
    last = draft.last_report
    if last is None:
        return t("check.no_report")
    told = t("check.last_report", day=str(last["checked_on"]), id=last["report_id"])
    if draft.copied is None:
        return told
    return told + t("check.last_copied", id=draft.copied.report_id, pct=draft.copied.alike_pct)


def _name(fact: Fact, t: Catalogue) -> str:
    return full_width(fact.name_zh, t) if t.language == "zh_CN" else fact.name_en


def _value(text: str | None, unit: str, t: Catalogue, f: Figures) -> str:
    if text is None:
        return t("check.unknown")
    if unit in ("colour", "watch_stage", "floor_class"):
        return t("check.not_listed") if text == "W0" else t.label(unit, text)
    if unit == "date":
        return text
    value = Decimal(text)
    if unit == "amt":
        return f.money(value)
    if unit == "pct":
        return f.percent(value)
    return f.trimmed(value, 0 if unit in ("days", "int") else 2)


def _block(block: str, draft: Draft, t: Catalogue, f: Figures) -> Sheet:
    """The facts of one block; what no table tells is named last, to be asked."""
    found = [fact for fact in draft.facts if fact.block == block]
    asked = [_name(fact, t) for fact in found if fact.unit == "asked"]
    rows = []
    for fact in (one for one in found if one.unit != "asked"):
        before = t("none")
        if fact.before is not None:
            before = f"{_value(fact.before, fact.unit, t, f)} ({f.day(fact.before_on)})"
        rows.append(
            (
                Cell(_name(fact, t), is_heading=True),
                Cell(_value(fact.value, fact.unit, t, f), is_number=True),
                Cell(f.day(fact.told_on)),
                Cell(before, is_number=True),
                Cell(t("none") if fact.since is None else _value(fact.since, fact.unit, t, f), is_number=True),
            )
        )
    names = ("fact", "value", "told_on", "before", "since")
    # a column that says nothing of any fact is left out
    told = [
        place
        for place, name in enumerate(names)
        if name not in ("before", "since") or any(row[place].text != t("none") for row in rows)
    ]
    return Sheet(
        title=t(f"check_block.{block}"),
        columns=tuple((t(f"check_column.{names[at]}"), names[at] in ("value", "before", "since")) for at in told),
        rows=tuple(tuple(row[at] for at in told) for row in rows),
        said=t("check.asked", what=t("list.join").join(asked)) if asked else "",
    )


def _changes(draft: Draft, t: Catalogue, f: Figures) -> Sheet:
    """What is otherwise than in the last report, and the signals since."""
    changed = [
        (
            Cell(_name(fact, t), is_heading=True),
            Cell(_value(fact.since, fact.unit, t, f), is_number=True),
            Cell(_value(fact.value, fact.unit, t, f), is_number=True),
        )
        for fact in draft.facts
        if fact.since is not None and fact.since != fact.value
    ]
    signals = _signals(as_rows(draft.signals)[:_SIGNALS], t)
    last = draft.last_report
    if last is None:
        said = t("check.first_signals") if signals else t("check.nothing_before")
    elif not last.get("facts"):
        said = t("check.values_not_kept")
    else:
        said = "" if changed or signals else t("check.unchanged")
    return Sheet(
        title=t("check.changes"),
        columns=((t("check_column.fact"), False), (t("check_column.then"), True), (t("check_column.now"), True)),
        rows=(*changed, *signals),
        said=said,
    )


def _signals(rows: Sequence[Row], t: Catalogue) -> list[tuple[Cell, ...]]:
    """A row a sentence: signals that say the same are one matter, told once with the code of each; the graver leads."""
    reason = "reason_zh" if t.language == "zh_CN" else "reason_en"
    said: dict[str, list[Row]] = {}
    for row in rows:
        said.setdefault(text_of(row, reason) or "", []).append(row)
    found: list[tuple[Cell, ...]] = []
    for words, of in said.items():
        codes = t("list.join").join(sorted({str(row["indicator"]) for row in of}))
        severity = "red" if any(row["severity"] == "red" for row in of) else str(of[0]["severity"])
        found.append(
            (
                Cell(full_width(f"{codes} {words}", t), is_heading=True),
                Cell(t("none"), is_number=True),
                Cell("", Mark(t.label("severity", severity), severity)),
            )
        )
    return found


def _points(draft: Draft, filed: Filed | None, t: Catalogue, f: Figures) -> Sheet:
    rows = []
    for point in as_rows(draft.open_points):
        answer = filed.answers.get(str(point["point_id"]), "") if filed else ""
        rows.append(
            (
                Cell(text_of(point, "text") or "", is_heading=True),
                Cell(named_staff(text_of(point, "owner_id"), draft.people) or t("none")),
                Cell(f.day(day_of(point, "due_on"))),
                Cell(answer or t("check.answer_wanted")),
            )
        )
    names = ("point", "owner", "due", "answer")
    return Sheet(
        title=t("check.points"),
        columns=tuple((t(f"check_column.{name}"), False) for name in names),
        rows=tuple(rows),
        said="" if rows else t("check.no_points"),
    )


def _payees(draft: Draft, t: Catalogue, f: Figures) -> Sheet:
    rows = sorted(as_rows(draft.payees), key=lambda row: (-(decimal_of(row, "amount_amt") or 0), str(row["payee_id"])))
    return Sheet(
        title=t("check.payees"),
        columns=tuple(
            (t(f"check_column.{name}"), name in ("amount", "share", "draws"))
            for name in ("payee", "amount", "share", "draws", "last_on")
        ),
        rows=tuple(
            (
                Cell(text_of(row, "payee_id") or t("gate_sheet.no_payee"), is_heading=True),
                Cell(f.money(decimal_of(row, "amount_amt")), is_number=True),
                Cell(f.percent(decimal_of(row, "share_pct")), is_number=True),
                Cell(str(row["draws"]), is_number=True),
                Cell(f.day(day_of(row, "last_on"))),
            )
            for row in rows[:_PAYEES]
        ),
        said=t("brief.more", n=len(rows) - _PAYEES) if len(rows) > _PAYEES else "" if rows else t("check.no_payees"),
    )


def _judged(draft: Draft, filed: Filed, t: Catalogue) -> tuple[Sheet | Points, ...]:
    """What the person wrote: it comes first, and apart from the facts."""
    lines = [
        Line(t("check.conclusion"), t.label("check_conclusion", filed.conclusion)),
        Line(t("check.judgement"), filed.judgement),
        Line(t("check.prepared_by"), named_staff(filed.prepared_by, draft.people) or ""),
        Line(t("check.checked_by"), named_staff(filed.checker_id, draft.people) or ""),
    ]
    found: list[Sheet | Points] = [Sheet(title=t("check.judged"), hint=t("check.judged_hint"), facts=tuple(lines))]
    if filed.new_points:
        points = (
            Line(str(one["text"]), f"{named_staff(one.get('owner_id'), draft.people) or ''} {one.get('due_on', '')}")
            for one in filed.new_points
        )
        found.append(Points(t("check.new_points"), tuple(points)))
    if filed.needs:
        needs = (
            Line(t.label("need", one["kind"]), f"{one.get('amount', '')} {one.get('by_when', '')}")
            for one in filed.needs
        )
        found.append(Points(t("check.needs"), tuple(needs)))
    return tuple(found)


def _to_write(t: Catalogue) -> Points:
    names = ("answers", "judgement", "conclusion", "actions", "needs", "sign")
    return Points(t("check.to_write"), tuple(Line(t(f"check.write_{name}"), "") for name in names))
