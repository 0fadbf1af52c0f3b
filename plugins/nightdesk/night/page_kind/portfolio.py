"""The review of the whole book at each month's end: `portfolio/portfolio_<language>.html`, its PDF and workbook."""

from collections.abc import Callable, Iterator
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages
from nightdesk.reading.book import is_month_end, portfolio_inputs
from nightdesk.render.book_output import begin_book


def pages(night: Pages) -> Iterator[Page]:
    """One page a month; of a bank without projects none."""
    published = night.night
    if not is_month_end(published) or not published.table("project_review"):
        return

    def begin(folder: Path) -> Callable[[], list[Path]]:
        return begin_book(folder, portfolio_inputs(published, night.notes))

    yield Page("portfolio", begin)
