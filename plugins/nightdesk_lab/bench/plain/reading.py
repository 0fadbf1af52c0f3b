"""Reading the lake's checked rows as frames: only the columns asked for, money as whole cents."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nightdesk.business_day import Calendar
from nightdesk.contract import contract
from nightdesk.policy import Row, policy

#: rates are whole hundred-millionths
RATE_ONE = 100_000_000
_DAYS_AROUND = 800


@dataclass(frozen=True)
class Given:
    """What the night reads: its dates, its policy, and the Parquet files of each lake table.

    `superseded` names held versions that a correction took the place of: (table, row key, date of arrival).
    """

    business_date: datetime.date
    parent_date: datetime.date
    base_ccy: str
    profile: str
    calendar: str
    files: dict[str, list[str]]
    superseded: list[tuple[str, str, datetime.date]] = field(default_factory=list)

    @property
    def day(self) -> pd.Timestamp:
        """The business date, as frames hold dates."""
        return pd.Timestamp(self.business_date).as_unit("ms")

    @property
    def first_month(self) -> pd.Timestamp:
        """The first of the fourteen full months before the running one."""
        return self.months_ago(14)

    def months_ago(self, months: int) -> pd.Timestamp:
        """The first of the month so many before the running one."""
        return self.day.replace(day=1) - pd.DateOffset(months=months)

    def rows(self, name: str) -> list[Row]:
        """The policy rows in force."""
        return policy(self.profile)[name].effective(self.business_date)

    def setting(self, name: str, setting: str) -> Any:
        """One value of a policy table of settings."""
        return next(row["value"] for row in self.rows(name) if row["setting"] == setting)

    def rule(self, indicator: str) -> Row:
        """The policy row of an indicator."""
        return next(row for row in self.rows("indicator") if row["indicator"] == indicator)

    @classmethod
    def load(cls, path: Path) -> "Given":
        """The night that a file describes."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        day = datetime.date.fromisoformat
        return cls(
            **{
                **raw,
                "business_date": day(raw["business_date"]),
                "parent_date": day(raw["parent_date"]),
                "superseded": [(table, key, day(arrived)) for table, key, arrived in raw["superseded"]],
            }
        )


def read(given: Given, name: str, columns: Sequence[str], categories: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of `source/<name>` that the night sees: every batch of its history, less what was corrected since."""
    table = contract()[name]
    gone = [(key, arrived) for of, key, arrived in given.superseded if of == name]
    wanted = list(dict.fromkeys([*columns, *(table.key if gone else ()), *(["arrived_on"] if gone else [])]))
    frame = read_files(given.files[f"source/{name}"], wanted, categories)
    if gone:
        parts = [[*key.split("|"), arrived] for key, arrived in gone]
        dropped = pd.DataFrame(parts, columns=[*table.key, "arrived_on"])
        # a handful of keys: looked for by the first part, then in whole
        near = frame[frame[table.key[0]].isin(dropped[table.key[0]])]
        wanted_keys = {tuple(map(str, row)) for row in dropped.itertuples(index=False)}
        keys = [_texts(near[column]) for column in [*table.key, "arrived_on"]]
        bad = near.index[[row in wanted_keys for row in zip(*keys, strict=True)]]
        frame = frame.drop(index=bad)
    return frame[list(columns)]


def _texts(column: "pd.Series[Any]") -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return list(column.dt.strftime("%Y-%m-%d"))
    return list(column.astype(str))


def read_files(files: Sequence[str], columns: Sequence[str], categories: Sequence[str] = ()) -> pd.DataFrame:
    """Parquet files as one frame, in pandas' own types; decimals as whole units of their scale, which stay exact.

    Text is text, but for `categories`: what a table of a hundred million rows has to be read as to fit at all.
    """
    read_table = partial(pq.read_table, columns=list(columns), read_dictionary=list(categories), partitioning=None)
    data = pa.concat_tables([read_table(file) for file in files]).unify_dictionaries()
    data = pa.table({name: _whole_units(data.column(name)) for name in columns})
    with_gaps = {name for name in data.column_names if data.column(name).null_count}
    frame: pd.DataFrame = data.to_pandas(date_as_object=False)
    for name in with_gaps:
        if pd.api.types.is_float_dtype(frame[name]):
            frame[name] = frame[name].astype("Int64")
        elif frame[name].dtype == object:
            frame[name] = frame[name].astype("boolean")
    return frame


def _whole_units(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as whole units of their scale: a column of Python's decimals would take ten times the room."""
    if not pa.types.is_decimal(column.type):
        return column
    scale = column.type.scale
    factor = pa.scalar(10**scale, pa.decimal128(scale + 1, 0))
    return pc.cast(pc.multiply(pc.cast(column, pa.decimal128(20, scale)), factor), pa.int64())


def rates(given: Given) -> pd.DataFrame:
    """Exchange rates by currency and date, oldest first, in hundred-millionths."""
    rate = read(given, "fx_rate", ["ccy", "business_date", "rate"])
    rate = rate[(rate["business_date"] <= given.day) & (rate["rate"] > 0)]
    rate["ccy"] = rate["ccy"].astype(str)
    return rate.sort_values("business_date", kind="stable")


def rate_on(given: Given, rate: pd.DataFrame, ccy: "pd.Series[Any]", date: "pd.Series[Any]") -> "pd.Series[Any]":
    """The rate in force of each currency on each date: one for the base currency, missing where none is known."""
    asked = (
        pd.DataFrame({"ccy": ccy.astype(str), "date": date.astype("datetime64[ms]")}).rename_axis("at").reset_index()
    )
    asked = asked.sort_values("date", kind="stable")
    found = pd.merge_asof(asked, rate, left_on="date", right_on="business_date", by="ccy").set_index("at")["rate"]
    found = found.reindex(ccy.index).astype("Int64")
    return found.mask(ccy.astype(str) == given.base_ccy, RATE_ONE)


def converted(cents: "pd.Series[Any]", rate: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cents at a rate, rounded half away from zero, exactly: in two parts, since the product outgrows 64 bits."""
    sign = cents.lt(0).map({True: -1, False: 1}).astype("Int64")
    high, low = divmod(cents.abs().astype("Int64"), 10_000)
    whole, rest = divmod(high * rate, 10_000)
    return sign * (whole + (rest * 10_000 + low * rate + RATE_ONE // 2) // RATE_ONE)


def rounded(value: "pd.Series[Any]") -> "pd.Series[Any]":
    """The nearest whole number, halves away from zero, as the engine casts."""
    number = value.astype("float64")
    return pd.Series(np.sign(number) * np.floor(np.abs(number) + 0.5), index=value.index)


def workdays(given: Given) -> pd.DataFrame:
    """Days around the business date with the working day that each rolls on to."""
    own = read(given, "calendar_day", ["day", "is_workday", "source"]) if given.files["source/calendar_day"] else None
    overrides = (
        {
            day.date(): (bool(works), str(source))
            for day, works, source in zip(own["day"], own["is_workday"], own["source"], strict=True)
        }
        if own is not None
        else {}
    )
    reach = datetime.timedelta(days=_DAYS_AROUND)
    calendar = Calendar(given.calendar, overrides)
    frame = pd.DataFrame(calendar.table(given.business_date - reach, given.business_date + reach))
    frame["day"] = pd.to_datetime(frame["day"]).astype("datetime64[ms]")
    frame["rolls_to"] = frame["day"].where(frame["is_workday"]).bfill()
    return frame
