"""Opening a night for an orchestrator: as the night that it is, or as the replay of one that is published."""

import datetime
from enum import StrEnum

from nightdesk import __version__
from nightdesk.attempt.opening import Night, open_night
from nightdesk.bank_profile import load_profile
from nightdesk.code_version import code_commit
from nightdesk.desk.audit import Code
from nightdesk.desk.backfills import begin, end
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import standing_attempt
from nightdesk.desk.remedy import replay_command
from nightdesk.night.landing import require_landing
from nightdesk.policy import policy_version
from nightdesk.settings import Settings


class Kind(StrEnum):
    """Why an orchestrator runs a night: it is due, it belongs to a backfill, or a person has cleared its run."""

    fresh = "fresh"
    backfill = "backfill"
    cleared = "cleared"


def open_as(
    settings: Settings,
    business_date: datetime.date,
    kind: Kind,
    *,
    requested_by: str,
    send: bool = False,
    commit: str | None = None,
) -> Night:
    """Enter a night in the ledger as what it is.

    A night of a backfill, or a cleared one that is published, is a replay: it has a row of its own in the ledger's
    backfills, and a published date reads what it read then. A cleared night that was never published is a fresh one.
    Raises what open_night raises, and Refused where the rows that were read are no longer kept.
    """
    bank, desk = load_profile(settings), open_desk(settings)
    with desk.connect() as connection:
        standing = standing_attempt(connection, bank.name, business_date)
    if kind is Kind.fresh or (kind is Kind.cleared and standing is None):
        return open_night(settings, business_date, commit=commit)
    if standing is not None:
        remedy = replay_command(bank.name, business_date, None, is_rereading=True)
        require_landing(settings.lake_root, desk, [standing], remedy)
    reason = f"{kind} run of the orchestrator"
    version = policy_version(business_date, bank.name)
    code = Code(version, __version__, code_commit(settings) if commit is None else commit)
    backfill_id = begin(desk, bank.name, business_date, business_date, reason, send, requested_by, code=code)
    try:
        return open_night(settings, business_date, backfill_id=backfill_id, commit=commit)
    except BaseException:
        end(desk, backfill_id, "stopped", "0 of 1 nights; it could not be opened")
        raise


def close_as(night: Night, status: str, message: str) -> None:
    """Note how a replay of one night ended (done or stopped); nothing to note for a fresh one."""
    if night.attempt.backfill_id is not None:
        end(night.desk, night.attempt.backfill_id, status, message)
