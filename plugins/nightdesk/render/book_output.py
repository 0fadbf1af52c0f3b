"""Where the review of the book and the disclosure are written: `<kind>/<kind>_<language>.html` and beside it."""

from collections.abc import Sequence
from pathlib import Path

from nightdesk.render.book import BookInput, render_book
from nightdesk.render.book_files import book_csv, book_workbook, tables_of
from nightdesk.render.paper import printed
from nightdesk.whole_file import write_whole


def write_book(folder: Path, sources: Sequence[BookInput], *, with_csv: bool = False) -> list[Path]:
    """Write the page in each language, its PDF and its workbook below a folder, each page last; returns the pages.

    `with_csv` writes each table too, once: its names and codes are no language's.
    """
    pages = [write_page(folder / source.kind, source, with_contents=True) for source in sources]
    if with_csv and sources:
        first = sources[0]
        for table in tables_of(first):
            text = book_csv(table, list(first.rows[table.model]))
            write_whole(folder / first.kind / f"{table.name}.csv", text.encode())
    return pages


def write_page(target: Path, source: BookInput, *, with_contents: bool = False) -> Path:
    """Write one page as `<kind>_<language>.html` into a folder, its PDF and workbook before it; returns the page.

    `with_contents`: the PDF begins with a table of contents.
    """
    stem = f"{source.kind}_{source.language}"
    html = render_book(source)
    write_whole(target / f"{stem}.xlsx", book_workbook(source))
    write_whole(target / f"{stem}.pdf", printed(html, source.business_date, with_contents=with_contents))
    page = target / f"{stem}.html"
    write_whole(page, html.encode())
    return page
