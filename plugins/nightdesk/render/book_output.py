"""Where the review of the book and the disclosure are written: `<kind>/<kind>_<language>.html` and beside it."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from nightdesk.render.book import BookInput, render_book
from nightdesk.render.book_files import book_csv, tables_of, write_book_workbook
from nightdesk.render.paper import printed
from nightdesk.render.paper.apart import printed_apart
from nightdesk.whole_file import write_whole


def write_book(folder: Path, sources: Sequence[BookInput], *, with_csv: bool = False) -> list[Path]:
    """Write the page in each language, its PDF and its workbook below a folder, each page last; returns the pages.

    `with_csv` writes each table too, once: its names and codes are no language's.
    """
    pages = begin_book(folder, sources)()
    if with_csv and sources:
        first = sources[0]
        for table in tables_of(first):
            text = book_csv(table, list(first.rows[table.model]))
            write_whole(folder / first.kind / f"{table.name}.csv", text.encode())
    return pages


def begin_book(folder: Path, sources: Sequence[BookInput]) -> Callable[[], list[Path]]:
    """Write the workbook in each language; gives what is left to do: the PDFs and the pages."""
    on_paper = partial(printed_apart, with_contents=True)
    rests = [_begin_page(folder / source.kind, source, on_paper) for source in sources]
    return lambda: [rest() for rest in rests]


def write_page(target: Path, source: BookInput) -> Path:
    """Write one page as `<kind>_<language>.html` into a folder, its PDF and workbook before it; returns the page."""
    return _begin_page(target, source, printed)()


def _begin_page(target: Path, source: BookInput, set_on_paper: Callable[[str, date], bytes]) -> Callable[[], Path]:
    """Write a page's workbook; gives what is left to do: its PDF and itself."""
    page, html = target / f"{source.kind}_{source.language}.html", render_book(source)
    write_book_workbook(page.with_suffix(".xlsx"), source)
    day = source.business_date  # and no more of it: what is left waits for its paper while other pages are made

    def rest() -> Path:
        write_whole(page.with_suffix(".pdf"), set_on_paper(html, day))
        write_whole(page, html.encode())
        return page

    return rest
