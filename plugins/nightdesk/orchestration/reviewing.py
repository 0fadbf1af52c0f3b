"""The tasks of the ESG reviews that go on from a published night: which night, its projects in chunks, the book."""

import datetime
import logging
from typing import Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from nightdesk.orchestration.asset import published_of_event
from nightdesk.orchestration.connections import task_settings
from nightdesk.orchestration.failing import said
from nightdesk.orchestration.tasks import Reference, published_of
from nightdesk.render.catalogue import Language, language_of

_LOG = logging.getLogger(__name__)
#: projects whose reviews one mapped task writes
PROJECTS_PER_CHUNK = 200


@task(task_display_name="确定夜次 · Which night")
def which_night() -> Reference:
    """The night that started the run, by its asset; by hand, that of a business date or period, or the newest."""
    from nightdesk.night import reviewing

    told = published_of_event()
    if told is not None:
        return told
    with said():
        published = reviewing.night_of(task_settings(), business_date=_day("business_date"), period=_day("period"))
    return {
        "profile": published.profile,
        "business_date": str(published.business_date),
        "revision": published.revision,
    }


@task(task_display_name="项目分组 · Projects")
def project_chunks(reference: Reference) -> list[list[str]]:
    """The projects of the night, or the one that is asked for, in chunks."""
    from nightdesk.night import reviewing

    settings = task_settings()
    with said():
        found = reviewing.projects_of(settings, published_of(settings, reference), _param("project"))
    if not found:
        raise AirflowSkipException("this night has no projects")
    return [found[i : i + PROJECTS_PER_CHUNK] for i in range(0, len(found), PROJECTS_PER_CHUNK)]


@task(map_index_template="{{ projects_named }}", task_display_name="生成项目审查 · Write reviews")
def write_reviews(reference: Reference, projects: list[str]) -> int:
    """Write the reviews of some projects, each on its own."""
    from nightdesk.night import reviewing

    context = get_current_context()
    context["projects_named"] = f"{projects[0]} … {projects[-1]}"[:200]  # type: ignore[typeddict-unknown-key]
    settings = task_settings()
    with said():
        published, period = published_of(settings, reference), _day("period")
        written = reviewing.write_reviews(settings, published, projects, language=_language(), period_end=period)
    _LOG.info("%s reviews", written)
    return written


@task(task_display_name="组合审查 · Write portfolio")
def write_portfolio(reference: Reference) -> int:
    """Write the review of the whole book, where the run is not of one project."""
    from nightdesk.night import reviewing

    if _param("project"):
        raise AirflowSkipException("this run is of one project")
    settings = task_settings()
    with said():
        return len(reviewing.write_portfolio(settings, published_of(settings, reference)))


@task(retries=0, task_display_name="发送审查 · Send reviews")
def send_reviews(reference: Reference) -> dict[str, int]:
    """Mail ESG reviewers and the owning branches, only when the run was told so; nothing is sent again by itself."""
    from nightdesk.night import review_mails, reviewing

    if not get_current_context()["params"].get("send", False):
        raise AirflowSkipException("this run mails nothing (param send)")
    settings = task_settings()
    published = published_of(settings, reference)
    with said():
        projects = reviewing.projects_of(settings, published, _param("project"))
        folder = reviewing.reviews_folder(settings, published)
        return review_mails.send_reviews(settings, published, projects, folder, _language())


def _param(name: str) -> str | None:
    value: Any = get_current_context()["params"].get(name)
    return str(value) if value else None


def _day(name: str) -> datetime.date | None:
    value = _param(name)
    return datetime.date.fromisoformat(value) if value else None


def _language() -> Language | None:
    value = _param("language")
    return language_of(value) if value else None
