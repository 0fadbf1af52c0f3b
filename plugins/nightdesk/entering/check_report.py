"""Filing the report of a post-loan check: what a person wrote about a draft is judged, and kept or refused in a line.

Kept are the report with its hash, the answers to its open points, the points it raises and the needs it finds, each a
row of its contract table known from then on; all of it in one transaction with what the audit trail says of it.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from nightdesk import __version__
from nightdesk.bank_profile import load_profile
from nightdesk.clock import now
from nightdesk.code_version import code_commit
from nightdesk.contract import contract
from nightdesk.desk import audit, entries
from nightdesk.desk.audit import Act, Code
from nightdesk.desk.entries import Door
from nightdesk.entering.row import EnteredRow, read_row
from nightdesk.errors import Refused, UsageError
from nightdesk.likeness import similarity
from nightdesk.policy import policy
from nightdesk.reading.drafting import drafts
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.check_draft import Draft, hash_of
from nightdesk.settings import Settings

_REPORT, _POINT, _NEED = "check_report", "check_point", "need"
#: what a form has to have, and what it may have
_KEYS = {"report", "facts", "checked_on", "conclusion", "judgement", "points", "new_points", "needs"}
#: what a person writes beside the answers to points
_WRITTEN = ("checked_on", "conclusion", "judgement", "new_points", "needs")


@dataclass(frozen=True)
class Form:
    """A draft as it comes back: whose it is, of which night, and what was written."""

    loan_id: str
    night: datetime.date
    facts_hash: str
    drafted_by: str
    checker_id: str
    facts: Mapping[str, str | None]
    checked_on: datetime.date
    conclusion: str
    judgement: str
    answers: Mapping[str, str] = field(default_factory=dict)
    new_points: tuple[Mapping[str, str], ...] = ()
    needs: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Kept:
    """A report that stands: its id and hash, and the draft that it was written about."""

    report_id: str
    report_hash: str
    draft: Draft


def form_text(draft: Draft, drafted_by: str, checker_id: str) -> str:
    """A draft as a file that a person completes: YAML, the facts below what is to be written."""
    head = {
        "report": {
            "loan_id": str(draft.due["loan_id"]),
            "kind": draft.due["kind"],
            "night": str(draft.business_date),
            "facts_hash": draft.facts_hash,
            "drafted_by": drafted_by,
            "checker_id": checker_id,
        },
        "checked_on": "",
        "conclusion": "",
        "judgement": "",
        "points": [
            {"point_id": str(one["point_id"]), "text": str(one["text"]), "answer": ""} for one in draft.open_points
        ],
        "new_points": [],
        "needs": [],
        "facts": draft.said,
    }
    return yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=120)


def is_begun(path: Path) -> bool:
    """Whether somebody wrote into the file of a draft; one that cannot be read as a draft may hold anything."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return True
    if not isinstance(found, dict) or not _KEYS.issuperset(found):
        return True
    points = found.get("points") or []
    answered = not isinstance(points, list) or any(
        not isinstance(one, dict) or one.get("answer") or not {"point_id", "text", "answer"}.issuperset(one)
        for one in points
    )
    return answered or any(found.get(part) for part in _WRITTEN)


