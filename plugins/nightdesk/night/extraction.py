"""Extract: every contract table that the source supplies, as text, into landing batches of the lake."""

import datetime
import warnings
from collections.abc import Callable

from nightdesk.contract import contract
from nightdesk.desk.ledger import get_attempt, record_feed, set_pin
from nightdesk.errors import StoreError
from nightdesk.lake import write_batch
from nightdesk.night.opening import Night, bank_source
from nightdesk.night.sweeping import sweep
from nightdesk.policy import policy
from nightdesk.source import Selection

Progress = Callable[[str, int], None]


def selection(night: Night) -> Selection:
    """Which rows of the daily tables this night asks for."""
    entry = night.attempt
    if entry.parent_attempt_id is None:
        return Selection(until=entry.business_date)
    with night.desk.connect() as connection:
        parent = get_attempt(connection, entry.parent_attempt_id)
    days = look_back_days(night)
    return Selection(
        until=entry.business_date,
        after=parent.business_date,
        known_after=parent.cutoff_at,
        lookback_from=parent.business_date - datetime.timedelta(days=days - 1),
    )


def look_back_days(night: Night) -> int:
    """How far back late rows without a known-at are looked for (policy)."""
    rows = policy(night.profile.name)["check"].effective(night.business_date)
    return int(str(next(row["value"] for row in rows if row["setting"] == "look_back_days")))


def extract(night: Night, source_url: str | None = None, progress: Progress | None = None) -> dict[str, int]:
    """Read the source into the lake; returns rows read by table (a table that is not supplied is left out).

    Raises SourceError when a required table or column is missing, or the source goes away.
    """
    try:
        sweep(night)
    except StoreError as error:  # what cannot be tidied away must not keep the lists from going out; it says so nightly
        warnings.warn(str(error), stacklevel=2)
    bank = bank_source(night, source_url)
    supplied: dict[str, list[str]] = {}
    for table in contract().values():  # everything is asked for before anything is read
        columns = bank.columns(table)
        if columns is not None:
            supplied[table.name] = columns
    wanted = selection(night)
    counts: dict[str, int] = {}
    for name, columns in supplied.items():
        table = contract()[name]
        batch_id, rows = write_batch(
            night.settings.lake_root,
            f"landing/{table.name}",
            night.business_date,
            bank.stream(table, columns, wanted),
            night.attempt.attempt_id,
        )
        set_pin(night.desk, night.attempt, f"landing/{table.name}", batch_id, rows)
        counts[table.name] = rows
        if progress:
            progress(table.name, rows)
    _record_supply(night, supplied)
    return counts


def _record_supply(night: Night, supplied: dict[str, list[str]]) -> None:
    record_feed(
        night.desk,
        night.attempt,
        [
            {
                "table_name": table.name,
                "is_supplied": table.name in supplied,
                "columns_supplied": ",".join(supplied.get(table.name, [])),
            }
            for table in contract().values()
        ],
    )
