"""Scorecards of a quarter on demand: issued as a revision where their figures are others than before, and written.

The audit trail holds which night each revision rests on; what changed is found by asking both nights.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, current
from nightdesk.errors import UsageError
from nightdesk.night.each import Each
from nightdesk.reading.assessment import list_notes
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.scorecard import scorecards_of
from nightdesk.render.book import BookInput
from nightdesk.render.book_output import write_page
from nightdesk.render.catalogue import LANGUAGES, Language, language_of
from nightdesk.render.made_of import Notes
from nightdesk.render.outputs import path_part
from nightdesk.render.scorecard import branch_page, scorecard_page
from nightdesk.render.scorecard_input import Scorecards
from nightdesk.settings import Settings

_ACT = "scorecard_issued"
_FIGURES = ("actual", "target", "score", "n", "not_assessed")
_ROW = ("client_id", "subject", "due_on", "on_date", "value_amt", "days_owned", "outcome", "counted")


@dataclass(frozen=True)
class Issued:
    """What was written: the scorecards, their revision, what changed since the one before, and the pages."""

    cards: Scorecards
    revision: int
    changes: Sequence[Mapping[str, Any]]
    pages: Sequence[Path]


def issue_scorecards(
    settings: Settings, publication: Publication, *, staff_id: str | None = None, out: Path | None = None
) -> Issued:
    """Issue the scorecards that a night shows and write them, or one person's, below a folder (the home's, by quarter).

    One person's page is written in both languages, those of all in their branch's: `<branch>/<staff>/scorecard_…`, and
    for each branch its own people side by side: `<branch>/scorecard_branch_…`. Raises UsageError, with nothing issued,
    where the quarter has no scorecard of the person; Unrendered or StoreError at the end, naming those not made.
    """
    made = made_scorecards(settings, publication, staff_id=staff_id)
    each = Each("page", publication.profile, publication.business_date)
    folder = out or scorecard_folder(settings, made.cards)
    pages = []
    for person, branch in made.people.items():
        for language in LANGUAGES if staff_id else (made.languages[branch],):
            with each.one(f"scorecard {person}"):
                pages.append(write_page(folder / path_part(branch) / path_part(person), made.own(person, language)))
    for branch in made.branches:
        with each.one(f"scorecard {branch}"):
            pages.append(write_page(folder / path_part(branch), made.of_branch(branch)))
    each.require_all()
    return Issued(made.cards, made.revision, made.changes, pages)


def scorecard_folder(settings: Settings, cards: Scorecards) -> Path:
    """Where the pages of a quarter lie."""
    return settings.home / "scorecard" / cards.quarter.name


@dataclass(frozen=True)
class Made:
    """The scorecards of a quarter, issued: the people (with their branches) and the branches whose pages are wanted."""

    cards: Scorecards
    notes: Notes
    when: date
    revision: int
    changes: Sequence[Mapping[str, Any]]
    people: Mapping[str, str]
    branches: Sequence[str]
    languages: Mapping[str, Language]

    def own(self, person: str, language: Language) -> BookInput:
        return scorecard_page(
            self.cards, person, language, self.notes, self.when, revision=self.revision, changes=self.changes
        )

    def of_branch(self, branch: str) -> BookInput:
        language = self.languages[branch]
        return branch_page(self.cards, branch, language, self.notes, self.when, revision=self.revision)


def made_scorecards(settings: Settings, publication: Publication, *, staff_id: str | None = None) -> Made:
    """The scorecards that a night shows, issued; of everybody, or of one person."""
    with PublishedNight(settings, publication) as night:
        cards = scorecards_of(night)
        known = {str(row["staff_id"]): str(row["branch_id"]) for row in cards.totals}
        if staff_id is not None and staff_id not in known:
            raise UsageError(
                f"{cards.quarter.name} has no scorecard of {staff_id!r}",
                "Name somebody with a role of policy scorecard_measure who was with the bank in that quarter.",
            )
        notes = replace(list_notes(night.notes(), night.feeds(), night.colouring()), covers_days=1)
        told = {row["branch_id"]: row["language"] for row in night.source("branch", "branch_id")}
    revision, before = _revision(settings, publication, cards)
    people = {person: branch for person, branch in known.items() if staff_id in (None, person)}
    return Made(
        cards=cards,
        notes=notes,
        when=publication.business_date,
        revision=revision,
        changes=_changes(settings, before, cards) if before is not None else [],
        people=people,
        branches=sorted(set(people.values())) if staff_id is None else (),
        languages={branch: language_of(told.get(branch)) for branch in set(people.values())},
    )


def _revision(settings: Settings, publication: Publication, cards: Scorecards) -> tuple[int, Publication | None]:
    """Which revision these are, entered in the trail where it is a new one, and the night of the one before."""
    desk, digest = open_desk(settings), cards.digest()
    with desk.begin() as connection:
        audit.locked(connection)
        acts = [
            row
            for row in audit.rows(connection, profile=publication.profile, act=_ACT)
            if row.subject_key == cards.quarter.name
        ]
        issued = [json.loads(row.detail) for row in acts]
        if not issued or issued[-1]["digest"] != digest:
            act = audit.Act(
                act=_ACT,
                who="nightdesk",
                subject="scorecard",
                subject_key=cards.quarter.name,
                profile=publication.profile,
                business_date=publication.business_date,
                revision=publication.revision,
                detail={"digest": digest, "revision": len(issued) + 1},
                code=audit.code_of_attempt(connection, publication.attempt_id),
            )
            audit.record(connection, act)
            issued.append(dict(act.detail))
        place = len(issued) - 2
        if place < 0:
            return len(issued), None
        row = acts[place]
        day = row.business_date or publication.business_date
        return len(issued), current(connection, publication.profile, day, row.revision)


def _changes(settings: Settings, before: Publication, cards: Scorecards) -> list[dict[str, Any]]:
    """What the quarter's scorecards say otherwise than those that the earlier night shows: figures, and rows."""
    with PublishedNight(settings, before) as night:
        earlier = scorecards_of(night)
    return changed(earlier, cards)


