"""The pack of whoever takes clients over or stands in: `person/<staff>/handover.html`, and `.pdf` beside it."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages, paper
from nightdesk.reading.contact_pages import handovers
from nightdesk.render.book import BookInput, render_book
from nightdesk.render.outputs import path_part


def pages(night: Pages) -> Iterator[Page]:
    """One of each person who took a client over in the last days, or looks after one while another is away."""
    for person, source in handovers(night.night, night.notes).items():
        yield Page(f"{person} handover", partial(_begin, person, source))


def _begin(person: str, source: BookInput, folder: Path) -> Callable[[], object]:
    page = folder / "person" / path_part(person) / "handover.html"
    return paper(page, render_book(source), source.business_date)
