"""The contact plan of each branch: `branch/<branch>/contact_plan.html`, and `.xlsx` beside it to sort and filter."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages
from nightdesk.reading.contact_pages import contact_plans
from nightdesk.render.book import BookInput, render_book
from nightdesk.render.book_files import write_book_workbook
from nightdesk.render.outputs import branch_folder
from nightdesk.whole_file import write_whole


def pages(night: Pages) -> Iterator[Page]:
    """One of each branch that owes contacts."""
    for branch, source in contact_plans(night.night, night.notes).items():
        yield Page(f"{branch} contact_plan", partial(_write, branch, source))


def _write(branch: str, source: BookInput, folder: Path) -> None:
    target = branch_folder(folder, branch)
    write_book_workbook(target / "contact_plan.xlsx", source)
    write_whole(target / "contact_plan.html", render_book(source).encode())
