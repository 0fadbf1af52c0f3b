"""A page per project under review: `esg/<project>.html`, and `.pdf` beside those that somebody signs or works on."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial

from nightdesk.night.page_kind import Page, Pages, html_page, printed_page
from nightdesk.reading.reviews import Reviews
from nightdesk.render.catalogue import Language
from nightdesk.render.project import render_project


def pages(
    night: Pages,
    *,
    projects: Collection[str] | None = None,
    language: Language | None = None,
    period_end: date | None = None,
) -> Iterator[Page]:
    """The review of each project, or of `projects`; what all of them need is read once, and their own rows
    by chunks in the order of the pages.

    In the language of the project's branch and of its newest period, unless others are asked for. What is asked for
    by its project is printed; of a whole night what waits for a person is: the others' paper would say what it said
    the night before, and typesetting is most of what a page costs.
    """
    reviews = Reviews(night.night, night.notes, projects)
    day = night.night.publication.business_date
    for project in reviews.projects:
        render = partial(_render, reviews, project, language, period_end)
        if projects is not None or project in reviews.waiting:
            yield printed_page("esg", project, render, day, with_contents=True)
        else:
            yield html_page("esg", project, render)


def _render(reviews: Reviews, project: str, language: Language | None, period_end: date | None) -> str:
    return render_project(reviews.input(project, language=language, period_end=period_end))
