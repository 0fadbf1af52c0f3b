"""What daily balances come to: averages of trailing windows and months, and months in excess overdraft."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nightdesk_lab.bench.plain.parties import Parties
from nightdesk_lab.bench.plain.reading import Given, converted, rate_on, rates, read, rounded

_DAY = pd.Timedelta(days=1)


class Balances(NamedTuple):
    """Daily balances: of each client's deposits, and of each account that lies below its overdraft limit.

    `account` are the accounts with a balance; `opened` are all of them, with the day from which on it is known.
    """

    daily: pd.DataFrame
    below: pd.DataFrame
    account: pd.DataFrame
    opened: pd.DataFrame


def balances(given: Given, parties: Parties) -> Balances:
    """The end-of-day balances up to the business date, gaps filled with the balance before, in base currency."""
    texts = ["account_id", "ccy"]
    row = read(given, "balance", [*texts, "business_date", "eod_balance"], categories=texts)
    row = row.rename(columns={"business_date": "day", "eod_balance": "amount"})
    account = parties.account[parties.account["opened_on"] <= given.day]
    row = row[(row["day"] <= given.day) & row["account_id"].isin(account.index)]
    seen = row.groupby("account_id", observed=True)["day"].agg(["min", "max"])
    closed_on = row["account_id"].map(account["closed_on"]).astype(row["day"].dtype)
    row = row[closed_on.isna() | (row["day"] < closed_on)]
    del closed_on
    row = pd.concat([row, _closings(given, account, row)], ignore_index=True)
    row = row.sort_values(["account_id", "day"], ignore_index=True)
    row = _filled(given, row)
    # few accounts are ever overdrawn: only negative balances are held against a limit
    negative = row[row["amount"] < 0]
    limit = negative["account_id"].map(account["overdraft_limit"].fillna(0)).astype("int64")
    below = negative[negative["amount"] < -limit]
    deposit = row[row["account_id"].map(account["is_deposit"]).astype(bool)]
    daily = pd.DataFrame(
        {
            "client_id": deposit["account_id"].map(account["client_id"]).astype("category"),
            "day": deposit["day"],
            "amount": _in_base(given, deposit),
        }
    )
    held = account.loc[account.index.intersection(pd.Index(row["account_id"].unique().astype(str)))]
    held = held.assign(first=seen["min"].reindex(held.index), last=seen["max"].reindex(held.index))
    return Balances(daily, below, held, _known(given, account, held["first"]))


def _known(given: Given, account: pd.DataFrame, first: "pd.Series[Any]") -> pd.DataFrame:
    """Each account's first balance, and from when on it is known; one opened within the feed held nothing before."""
    opened = account[["client_id", "is_deposit"]].assign(first=first.reindex(account.index))
    feed = first.min()
    closed_on = account["closed_on"].where(account["closed_on"] <= given.day)
    known_from = opened["first"].mask(closed_on.notna() & ~(closed_on >= opened["first"]), closed_on)
    opened["known_from"] = known_from.mask(account["opened_on"] >= feed, feed)
    return opened


def known_since(opened: pd.DataFrame) -> pd.DataFrame:
    """Of each client: its first balance, and the day from which on all of its accounts are known (none: never)."""
    per_client = opened.groupby("client_id", observed=True)
    found = per_client.agg(first_date=("first", "min"), known_from=("known_from", "max"))
    is_known = per_client["known_from"].count() == per_client.size()
    found["known_from"] = found["known_from"].where(is_known)
    return found[found["first_date"].notna() | ~is_known]


