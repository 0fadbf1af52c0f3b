"""What pages about the bank's own people ask of a night: how clients, colleagues and courses are named there."""

import datetime
from collections.abc import Mapping
from typing import Any

from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.inert import LONGEST_NAME, cut
from nightdesk.render.masking import shortened_company


def is_at_work(person: Mapping[str, Any], day: datetime.date) -> bool:
    """Whether a row of the staff register is of somebody with the bank on a day; the day of leaving is none."""
    begins, ends = person["active_from"], person["active_to"]
    return (begins is None or begins <= day) and (ends is None or ends > day)


def company_names(night: PublishedNight) -> dict[str, str]:
    """A company's short name, or the head of its name, by client id; a natural person is left out."""
    return {
        row["client_id"]: cut(shortened_company(row["short_name"] or row["name"]), LONGEST_NAME)
        for row in night.source("client", "client_id")
        if not row["is_natural_person"]
    }


def client_names(night: PublishedNight) -> dict[str, str]:
    """How a client is named: a company by its short name and id; a natural person by the id alone, and left out."""
    return {client: f"{name} {client}" for client, name in company_names(night).items()}


def staff_names(night: PublishedNight) -> dict[str, str]:
    """The name of every member of staff that the register knows, by id."""
    return {row["staff_id"]: row["name"] for row in night.source("staff", "staff_id")}


def course_names(night: PublishedNight) -> dict[str, dict[str, str]]:
    """The names of courses in each language, by their codes."""
    publication = night.publication
    rows = policy(publication.profile)["certificate_text"].effective(publication.business_date)
    return {str(row["course"]): {"zh_CN": str(row["name_zh"]), "en": str(row["name_en"])} for row in rows}
