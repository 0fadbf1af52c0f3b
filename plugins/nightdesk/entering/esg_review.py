"""A review that a person prepares of a project and period, with its conditions and the facts it stands on.

It is entered whole or not at all, as rows of the contract tables `esg_review` and `esg_condition`, known from then on.
Its preparer is judged as a decision's taker is (policy decision_rule, esg_review confirm); another person approves it.
"""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from nightdesk import __version__
from nightdesk.bank_profile import Profile, load_profile
from nightdesk.clock import now
from nightdesk.code_version import code_commit
from nightdesk.desk import audit, entries
from nightdesk.desk.audit import Act, Code
from nightdesk.desk.database import open_desk
from nightdesk.desk.entries import Door
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.only_added import entry
from nightdesk.desk.publication import current
from nightdesk.desk.remedy import night_command
from nightdesk.entering.decision import taken_about
from nightdesk.entering.refusing import PROPOSED
from nightdesk.entering.review_file import Written, read_review
from nightdesk.entering.row import EnteredRow, read_row
from nightdesk.errors import Refused
from nightdesk.kept_facts import facts_text
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings

REVIEW, CONDITION = "esg_review", "esg_condition"
#: what a row of a review has beside what makes it another one
_OF_THE_MOMENT = ("prepared_at",)
_DONE = ("approved", "superseded")


@dataclass(frozen=True)
class Prepared:
    """A review that was entered: its key as a decision names it, the hash of its facts, its conditions, and whether it
    is new or stood there just so."""

    subject_key: str
    facts_on: datetime.date
    facts_hash: str
    conditions: int
    is_new: bool


@dataclass(frozen=True)
class _Seen:
    """What the newest published night shows of a project: its facts, their hash, its score, and the code behind it."""

    facts_on: datetime.date
    facts_hash: str
    facts: str
    score: Mapping[str, object]
    code: Code


def prepare(
    settings: Settings, project_id: str, period_end: datetime.date, file: Path, by: str, *, profile: str | None = None
) -> Prepared:
    """Enter a review of a project as of the end of a period, on the facts of the newest published night.

    One that is not approved yet is replaced; its conditions that are not named any more are withdrawn. Raises Refused,
    with nothing entered, where the file, the project, the period or the person will not do, or it is approved already.
    """
    bank, desk = load_profile(settings, profile), open_desk(settings)
    written = read_review(file)
    seen = _seen(settings, desk, bank, project_id, period_end, by)
    with desk.begin() as connection:
        at = audit.locked(connection)
        _require_open(connection, bank.name, f"{project_id}:{period_end}")
        return _enter(connection, bank, (project_id, period_end, by), written, seen, at)


def meet(
    settings: Settings,
    condition_id: str,
    met_on: datetime.date,
    evidence_id: str,
    by: str,
    *,
    profile: str | None = None,
) -> bool:
    """Enter that a condition is met, since when and by which evidence; False where that is known just so.

    Raises Refused where the newest published night shows no such condition that binds, or the person may not.
    """
    bank, desk = load_profile(settings, profile), open_desk(settings)
    today = now().astimezone(bank.zone).date()
    if met_on > today:
        raise _refused("a condition is not met on a day to come", "Correct --on.")
    with _newest(settings, desk, bank, today) as night:
        known = night.table("review_condition", "where condition_id = $c", c=condition_id)
        if not known or not known[0]["is_binding"]:
            raise _refused(
                f"the newest published night ({night.publication.business_date}) has no condition {condition_id!r} of "
                "an approved review",
                "Take its id from `nightdesk export review_condition`.",
            )
        _require_preparer(night, by, known[0]["branch_id"], today)
        (row,) = night.source(CONDITION, "condition_id", "where condition_id = $c", c=condition_id)
        code = _code(settings, night)
    kept = ("condition_id", "project_id", "period_end", "condition", "due_on", "is_before_draw", "withdrawn_on")
    cells = {name: _cell(row[name]) for name in kept if row[name] is not None}
    entered = read_row(CONDITION, {**cells, "met_on": str(met_on), "evidence_id": evidence_id}, bank.zone)
    act = Act("met", by, CONDITION, condition_id, bank.name, detail={"met_on": met_on}, code=code)
    with desk.begin() as connection:
        door = Door(bank.name, by, "esg met", code)
        return entries.enter(connection, door, CONDITION, entered.row_key, entered.cells, act)


