"""The briefs of the visits of the next working days: `client/<client>/brief.html`, and `.pdf` beside it."""

from collections.abc import Callable, Iterator
from functools import partial

from nightdesk.night.page_kind import Page, Pages, client_page
from nightdesk.reading.briefing import brief_makers, due
from nightdesk.render.brief import brief_page
from nightdesk.render.brief_source import BriefInput
from nightdesk.render.client_page import render_client_page


def pages(night: Pages) -> Iterator[Page]:
    """One of each client with a visit that is near; of nobody else."""
    published = night.night
    day = published.publication.business_date
    for client, make in brief_makers(published, night.notes, due(published)).items():
        yield client_page("brief", client, partial(_html, make), day)


def _html(make: Callable[[], BriefInput]) -> str:
    return render_client_page(brief_page(make()))
