"""Render: the lists of a published night per branch, a page per project, and the quality page, each once.

All of it goes into the folder of the revision; `show_revision` lets readers see it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from nightdesk.desk.publication import Publication
from nightdesk.errors import StoreError, Unrendered
from nightdesk.mail.compose import Body, list_body
from nightdesk.mail.kept import keep_body, kept_body
from nightdesk.night.each import Each
from nightdesk.night.quality import quality_input
from nightdesk.reading.assessment import review_bands, review_notes, review_panels
from nightdesk.reading.published import PUBLISHED
from nightdesk.reading.published_night import PublishedNight, Rows, branch_makers, branches_of, by_key
from nightdesk.reading.showing import revision_folder, show
from nightdesk.render.branch import render_view
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import language_of
from nightdesk.render.inputs import ProjectInput
from nightdesk.render.outputs import write_branch, write_project, write_quality
from nightdesk.render.project import render_project
from nightdesk.render.quality import render_quality
from nightdesk.settings import Settings

_PANELS = ("covenant", "incident", "action", "permit", "insurance")
_REVIEW_TABLES = ("project_review", *_PANELS, "signal")


def render_branches(
    settings: Settings,
    publication: Publication,
    branches: Sequence[str] | None = None,
    *,
    on_done: Callable[[str], None] | None = None,
) -> int:
    """Render some branches' lists, all by default, each once: page, text, workbook, and the mail that carries them.

    Returns how many branches; `on_done` is told of every one that is written. Raises Unrendered or StoreError at the
    end, naming those that could not be, and UsageError when a branch is not in that night's registry.
    """
    folder = revision_folder(settings, publication)
    each = Each("list", publication.profile, publication.business_date)
    with PublishedNight(settings, publication) as night:
        makers = branch_makers(night, branches)
        for branch, make in makers.items():
            with each.one(branch):
                source = make()
                view = branch_view(source)
                made = render_view(view, source)
                target = write_branch(folder, branch, made)
                keep_body(folder, list_body(source, (target / "list.html").as_uri(), view, made))
                if on_done:
                    on_done(branch)
    each.require_all()
    return len(makers)


def kept_bodies(night: PublishedNight, branches: Sequence[str]) -> dict[str, Body]:
    """The mails of some branches as they were rendered; what is not there whole is rendered first.

    Leaves out those whose list cannot be rendered; the log says why. Raises StoreError when what the lists were made of
    is damaged: nobody is mailed figures that cannot be looked up.
    """
    settings, publication = night.settings, night.publication
    night.require_whole()
    folder = revision_folder(settings, publication)
    found = {branch: kept_body(folder, branch, publication.revision) for branch in branches}
    if lost := [branch for branch, body in found.items() if body is None]:
        with suppress(Unrendered, StoreError):
            render_branches(settings, publication, lost)
        found |= {branch: kept_body(folder, branch, publication.revision) for branch in lost}
    return {branch: body for branch, body in found.items() if body is not None}


def render_pages(settings: Settings, publication: Publication) -> int:
    """Write a page per project and the quality page; returns how many pages.

    Each page on its own. Raises Unrendered or StoreError at the end, naming those that could not be made.
    """
    folder = revision_folder(settings, publication)
    each = Each("page", publication.profile, publication.business_date)
    with PublishedNight(settings, publication) as night:
        every, feeds = night.notes(), night.feeds()
        notes = review_notes(every, feeds)
        bands = review_bands(publication.profile, publication.business_date)
        panels = review_panels({name: PUBLISHED[name][0].replace("/", ".") for name in _PANELS})
        registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
        clients = {row["client_id"]: row for row in night.source("client", "client_id")}
        rows = {name: by_key(night.table(name), "project_id") for name in _REVIEW_TABLES}
        reviews = [review for found in rows["project_review"].values() for review in found]
        held_back = _withheld(night)
        for review in reviews:
            with each.one(str(review["project_id"])):
                project, branch = review["project_id"], registry.get(review["branch_id"], {})
                page = ProjectInput(
                    business_date=publication.business_date,
                    revision=publication.revision,
                    restated=publication.revision > 1,
                    review=review,
                    language=language_of(branch.get("language")),
                    notes=notes,
                    bands=bands,
                    client=clients.get(review["client_id"], {}),
                    branch=branch,
                    covenants=rows["covenant"].get(project, []),
                    incidents=rows["incident"].get(project, []),
                    actions=rows["action"].get(project, []),
                    permits=rows["permit"].get(project, []),
                    insurances=rows["insurance"].get(project, []),
                    signals=[s for s in rows["signal"].get(project, []) if s["audience"] == "branch"],
                    withheld=held_back.get(project, []),
                    panels=panels,
                )
                write_project(folder, project, render_project(page))
        with each.one("quality"):
            write_quality(folder, render_quality(quality_input(night.night, every, publication.revision)))
    each.require_all()
    return len(reviews) + 1


def _withheld(night: PublishedNight) -> dict[str, Rows]:
    """What is withheld of each reviewed project, or perhaps of it, as esg/project_review.sql counts it."""
    return by_key(night.inputs.ask("project_withheld"), "reviewed_project_id")


def show_revision(settings: Settings, publication: Publication) -> list[str]:
    """Let `out/<date>` show the revision, after everything was tried; returns the branches that have no list."""
    return show(settings, publication, branches_of(settings, publication))


def render_night(settings: Settings, publication: Publication, *, on_done: Callable[[str], None] | None = None) -> int:
    """Write every page of a published night, the others too where one cannot be made, and show them; returns how many.

    Raises Unrendered or StoreError, once all others are shown, naming those that could not be made.
    """
    try:
        try:
            lists = render_branches(settings, publication, on_done=on_done)
        finally:
            pages = render_pages(settings, publication)
    finally:
        show_revision(settings, publication)
    return lists + pages
