"""The contact plan of each branch, and the pack of each person who takes clients over: asked of a published night."""

from collections.abc import Mapping
from typing import Any

from nightdesk.reading.people import client_names, staff_names
from nightdesk.reading.published_night import PublishedNight, Rows, by_key
from nightdesk.render.book import BookInput
from nightdesk.render.catalogue import Language, catalogue, language_of
from nightdesk.render.contact_tables import CONTACT_PLAN, HANDOVER, models_of
from nightdesk.render.contact_words import client_remark
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.people import named_client, named_staff
from nightdesk.render.table_spec import SectionSpec

#: what a row says of people by id, and the column of its table that names them
_PEOPLE = {
    "staff_id": "staff",
    "deputy_id": "acting",
    "handed_from_id": "handed_from",
    "from_id": "from_staff",
}
#: what of a branch makes its plan worth a page
_CONTACTS = "tasks_contact_page.contact_client"
_OWED = (_CONTACTS, "tasks_contact_page.contact_owner", "tasks_contact_page.contact_promise")
_CLIENTS = "tasks_handover_page.handover_client"
#: of the lowest tier a pack says only how many there are
_PLAIN = "tasks_handover_page.handover_plain"


def contact_plans(night: PublishedNight, notes: Notes) -> dict[str, BookInput]:
    """By branch, its contact plan, in the branch's language; a branch that owes nobody a contact has none."""
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    rows = _asked(night, CONTACT_PLAN, "branch_id")
    owing = sorted({branch for model in _OWED for branch in rows[model] if branch in branches})
    return {
        branch: _page(
            "contact_plan",
            night,
            notes,
            CONTACT_PLAN,
            _of_branch(rows, branch, language := language_of(branches[branch]["language"]), notes),
            language,
            {"branch_name": _branch_name(branches[branch], language)},
        )
        for branch in owing
    }


def _of_branch(
    rows: Mapping[str, Mapping[str, Rows]], branch: str, language: Language, notes: Notes
) -> dict[str, Rows]:
    """A branch's rows of every table, with remarks in its language."""
    t, f = catalogue(language), Figures(language, notes.base_ccy)
    found = {model: of.get(branch, []) for model, of in rows.items()}
    return found | {_CONTACTS: [{**row, "remark": client_remark(row, t, f)} for row in found[_CONTACTS]]}


def handovers(night: PublishedNight, notes: Notes) -> dict[str, BookInput]:
    """By person, the pack of the clients that the person took over lately or looks after for somebody who is away."""
    rows = _asked(night, HANDOVER, "person_id")
    if not rows[_CLIENTS]:
        return {}
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    staff = {str(row["staff_id"]): row for row in night.source("staff", "staff_id")}
    names = staff_names(night)
    plain = {str(row["person_id"]): row for row in night.inputs.ask(_PLAIN)}
    found = {}
    for person in sorted(rows[_CLIENTS]):
        branch = branches.get(staff.get(person, {}).get("branch_id"), {})
        found[person] = _page(
            "handover",
            night,
            notes,
            HANDOVER,
            {model: of.get(person, []) for model, of in rows.items()},
            language_of(branch.get("language")),
            {
                "taken_by": named_staff(person, names) or person,
                "handed_count": _clients(rows[_CLIENTS][person], "handed_over"),
                "standing_count": _clients(rows[_CLIENTS][person], "stands_in"),
                "handed_plain_count": plain.get(person, {}).get("handed_plain_count", 0),
                "standing_plain_count": plain.get(person, {}).get("standing_plain_count", 0),
            },
        )
    return found


def _asked(night: PublishedNight, sections: tuple[SectionSpec, ...], key: str) -> dict[str, dict[str, Rows]]:
    """The rows of every table of a page by what it is of, with clients and colleagues by name."""
    clients, staff = client_names(night), staff_names(night)
    return {
        model: by_key([_named(row, clients, staff) for row in night.inputs.ask(model)], key)
        for model in models_of(sections)
    }


def _named(row: Mapping[str, Any], clients: Mapping[str, str], staff: Mapping[str, str]) -> dict[str, Any]:
    found = dict(row)
    if "client_id" in row:
        found["client"] = named_client(row["client_id"], clients, staff)
    for column, name in _PEOPLE.items():
        if column in row:
            found[name] = named_staff(row[column], staff)
    if "carrier_id" in row:
        found["carrier"] = named_client(row["carrier_id"], clients, staff) if row["carrier_id"] else ""
        found["also_asked"] = named_staff(row["also_asked_id"], staff) if row["also_asked_id"] else ""
    return found


def _page(
    kind: str,
    night: PublishedNight,
    notes: Notes,
    sections: tuple[SectionSpec, ...],
    rows: Mapping[str, Rows],
    language: Language,
    headline: dict[str, object],
) -> BookInput:
    publication = night.publication
    return BookInput(
        kind=kind,
        business_date=publication.business_date,
        revision=publication.revision,
        restated=publication.revision > 1,
        language=language,
        notes=notes,
        sections=sections,
        rows=rows,
        headline=headline,
    )


def _branch_name(branch: Mapping[str, Any], language: Language) -> str:
    name = branch["name_en"] if language == "en" and branch["name_en"] else branch["name"]
    return f"{name} {branch['branch_id']}"


def _clients(rows: Rows, handover: str) -> int:
    return len({row["client_id"] for row in rows if row["handover"] == handover})