def read_form(path: Path) -> Form:
    """The completed file. Raises UsageError where it cannot be read or lacks a part."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UsageError(
            f"{path.name} cannot be read as a report", "Write it over the file of `check draft`."
        ) from None
    if not isinstance(found, dict) or not _KEYS.issuperset(found) or not isinstance(found.get("report"), dict):
        raise UsageError(f"{path.name} is not the file of a draft", f"Keep its parts: {', '.join(sorted(_KEYS))}.")
    head, facts = found["report"], found.get("facts")
    try:
        return Form(
            loan_id=str(head["loan_id"]),
            night=datetime.date.fromisoformat(str(head["night"])),
            facts_hash=str(head["facts_hash"]),
            drafted_by=str(head["drafted_by"]),
            checker_id=str(head["checker_id"]),
            facts={str(name): None if value is None else str(value) for name, value in dict(facts or {}).items()},
            checked_on=datetime.date.fromisoformat(str(found.get("checked_on") or "")),
            conclusion=str(found.get("conclusion") or "").strip(),
            judgement=" ".join(str(found.get("judgement") or "").split()),
            answers={str(one["point_id"]): str(one.get("answer") or "").strip() for one in found.get("points") or ()},
            new_points=tuple(_texts(one) for one in found.get("new_points") or ()),
            needs=tuple(_texts(one) for one in found.get("needs") or ()),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(
            f"{path.name} lacks a part, or a date in it is none", "Fill in checked_on as YYYY-MM-DD; keep the rest."
        ) from None


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value).strip() for name, value in row.items() if value is not None and str(value).strip()}


def file_report(
    settings: Settings, night: PublishedNight, desk: Engine, form: Form, by: str, *, profile: str | None = None
) -> Kept:
    """Keep a report. `night`: the newest published one; `by`: who signs, whom the form names as its drafter.

    Raises Refused, with nothing entered, where the facts were touched, the judgement is too short or a copy, a point
    is left unanswered, or the people may not.
    """
    bank = load_profile(settings, profile)
    today = now().astimezone(bank.zone).date()
    makers = drafts(night, desk, [form.loan_id])
    if form.loan_id not in makers:
        raise _refused(f"no check is asked of loan {form.loan_id}", "Take the id from `nightdesk check list`.")
    draft = makers[form.loan_id]()
    _require_people(night, form, by, today)
    _require_written(night, draft, form, today)
    code = Code(night.night.attempt.policy_version, __version__, code_commit(settings))
    with desk.begin() as connection:
        at = audit.locked(connection)
        rows, report_id, report_hash = _rows(draft, form, by, at)
        read = [read_row(table, cells, bank.zone) for table, cells in rows]
        door = Door(bank.name, by, "check", code)
        for row in read:
            entries.enter(connection, door, row.table.name, row.row_key, row.cells, _act(row, bank.name, by, code))
    return Kept(report_id, report_hash, draft)


def _act(row: EnteredRow, profile: str, by: str, code: Code) -> Act:
    act = {_REPORT: "filed", _POINT: "noted", _NEED: "entered"}[row.table.name]
    detail = {name: row.cells[name] for name in ("loan_id", "kind", "checker_id", "report_hash") if name in row.cells}
    return Act(act, by, row.table.name, row.row_key, profile, detail=detail, code=code)


def _require_people(night: PublishedNight, form: Form, by: str, today: datetime.date) -> None:
    """Whoever drafted it signs, and another person, who may, is its checker."""
    if by == form.checker_id:
        raise _refused(
            f"{by} is the checker of this draft and cannot sign it", f"{form.drafted_by} signs; {by} checks."
        )
    if by != form.drafted_by:
        raise _refused(f"{by} did not draft it", f"{form.drafted_by} signs, or {by} makes a draft of their own.")
    staff = {row["staff_id"]: row for row in night.source("staff", "staff_id")}
    roles = {row["role"]: row for row in policy(night.publication.profile)["check_role"].effective(today)}
    for person, right, what in ((by, "may_prepare", "prepare"), (form.checker_id, "may_check", "check")):
        row = staff.get(person)
        if row is None:
            raise _refused(f"{person or 'nobody'} is not in the staff register", "Name a staff id.")
        if row.get("active_to") and row["active_to"] < today:
            raise _refused(f"{person} has left", f"Have somebody at work {what} it.")
        if not roles.get(row["role"], {}).get(right, False):
            raise _refused(f"the role of {person} may not {what} a report", "See policy check_role.")


def _require_written(night: PublishedNight, draft: Draft, form: Form, today: datetime.date) -> None:
    """The facts are as they were drafted, every open point has an answer, and the judgement is a new one."""
    if hash_of(form.loan_id, form.night, form.facts) != form.facts_hash:
        raise _refused("its facts are not those that were drafted", "Make the draft again and write into that.")
    if not draft.client.get("client_id") or form.checked_on > today:
        raise _refused(f"{form.checked_on} lies ahead", "A check is filed when it was made.")
    if form.conclusion not in contract()[_REPORT].columns["conclusion"].values:
        raise _refused("it has no conclusion", "Write sound, watch or concern.")
    (rule,) = night.inputs.ask("filing_rule")
    if len(form.judgement) < rule["shortest_length"]:
        raise _refused("its judgement is too short", f"Write at least {rule['shortest_length']} characters.")
    last = draft.last_report
    if last is not None:
        if str(last["checked_on"])[:10] > str(form.checked_on):
            raise _refused(f"report {last['report_id']} is newer than {form.checked_on}", "Correct checked_on.")
        alike = similarity(form.judgement, str(last["judgement"]))
        if alike >= float(rule["similar_pct"]):
            raise _refused(
                f"its judgement is {alike:.0f}% alike that of report {last['report_id']}",
                f"Write what this check found; below {rule['similar_pct']:.0f}% is a judgement of its own.",
            )
    if open_ := [str(one["point_id"]) for one in draft.open_points if not form.answers.get(str(one["point_id"]))]:
        raise _refused(f"the open point {open_[0]} has no answer", "Answer every open point of the last report.")


def _rows(
    draft: Draft, form: Form, by: str, at: datetime.datetime
) -> tuple[list[tuple[str, dict[str, str | None]]], str, str]:
    """The rows of a report: itself, the points it answers and raises, the needs it finds."""
    written = [form.facts_hash, str(form.checked_on), form.conclusion, form.judgement, by, form.checker_id]
    content = json.dumps(
        [form.loan_id, str(form.night), *written, dict(form.answers), list(form.new_points), list(form.needs)],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    report_hash = hashlib.sha256(content.encode()).hexdigest()
    report_id = f"desk-{report_hash[:16]}"
    rows: list[tuple[str, dict[str, str | None]]] = [
        (
            _REPORT,
            {
                "report_id": report_id,
                "loan_id": form.loan_id,
                "kind": str(draft.due["kind"]),
                "checked_on": str(form.checked_on),
                "filed_at": at.isoformat(),
                "prepared_by": by,
                "checker_id": form.checker_id,
                "conclusion": form.conclusion,
                "judgement": form.judgement,
                "facts_hash": form.facts_hash,
                "report_hash": report_hash,
                "facts": json.dumps(form.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            },
        )
    ]
    columns = contract()[_POINT].columns
    for point in draft.open_points:
        told = {name: None if point.get(name) is None else str(point[name]) for name in columns}
        answer = form.answers[str(point["point_id"])]
        told |= {"answer": answer, "answered_in": report_id, "answered_on": str(form.checked_on)}
        rows.append((_POINT, told))
    for number, raised in enumerate(form.new_points):
        told = {"point_id": f"{report_id}-{number + 1}", "loan_id": form.loan_id, "report_id": report_id, **raised}
        rows.append((_POINT, told))
    client = str(draft.client["client_id"])
    for number, need in enumerate(form.needs):
        told = {"need_id": f"{report_id}-{number + 1}", "client_id": client, "raised_on": str(form.checked_on), **need}
        rows.append((_NEED, {**told, "status": told.get("status") or "open"}))
    return rows, report_id, report_hash


def _refused(what: str, remedy: str) -> Refused:
    return Refused(f"the report was not filed: {what}", f"{remedy} Nothing was entered.")
