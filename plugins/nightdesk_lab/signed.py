"""A review that people of the demo bank signed between two of its nights, on the facts that the earlier one saw."""

import datetime
from typing import Any

import sqlalchemy as sa

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.kept_facts import facts_text, hash_of
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings
from nightdesk_lab.demo_bank.sink import bank_metadata

#: from a night's cut-off to the signature, and from that to the approval
_PREPARED, _APPROVED = datetime.time(11), datetime.time(15)
_JUDGEMENT = "停产令期间已撤出施工队伍，行动计划按期推进；同意以所列条件为前提。"
_CONDITION = "复工须以主管部门书面同意为前提"


def sign_one(settings: Settings, url: str, day: datetime.date) -> str | None:
    """Have a project reviewed and approved on the facts of a published night; returns its id.

    It is the first with an open order to stop, so that what comes later is known to matter. The rows go into the bank
    at `url` as its own system would write them on the morning after. None where no project or nobody to sign is there,
    or it was done before.
    """
    with open_desk(settings).connect() as connection:
        publication = current(connection, settings.profile, day)
    with PublishedNight(settings, publication) as night:
        stopped = night.table("incident", "where kind = 'stop_order' and state = 'open' and not is_of_client")
        staff = night.source("staff", "staff_id", "where role in ('esg', 'risk') and active_to is null")
        if not stopped or len(staff) < 2:
            return None
        project_id = str(min(row["project_id"] for row in stopped))
        facts = [
            {name: row[name] for name in ("fact", "name", "value", "tone")}
            for row in night.table("review_fact", "where project_id = $p", p=project_id)
        ]
        scores = night.table("esg_score", "where project_id = $p and as_of = $d", p=project_id, d=day)
    period_end = _quarter_before(day)
    morning = day + datetime.timedelta(days=1)
    prepared, approved = (datetime.datetime.combine(morning, at) for at in (_PREPARED, _APPROVED))
    preparer, approver = (str(row["staff_id"]) for row in staff[:2])
    review: dict[str, Any] = {
        "project_id": project_id,
        "period_end": period_end,
        "verdict": "conditional",
        "judgement": _JUDGEMENT,
        "next_review_on": period_end + datetime.timedelta(days=200),
        "prepared_by": preparer,
        "prepared_at": prepared,
        "facts_on": day,
        "facts_hash": hash_of(facts),
        "facts": facts_text(facts),
        "known_at": prepared,
    }
    review |= {name: row[name] for row in scores for name in ("score_strict", "score_evidenced", "coverage_pct")}
    condition = {
        "condition_id": f"CR{project_id}",
        "project_id": project_id,
        "period_end": period_end,
        "condition": _CONDITION,
        "is_before_draw": True,
        "known_at": prepared,
    }
    decision = {
        "decision_id": f"DR{project_id}",
        "subject": "esg_review",
        "subject_key": f"{project_id}:{period_end}",
        "verdict": "approve",
        "decided_by": approver,
        "decided_at": approved,
        "known_at": approved,
    }
    return project_id if _write(url, review, condition, decision) else None


def _write(url: str, review: dict[str, Any], condition: dict[str, Any], decision: dict[str, Any]) -> bool:
    tables = bank_metadata().tables
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            known = tables["decision"].c.decision_id
            if connection.scalar(sa.select(sa.func.count()).where(known == decision["decision_id"])):
                return False
            connection.execute(tables["esg_review"].insert(), [review])
            connection.execute(tables["esg_condition"].insert(), [condition])
            connection.execute(tables["decision"].insert(), [decision])
    finally:
        engine.dispose()
    return True


def _quarter_before(day: datetime.date) -> datetime.date:
    """The last day of a quarter before a day."""
    first = datetime.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first - datetime.timedelta(days=1)
