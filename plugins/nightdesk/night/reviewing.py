"""The reviews of a published night apart from the night: of some projects, in a language, and mailed when told.

They are written below `<home>/esg/<date>`, beside the review of the whole book; what `out/<date>` shows stays as it is.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path

from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, current, published_between
from nightdesk.errors import Refused, UsageError
from nightdesk.night.each import Each
from nightdesk.night.page_kind import Pages
from nightdesk.night.page_kind import esg as esg_pages
from nightdesk.reading.book import portfolio_inputs
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.book_output import write_book
from nightdesk.render.catalogue import Language
from nightdesk.settings import Settings


def night_of(
    settings: Settings,
    *,
    business_date: datetime.date | None = None,
    period: datetime.date | None = None,
    profile: str | None = None,
) -> Publication:
    """The night that reviews rest on: of a business date; the last one up to a period's end; or the newest.

    Raises UsageError where both are named or the period has no night, Refused where no night is published.
    """
    if business_date and period:
        raise UsageError("a business date and a period are named", "Name one of them.")
    bank = load_profile(settings, profile)
    with open_desk(settings).connect() as connection:
        if business_date:
            return current(connection, bank.name, business_date)
        found = published_between(connection, bank.name, datetime.date.min, period or datetime.date.max)
    if not found and period:
        raise UsageError(f"no night up to {period} is published", "Name a later period, or backfill nights.")
    if not found:
        raise Refused("no night is published yet", "Run one first: nightdesk night --date YYYY-MM-DD")
    return found[-1]


def projects_of(settings: Settings, publication: Publication, project: str | None = None) -> list[str]:
    """Ids of the projects of a published night; the one that is named. Raises UsageError where it knows none such."""
    with PublishedNight(settings, publication) as night:
        known = [str(row["project_id"]) for row in night.table("project_review")]
    if project is None:
        return known
    if project not in known:
        raise UsageError(f"the night of {publication.business_date} knows no project {project}", "Correct it.")
    return [project]


def reviews_folder(settings: Settings, publication: Publication) -> Path:
    """Where the reviews of a night lie, apart from what the night itself shows."""
    return settings.home / "esg" / str(publication.business_date)


def write_reviews(
    settings: Settings,
    publication: Publication,
    projects: Sequence[str],
    *,
    language: Language | None = None,
    period_end: datetime.date | None = None,
) -> int:
    """Write the reviews of some projects, each on its own, in their branch's language and of their newest period,
    unless others are named. Returns how many.

    Raises Unrendered or StoreError at the end, naming those that could not be made.
    """
    folder = reviews_folder(settings, publication)
    each = Each("page", publication.profile, publication.business_date)
    wanted = frozenset(projects)
    with PublishedNight(settings, publication) as night:
        for page in esg_pages.pages(Pages(night), projects=wanted, language=language, period_end=period_end):
            with each.one(page.name):
                page.write(folder)
    each.require_all()
    return len(projects)


def write_portfolio(settings: Settings, publication: Publication) -> list[Path]:
    """Write the review of the whole book as of a night; returns its pages."""
    with PublishedNight(settings, publication) as night:
        return write_book(reviews_folder(settings, publication), portfolio_inputs(night))
