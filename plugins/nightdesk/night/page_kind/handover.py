"""The pack of whoever takes clients over or stands in: `person/<staff>/handover.html`, and `.pdf` beside it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages
from nightdesk.reading.contact_pages import handovers
from nightdesk.render.book import BookInput, render_book
from nightdesk.render.outputs import path_part
from nightdesk.render.paper import printed
from nightdesk.whole_file import write_whole


def pages(night: Pages) -> Iterator[Page]:
    """One of each person who took a client over in the last days, or looks after one while another is away."""
    for person, source in handovers(night.night, night.notes).items():
        yield Page(f"{person} handover", partial(_write, person, source))


def _write(person: str, source: BookInput, folder: Path) -> None:
    target, html = folder / "person" / path_part(person), render_book(source)
    write_whole(target / "handover.pdf", printed(html, source.business_date))
    write_whole(target / "handover.html", html.encode())
