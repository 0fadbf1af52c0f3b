"""A person's calendar: an event keeps its uid, a later file moves it; what is done or handed on is called off."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from icalendar import Calendar, Event

from nightdesk.render.calendar_file import CalendarInput, calendar_file

STAMP = datetime(2026, 3, 31, 21, 0, tzinfo=UTC)
VISIT = {"visit_id": "V1", "client_id": "C1", "visit_on": date(2026, 4, 7), "state": "planned"}
CONTACT = {
    "client_id": "C1", "kind": "fixed", "slot": "1", "window_from": date(2026, 4, 1), "due_on": date(2026, 4, 15),
    "state": "open",
}  # fmt: skip


def events(nights: int = 0, **given: Any) -> dict[str, Event]:
    """The events of the file of so many nights later, by uid."""
    source = {"visits": [], "contacts": [], "items": {}, "clients": {"C1": {"client_id": "C1", "name": "宁波港"}}}
    stamp = STAMP + timedelta(days=nights)
    made = Calendar.from_ical(calendar_file(CalendarInput(language="zh_CN", stamp=stamp, **(source | given))))
    return {str(event["uid"]): event for event in made.walk("VEVENT")}


def told(event: Event) -> tuple[date, str]:
    return event["dtstart"].dt, str(event["status"])


def rises(*files: dict[str, Event]) -> bool:
    """Whether each file has the same events as the one before, and each of them a higher sequence."""
    return all(
        later.keys() == earlier.keys() and all(later[uid]["sequence"] > earlier[uid]["sequence"] for uid in later)
        for earlier, later in pairwise(files)
    )


def test_given_a_visit_that_moves_and_then_is_done_then_its_event_is_the_same_one_and_rises_each_time() -> None:
    first = events(visits=[VISIT])
    moved = events(1, visits=[VISIT | {"visit_on": date(2026, 4, 2)}])
    done = events(2, visits=[VISIT | {"visit_on": date(2026, 4, 2), "state": "done"}])
    assert rises(first, moved, done)
    assert [told(event) for file in (first, moved, done) for event in file.values()] == [
        (date(2026, 4, 7), "CONFIRMED"),
        (date(2026, 4, 2), "CONFIRMED"),
        (date(2026, 4, 2), "CANCELLED"),
    ]


def test_given_a_contact_that_is_made_then_its_event_is_called_off() -> None:
    first, done = events(contacts=[CONTACT]), events(1, contacts=[CONTACT | {"state": "done"}])
    assert rises(first, done)
    assert [told(event) for file in (first, done) for event in file.values()] == [
        (date(2026, 4, 15), "CONFIRMED"),
        (date(2026, 4, 15), "CANCELLED"),
    ]


def test_given_what_was_handed_on_and_comes_back_then_it_is_called_off_by_its_uid_and_then_stands_again() -> None:
    handed = [
        {"client_id": "C1", "kind": "visit", "slot": "V1", "window_from": None, "due_on": VISIT["visit_on"]},
        {key: CONTACT[key] for key in ("client_id", "kind", "slot", "window_from", "due_on")},
    ]
    had, gone = events(visits=[VISIT], contacts=[CONTACT]), events(1, dropped=handed)
    back = events(2, visits=[VISIT], contacts=[CONTACT])
    assert rises(had, gone, back)
    assert {told(event)[1] for event in gone.values()} == {"CANCELLED"}
    assert {told(event)[1] for event in back.values()} == {"CONFIRMED"}
