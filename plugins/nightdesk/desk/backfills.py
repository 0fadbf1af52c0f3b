"""Backfills in the ledger and in the audit trail: which range, why, who, and how it ended."""

import datetime
import getpass

from sqlalchemy import Engine, func, insert, update

from nightdesk.desk import audit
from nightdesk.desk.audit import NOT_KNOWN, Act, Code
from nightdesk.desk.tables import backfill


def begin(
    desk: Engine,
    profile: str,
    first: datetime.date,
    last: datetime.date,
    reason: str,
    send: bool,
    requested_by: str | None,
    *,
    is_rereading: bool = False,
    code: Code = NOT_KNOWN,
) -> int:
    """Enter a backfill in the ledger and the audit trail; returns its id. `code`: what runs, and its last night's
    policy.
    """
    who = requested_by or getpass.getuser()
    with desk.begin() as connection:
        made = connection.execute(
            insert(backfill)
            .values(
                profile=profile,
                date_from=first,
                date_to=last,
                reason=reason,
                requested_by=who,
                is_sending=send,
                is_rereading=is_rereading,
                status="running",
            )
            .returning(backfill.c.backfill_id)
        )
        backfill_id = int(made.scalar_one())
        detail = {"from": first, "to": last, "reason": reason, "reread": is_rereading, "mails": send}
        act = Act("backfilled", who, "backfill", str(backfill_id), profile, detail=detail, code=code)
        audit.record(connection, act)
        return backfill_id


def end(desk: Engine, backfill_id: int, status: str, message: str) -> None:
    """Note how a backfill ended: done or stopped, there and in the audit trail."""
    with desk.begin() as connection:
        row = connection.execute(
            update(backfill)
            .where(backfill.c.backfill_id == backfill_id)
            .values(status=status, message=message, closed_at=func.now())
            .returning(backfill.c.profile, backfill.c.requested_by, backfill.c.date_to)
        ).one()
        audit.record(
            connection,
            Act(
                f"backfill_{status}",
                row.requested_by,
                "backfill",
                str(backfill_id),
                row.profile,
                detail={"how": message},
                code=audit.code_of_night(connection, row.profile, row.date_to),
            ),
        )
