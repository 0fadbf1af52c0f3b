"""The reviews of a bank with many projects as HTML: seconds on two cores and memory, of all and of a tenth of them."""

import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from nightdesk import pg
from nightdesk.attempt.opening import source_url
from nightdesk.desk.publication import Publication
from nightdesk.night.page_kind import html_page
from nightdesk.night.whole import run_night
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.reviews import Reviews
from nightdesk.render.project import render_project
from nightdesk.settings import Settings
from nightdesk_lab.bench.growth import MEASURED
from nightdesk_lab.bench.origin import Size, origin_now
from nightdesk_lab.bench.shared_out import SharedOut, some_and_all
from nightdesk_lab.demo_bank import generate

#: what is to be reached for PROJECTS; printed beside, never a pass mark
TARGET_SECONDS, PROJECTS = 90, 2000


def run_reviews(
    settings: Settings, *, size: Size, projects: int, say: Callable[[str], None] = lambda _line: None
) -> SharedOut:
    """Make a bank with so many projects and its night, and render their reviews again.

    Every project is supplied with all that a review shows, so that its page is as much work as one is. A tenth of them
    first, then all, each time in two processes; below `<home>/bench/reviews`, made anew. Raises NightdeskError when the
    night or a review fails.
    """
    home = settings.home / "bench" / "reviews"
    if home.exists():
        pg.remove(home)
        shutil.rmtree(home)
    own, found = Settings(home=home), SharedOut(origin_now(size, settings))
    try:
        say(f"a bank of {size.clients:,} clients and {projects:,} projects, and its night")
        generate(source_url(own), until=MEASURED, projects=projects, **asdict(size))
        with PublishedNight(own, run_night(own, MEASURED).publication) as night:
            every = [str(row["project_id"]) for row in night.table("project_review")]
        for some in some_and_all(every):
            say(f"{len(some):,} reviews")
            found.run(own, "reviews", some, date=str(MEASURED))
    finally:
        pg.stop(home)
    return found


def rendered(settings: Settings, publication: Publication, projects: list[str], folder: Path) -> int:
    """Write the reviews of these projects as HTML below a folder; returns how many."""
    with PublishedNight(settings, publication) as night:
        reviews = Reviews(night, night.notes(), projects)
        for project in reviews.projects:
            html_page("esg", project, partial(_render, reviews, project)).write(folder)
        return len(reviews.projects)


def _render(reviews: Reviews, project: str) -> str:
    return render_project(reviews.input(project))