def _enter(
    connection: Connection,
    bank: Profile,
    of: tuple[str, datetime.date, str],
    written: Written,
    seen: _Seen,
    at: datetime.datetime,
) -> Prepared:
    project_id, period_end, by = of
    key = f"{project_id}:{period_end}"
    review = read_row(
        REVIEW,
        {
            **written.review,
            "project_id": project_id,
            "period_end": str(period_end),
            "prepared_by": by,
            "prepared_at": at.isoformat(),
            "facts_on": str(seen.facts_on),
            "facts_hash": seen.facts_hash,
            "facts": seen.facts,
            **{name: str(value) for name, value in seen.score.items() if value is not None},
        },
        bank.zone,
    )
    conditions = [
        read_row(
            CONDITION,
            {**cells, "condition_id": f"{key}:{name}", "project_id": project_id, "period_end": str(period_end)},
            bank.zone,
        )
        for name, cells in written.conditions.items()
    ]
    conditions += _withdrawn(connection, bank, key, {one.row_key for one in conditions}, at)
    kept = entries.newest(connection, bank.name, REVIEW, review.row_key)
    is_same = kept is not None and _content(kept.row) == _content(review.cells)
    detail = {"verdict": review.cells["verdict"], "facts_hash": seen.facts_hash, "conditions": len(written.conditions)}
    door = Door(bank.name, by, "esg edit", seen.code)
    new = [
        entries.enter(
            connection, door, row.table.name, row.row_key, row.cells,
            Act("prepared", by, REVIEW, key, bank.name, detail={**detail, "row": row.row_key}, code=seen.code),
        )
        for row in conditions
    ]  # fmt: skip
    if not is_same or any(new):
        act = Act("prepared", by, REVIEW, key, bank.name, detail=detail, code=seen.code)
        entries.enter(connection, door, REVIEW, review.row_key, review.cells, act)
    return Prepared(key, seen.facts_on, seen.facts_hash, len(written.conditions), not is_same or any(new))


def _withdrawn(
    connection: Connection, bank: Profile, key: str, named: set[str], at: datetime.datetime
) -> list[EnteredRow]:
    """Conditions of an earlier version of the review that this one does not set any more."""
    found = {}
    for row in connection.execute(
        select(entry.c.row_key, entry.c.row)
        .where(
            entry.c.profile == bank.name,
            entry.c.table_name == CONDITION,
            entry.c.row_key.startswith(f"{key}:", autoescape=True),
        )
        .order_by(entry.c.entered_at, entry.c.entry_id)
    ):
        found[row.row_key] = json.loads(row.row)
    today = str(at.astimezone(bank.zone).date())
    return [
        read_row(CONDITION, {**cells, "withdrawn_on": today}, bank.zone)
        for row_key, cells in found.items()
        if row_key not in named and "withdrawn_on" not in cells
    ]


def _seen(
    settings: Settings, desk: Engine, bank: Profile, project_id: str, period_end: datetime.date, by: str
) -> _Seen:
    today = now().astimezone(bank.zone).date()
    with _newest(settings, desk, bank, today) as night:
        day = night.publication.business_date
        mine = night.table("esg_review", "where project_id = $p", p=project_id)
        if not mine:
            raise _refused(
                f"the newest published night ({day}) has no project {project_id!r}",
                "Take its id from `nightdesk export project_review`.",
            )
        _require_preparer(night, by, mine[0]["branch_id"], today)
        if period_end > day:
            raise _refused(f"the period ends after the newest published night ({day})", "Correct --period.")
        later = [row["period_end"] for row in mine if row["state"] in _DONE and row["period_end"] >= period_end]
        if later:
            raise _refused(
                f"the review as of {max(later)} is approved, and stands",
                "What has changed since goes into the review of a later period (--period).",
            )
        facts = night.table("review_fact", "where project_id = $p", p=project_id)
        scores = night.table("esg_score", "where project_id = $p and as_of = $d", p=project_id, d=day)
        score = (
            {name: scores[0][name] for name in ("score_strict", "score_evidenced", "coverage_pct")} if scores else {}
        )
        return _Seen(day, str(mine[0]["facts_hash_tonight"]), facts_text(facts), score, _code(settings, night))


def _newest(settings: Settings, desk: Engine, bank: Profile, today: datetime.date) -> PublishedNight:
    with desk.connect() as connection:
        day = latest_published_date(connection, bank.name)
        if day is None:
            raise _refused("no night is published yet", f"Run one first: {night_command(bank.name, today)}")
        return PublishedNight(settings, current(connection, bank.name, day))


def _require_preparer(night: PublishedNight, by: str, branch_id: str, today: datetime.date) -> None:
    row = {
        "decision_id": "proposed",
        "subject": REVIEW,
        "verdict": "confirm",
        "decided_by": by,
        "decided_on": today,
        "branch_id": branch_id,
    }
    night.engine.insert("night.proposed_decision", PROPOSED, [dict.fromkeys(PROPOSED) | row])
    (judged,) = night.inputs.ask("decision_refusal")
    if judged["refused_because"] is not None:
        people = [one for one in night.inputs.ask("decision_taker") if one["may_decide"]]
        named = ", ".join(f"{one['staff_id']} ({one['role']})" for one in people[:5]) or "nobody of tonight's register"
        raise _refused(f"{by} may not prepare a review", f"Who may: {named}.")


def _require_open(connection: Connection, profile: str, key: str) -> None:
    """An approval that no night has seen yet counts already."""
    last = taken_about(connection, profile, REVIEW, key)
    if last is not None and last[0]["verdict"] == "approve":
        raise _refused(
            "it is approved already, and stands",
            "What has changed since goes into the review of a later period (--period).",
        )


def _code(settings: Settings, night: PublishedNight) -> Code:
    return Code(night.night.attempt.policy_version, __version__, code_commit(settings))


def _content(row: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in row.items() if name not in _OF_THE_MOMENT}


def _cell(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _refused(what: str, remedy: str) -> Refused:
    return Refused(f"nothing was entered: {what}", remedy)
