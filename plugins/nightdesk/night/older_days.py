"""Older days: which days before the look-back have rows at the source that no night has read.

A night counts the rows of each day, a year back, and keeps the counts; the days that it reads whole are among them.
Where there are more the next night, that day is read whole again: the checks drop what is stored and keep the rest out.
That night counts them too, so that they are told once.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from nightdesk.attempt.batches import keep
from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night
from nightdesk.checks import bank_day
from nightdesk.contract import Table, contract
from nightdesk.engine import Engine
from nightdesk.night.supplying import Supply
from nightdesk.source import Selection
from nightdesk.sql_text import literal

#: the lake table of the counts: of rows known by `known_by` (UTC), or without a word of when
COUNTED = "checks/counted_day"
_SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("on_date", pa.date32()),
        ("known_by", pa.timestamp("us")),
        ("row_count", pa.int64()),
    ]
)
COUNTED_DAY = {"table_name": "VARCHAR", "on_date": "DATE", "known_by": "TIMESTAMP", "row_count": "BIGINT"}
_ONE_DAY = datetime.timedelta(days=1)


def with_older_days(
    night: Night,
    supply: Supply,
    wanted: Mapping[str, Selection],
    known_by: Mapping[str, datetime.datetime],
    days_back: Mapping[str, int],
) -> dict[str, Selection]:
    """What to ask for, and with it the older days that have rows no night has read; keeps tonight's counts.

    All go by supplied table; `days_back` says how far back each is counted (0: not at all). What became known after
    `known_by` (aware) is not counted: it is asked for by that for another night.
    """
    found = dict(wanted)
    counts: list[dict[str, Any]] = []
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        noted = inputs.previous(COUNTED, COUNTED_DAY)
        for name, selection in wanted.items():
            table, back = contract()[name], days_back[name]
            if not table.is_daily or not back:
                continue
            at = known_by[name].astimezone(datetime.UTC).replace(tzinfo=None)
            days = [night.business_date - n * _ONE_DAY for n in range(back, -1, -1)]
            counted = supply.count_by_day(table, days[0], days[-1] + _ONE_DAY, known_by[name])
            tonight = [
                {"table_name": name, "on_date": day, "known_by": at, "row_count": counted.get(day, 0)} for day in days
            ]
            counts.extend(tonight)
            if selection.since is not None:
                older = tonight[: max((selection.since - days[0]).days, 0)]
                more = _days_with_more(night, inputs, engine, table, older, noted)
                found[name] = replace(selection, days=tuple(more))
    keep(night, COUNTED, pa.Table.from_pylist(counts, schema=_SCHEMA).to_reader())
    return found


def _days_with_more(
    night: Night, inputs: Inputs, engine: Engine, table: Table, older: list[dict[str, Any]], noted: str
) -> list[datetime.date]:
    """Days with more rows than the night before counted and those that became known since and are stored; of days that
    it did not count, with more rows than are stored.
    """
    engine.insert("night.counted_day", COUNTED_DAY, [row for row in older if row["row_count"]])
    before = f"select * from {noted} where table_name = {literal(table.name)}"
    engine.build("night.counted_before", before, as_view=True)
    days = [row["on_date"] for row in inputs.ask("more_counted")]
    if not days:
        return []
    inputs.source(table.name, schema="stored")
    day = bank_day(table, night.profile.zone)
    within = f"{day} between {literal(days[0])} and {literal(days[-1])}"
    stored = f"select {day} as on_date, known_at from stored.{table.name} where {within}"
    engine.build("night.stored_day", stored, as_view=True)
    return [row["on_date"] for row in inputs.ask("unread_day")]
