"""A person's visits and contacts as a calendar file: each has one uid for good, so a later file moves or ends it.

The sequence is that of the night, in minutes, for each event alike: a program takes the higher one (RFC 5545, 3.8.7.4),
so what was called off and comes back is shown again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.inert import inert
from nightdesk.render.masking import client_name
from nightdesk.render.rows import Row, as_rows, day_of, text_of

_DOMAIN = "nightdesk"


@dataclass(frozen=True)
class CalendarInput:
    """One person's calendar: rows of tasks.visit_proposal and tasks.contact_plan that are theirs tonight.

    `items` are the rows of tasks.visit_item by visit, `clients` those of the registry by id, `stamp` the cut-off.
    `dropped` are rows of tasks_contact_page.calendar_dropped: what the calendar had and is not this person's any more.
    """

    language: Language
    stamp: datetime
    visits: Sequence[Row]
    contacts: Sequence[Row]
    items: Mapping[str, Sequence[Row]]
    clients: Mapping[str, Row]
    dropped: Sequence[Row] = ()


def calendar_file(source: CalendarInput) -> bytes:
    """The file. The same input gives the same bytes; days are whole days, and nobody is shown as busy."""
    t = catalogue(source.language)
    made = Calendar()
    made.add("prodid", "-//nightdesk//chendan//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", t("calendar.name"))
    for visit in sorted(as_rows(source.visits), key=lambda row: str(row["visit_id"])):
        made.add_component(_visit(visit, source, t))
    for contact in sorted(as_rows(source.contacts), key=contact_uid):
        made.add_component(_contact(contact, source, t))
    for event in sorted(as_rows(source.dropped), key=_dropped_uid):
        made.add_component(_dropped(event, source, t))
    return bytes(made.to_ical(sorted=False))


def contact_uid(row: Row) -> str:
    """What a planned contact is known by: client, kind and window."""
    return f"contact-{row['client_id']}-{row['kind']}-{row['window_from']}-{row['slot']}@{_DOMAIN}"


def visit_uid(visit_id: object) -> str:
    """What a visit is known by for as long as it is planned."""
    return f"visit-{visit_id}@{_DOMAIN}"


def _dropped_uid(row: Row) -> str:
    return visit_uid(row["slot"]) if row["kind"] == "visit" else contact_uid(row)


def _dropped(row: Row, source: CalendarInput, t: Catalogue) -> Event:
    """What was handed on, or is owed no more: called off where it stood."""
    words = "calendar.visit" if row["kind"] == "visit" else "calendar.contact"
    event = _event(
        _dropped_uid(row),
        t(words, client=_who(row, source)),
        day_of(row, "due_on"),
        source.stamp,
    )
    event.add("status", "CANCELLED")
    return event


def _visit(row: Row, source: CalendarInput, t: Catalogue) -> Event:
    state = str(row["state"])
    items = as_rows(source.items.get(str(row["visit_id"]), ()))
    lines = [
        " ".join(
            part
            for part in (
                t.label("post_loan_kind", one["kind"]),
                text_of(one, "loan_id") or "",
                str(day_of(one, "due_on") or ""),
            )
            if part
        )
        for one in sorted(items, key=lambda one: (str(one["due_on"]), str(one["kind"]), str(one["subject"])))
    ]
    event = _event(
        visit_uid(row["visit_id"]),
        t("calendar.visit", client=_who(row, source)),
        day_of(row, "visit_on"),
        source.stamp,
    )
    event.add("status", "CONFIRMED" if state == "planned" else "CANCELLED")
    if lines:
        event.add("description", "\n".join(inert(line) for line in dict.fromkeys(lines)))
    return event


def _contact(row: Row, source: CalendarInput, t: Catalogue) -> Event:
    is_open = str(row["state"]) in ("open", "upcoming")
    event = _event(
        contact_uid(row),
        t("calendar.contact", client=_who(row, source)),
        day_of(row, "due_on"),
        source.stamp,
    )
    event.add("status", "CONFIRMED" if is_open else "CANCELLED")
    return event


def _event(uid: str, summary: str, day: date | None, stamp: datetime) -> Event:
    if day is None:
        raise ValueError("a visit without a day")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("sequence", int(stamp.timestamp()) // 60)
    event.add("summary", inert(summary))
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    return event


def _who(row: Row, source: CalendarInput) -> str:
    client = source.clients.get(str(row["client_id"]), {"client_id": row["client_id"]})
    return f"{client_name(client, full=False)} {row['client_id']}".strip()
