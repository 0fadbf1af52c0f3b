"""A page per project under review: `esg/<project>.html`, and `.pdf` beside it."""

from collections.abc import Iterator
from functools import partial

from nightdesk.night.page_kind import Page, Pages, printed_page
from nightdesk.reading.reviews import Reviews
from nightdesk.render.project import render_project


def pages(night: Pages) -> Iterator[Page]:
    """The review of each project; what all of them need is read once."""
    reviews = Reviews(night.night, night.notes)
    day = night.night.publication.business_date
    for project in reviews.projects:
        yield printed_page("esg", project, partial(_render, reviews, project), day, with_contents=True)


def _render(reviews: Reviews, project: str) -> str:
    return render_project(reviews.input(project))
