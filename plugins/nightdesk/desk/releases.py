"""Releases: which checks a person overrode for one attempt, who, and why. Only a replay of it may go by them too."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Subquery, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from nightdesk.desk import audit
from nightdesk.desk.audit import Act
from nightdesk.desk.tables import attempt, release
from nightdesk.released import Overridden, Release


def record(connection: Connection, attempt_id: str, checks: Sequence[Overridden], by: str, reason: str) -> None:
    """Enter what a person overrides, there and in the audit trail; a check that was released before keeps its first
    release.
    """
    rows = [{"attempt_id": attempt_id, **one.__dict__, "released_by": by, "reason": reason} for one in checks]
    made = connection.execute(upsert(release).values(rows).on_conflict_do_nothing().returning(release.c.what))
    if what := sorted(made.scalars()):
        _trail(connection, attempt_id, "released", by, {"reason": reason, "checks": what})


def release_of(connection: Connection, attempt_id: str) -> Release | None:
    """What was overridden for an attempt; None where nothing was."""
    rows = connection.execute(
        select(release).where(release.c.attempt_id == attempt_id).order_by(release.c.table_name, release.c.rule)
    ).all()
    if not rows:
        return None
    by = ", ".join(dict.fromkeys(row.released_by for row in rows))
    reason = "; ".join(dict.fromkeys(row.reason for row in rows))
    checks = tuple(Overridden(row.table_name, row.rule, row.what) for row in rows)
    return Release(by, reason, checks, is_replayed=any(row.replayed_from for row in rows))


def take_over(connection: Connection, attempt_id: str, former: str) -> None:
    """Let an attempt, the replay of a former one, go by that one's release: the same checks, person and reason."""
    kept = [release.c[name] for name in ("table_name", "rule", "what", "released_by", "reason", "released_at")]
    rows = connection.execute(select(*kept).where(release.c.attempt_id == former)).all()
    own = {"attempt_id": attempt_id, "replayed_from": former}
    connection.execute(upsert(release).values([{**row._mapping, **own} for row in rows]).on_conflict_do_nothing())
    known = release_of(connection, former)
    if known is not None:
        detail = {"reason": known.reason, "checks": sorted(one.what for one in known.checks), "replayed_from": former}
        _trail(connection, attempt_id, "release_replayed", known.by, detail)


def _trail(connection: Connection, attempt_id: str, act: str, who: str, detail: Mapping[str, Any]) -> None:
    of = connection.execute(
        select(attempt.c.profile, attempt.c.business_date).where(attempt.c.attempt_id == attempt_id)
    ).one()
    code = audit.code_of_attempt(connection, attempt_id)
    done = Act(act, who, "night", attempt_id, of.profile, of.business_date, detail=detail, code=code)
    audit.record(connection, done)


def by_attempt() -> Subquery:
    """A row an attempt that was released: who, why, the checks that were overridden, and whose release it took over."""
    in_order = aggregate_order_by(literal("; "), release.c.table_name, release.c.rule)
    return (
        select(
            release.c.attempt_id,
            func.string_agg(release.c.released_by.distinct(), ", ").label("released_by"),
            func.string_agg(release.c.reason.distinct(), "; ").label("release_reason"),
            func.string_agg(release.c.what, in_order).label("overridden_checks"),
            func.max(release.c.replayed_from).label("release_replayed_from"),
        )
        .group_by(release.c.attempt_id)
        .subquery("released")
    )
