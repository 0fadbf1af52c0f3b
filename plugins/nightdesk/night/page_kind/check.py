"""The draft of each report of a post-loan check that is due: `client/<client>/check_<loan>.html`."""

from collections.abc import Iterator
from functools import partial

from nightdesk.night.page_kind import Page, Pages, drawn_page
from nightdesk.reading.drafting import drafts, near
from nightdesk.render.check_report import check_html


def pages(night: Pages) -> Iterator[Page]:
    """One of each loan with a check that is due within the notice or overdue; of no other loan."""
    published = night.night
    for loan, make in drafts(published, published.night.desk, near(published)).items():
        made = make()
        yield drawn_page("check", str(made.due["client_id"]), partial(check_html, made, night.notes), loan)
