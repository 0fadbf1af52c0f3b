"""The tables of a plan of contingency and exit: steps, causes, the matrix, liens, guarantors, dates, people."""

from collections.abc import Sequence

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.exit_source import ExitInput
from nightdesk.render.figures import Figures
from nightdesk.render.missing import table_words
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, flag_of, int_of, text_of
from nightdesk.render.task_line import one_a_fact, told_with_words

_VIABILITY = ("viable", "doubtful", "not_viable")
_PROTECTION = ("full", "part", "low")
_CURED = {"viable": "amber", "doubtful": "amber", "not_viable": "red"}
#: dated things whose subject is a code with words of its own
_SUBJECTS = {"report": "report_due", "watch_review": "watch_stage", "insurance": "insurance_kind"}


def exit_sheets(source: ExitInput, t: Catalogue, f: Figures) -> tuple[Sheet, ...]:
    """Every section, in the order in which the page is worked through."""
    return (
        _steps(source, t, f),
        _triggers(source, t, f),
        _matrix(source, t),
        _collateral(source, t, f),
        _guarantors(source, t, f),
        _dates(source, t, f),
        _people(source, t),
    )


def _columns(t: Catalogue, names: Sequence[str], numbers: Sequence[str] = ()) -> tuple[tuple[str, bool], ...]:
    return tuple((t(f"exit_column.{name}"), name in numbers) for name in names)


def _steps(source: ExitInput, t: Catalogue, f: Figures) -> Sheet:
    ending = "zh" if source.language == "zh_CN" else "en"
    rows = sorted(as_rows(source.steps), key=lambda row: (str(row.get("due_on")), int_of(row, "step") or 0))
    shown = []
    for row in rows:
        due = day_of(row, "due_on")
        is_done = flag_of(row, "is_done")
        late = due is not None and due < source.notes.morning and not is_done
        action = full_width(text_of(row, f"action_{ending}") or "", t)
        shown.append(
            (
                Cell(f.day(due), Mark(f.day(due), "red") if late else None),
                Cell(t.label("owner_role", text_of(row, "owner_role"))),
                Cell(action + (t("list.aside", text=t("exit.step_done")) if is_done else ""), is_heading=True),
            )
        )
    return Sheet(
        title=t("exit.steps"),
        hint=t("exit.steps_hint"),
        columns=_columns(t, ("due", "whose", "action")),
        rows=tuple(shown),
        said="" if rows else t("none"),
    )


def _triggers(source: ExitInput, t: Catalogue, f: Figures) -> Sheet:
    reason = "reason_zh" if source.language == "zh_CN" else "reason_en"
    rows = [row for row in as_rows(source.signals) if row.get("severity") in ("red", "amber")]
    rows.sort(key=lambda row: (not flag_of(row, "hard"), row["severity"] != "red", str(row.get("indicator"))))
    shown = [
        (
            Cell("", Mark(t.label("severity", row["severity"]), str(row["severity"]))),
            Cell(source.notes.indicator(text_of(row, "indicator") or "", source.language), is_heading=True),
            Cell(full_width(text_of(row, reason) or "", t) + told_with_words(row, t)),
            Cell(f.day(day_of(row, "opened_on")), is_whole=True),
        )
        for row in one_a_fact(rows)
    ]
    return Sheet(
        title=t("exit.triggers"),
        columns=_columns(t, ("severity", "indicator", "reason", "since")),
        rows=tuple(shown),
        said="" if rows else t("exit.triggers_none", rule=t.label("watch_rule", text_of(source.plan, "rule"))),
    )


def _matrix(source: ExitInput, t: Catalogue) -> Sheet:
    """All nine cells, the client's own marked; none where a number is not known."""
    plan = source.plan
    own = (text_of(plan, "viability"), text_of(plan, "protection"))
    shown = []
    for viability in _VIABILITY:
        cells = [Cell(t.label("exit_viability", viability), is_heading=True)]
        for protection in _PROTECTION:
            name = source.rules.cells[(viability, protection)][source.language]
            mark = Mark(name, _CURED[viability]) if (viability, protection) == own else None
            cells.append(Cell(name, mark))
        shown.append(tuple(cells))
    heads = [(t("exit_column.viability"), False)]
    heads += [(t.label("exit_protection", code), False) for code in _PROTECTION]
    return Sheet(title=t("exit.matrix"), hint=t("exit.matrix_hint"), columns=tuple(heads), rows=tuple(shown))


def _collateral(source: ExitInput, t: Catalogue, f: Figures) -> Sheet:
    rows = as_rows(source.collaterals)
    shown = [
        (
            Cell(t.label("collateral_kind", text_of(row, "kind")), is_heading=True),
            Cell(text_of(row, "collateral_id") or ""),
            Cell(_money(row, "value_amt", t, f), is_number=True),
            Cell(f.day(day_of(row, "valued_on")) if day_of(row, "valued_on") else t("exit.unknown")),
            Cell(_money(row, "prior_lien_amt", t, f), is_number=True),
            Cell(_haircut(row, t, f), is_number=True),
            Cell(_money(row, "realisable_amt", t, f), is_number=True),
            Cell(_lien_note(row, source, t, f)),
        )
        for row in rows
    ]
    gap = text_of(source.plan, "protection_gap")
    none = t.label("exit_gap", gap) if gap in ("no_collateral_table", "held_back") else t("exit.collateral_none")
    return Sheet(
        title=t("exit.collateral"),
        hint=t("exit.collateral_hint"),
        columns=_columns(
            t,
            ("kind", "number", "value", "valued_on", "prior_lien", "haircut", "realisable", "note"),
            ("value", "prior_lien", "haircut", "realisable"),
        ),
        rows=tuple(shown),
        said="" if rows else none,
    )


