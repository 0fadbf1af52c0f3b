"""The digest as a workbook: every row of each section, whatever the page has room for, dates and numbers as such."""

import re
from collections.abc import Sequence

from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.digest import digest_view
from nightdesk.render.digest_source import COLOURS, DigestInput
from nightdesk.render.missing import missing_words
from nightdesk.render.people import STAFF, named_staff
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, as_rows, day_of, int_of, text_of
from nightdesk.render.sheets import Cell, Column, SheetContent
from nightdesk.render.workbook import workbook_of

_WHO = "branch=branch_id client=client_id client_name=:name"
#: columns by heading, the field that each shows, and behind a slash the family of its code
_SECTIONS = {
    "move": f"{_WHO} was=was/colour now=becomes/colour",
    "drift": f"{_WHO} loan=about booked=was/floor_class floor=becomes/floor_class why=:rule",
    "watch_decision": f"{_WHO} stage=was/watch_stage proposed=becomes/watch_stage turned_down=about/watch_stage "
    "asked_on=on_date why=reason/watch_rule",
    "watch_review": f"{_WHO} stage=was/watch_stage due=on_date late_natural_days=late_days",
    "exit_plan": f"{_WHO} stage=was/watch_stage state=becomes/exit_state strategy=:strategy due=on_date",
    "esg_approval": f"{_WHO} review=about verdict=was/review_verdict prepared_by=:staff prepared_on=since_on "
    "due=on_date late_natural_days=late_days",
    "esg_rework": f"{_WHO} review=about verdict=was/review_verdict returned_by=:staff returned_on=since_on "
    "due=on_date late_natural_days=late_days",
    "late": f"{_WHO} task=about/kind signal=indicator owner=:staff due=on_date late_workdays=late_days",
    "not_assessed": f"{_WHO} why=:missing",
}
_UNSENT = "night=business_date branch=branch_id status=status/outbox_state"
_SHOWN = {"on_date": "day", "since_on": "day", "business_date": "day", "late_days": "count"}
_WIDE = ("why", "strategy")
#: what Excel takes in no sheet's name
_NAMELESS = re.compile(r"[][:*?/\\]")


def digest_workbook(source: DigestInput, language: Language) -> bytes:
    """The workbook; the same input gives the same bytes. Natural persons stand in it by their ids alone."""
    t, view = catalogue(language), digest_view(source, language)
    said = {sheet.title: sheet.said for sheet in view.sheets}
    items = as_rows(source.items)
    sheets = [_branches(source, t)]
    for kind, columns in _SECTIONS.items():
        rows = [row for row in items if row["kind"] == kind]
        sheets.append(_sheet(t(f"digest.{kind}"), columns, rows, said, source, t))
    sheets.append(_sheet(t("digest.unsent"), _UNSENT, as_rows(source.unsent), said, source, t))
    heads = [Column(t("column.item"), 24), Column(t("column.value"), 90, "wrap")]
    facts = [(fact.label, fact.value) for fact in (*view.flags, *view.summary, *view.notes)]
    sheets.append(SheetContent(t("sheet.notes"), heads, facts))
    footer = f"{t('digest.title')} · {view.business_date} · {view.revision}"
    return workbook_of(sheets, title=t("digest.title"), author=t("brand"), footer=footer, made_on=source.business_date)


def _sheet(
    title: str, spec: str, rows: Sequence[Row], said: dict[str, str], source: DigestInput, t: Catalogue
) -> SheetContent:
    pairs = [column.partition("=")[::2] for column in spec.split()]
    columns = [
        Column(
            t(f"digest_column.{head}"), 40 if head in _WIDE else 14, "wrap" if head in _WIDE else _SHOWN.get(at, "text")
        )
        for head, at in pairs
    ]
    cells = [[_cell(row, at, source, t) for _, at in pairs] for row in rows]
    return SheetContent(_name(title), columns, cells, said.get(title, ""))


def _cell(row: Row, at: str, source: DigestInput, t: Catalogue) -> Cell:
    field, _, family = at.partition("/")
    if family:
        return None if row.get(field) is None else t.label(family, text_of(row, field))
    reason = text_of(row, "reason") or ""
    match at:
        case "client_id":
            return str(row["client_id"]).removeprefix(STAFF)
        case ":name":
            client = str(row["client_id"])
            return (source.staff if client.startswith(STAFF) else source.names).get(client.removeprefix(STAFF))
        case ":staff":
            return named_staff(text_of(row, "reason"), source.staff) or t("owner.none")
        case ":rule":
            return full_width(source.rules.get(reason, {}).get(t.language, reason), t)
        case ":strategy":
            return full_width(source.strategies.get(reason, {}).get(t.language, reason), t)
        case ":missing":
            return missing_words(filter(None, reason.split(",")), source.notes, t)
    shown = _SHOWN.get(at)
    return day_of(row, at) if shown == "day" else int_of(row, at) if shown else text_of(row, at)


def _branches(source: DigestInput, t: Catalogue) -> SheetContent:
    counts = (*(f"{colour}_count" for colour in COLOURS), "watched_count", "intensive_count", "tasks_overdue")
    heads = [Column(t("digest_column.branch"), 12), Column(t("digest_column.branch_name"), 26)]
    heads += [Column(t.label("colour", colour), 10, "count") for colour in COLOURS]
    heads += [Column(t(f"digest_column.{name}"), 12, "count") for name in ("watched", "intensive", "overdue")]
    rows = [
        (
            str(row["branch_id"]),
            (text_of(row, "name_en") if t.language == "en" else None) or text_of(row, "name"),
            *(int_of(row, column) or 0 for column in counts),
        )
        for row in as_rows(source.branches)
    ]
    return SheetContent(_name(t("digest.branches")), heads, rows, t("none"))


def _name(title: str) -> str:
    return _NAMELESS.sub("", title)[:31]
