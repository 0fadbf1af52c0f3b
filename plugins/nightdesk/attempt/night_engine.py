"""The engine of a night: what every statement of it may name as $business_date, $cutoff and so on."""

import datetime

from nightdesk.attempt.opening import Night
from nightdesk.desk.ledger import get_attempt
from nightdesk.engine import Engine


def night_engine(night: Night) -> Engine:
    """An engine with a night's parameters bound."""
    parent = _parent_date(night)
    cutoff = night.attempt.cutoff_at.astimezone(datetime.UTC).replace(tzinfo=None)
    settings = night.settings
    work = settings.home / "work"
    return Engine(
        {
            "business_date": night.business_date,
            "morning": night.business_date + datetime.timedelta(days=1),
            "cutoff": cutoff,
            "base_ccy": night.profile.base_ccy,
            "parent_date": parent,
            "policy_version": night.attempt.policy_version,
            "timezone": night.profile.zone.key,
        },
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        spill=work,
    )


def _parent_date(night: Night) -> datetime.date | None:
    if night.attempt.parent_attempt_id is None:
        return None
    with night.desk.connect() as connection:
        return get_attempt(connection, night.attempt.parent_attempt_id).business_date
