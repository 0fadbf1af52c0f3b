"""Held equal: the plain night's frames against the tables that the night kept, cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nightdesk_lab.bench.plain.flows import WINDOWS
from nightdesk_lab.bench.plain.reading import Given, read_files
from nightdesk_lab.bench.plain.signals import INDICATORS
from nightdesk_lab.bench.plain.tiers import due_month

_PCT = ("contrib_group_pct", "dep_avg_365_group_pct", "products_pct", "tenure_pct", "exposure_pct")
#: lake table -> key, and the columns that must be equal
COMPARED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "features/client_window": (("client_id",), tuple(WINDOWS)),
    "features/client_month": (
        ("client_id", "month"),
        ("client_initiated_count", "credit_turnover_amt", "fee_amt", "txn_count"),
    ),
    "features/client_balance": (
        ("client_id",),
        (
            "balance_amt",
            "avg_30d_amt",
            "avg_90d_amt",
            "avg_prior_90d_amt",
            "avg_30d_180d_ago_amt",
            "days_30d",
            "days_90d",
            "days_prior_90d",
            "month_avg_p05_amt",
        ),
    ),
    "features/client_balance_month": (
        ("client_id", "month"),
        ("balance_days_sum", "day_count", "avg_amt", "month_end_amt"),
    ),
    "features/account_overdraft_month": (("account_id", "month"), ("client_id",)),
    "features/loan_state": (
        ("loan_id",),
        (
            "outstanding_amt",
            "undrawn_amt",
            "ead_amt",
            "days_past_due",
            "principal_days_past_due",
            "interest_days_past_due",
            "overdue_amt",
        ),
    ),
    "features/client_exposure": (
        ("client_id",),
        ("outstanding_amt", "undrawn_amt", "ead_amt", "exposure_amt", "overdue_amt", "max_days_past_due"),
    ),
    "features/loan_utilisation": (
        ("loan_id",),
        (
            "utilisation_30d_pct",
            "utilisation_now_pct",
            "utilisation_90d_ago_pct",
            "undrawn_now_amt",
            "undrawn_90d_ago_amt",
            "days_seen",
        ),
    ),
    "warnings/signal": (("client_id", "indicator"), ("loan_id", "severity", "hard", "value")),
    "tiers/client_metric": (
        ("client_id",),
        (
            "dep_avg_month_amt",
            "dep_avg_365_amt",
            "month_end_amt",
            "contrib_amt",
            "economic_capital_amt",
            "eva_amt",
            "active_months",
            "observed_months",
            "products",
            "tenure_years",
            "group_dep_avg_month_amt",
            "group_dep_avg_365_amt",
            "group_contrib_amt",
            "group_exposure_amt",
            *_PCT,
            "score",
            "completeness",
            "peers",
            "peer_rank",
        ),
    ),
    "tiers/client_tier": (("client_id",), ("qualified_tier",)),
}


@dataclass(frozen=True)
class Difference:
    """One cell, or row, in which the two nights differ. None stands for a missing row or an empty cell."""

    table: str
    key: str
    column: str
    night: object
    plain: object


def compare(
    given: Given, kept: Mapping[str, Sequence[str]], plain: Mapping[str, str]
) -> tuple[dict[str, int], list[Difference]]:
    """Rows held equal by table, and every difference found (at most a few of each column)."""
    equal: dict[str, int] = {}
    found: list[Difference] = []
    for table, (key, columns) in COMPARED.items():
        night = _night_rows(given, table, kept[table], (*key, *columns))
        other = pd.read_parquet(plain[table], columns=[*key, *columns])
        found += differences(table, key, columns, night, other)
        equal[table] = len(night)
    return equal, found


def _night_rows(given: Given, table: str, files: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """The kept rows that the plain night answers for."""
    more = {
        "warnings/signal": ["indicator"],
        "tiers/client_metric": ["month"],
        "tiers/client_tier": ["evaluated_month"],
    }
    frame = read_files(files, list(dict.fromkeys([*columns, *more.get(table, [])])))
    if table == "warnings/signal":
        frame = frame[frame["indicator"].isin(INDICATORS)]
    if table == "tiers/client_metric":
        frame = frame[frame["month"] == due_month(given)]
    if table == "tiers/client_tier":
        frame = frame[frame["evaluated_month"] == due_month(given)]
        # growth potential is not recomputed: below the floors and ranks all is one
        frame["qualified_tier"] = frame["qualified_tier"].replace("potential", "standard")
    return frame[list(columns)]


def differences(
    table: str, key: Sequence[str], columns: Sequence[str], night: pd.DataFrame, plain: pd.DataFrame, most: int = 3
) -> list[Difference]:
    """Where two frames differ, the first few of each column."""
    left, right = (_plain_keys(frame, key).set_index(list(key)).sort_index() for frame in (night, plain))
    found = [
        Difference(table, _said(index), "row", *sides)
        for lacking, sides in (
            (left.index.difference(right.index), ("there", None)),
            (right.index.difference(left.index), (None, "there")),
        )
        for index in lacking[:most]
    ]
    both = left.index.intersection(right.index)
    left, right = left.loc[both], right.loc[both]
    for column in columns:
        one, two = _comparable(left[column]), _comparable(right[column])
        differing = np.flatnonzero(~((one == two) | (pd.isna(one) & pd.isna(two))))
        found += [
            Difference(table, _said(both[position]), column, one[position], two[position])
            for position in differing[:most]
        ]
    return found


def _plain_keys(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    frame = frame.copy()
    for name in key:
        is_date = pd.api.types.is_datetime64_any_dtype(frame[name])
        frame[name] = frame[name].dt.strftime("%Y-%m-%d") if is_date else frame[name].astype(str)
    return frame


def _comparable(column: "pd.Series[Any]") -> "np.ndarray[Any, Any]":
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    missing = column.isna()
    return column.astype(str).where(~missing, None).to_numpy(dtype=object)


def _said(index: object) -> str:
    return "|".join(map(str, index)) if isinstance(index, tuple) else str(index)
