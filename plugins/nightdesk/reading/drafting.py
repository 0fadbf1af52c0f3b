"""What the draft of a post-loan check report is made of: a loan, its facts, what changed, and what stayed open."""

import datetime
import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Engine

from nightdesk.clock import now
from nightdesk.desk import entries
from nightdesk.likeness import similarity
from nightdesk.policy import policy
from nightdesk.reading.people import staff_names
from nightdesk.reading.published_night import PublishedNight, Rows, by_key
from nightdesk.render.check_draft import Copied, Draft, Fact

#: what the desk has been told since the night was made is part of a draft
_REPORTS, _POINTS = "check_report", "check_point"
_WANTED = "night.checked_loan"


def near(night: PublishedNight) -> list[str]:
    """Ids of the loans with a check that is due within the notice, or overdue."""
    return [str(row["loan_id"]) for row in night.inputs.ask("check_due", "where is_near")]


def drafts(night: PublishedNight, desk: Engine, loans: Collection[str]) -> dict[str, Callable[[], Draft]]:
    """By loan, how its draft is made; what all of them need is read once.

    A loan that no check is asked of has none. Reports and points that were entered since the night count already.
    """
    if not loans:
        return {}
    night.engine.insert(_WANTED, {"loan_id": "VARCHAR"}, [{"loan_id": loan} for loan in sorted(loans)])
    ours = f"where loan_id in (select loan_id from {_WANTED})"
    due = {str(row["loan_id"]): row for row in night.inputs.ask("check_due", ours)}
    facts = by_key(night.inputs.ask("check_fact", ours), "loan_id")
    payees = by_key(night.inputs.ask("check_payee", ours), "loan_id")
    signals = by_key(night.signals(""), "client_id")
    known = entries.known(desk, night.publication.profile, now())
    filed = by_key(
        _with_entered(night.inputs.ask("check_standing", ours), known.get(_REPORTS, []), "report_id"), "loan_id"
    )
    points = by_key(
        _with_entered(night.source(_POINTS, "point_id", ours), known.get(_POINTS, []), "point_id"), "loan_id"
    )
    day = night.publication.business_date
    rules = policy(night.publication.profile)
    texts = {row["fact"]: row for row in rules["check_fact_text"].effective(day)}
    listed = sorted(rules["check_fact"].effective(day), key=lambda row: int(str(row["place"])))
    (filing,) = night.inputs.ask("filing_rule")
    stages = {row["project_id"]: row["stage"] for row in night.source("project", "project_id")}
    clients = {row["client_id"]: row for row in night.source("client", "client_id")}
    branches = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    people = staff_names(night)

    def make(loan: str) -> Draft:
        row = due[loan]
        last, before = newest_reports(filed.get(loan, []))
        said_last = json.loads(last["facts"]) if last and last.get("facts") else {}
        project = row["project_id"]
        scopes = {"any"} | ({"project", str(stages.get(project))} if project else set())
        told = {one["fact"]: one for one in facts.get(loan, [])}
        since = day_of(last["checked_on"]) if last else None
        return Draft(
            business_date=day,
            revision=night.publication.revision,
            due=row,
            client=clients.get(row["client_id"], {"client_id": row["client_id"]}),
            branch=branches.get(row["branch_id"], {}),
            facts=tuple(
                _fact(rule, texts[rule["fact"]], told.get(rule["fact"], {}), said_last.get(rule["fact"]))
                for rule in listed
                if rule["applies_to"] in scopes
            ),
            payees=payees.get(loan, []),
            signals=[one for one in signals.get(row["client_id"], []) if since is None or one["started_on"] > since],
            last_report=last,
            copied=_copied(last, before, float(filing["similar_pct"])),
            open_points=[one for one in points.get(loan, []) if not one.get("answered_on")],
            people=people,
        )

    return {loan: partial(make, loan) for loan in sorted(due)}


def newest_reports(rows: Rows) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Of a loan's reports the last one and the one before it."""
    found = sorted(
        rows, key=lambda row: (str(row["checked_on"]), str(row.get("filed_at") or ""), row["report_id"]), reverse=True
    )
    return (found[0] if found else None), (found[1] if len(found) > 1 else None)


def _copied(last: Mapping[str, Any] | None, before: Mapping[str, Any] | None, similar_pct: float) -> Copied | None:
    """That the last report repeats the one before it: a bank's own system may have taken what the desk refuses."""
    if last is None or before is None:
        return None
    alike = similarity(str(last.get("judgement") or ""), str(before.get("judgement") or ""))
    return Copied(str(before["report_id"]), int(alike)) if alike >= similar_pct else None


def day_of(value: object) -> datetime.date:
    """A date as the lake or an entry has it."""
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value)[:10])


def _with_entered(rows: Rows, entered: list[entries.Entry], key: str) -> Rows:
    """The night's rows and those that people entered, the newest of each key."""
    found = {str(row[key]): row for row in rows}
    for one in entered:
        found[one.row_key] = {**dict.fromkeys(rows[0] if rows else (), None), **one.row}
    return list(found.values())


def _fact(rule: Mapping[str, Any], text: Mapping[str, Any], told: Mapping[str, Any], since: str | None) -> Fact:
    value = told.get("word") if told.get("word") is not None else told.get("value")
    before = told.get("before_value")
    return Fact(
        fact=str(rule["fact"]),
        block=str(rule["block"]),
        unit=str(rule["unit"]),
        name_zh=str(text["name_zh"]),
        name_en=str(text["name_en"]),
        value=None if value is None else _plain(value),
        told_on=told.get("told_on"),
        before=None if before is None else _plain(before),
        before_on=told.get("before_on"),
        since=since,
    )


def _plain(value: object) -> str:
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
