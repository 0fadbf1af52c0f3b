"""The week of a branch, asked of a published night: its last seven days."""

from dataclasses import replace

from nightdesk.errors import UsageError
from nightdesk.policy import policy
from nightdesk.reading.assessment import list_notes
from nightdesk.reading.people import client_names, course_names, is_at_work, staff_names
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import language_of
from nightdesk.render.weekly import MODELS, WeekInput

_HEAD = "branch_head"
#: which rows of a table a page shows: an indicator without a false alarm has nothing to tell
_SHOWN = {"tasks_weekly.false_alarm": "where false_count > 0"}


def week_inputs(night: PublishedNight, branch_id: str | None = None) -> dict[str, WeekInput]:
    """What the week of each branch, or of one, is made of; what all of them need is asked once.

    Raises UsageError where the night's registry has no such branch.
    """
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    if branch_id is not None and branch_id not in branches:
        raise UsageError(f"the registry has no branch {branch_id!r}", "Correct the branch id.")
    publication, ask = night.publication, night.inputs.ask
    headlines = {row["branch_id"]: row for row in ask("tasks_weekly.headline")}
    rows = {model: ask(model, _SHOWN.get(model, "")) for model in MODELS}
    notes = replace(list_notes(night.notes(), night.feeds(), night.colouring()), covers_days=1)
    clients, staff, courses = client_names(night), staff_names(night), course_names(night)
    settings = policy(publication.profile)["weekly_setting"].effective(publication.business_date)
    return {
        branch: WeekInput(
            branch=row,
            business_date=publication.business_date,
            revision=publication.revision,
            language=language_of(row["language"]),
            notes=notes,
            headline=headlines.get(branch, {}),
            rows={model: [one for one in found if one["branch_id"] == branch] for model, found in rows.items()},
            clients=clients,
            staff=staff,
            courses=courses,
            settings={str(one["setting"]): str(one["value"]) for one in settings},
        )
        for branch, row in branches.items()
        if branch_id in (None, branch)
    }


def branch_heads(night: PublishedNight) -> dict[str, list[str]]:
    """Mail addresses of the heads of each branch who are with the bank, as the register writes them."""
    day = night.publication.business_date
    found: dict[str, list[str]] = {}
    for row in night.source("staff", "staff_id", "where role = $role", role=_HEAD):
        if is_at_work(row, day) and row["email"]:
            found.setdefault(str(row["branch_id"]), []).append(str(row["email"]))
    return found
