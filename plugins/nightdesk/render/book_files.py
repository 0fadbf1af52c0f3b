"""The files beside a page of the book: its workbook with every row, and its tables as CSV."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from nightdesk.render.book import BookInput, heading, sorted_rows
from nightdesk.render.book_cells import value_of, words_of
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.inert import inert
from nightdesk.render.rows import Row
from nightdesk.render.sheets import Cell, Column, SheetContent
from nightdesk.render.table_spec import TableColumn, TableSpec
from nightdesk.render.workbook import write_workbook

_WIDTHS = {
    "day": 12,
    "count": 10,
    "number": 11,
    "tonnes": 16,
    "amount": 20,
    "million": 20,
    "exact": 18,
    "measured": 16,
    "pct": 10,
    "flag": 8,
}
_SHOWN = {
    "day": "day",
    "count": "count",
    "number": "decimal",
    "tonnes": "decimal",
    "amount": "amount",
    "million": "amount",
    "exact": "amount",
    "measured": "decimal",
    "pct": "decimal",
}
#: what a spreadsheet's name of a sheet may hold
_LONGEST_NAME = 31


def write_book_workbook(target: Path, source: BookInput) -> None:
    """A sheet a table, exact amounts; the same input gives the same bytes."""
    t = catalogue(source.language)
    title = t(f"book_{source.kind}.title")
    sheets = (_sheet(table, source, t) for table in tables_of(source))
    footer = f"{title} · {source.business_date.isoformat()} · {t('revision', n=source.revision)}"
    write_workbook(target, sheets, title=title, author=t("brand"), footer=footer, made_on=source.business_date)


def tables_of(source: BookInput) -> Iterator[TableSpec]:
    """Every table of a page, once."""
    seen = set()
    for section in source.sections:
        for table in (*section.summaries, *section.lists):
            if table.model not in seen:
                seen.add(table.model)
                yield table


def book_csv(spec: TableSpec, rows: list[Row]) -> str:
    """A table with the model's own columns and codes: UTF-8, decimals plain, dates ISO, empty = null."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(dict.fromkeys(column.name for column in spec.columns if column.name != "branch"))
    writer.writerow(names)
    for row in sorted_rows(spec, rows):
        writer.writerow(_plain(row.get(name)) for name in names)
    return text.getvalue()


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else inert(str(value))


def _sheet(spec: TableSpec, source: BookInput, t: Catalogue) -> SheetContent:
    columns = [_column(column, t) for column in spec.columns]
    rows = [
        tuple(_value(row, column.name, column.kind, source, t) for column in spec.columns)
        for row in sorted_rows(spec, source.rows[spec.model])
    ]
    name = source.titles[spec.name][:_LONGEST_NAME] if spec.name in source.titles else t(f"book_sheet.{spec.name}")
    return SheetContent(name, columns, rows, t("book_page.none"))


def _column(column: TableColumn, t: Catalogue) -> Column:
    width = 34 if column.is_prose else _WIDTHS.get(column.kind, 16)
    return Column(heading(column.name, t), width, "wrap" if column.is_prose else _SHOWN.get(column.kind, "text"))


def _value(row: Row, name: str, kind: str, source: BookInput, t: Catalogue) -> Cell:
    value = value_of(row, name, source.language)
    if kind == "flag" or kind.startswith(("code/", "codes/")):
        return words_of(value, kind, t) if value is not None else None
    if value is None or isinstance(value, int | Decimal | date):
        return str(value) if kind == "text" and value is not None else value
    return str(value)
