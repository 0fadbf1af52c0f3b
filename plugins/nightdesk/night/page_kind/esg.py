"""A page per project under review: `esg/<project>.html`, and `.pdf` beside it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from nightdesk.night.page_kind import Page, Pages, printed_page
from nightdesk.reading.assessment import review_bands, review_notes, review_panels
from nightdesk.reading.published import PUBLISHED
from nightdesk.reading.published_night import by_key
from nightdesk.render.catalogue import language_of
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project import render_project

#: what a project has rows of beside its panels
_SHEETS = (
    "performance_standard", "financed_emission", "esg_due", "taxonomy", "equator_reading", "grievance",
    "evidence_request",
)  # fmt: skip
_PANELS = ("covenant", "incident", "action", "permit", "insurance")


def pages(night: Pages) -> Iterator[Page]:
    """The review of each project; what all of them need is read once."""
    published = night.night
    publication = published.publication
    notes = review_notes(night.notes, published.feeds())
    bands = review_bands(publication.profile, publication.business_date)
    panels = review_panels({name: PUBLISHED[name][0].replace("/", ".") for name in _PANELS})
    registry = {row["branch_id"]: row for row in published.source("branch", "branch_id")}
    clients = {row["client_id"]: row for row in published.source("client", "client_id")}
    rows = {name: by_key(published.table(name), "project_id") for name in (*_PANELS, *_SHEETS)}
    signals = by_key(published.signals(""), "project_id")
    held_back = by_key(published.inputs.ask("project_withheld"), "reviewed_project_id")

    def render(review: dict[str, Any]) -> str:
        project, branch = review["project_id"], registry.get(review["branch_id"], {})
        return render_project(
            ProjectInput(
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
                standards=rows["performance_standard"].get(project, []),
                emissions=rows["financed_emission"].get(project, []),
                due=rows["esg_due"].get(project, []),
                requests=rows["evidence_request"].get(project, []),
                taxonomy=rows["taxonomy"].get(project, []),
                equator=next(iter(rows["equator_reading"].get(project, [])), {}),
                grievance=next(iter(rows["grievance"].get(project, [])), {}),
                signals=signals.get(project, []),
                withheld=held_back.get(project, []),
                panels=panels,
            )
        )

    for review in published.table("project_review"):
        project = str(review["project_id"])
        yield printed_page("esg", project, partial(render, review), publication.business_date, with_contents=False)
