"""A project's review on demand: its page and PDF from the newest published night, and which reviews are due."""

import datetime
from pathlib import Path

from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.publication import current
from nightdesk.errors import Refused, UsageError
from nightdesk.reading.published_night import PublishedNight, Rows
from nightdesk.reading.reviews import Reviews
from nightdesk.render.catalogue import Language
from nightdesk.render.outputs import page_file
from nightdesk.render.paper import printed
from nightdesk.render.project import render_project
from nightdesk.settings import Settings
from nightdesk.whole_file import write_whole


def write_review(
    settings: Settings,
    project_id: str,
    period_end: datetime.date | None,
    out: Path,
    language: Language,
    *,
    profile: str | None = None,
) -> list[Path]:
    """Write `esg/<project>.html` and `.pdf` below a folder; returns their paths. `period_end`: which review, the newest
    where None.

    Raises Refused where no night is published, UsageError where it knows no such project or no review of that period.
    """
    bank = load_profile(settings, profile)
    with open_desk(settings).connect() as connection:
        day = latest_published_date(connection, bank.name)
        if day is None:
            raise Refused("no night is published yet", "Run one first: nightdesk night --date YYYY-MM-DD")
        publication = current(connection, bank.name, day)
    with PublishedNight(settings, publication) as night:
        reviews = Reviews(night, night.notes(), [project_id])
        if project_id not in reviews.projects:
            raise UsageError(f"the night of {day} knows no project {project_id!r}", "Correct the project's id.")
        source = reviews.input(project_id, language=language, period_end=period_end)
        periods = [str(row["period_end"]) for row in source.reviews]  # type: ignore[union-attr]
        if period_end is not None and str(period_end) not in periods:
            raise UsageError(
                f"the night of {day} has no review of {project_id} as of {period_end}",
                f"There are: {', '.join(periods) or 'none'}.",
            )
        html = render_project(source)
    page = page_file(out, "esg", project_id)
    write_whole(page.with_suffix(".pdf"), printed(html, day, with_contents=True))
    write_whole(page, html.encode())
    return [page, page.with_suffix(".pdf")]


def reviews_due(settings: Settings, day: datetime.date, *, profile: str | None = None) -> Rows:
    """Rows of `esg_due` that are overdue or open in the published night of a date, the latest first.

    Raises UsageError where no such night is published.
    """
    bank = load_profile(settings, profile)
    with open_desk(settings).connect() as connection:
        publication = current(connection, bank.name, day)
    with PublishedNight(settings, publication) as night:
        rows = night.table("esg_due", "where state in ('overdue', 'open')")
    return sorted(rows, key=lambda row: (-(row["late_days"] or 0), str(row["due_on"]), row["project_id"], row["kind"]))


def due_counts(rows: Rows) -> dict[str, int]:
    """How many rows of `esg_due` are overdue and open, and how many of the overdue wait for a person (prepared and not
    approved, or sent back): the review of the book counts those apart (`esg_portfolio.review_kind`).
    """
    late = [row for row in rows if row["state"] == "overdue"]
    return {
        "overdue": len(late),
        "waiting": sum(row["period_end"] is not None for row in late),
        "open": sum(row["state"] == "open" for row in rows),
    }
