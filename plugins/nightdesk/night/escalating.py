"""Mails of what was passed on: one a person and morning, of all branches that the person is asked about."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from nightdesk.mail.compose import Body
from nightdesk.night.persons import Recipients
from nightdesk.reading.escalated import Asked, asked_people, unreached
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import catalogue, language_of
from nightdesk.render.escalation import escalation_texts, escalation_view


@dataclass(frozen=True)
class Passed:
    """The mail of one person: the address, and what it says. `unreached`: counts by branch and level of nobody."""

    person: Asked
    body: Body


def passed_on(
    night: PublishedNight, recipients: Recipients, branches: Collection[str] | None = None
) -> tuple[list[Passed], dict[str, dict[str, int]]]:
    """The mails of those who work in some branches (all by default), and what of those branches reaches nobody.

    A head who gets the whole list of the branch anyway sees there what was passed on, and gets no mail beside it.
    """
    tasks = night.table("task", "where escalated_to is not null")
    if not tasks:
        return [], {}
    people = asked_people(night.inputs.ask("escalation_person"))
    lost = {
        branch: levels for branch, levels in unreached(people, tasks).items() if branches is None or branch in branches
    }
    registry = {str(row["branch_id"]): row for row in night.source("branch", "branch_id")}
    clients = {str(row["client_id"]): row for row in night.source("client", "client_id")}
    staff = {str(row["staff_id"]): row for row in night.source("staff", "staff_id")}
    heads = {
        (one.branch_id, one.staff_id) for branch in recipients.people for one in recipients.of(branch) if one.sees_all
    }
    asked: dict[str, list[Asked]] = {}
    for one in people:
        if (one.branch_id, one.staff_id) not in heads and (branches is None or one.home_branch_id in branches):
            asked.setdefault(one.staff_id, []).append(one)
    made = []
    for _, levels in sorted(asked.items()):
        wanted = {(one.branch_id, one.escalated_to) for one in levels}
        theirs = [row for row in tasks if (row["branch_id"], row["escalated_to"]) in wanted]
        if not theirs:
            continue
        person = levels[0]
        language = language_of(registry.get(person.home_branch_id, {}).get("language"))
        view = escalation_view(
            theirs,
            branches=registry,
            clients=clients,
            staff=staff,
            language=language,
            business_date=night.publication.business_date,
        )
        text, html = escalation_texts(view, language)
        made.append(
            Passed(
                person,
                Body(
                    business_date=night.publication.business_date,
                    branch_id=person.home_branch_id,
                    revision=night.publication.revision,
                    language=language,
                    subject=f"{catalogue(language)('brand')} {view.title}",
                    is_restated=night.publication.revision > 1,
                    text=text,
                    html=html,
                    content_digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
                ),
            )
        )
    return made, lost
