"""The workbook of a branch's list: every task, every client's colour, exact amounts. Text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from math import ceil
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nightdesk.render.branch_model import BranchView
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.rows import day_of, decimal_of, text_of
from nightdesk.render.task_line import POINTS

Cell = str | int | Decimal | date | None
#: what Excel can hold in one cell
LONGEST_TEXT = 32_767
#: height of a line of text
LINE_POINTS = 15
#: the first columns of the list, up to the owner: what a reader needs on paper, at a size that can be read
PRINTED_COLUMNS = 15


@dataclass(frozen=True)
class Column:
    """A heading, its width in characters, and the format of its cells (a key of `_formats`)."""

    heading: str
    width: int
    shown: str = "text"


def branch_workbook(view: BranchView, t: Catalogue, *, base_ccy: str, made_on: date) -> bytes:
    """The workbook's bytes; the same view gives the same bytes, whenever it is made."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": view.title, "author": t("brand"), "created": datetime.combine(made_on, time(), UTC)}
        )
        formats = _formats(book)
        sheets = (
            _sheet(book, formats, t("sheet.list"), _list_columns(t, base_ccy), _list_rows(view), PRINTED_COLUMNS),
            _sheet(book, formats, t("sheet.cleared"), _cleared_columns(t), _cleared_rows(view)),
            _sheet(book, formats, t("sheet.tiers"), _tier_columns(t), _tier_rows(view)),
            _sheet(book, formats, t("sheet.warnings"), _warning_columns(t), _warning_rows(view, t)),
            _sheet(book, formats, t("sheet.notes"), _note_columns(t), _note_rows(view, t)),
        )
        # an ampersand begins a code in a page footer
        title = f"{view.title} · {view.business_date} · {view.revision}".replace("&", "&&")
        for sheet in sheets:
            sheet.set_footer(f"&L{title}&R&A &P/&N")
    return buffer.getvalue()


def _formats(book: Workbook) -> dict[str, Format]:
    base: dict[str, object] = {"valign": "top", "font_size": 10}
    kinds: dict[str, dict[str, object]] = {
        "text": {"num_format": "@"},
        "wrap": {"num_format": "@", "text_wrap": True},
        "amount": {"num_format": "#,##0.00"},
        "points": {"num_format": "0.0"},
        "share": {"num_format": "0.0%", "align": "left"},
        "count": {"num_format": "0", "align": "left"},
        "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    }
    formats = {name: book.add_format(base | kind) for name, kind in kinds.items()}
    formats["head"] = book.add_format(
        base
        | {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": "#17395C",
            "text_wrap": True,
            "valign": "vcenter",
        }
    )
    return formats


def _sheet(
    book: Workbook,
    formats: dict[str, Format],
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    printed: int | None = None,
) -> Worksheet:
    """A sheet with its head frozen and a filter; of many columns only the first `printed` go on paper."""
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 30)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, formats[column.shown])
        sheet.write_string(0, place, column.heading, formats["head"])
    for number, row in enumerate(rows, start=1):
        sheet.set_row(number, LINE_POINTS * _lines(columns, row))
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            shown = formats[column.shown]
            if value is None or value == "":
                sheet.write_blank(number, place, None, shown)
            elif isinstance(value, str):
                sheet.write_string(number, place, value[:LONGEST_TEXT], shown)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, datetime.combine(value, time()), shown)
            else:
                # Decimal goes into the file as written, to Excel's 15 digits, without becoming a float here
                sheet.write_number(number, place, value, shown)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    if printed:
        sheet.print_area(0, 0, len(rows), printed - 1)
    return sheet


def _lines(columns: Sequence[Column], row: Sequence[Cell]) -> int:
    """How many lines the longest wrapped cell of a row takes; not every program fits rows to their text by itself."""
    return max(
        ceil(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in str(value or "-")) / (column.width - 2))
        for column, value in zip(columns, row, strict=True)
        if column.shown == "wrap" or column is columns[0]
    )


