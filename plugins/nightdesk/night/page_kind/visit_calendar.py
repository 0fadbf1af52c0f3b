"""A calendar file of each person with visits or contacts: `person/<staff>/calendar.ics`."""

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages
from nightdesk.reading.published_night import Rows, by_key
from nightdesk.render.calendar_file import CalendarInput, calendar_file
from nightdesk.render.catalogue import language_of
from nightdesk.render.outputs import path_part
from nightdesk.whole_file import write_whole


def pages(night: Pages) -> Iterator[Page]:
    """One of each person who acts for a client tonight: an owner that is there, or the deputy; and of whoever did so
    in the last days and does no more, since what was handed on is to leave that calendar."""
    published = night.night
    away = {row["client_id"] for row in published.table("client_owner", "where is_away")}
    visits = by_acting(published.table("visit_proposal"), away)
    contacts = by_acting(published.inputs.ask("calendar_contact"), away)
    dropped = by_key(published.inputs.ask("tasks_contact_page.calendar_dropped"), "person_id")
    items = by_key(published.table("visit_item"), "visit_id")
    clients = {str(row["client_id"]): row for row in published.source("client", "client_id")}
    staff = {str(row["staff_id"]): row for row in published.source("staff", "staff_id")}
    registry = {row["branch_id"]: row for row in published.source("branch", "branch_id")}

    def write(person: str, folder: Path) -> None:
        branch = registry.get(staff.get(person, {}).get("branch_id"), {})
        made = calendar_file(
            CalendarInput(
                language=language_of(branch.get("language")),
                stamp=published.publication.cutoff_at,
                visits=visits.get(person, []),
                contacts=contacts.get(person, []),
                items=items,
                clients=clients,
                dropped=dropped.get(person, []),
            )
        )
        write_whole(folder / "person" / path_part(person) / "calendar.ics", made)

    for person in sorted({*visits, *contacts, *dropped}):
        yield Page(f"{person} calendar", partial(write, person))


def by_acting(rows: Rows, away: Collection[object]) -> dict[str, Rows]:
    """By who acts; what is nobody's, or of somebody `away` for whom nobody stands in, is in no calendar: it stands on
    the branch's list."""
    found: dict[str, Rows] = {}
    for row in rows:
        if person := row["deputy_id"] or (None if row["client_id"] in away else row["owner_id"]):
            found.setdefault(str(person), []).append(row)
    return found
