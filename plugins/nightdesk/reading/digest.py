"""What head office is told of a night: read from its publication, and from the outbox as it stands."""

import datetime
from typing import Any

from nightdesk.desk import outbox
from nightdesk.desk.ledger import get_attempt, lineage
from nightdesk.policy import policy
from nightdesk.reading.assessment import list_notes
from nightdesk.reading.people import company_names, is_at_work, staff_names
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import Language, language_of
from nightdesk.render.digest_source import DigestInput
from nightdesk.render.made_of import Notes
from nightdesk.render.sentences import Sentences

#: who is told: risk people of a branch that has others below it and none above
_ROLE = "risk"


def digest_input(night: PublishedNight, notes: Notes) -> DigestInput:
    """Branches by colour, and every thing behind the numbers. Names are those of companies alone."""
    publication = night.publication
    tables = policy(publication.profile)
    return DigestInput(
        business_date=publication.business_date,
        revision=publication.revision,
        notes=list_notes(notes, night.feeds(), night.colouring()),
        branches=night.inputs.ask("digest_branch"),
        items=night.inputs.ask("digest_item"),
        names=company_names(night),
        rules=_rules(publication.profile, publication.business_date, notes.base_ccy),
        strategies={
            str(row["strategy"]): {"zh_CN": str(row["name_zh"]), "en": str(row["name_en"])}
            for row in tables["exit_strategy_text"].effective(publication.business_date)
        },
        staff=staff_names(night),
        unsent=_unsent(night),
    )


def head_offices(night: PublishedNight) -> list[dict[str, Any]]:
    """The branches that have others below them and none above."""
    branches = night.source("branch", "branch_id")
    above = {row["parent_branch_id"] for row in branches} - {None}
    return [row for row in branches if row["parent_branch_id"] is None and row["branch_id"] in above]


def digest_language(night: PublishedNight) -> Language:
    """Head office's language; Chinese where the registry knows no head office."""
    return language_of(next((row["language"] for row in head_offices(night)), None))


def head_office_risk(night: PublishedNight) -> list[str]:
    """Mail addresses of the risk people at head office, by that night's registry; each once, in order."""
    heads = {row["branch_id"] for row in head_offices(night)}
    day = night.publication.business_date
    found = [
        row["email"]
        for row in night.source("staff", "staff_id")
        if row["role"] == _ROLE and row["branch_id"] in heads and row["email"] and is_at_work(row, day)
    ]
    return sorted(set(found))


def _rules(profile: str, day: datetime.date, base_ccy: str) -> dict[str, dict[Language, str]]:
    """Rules of the five-class floor in words of each language, with what has to be passed."""
    tables = policy(profile)
    passed = {row["rule"]: row["passed_value"] for row in tables["five_class_floor"].effective(day)}
    names: tuple[tuple[Language, str], ...] = (("zh_CN", "name_zh"), ("en", "name_en"))
    return {
        str(row["rule"]): {
            language: Sentences(language, base_ccy).fill(
                str(row[column]), {"passed": None if passed.get(row["rule"]) is None else str(passed[row["rule"]])}
            )
            for language, column in names
        }
        for row in tables["five_class_floor_text"].effective(day)
    }


def _unsent(night: PublishedNight) -> list[dict[str, Any]]:
    """Lists of this night and the one before that are not out: date, branch and what became of them."""
    publication = night.publication
    with night.night.desk.connect() as connection:
        days: list[datetime.date] = [
            get_attempt(connection, attempt).business_date
            for attempt in lineage(connection, publication.attempt_id)[-2:]
        ]
        return [
            {"business_date": day, "branch_id": row.branch_id, "status": row.status}
            for day in sorted(set(days), reverse=True)
            for row in outbox.unsettled(connection, publication.profile, day)
        ]