def _closings(given: Given, account: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    """An account that is closed holds nothing from that day on."""
    closed = account[account["closed_on"].notna() & (account["closed_on"] <= given.day)]
    closed = closed[closed.index.isin(row["account_id"].unique())]
    nothing = pd.DataFrame({"account_id": closed.index, "day": closed["closed_on"].to_numpy(), "amount": 0})
    return nothing.assign(ccy=given.base_ccy).astype(row.dtypes.to_dict())


def _filled(given: Given, row: pd.DataFrame) -> pd.DataFrame:
    """A row for each day: where days are missing, the balance before them goes on."""
    last = row["account_id"] != row["account_id"].shift(-1)
    until = row["day"].shift(-1).mask(last, given.day + _DAY)
    days = (until - row["day"]).dt.days
    gaps = row[days > 1]
    length = days[days > 1].to_numpy() - 1
    more = gaps.loc[gaps.index.repeat(length)]
    ahead = np.arange(len(more)) - np.repeat(np.cumsum(length) - length, length) + 1
    more["day"] = more["day"] + pd.to_timedelta(ahead, unit="D")
    return pd.concat([row, more], ignore_index=True)


def _in_base(given: Given, deposit: pd.DataFrame) -> "pd.Series[Any]":
    ccy = deposit["ccy"]
    abroad = ccy.notna() & (ccy != given.base_ccy)
    amount = deposit["amount"].astype("int64")
    if abroad.any():
        part = deposit[abroad]
        value = converted(part["amount"], rate_on(given, rates(given), part["ccy"], part["day"]))
        amount = amount.mask(abroad, value.fillna(0).astype("int64"))
    return amount


def month_averages(given: Given, balance: Balances) -> pd.DataFrame:
    """Sum, covered days, average and closing balance of each client's months."""
    account = balance.account[balance.account["is_deposit"]]
    first = account.groupby("client_id")["first"].min()
    recent = balance.daily[balance.daily["day"] >= given.first_month]
    month = recent["day"].dt.to_period("M").dt.to_timestamp().rename("month")
    summed = recent.groupby(["client_id", month])["amount"].sum()
    months = pd.date_range(given.first_month, given.day, freq="MS")
    every = pd.MultiIndex.from_product([first.index, months], names=["client_id", "month"])
    table = summed.reindex(every, fill_value=0).rename("balance_days_sum").reset_index()
    last_day = (table["month"] + pd.offsets.MonthEnd(0)).clip(upper=pd.Series(given.day, index=table.index))
    at_ends = recent[recent["day"].isin(last_day.unique())]
    closing = at_ends.groupby(["client_id", "day"])["amount"].sum()
    at_end = pd.MultiIndex.from_arrays([table["client_id"], last_day])
    table["month_end_amt"] = closing.reindex(at_end, fill_value=0).to_numpy()
    begins = table["client_id"].map(first).astype(table["month"].dtype)
    table["day_count"] = (last_day - begins.where(begins > table["month"], table["month"])).dt.days + 1
    table["is_full"] = table["month"] + pd.offsets.MonthEnd(0) <= given.day
    table = table[begins <= last_day]
    table["avg_amt"] = cents(table["balance_days_sum"] / 100 / table["day_count"])
    return table.reset_index(drop=True)


def averages(given: Given, balance: Balances, month: pd.DataFrame) -> pd.DataFrame:
    """Average deposits of the trailing windows over the days that are known."""
    account = balance.account[balance.account["is_deposit"]]
    found = known_since(balance.opened[balance.opened["is_deposit"]])
    found["data_date"] = account.groupby("client_id")["last"].max().reindex(found.index)
    rows = ((given.day - found["first_date"]).dt.days + 1).fillna(0)
    since = found["known_from"].where(~(found["known_from"] < found["first_date"]), found["first_date"])
    known = ((given.day - since).dt.days + 1).where(found["known_from"].notna() & found["first_date"].notna(), 0)
    age = (given.day - balance.daily["day"]).dt.days
    for name, newest, days in (("30d", 0, 30), ("90d", 0, 90), ("prior_90d", 30, 90), ("30d_180d_ago", 180, 30)):
        inside = balance.daily[(age >= newest) & (age < newest + days)]
        total = inside.groupby("client_id")["amount"].sum().reindex(found.index, fill_value=0)
        found[f"days_{name}"] = (known - newest).clip(0, days).astype("int64")
        covered = (rows - newest).clip(0, days)
        found[f"avg_{name}_amt"] = cents(total / 100 / covered.where(covered > 0))
    now = balance.daily[age == 0].groupby("client_id")["amount"].sum()
    found["balance_amt"] = now.reindex(found.index, fill_value=0).astype("Int64").where(found["first_date"].notna())
    begins = month["client_id"].map(found["known_from"]).astype(month["month"].dtype)
    found["month_avg_p05_amt"] = _low_months(given, month[month["month"] >= begins]).reindex(found.index)
    found["is_assessed"] = True
    return found


def _low_months(given: Given, month: pd.DataFrame) -> "pd.Series[Any]":
    """The 5th percentile of the twelve last full months before the 30 days; missing where fewer are known."""
    last = (given.day - pd.Timedelta(days=29)).replace(day=1) - pd.DateOffset(months=1)
    usual = month[(month["month"] <= last) & (month["month"] > last - pd.DateOffset(months=12))]
    usual = usual[usual["day_count"] == usual["month"].dt.days_in_month]
    place = usual.groupby("client_id")["avg_amt"].rank(method="first")
    share = place.map({1: 45, 2: 55}).fillna(0)
    low = (usual["avg_amt"].astype("float64") * share).groupby(usual["client_id"]).sum() / 100
    return rounded(low.where(usual.groupby("client_id").size() == 12)).astype("Int64")


def overdraft_months(given: Given, balance: Balances) -> pd.DataFrame:
    """Account and month, of this one and the eleven before, with a balance below the overdraft limit."""
    first = given.day.replace(day=1) - pd.DateOffset(months=11)
    recent = balance.below[balance.below["day"] >= first]
    table = pd.DataFrame(
        {
            "account_id": recent["account_id"].astype(str),
            "month": recent["day"].dt.to_period("M").dt.to_timestamp(),
        }
    ).drop_duplicates(ignore_index=True)
    table["client_id"] = table["account_id"].map(balance.account["client_id"])
    return table


def cents(amount: "pd.Series[Any]") -> "pd.Series[Any]":
    """A quotient as whole cents, halves away from zero."""
    return rounded(amount.astype("float64") * 100).astype("Int64")
