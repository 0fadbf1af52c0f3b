"""Workbooks: of a branch's list every task and every client's colour, of the book every row. Text stays text."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import lru_cache
from io import BytesIO
from math import ceil
from pathlib import Path
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nightdesk.metering import wrote
from nightdesk.render.branch_model import BranchView
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.inert import cut, inert
from nightdesk.render.sheets import SheetContent
from nightdesk.whole_file import drafted

#: what Excel can hold in one cell
LONGEST_TEXT = 32_767
#: height of a line of text
LINE_POINTS = 15


def branch_workbook(view: BranchView, sheets: Sequence[SheetContent], t: Catalogue, *, made_on: date) -> bytes:
    """The bytes of a list's workbook; the same view and sheets give the same bytes, whenever it is made."""
    footer = f"{view.title} · {view.business_date} · {view.revision}"
    return workbook_of(sheets, title=view.title, author=t("brand"), footer=footer, made_on=made_on)


def workbook_of(sheets: Sequence[SheetContent], *, title: str, author: str, footer: str, made_on: date) -> bytes:
    """A workbook of these sheets; the same content gives the same bytes, whenever it is made."""
    buffer = BytesIO()
    _fill(buffer, {"in_memory": True}, sheets, title=title, author=author, footer=footer, made_on=made_on)
    return buffer.getvalue()


def write_workbook(
    target: Path, sheets: Iterable[SheetContent], *, title: str, author: str, footer: str, made_on: date
) -> None:
    """The same as a file, for one of many rows: each row goes to a file beside it before the next is looked at, and
    each sheet is asked for when the one before is written, so that no more than one is held."""
    with drafted(target) as draft, _rows_beside(draft) as folder:
        held = {"constant_memory": True, "tmpdir": str(folder)}
        _fill(str(draft), held, sheets, title=title, author=author, footer=footer, made_on=made_on)
    wrote(target.stat().st_size)


@contextmanager
def _rows_beside(draft: Path) -> Iterator[Path]:
    """An empty folder for the rows of a draft, whose writer is alone; what a killed one left of it goes first."""
    folder = draft.with_name(f"{draft.name}.rows")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(
    target: BytesIO | str,
    held: dict[str, object],
    sheets: Iterable[SheetContent],
    *,
    title: str,
    author: str,
    footer: str,
    made_on: date,
) -> None:
    """Write the sheets, by the way in which rows are held until the file is closed."""
    options = held | {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "author": author, "created": datetime.combine(made_on, time(), UTC)})
        formats = _formats(book)
        written = [_write(book, formats, sheet) for sheet in sheets]
        # an ampersand begins a code in a page footer
        for sheet in written:
            sheet.set_footer(f"&L{footer.replace('&', '&&')}&R&A &P/&N")


def _formats(book: Workbook) -> dict[str, Format]:
    base: dict[str, object] = {"valign": "top", "font_size": 10}
    kinds: dict[str, dict[str, object]] = {
        "text": {"num_format": "@"},
        "wrap": {"num_format": "@", "text_wrap": True},
        "amount": {"num_format": "#,##0.00"},
        "decimal": {"num_format": "#,##0.####"},
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


def _write(book: Workbook, formats: dict[str, Format], source: SheetContent) -> Worksheet:
    """A sheet with its head frozen and a filter."""
    columns, rows = source.columns, source.rows
    sheet = book.add_worksheet(source.name)
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
        if column.choices and rows:
            offer = {"validate": "list", "source": list(column.choices), "input_message": column.hint}
            sheet.data_validation(1, place, len(rows), place, offer)
    # the longest wrapped cell of a row says its height; not every program fits rows to their text by itself
    wrapped = [(n, column.width - 2) for n, column in enumerate(columns) if column.shown == "wrap" or n == 0]
    for number, row in enumerate(rows, start=1):
        lines = max(ceil(_letters(str(row[place] or "-")) / width) for place, width in wrapped)
        sheet.set_row(number, LINE_POINTS * lines)
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            shown = formats[column.shown]
            if value is None or value == "":
                continue  # its column has the format already
            if isinstance(value, str):
                sheet.write_string(number, place, cut(inert(value), LONGEST_TEXT), shown)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, datetime.combine(value, time()), shown)
            else:
                # Decimal goes into the file as written, to Excel's 15 digits, without becoming a float here
                sheet.write_number(number, place, value, shown)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    elif source.none:
        sheet.write_string(1, 0, source.none)
    if source.printed:
        sheet.print_area(0, 0, max(len(rows), 1), source.printed - 1)
    return sheet


@lru_cache(maxsize=50_000)
def _letters(text: str) -> int:
    """The width of a text in letters; a wide one counts twice."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