def _money(row: Row, name: str, t: Catalogue, f: Figures) -> str:
    amount = decimal_of(row, name)
    return t("exit.unknown") if amount is None else f.money(amount)


def _haircut(row: Row, t: Catalogue, f: Figures) -> str:
    rate = decimal_of(row, "realisable_pct")
    return t("exit.unknown") if rate is None else f.percent(rate, 0)


def _lien_note(row: Row, source: ExitInput, t: Catalogue, f: Figures) -> str:
    """What keeps the collateral from its whole worth: seized by others, shared, or to be valued anew."""
    said = []
    if seized := day_of(row, "seized_on"):
        said.append(t("exit.seized", day=f.day(seized)))
    share = decimal_of(row, "share_pct")
    if share is None or share < 100:
        said.append(t("exit.shared_unknown") if share is None else t("exit.shared", pct=f.percent(share)))
    revalue = day_of(row, "revalue_by")
    if revalue and revalue <= source.business_date:
        said.append(t("exit.revalue", day=f.day(revalue)))
    return t("exit.join").join(said)


def _guarantors(source: ExitInput, t: Catalogue, f: Figures) -> Sheet:
    """Who stands surety: the contract that the branch holds names it. How another branch's client stands, and by which
    number the bank knows it, is asked of risk and not told here.
    """
    rows, branch = as_rows(source.guarantors), text_of(source.plan, "branch_id")
    shown = []
    for row in rows:
        at = text_of(row, "guarantor_branch_id")
        colour, late = text_of(row, "colour"), int_of(row, "days_past_due")
        if at is None:
            note = t("exit.guarantor_stranger")
        elif at != branch:
            note = t("exit.guarantor_elsewhere")
        else:
            note = t("exit.guarantor_late", n=late) if late else ""
        mark = Mark(t.label("colour", colour), colour) if colour and at == branch else None
        name, number = text_of(row, "name"), text_of(row, "guarantor_id") or ""
        if at not in (None, branch):
            name, number = name or t.label("told_client", "elsewhere"), ""
        shown.append(
            (
                Cell(name or number, is_heading=True),
                Cell(number if name else ""),
                Cell(_money(row, "guaranteed_amt", t, f), is_number=True),
                Cell(str(int_of(row, "loan_count") or 0), is_number=True),
                Cell(t("none"), mark),
                Cell(note),
            )
        )
    return Sheet(
        title=t("exit.guarantors"),
        columns=_columns(t, ("guarantor", "number", "guaranteed", "loans", "colour", "note"), ("guaranteed", "loans")),
        rows=tuple(shown),
        said="" if rows else t("exit.guarantors_unsupplied" if _lacks(source, "guarantee") else "exit.guarantors_none"),
    )


def _lacks(source: ExitInput, table: str) -> bool:
    return table in source.notes.not_supplied


def _dates(source: ExitInput, t: Catalogue, f: Figures) -> Sheet:
    rows = sorted(as_rows(source.dates), key=lambda row: (str(row.get("on_date")), str(row.get("kind"))))
    shown = []
    for row in rows:
        kind, subject = text_of(row, "kind") or "", text_of(row, "subject")
        day, amount = f.day(day_of(row, "on_date")), decimal_of(row, "amount_amt")
        past = flag_of(row, "is_past")
        shown.append(
            (
                Cell(day, Mark(day, "red") if past else None),
                Cell(t.label("exit_date", kind), is_heading=True),
                Cell(t.label(_SUBJECTS[kind], subject) if kind in _SUBJECTS else subject or ""),
                Cell(f.money(amount) if amount is not None else "", is_number=True),
            )
        )
    lacking = [name for name in ("covenant_test", "report_due") if _lacks(source, name)]
    return Sheet(
        title=t("exit.dates"),
        columns=_columns(t, ("day", "what", "of", "amount"), ("amount",)),
        rows=tuple(shown),
        said=t("panel.not_supplied", tables=table_words(lacking, t)) if lacking else "" if rows else t("none"),
    )


def _people(source: ExitInput, t: Catalogue) -> Sheet:
    """Whom to turn to, and of each other role with a step that its people are in no register that the night reads."""
    rows = [(Cell(t.label("owner_role", role)), Cell(name, is_heading=True)) for role, name in source.people]
    named = {role for role, _ in source.people}
    asked = dict.fromkeys(text_of(row, "owner_role") or "" for row in as_rows(source.steps))
    rows += [(Cell(t.label("owner_role", role)), Cell(t("exit.people_unnamed"))) for role in asked if role not in named]
    return Sheet(
        title=t("exit.people"),
        columns=_columns(t, ("whose", "name")),
        rows=tuple(rows),
        said="" if rows else t("exit.people_none"),
    )
