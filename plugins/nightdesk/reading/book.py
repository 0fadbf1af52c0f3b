"""What the review of the whole book and the yearly disclosure are made of, asked of a published night."""

from collections.abc import Sequence
from datetime import timedelta

from nightdesk.reading.assessment import review_notes
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.book import BookInput
from nightdesk.render.book_tables import PORTFOLIO
from nightdesk.render.catalogue import LANGUAGES
from nightdesk.render.disclosure_tables import DISCLOSURE
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import as_rows
from nightdesk.render.table_spec import SectionSpec

#: the row of figures at the head of the review
_HEADLINE = "esg_portfolio.headline"


def portfolio_inputs(night: PublishedNight, notes: Notes | None = None) -> list[BookInput]:
    """The review of the book in each language; what all of them need is asked once."""
    (headline,) = night.inputs.ask(_HEADLINE)
    return _inputs(night, "portfolio", PORTFOLIO, dict(headline), notes)


def disclosure_inputs(night: PublishedNight, notes: Notes | None = None) -> list[BookInput]:
    """The yearly disclosure in each language."""
    return _inputs(night, "disclosure", DISCLOSURE, {}, notes)


def is_month_end(night: PublishedNight) -> bool:
    """Whether the night is of the last day of a month."""
    return (night.publication.business_date + timedelta(days=1)).day == 1


def _inputs(
    night: PublishedNight,
    kind: str,
    sections: Sequence[SectionSpec],
    headline: dict[str, object],
    notes: Notes | None,
) -> list[BookInput]:
    publication = night.publication
    tables = {table.model for section in sections for table in (*section.summaries, *section.lists)}
    rows = {table: as_rows(night.inputs.ask(table)) for table in sorted(tables)}
    told = review_notes(notes or night.notes(), night.feeds())
    return [
        BookInput(
            kind=kind,
            business_date=publication.business_date,
            revision=publication.revision,
            restated=publication.revision > 1,
            language=language,
            notes=told,
            sections=sections,
            rows=rows,
            headline=headline,
        )
        for language in LANGUAGES
    ]