def _list_columns(t: Catalogue, base_ccy: str) -> list[Column]:
    points = [Column(t("column.points", name=t(f"points.{name}")), 9, "points") for name in POINTS]
    return [
        Column(t("column.section"), 11),
        Column(t("column.card"), 6, "count"),
        Column(t("column.colour"), 9),
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.tier"), 9),
        Column(t("column.kind"), 14),
        Column(t("column.indicator"), 8),
        Column(t("column.severity"), 8),
        Column(t("column.reason"), 52, "wrap"),
        Column(t("column.next_step"), 40, "wrap"),
        Column(t("column.due"), 11, "day"),
        Column(t("column.late_days"), 11, "count"),
        Column(t("column.level"), 14),
        Column(t("column.owner"), 12),
        Column(t("column.owner_id"), 10),
        Column(t("column.exposure", ccy=base_ccy), 18, "amount"),
        Column(t("column.rank"), 7, "count"),
        Column(t("column.priority"), 9, "points"),
        *points,
        Column(t("column.change"), 8),
        Column(t("column.status"), 10),
        Column(t("column.feedback"), 28, "wrap"),
        Column(t("column.subject"), 14),
        Column(t("column.task_key"), 15),
    ]


def _list_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (
            row.section,
            row.card_number,
            row.colour_label,
            row.client.id,
            row.client.name,
            row.tier_label,
            row.line.kind,
            row.line.indicator,
            row.line.severity_label,
            row.line.reason,
            row.line.next_step,
            row.due_on,
            row.late_days,
            row.line.level_label,
            row.owner.name,
            row.owner.id,
            row.exposure,
            row.rank,
            row.priority,
            *row.points,
            row.line.change_label,
            row.line.status_label,
            row.line.feedback,
            row.line.subject,
            row.line.task_key,
        )
        for row in view.sheet
    ]


def _cleared_columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.indicator"), 8),
        Column(t("column.severity"), 8),
        Column(t("column.reason"), 60, "wrap"),
        Column(t("column.first_seen"), 12, "day"),
    ]


def _cleared_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (row.client.id, row.client.name, row.indicator, row.severity_label, row.reason, row.since)
        for row in view.cleared
    ]


def _tier_columns(t: Catalogue) -> list[Column]:
    names = ("client_id", "client", "tier_before", "tier_after", "direction", "cause", "effective")
    widths = (13, 20, 10, 10, 8, 34, 12)
    shown = ("text",) * 6 + ("day",)
    return [Column(t(f"column.{name}"), width, kind) for name, width, kind in zip(names, widths, shown, strict=True)]


def _tier_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (row.client.id, row.client.name, row.before, row.after, row.direction_label, row.cause, row.effective)
        for row in view.tier_changes
    ]


def _warning_columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.colour"), 10),
        Column(t("column.previous_colour"), 10),
        Column(t("column.colour_since"), 12, "day"),
        Column(t("column.score"), 9, "points"),
        Column(t("column.coverage"), 10, "share"),
        Column(t("column.floor_class"), 14),
        Column(t("column.missing"), 44, "wrap"),
    ]


def _warning_rows(view: BranchView, t: Catalogue) -> list[tuple[Cell, ...]]:
    return [
        (
            client.id,
            client.name,
            t.label("colour", text_of(row, "colour")),
            t.label("colour", text_of(row, "previous_colour")),
            day_of(row, "colour_since"),
            decimal_of(row, "score"),
            decimal_of(row, "coverage"),
            t.label("floor_class", text_of(row, "floor_class")),
            text_of(row, "not_assessed"),
        )
        for client, row in view.warnings
    ]


def _note_columns(t: Catalogue) -> list[Column]:
    return [Column(t("column.item"), 22), Column(t("column.value"), 90, "wrap")]


def _note_rows(view: BranchView, t: Catalogue) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [(view.title, view.morning)]
    rows += [(fact.label, fact.value) for fact in (*view.flags, *view.figures, *view.notes)]
    rows.append((t("list.others"), view.quiet))
    rows.append(("", t("list.masked") if view.masked else t("list.full")))
    return rows