def changed(earlier: Scorecards, later: Scorecards) -> list[dict[str, Any]]:
    """The differences of two issues of a quarter: a row a figure that moved, came or went, and one a row that did."""
    was, becomes = ({(row["staff_id"], row["measure"]): row for row in one.measures} for one in (earlier, later))
    found = []
    for key in [*becomes, *(key for key in was if key not in becomes)]:
        old, new = _text(was.get(key), _FIGURES), _text(becomes.get(key), _FIGURES)
        if old != new:
            found.append(_change(becomes.get(key) or was[key], "figure", old, new))
    places = {key: row["place"] for key, row in {**was, **becomes}.items()}
    return [*found, *_changed_rows(earlier, later, places)]


def _changed_rows(
    earlier: Scorecards, later: Scorecards, places: Mapping[tuple[str, str], int]
) -> Iterator[dict[str, Any]]:
    """Rows that came, went, or say something else of the same thing; equal rows are counted."""
    counts = [Counter((_thing(row), _text(row, _ROW)) for row in one.items) for one in (earlier, later)]
    gone, new = _by_thing(counts[0] - counts[1]), _by_thing(counts[1] - counts[0])
    for thing in sorted(gone.keys() | new.keys()):
        row = {"staff_id": thing[0], "measure": thing[1], "place": places.get((thing[0], thing[1]), 0)}
        was, becomes = gone.get(thing, []), new.get(thing, [])
        for old, now in zip_longest(was, becomes, fillvalue=""):
            yield _change(row, "row" if old and now else "row_gone" if old else "row_new", old, now)


def _thing(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row of a measure is about."""
    return tuple(str(row[name]) for name in ("staff_id", "measure", "client_id", "subject", "due_on"))


def _by_thing(rows: Mapping[tuple[tuple[str, ...], str], int]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for (thing, text), times in sorted(rows.items()):
        found.setdefault(thing, []).append(f"{text} × {times}" if times > 1 else text)
    return found


def _change(row: Mapping[str, Any], what: str, was: str, becomes: str) -> dict[str, Any]:
    own = {name: row[name] for name in ("staff_id", "measure", "place")}
    return {**own, "what": what, "was": was or None, "becomes": becomes or None}


def _text(row: Mapping[str, Any] | None, names: Sequence[str]) -> str:
    """The figures of a row that it has, in their order."""
    return "" if row is None else " · ".join(str(row[name]) for name in names if row[name] is not None)
