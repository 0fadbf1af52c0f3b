"""Extract: every contract table that the source or the desk supplies, as text, into landing batches of the lake.

A replay takes over the batches that the published night read, and asks neither.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace

from nightdesk.attempt.batches import write
from nightdesk.attempt.opening import Night, bank_source
from nightdesk.checks import check_settings, holds_when_empty
from nightdesk.contract import Table, contract
from nightdesk.desk.ledger import Attempt, feeds_of, get_attempt, last_supplied, record_feed
from nightdesk.desk.noting import note_snapshot
from nightdesk.desk.pins import pins_of, set_pins
from nightdesk.errors import SourceError
from nightdesk.night.landing import landing_pins
from nightdesk.night.older_days import COUNTED, with_older_days
from nightdesk.night.supplying import supply
from nightdesk.night.upkeep import tidy
from nightdesk.source import Moment, Selection

Progress = Callable[[str, int], None]


def selections(night: Night) -> dict[str, Selection]:
    """Which rows of each table this night asks for: what came since a night that it goes on from had the table.

    A table that no night had yet, or a first night, is asked for from its beginning.
    """
    parents: dict[str, Attempt] = {}
    with night.desk.connect() as connection:
        # a replay was asked for what the night asked for whose rows it reads, whatever has come between since
        reading = get_attempt(connection, night.attempt.landing_attempt_id or night.attempt.attempt_id)
        if reading.parent_attempt_id is not None:
            supplied = last_supplied(connection, reading.parent_attempt_id)
            nights = {row["attempt_id"]: None for row in supplied.values()}
            entries = {attempt_id: get_attempt(connection, attempt_id) for attempt_id in nights}
            parents = {name: entries[row["attempt_id"]] for name, row in supplied.items()}
    return {name: _since(night, name, parents.get(name)) for name in contract()}


def _since(night: Night, table: str, parent: Attempt | None) -> Selection:
    entry = night.attempt
    if parent is None:
        return Selection(until=entry.business_date)
    days = check_days(night, "look_back_days", table)
    return Selection(
        until=entry.business_date,
        after=parent.business_date,
        known_after=_looking_back(night, table, parent.cutoff_at),
        lookback_from=parent.business_date - datetime.timedelta(days=days - 1),
    )


def _looking_back(night: Night, table: str, cutoff: datetime.datetime) -> datetime.datetime:
    return cutoff - datetime.timedelta(days=check_days(night, "look_back_days", table))


def check_days(night: Night, setting: str, table: str = "") -> int:
    """A number of days that the policy (check.csv) sets, for a table or for every one."""
    settings = check_settings(night.business_date, night.profile.name)
    return int(settings.get((setting, table), settings[setting, ""]))


def extract(night: Night, source_url: str | None = None, progress: Progress | None = None) -> dict[str, int]:
    """Read the source into the lake; returns rows read by table (a table that is not supplied is left out).

    Raises SourceError when a required table or column is missing or empty, or the source goes away.
    """
    tidy(night, check_days(night, "replay_days"))
    if night.attempt.landing_attempt_id is not None:
        return _take_over(night, night.attempt.landing_attempt_id)
    supplied: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    wanted = selections(night)
    with bank_source(night, source_url).moment() as bank:
        _require_rows(bank)
        both = supply(night, bank)
        for table in contract().values():  # everything is asked for before anything is read
            columns = both.columns(table)
            if columns is not None:
                supplied[table.name] = columns
        wanted = {name: wanted[name] for name in supplied}
        late_days = {name: check_days(night, "late_days", name) for name in wanted}
        known_by = {name: _looking_back(night, name, night.attempt.cutoff_at) for name in wanted}
        wanted = with_older_days(night, both, wanted, known_by, late_days)
        landed = []
        for name, columns in supplied.items():
            landed.append(write(night, f"landing/{name}", both.stream(contract()[name], columns, wanted[name])))
            counts[name] = landed[-1].row_count
            if progress:
                progress(name, counts[name])
    set_pins(night.desk, night.attempt, landed)
    note_snapshot(night.desk, night.attempt, bank.snapshot)
    _record_supply(night, supplied)
    return counts


def _take_over(night: Night, landing_attempt_id: str) -> dict[str, int]:
    """Pin the landing batches of the attempt that read the source for this date, and what was supplied then.

    Its rows reach back at least as far as tonight's would: published nights are never taken back, so the night
    before is the one that it continued, or one that came between; and what is held already counts as held.
    """
    landed = landing_pins(night.desk, landing_attempt_id)
    with night.desk.connect() as connection:
        counted = pins_of(connection, landing_attempt_id).get(COUNTED)
        feeds = feeds_of(connection, landing_attempt_id)
        snapshot = get_attempt(connection, landing_attempt_id).source_snapshot
    read = [*landed.values(), *([counted] if counted else [])]
    set_pins(night.desk, night.attempt, [replace(pin, starts_chain=False, fingerprint="") for pin in read])
    # a table that the contract did not have when the source was read was not supplied then
    supplied = {row["table_name"]: row["columns_supplied"].split(",") for row in feeds if row["is_supplied"]}
    _record_supply(night, supplied)
    note_snapshot(night.desk, night.attempt, snapshot)
    return {name: pin.row_count for name, pin in landed.items()}


def _require_rows(bank: Moment) -> None:
    """Say at once which required tables are missing, or empty where their suite allows no empty table, all of them,
    before a night reads for minutes.
    """
    required = [table for table in contract().values() if bank.is_needed(table)]
    missing = [table for table in required if not bank.is_offered(table)]
    empty = [t for t in required if t not in missing and holds_when_empty(t.name) and bank.is_empty(t)]
    if not missing and not empty:
        return
    what = " and ".join(
        f"the required {_named(tables)} {state}" for tables, state in ((missing, "missing"), (empty, "empty")) if tables
    )
    raise SourceError(
        f"{what} in {bank.label} (profile {bank.profile})",
        f"Offer rows in tables or views of these names, or map them in sql/extract/{bank.profile}/. What this bank"
        " has not may stand in NIGHTDESK_WITHOUT_TABLES: what rests on it is not assessed then. Nothing was read.",
    )


def _named(tables: list[Table]) -> str:
    names = ", ".join(repr(table.name) for table in tables)
    return f"table {names} is" if len(tables) == 1 else f"tables {names} are"


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
