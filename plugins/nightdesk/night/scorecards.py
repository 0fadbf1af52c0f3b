"""Scorecards of a quarter on demand: issued as a revision where their figures are others than before, and written.

The audit trail holds which night each revision rests on; what changed is found by asking both nights. No night pays for it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, current
from nightdesk.errors import UsageError
from nightdesk.reading.assessment import list_notes
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.scorecard import scorecards_of
from nightdesk.render.book_output import write_page
from nightdesk.render.catalogue import LANGUAGES, language_of
from nightdesk.render.outputs import path_part
from nightdesk.render.scorecard import branch_page, scorecard_page
from nightdesk.render.scorecard_input import Scorecards
from nightdesk.settings import Settings

_ACT = "scorecard_issued"
_FIGURES = ("actual", "target", "score", "n", "not_assessed")
_ROW = ("subject", "client_id", "due_on", "on_date", "outcome", "counted")


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
    """Issue the scorecards that a night shows and write them, or one person's, below a folder (in the home, by quarter).

    One person's page is written in both languages, those of all in their branch's: `<branch>/<staff>/scorecard_…`, and
    for each branch its own people side by side: `<branch>/scorecard_branch_…`. Raises UsageError, with nothing issued,
    where the quarter has no scorecard of the person.
    """
    with PublishedNight(settings, publication) as night:
        cards = scorecards_of(night)
        known = {str(row["staff_id"]): str(row["branch_id"]) for row in cards.totals}
        if staff_id is not None and staff_id not in known:
            raise UsageError(
                f"{cards.quarter.name} has no scorecard of {staff_id!r}",
                "Name somebody with a role of policy scorecard_measure who was with the bank in that quarter.",
            )
        notes = list_notes(night.notes(), night.feeds(), night.colouring())
        languages = {row["branch_id"]: language_of(row["language"]) for row in night.source("branch", "branch_id")}
    revision, before = _revision(settings, publication, cards)
    changes = _changes(settings, before, cards) if before is not None else []
    folder = out or settings.home / "scorecard" / cards.quarter.name
    when, pages = publication.business_date, []
    for person, branch in known.items():
        if staff_id not in (None, person):
            continue
        target = folder / path_part(branch) / path_part(person)
        for language in LANGUAGES if staff_id else (languages.get(branch, LANGUAGES[0]),):
            page = scorecard_page(cards, person, language, notes, when, revision=revision, changes=changes)
            pages.append(write_page(target, page))
    for branch in sorted(set(known.values())) if staff_id is None else ():
        page = branch_page(cards, branch, languages.get(branch, LANGUAGES[0]), notes, when, revision=revision)
        pages.append(write_page(folder / path_part(branch), page))
    return Issued(cards, revision, changes, pages)


def _revision(settings: Settings, publication: Publication, cards: Scorecards) -> tuple[int, Publication | None]:
    """Which revision these scorecards are, entered in the trail where it is a new one, and the night of the one before."""
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
        assert row.business_date is not None
        return len(issued), current(connection, publication.profile, row.business_date, row.revision)


def _changes(settings: Settings, before: Publication, cards: Scorecards) -> list[dict[str, Any]]:
    """What the quarter's scorecards say otherwise than those that the earlier night shows: figures, and rows."""
    with PublishedNight(settings, before) as night:
        earlier = scorecards_of(night)
    return changed(earlier, cards)


def changed(earlier: Scorecards, later: Scorecards) -> list[dict[str, Any]]:
    """The differences of two issues of a quarter: a row a figure that moved, and one a row that came or went."""
    was = {(row["staff_id"], row["measure"]): row for row in earlier.measures}
    found = []
    for row in later.measures:
        old = was.get((row["staff_id"], row["measure"]))
        texts = [_text(one, _FIGURES) for one in (old, row)]
        if texts[0] != texts[1]:
            found.append(_change(row, "figure", texts[0], texts[1]))
    places = {(row["staff_id"], row["measure"]): row["place"] for row in later.measures}
    counts = [
        Counter((row["staff_id"], row["measure"], _text(row, _ROW)) for row in one.items) for one in (earlier, later)
    ]
    for what, rows in (("row_gone", counts[0] - counts[1]), ("row_new", counts[1] - counts[0])):
        for (staff_id, measure, text), times in sorted(rows.items()):
            row = {"staff_id": staff_id, "measure": measure, "place": places.get((staff_id, measure), 0)}
            shown = f"{text} × {times}" if times > 1 else text
            found.append(_change(row, what, shown if what == "row_gone" else "", "" if what == "row_gone" else shown))
    return found


def _change(row: Mapping[str, Any], what: str, was: str, becomes: str) -> dict[str, Any]:
    own = {name: row[name] for name in ("staff_id", "measure", "place")}
    return {**own, "what": what, "was": was or None, "becomes": becomes or None}


def _text(row: Mapping[str, Any] | None, names: Sequence[str]) -> str:
    """The figures of a row that it has, in their order."""
    return "" if row is None else " · ".join(str(row[name]) for name in names if row[name] is not None)
