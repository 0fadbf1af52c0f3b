"""A person's calendar: an event keeps its uid, a later file moves it; what is done or handed on is called off."""

from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar, Event

from nightdesk.render.calendar_file import CalendarInput, calendar_file

STAMP = datetime(2026, 3, 31, 21, 0, tzinfo=UTC)
VISIT = {"visit_id": "V1", "client_id": "C1", "visit_on": date(2026, 4, 7), "state": "planned", "sequence": 0}
CONTACT = {
    "client_id": "C1", "kind": "fixed", "slot": "1", "window_from": date(2026, 4, 1), "due_on": date(2026, 4, 15),
    "state": "open",
}  # fmt: skip


def events(**given: Any) -> dict[str, Event]:
    source = {"visits": [], "contacts": [], "items": {}, "clients": {"C1": {"client_id": "C1", "name": "宁波港"}}}
    made = Calendar.from_ical(calendar_file(CalendarInput(language="zh_CN", stamp=STAMP, **(source | given))))
    return {str(event["uid"]): event for event in made.walk("VEVENT")}


def told(event: Event) -> tuple[date, int, str]:
    return event["dtstart"].dt, int(event["sequence"]), str(event["status"])


def test_given_a_visit_that_moves_and_then_is_done_then_its_event_is_the_same_one_and_rises_each_time() -> None:
    (first,) = events(visits=[VISIT]).items()
    (moved,) = events(visits=[VISIT | {"visit_on": date(2026, 4, 2), "sequence": 1}]).items()
    (done,) = events(visits=[VISIT | {"visit_on": date(2026, 4, 2), "sequence": 2, "state": "done"}]).items()
    assert first[0] == moved[0] == done[0]
    assert [told(one[1]) for one in (first, moved, done)] == [
        (date(2026, 4, 7), 0, "CONFIRMED"),
        (date(2026, 4, 2), 1, "CONFIRMED"),
        (date(2026, 4, 2), 2, "CANCELLED"),
    ]


def test_given_a_contact_that_is_made_then_its_event_is_called_off() -> None:
    (first,) = events(contacts=[CONTACT]).items()
    (done,) = events(contacts=[CONTACT | {"state": "done"}]).items()
    assert first[0] == done[0]
    assert [told(first[1]), told(done[1])] == [
        (date(2026, 4, 15), 0, "CONFIRMED"),
        (date(2026, 4, 15), 1, "CANCELLED"),
    ]


def test_given_what_was_handed_on_then_it_is_called_off_in_the_calendar_that_had_it_by_the_same_uid() -> None:
    had = events(visits=[VISIT], contacts=[CONTACT])
    handed = [
        VISIT | {"kind": "visit", "slot": "V1", "window_from": None, "due_on": VISIT["visit_on"], "sequence": 1},
        {key: CONTACT[key] for key in ("client_id", "kind", "slot", "window_from", "due_on")} | {"sequence": 1},
    ]
    gone = events(dropped=handed)
    assert set(gone) == set(had)
    assert {told(event)[1:] for event in gone.values()} == {(1, "CANCELLED")}
