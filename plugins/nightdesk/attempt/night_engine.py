"""The engine of a night: what every statement of it may name as $business_date, $cutoff and so on."""

import datetime

from nightdesk.attempt.opening import Night
from nightdesk.desk.ledger import get_attempt
from nightdesk.desk.pins import pins_of
from nightdesk.engine import Engine

#: up to here a bank's tables fit in memory with what is made of them; and statements are small: to plan them and to
#: commit batches is most of what they take
FEW_CLIENTS = 10_000


def night_engine(night: Night) -> Engine:
    """An engine with a night's parameters bound; a large bank's tables lie on disk: a layer's are more than memory."""
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
        is_on_disk=clients_of(night) > FEW_CLIENTS,
    )


def clients_of(night: Night) -> int:
    """How many clients tonight's rows have: as they were checked, before that as they landed, 0 before both."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
    found = pins.get("source/client") or pins.get("landing/client")
    return found.row_count if found else 0


def _parent_date(night: Night) -> datetime.date | None:
    if night.attempt.parent_attempt_id is None:
        return None
    with night.desk.connect() as connection:
        return get_attempt(connection, night.attempt.parent_attempt_id).business_date
