"""Tier metrics, percentiles, score and the tier each client qualifies for, of the month that fell due."""

from typing import Any

import numpy as np
import pandas as pd

from nightdesk_lab.bench.plain.balances import cents
from nightdesk_lab.bench.plain.parties import Parties
from nightdesk_lab.bench.plain.reading import Given, read, rounded

_WEIGHED = {
    "contrib_group": "group_contrib_amt",
    "dep_avg_365_group": "group_dep_avg_365_amt",
    "activity": "activity",
    "products": "products",
    "tenure": "tenure_years",
    "exposure": "rewarded_exposure",
}
_ADDED = {
    "dep_avg_month_amt": "group_dep_avg_month_amt",
    "dep_avg_365_amt": "group_dep_avg_365_amt",
    "dep_avg_30_amt": "group_dep_avg_30_amt",
    "dep_avg_90_amt": "group_dep_avg_90_amt",
    "contrib_amt": "group_contrib_amt",
    "exposure_amt": "group_exposure_amt",
}


def due_month(given: Given) -> pd.Timestamp:
    """The full month that is evaluated on its successor's first working day."""
    return given.day.replace(day=1) - pd.DateOffset(months=1)


def metrics(
    given: Given,
    parties: Parties,
    span: pd.DataFrame,
    month: pd.DataFrame,
    balance: pd.DataFrame,
    flow_month: pd.DataFrame,
    state: pd.DataFrame,
    exposure: pd.DataFrame,
) -> pd.DataFrame:
    """The metrics of every active client that was there for the whole month, indexed by client."""
    due = due_month(given)
    start = due - pd.DateOffset(months=11)
    client = parties.client[parties.client["is_active"]]
    account = parties.account[parties.account["opened_on"] <= given.day]
    first = account.groupby("client_id")["opened_on"].min().reindex(client.index)
    since = client["onboard_date"].where(~(first < client["onboard_date"]), first)
    whole = month[month["is_full"] & (month["day_count"] >= month["month"].dt.days_in_month)]["month"].min()
    known = since.clip(lower=min(span["first_data_date"].min(), whole))
    client = client[(known <= due).to_numpy()]
    since, known = since.loc[client.index], known.loc[client.index]
    found = pd.DataFrame(index=client.index)
    found["group_id"] = client["group_id"]
    found["person_kind"] = np.where(client["is_natural_person"].astype(bool), "person", "company")
    segment = client["segment"].fillna("-")
    found["peer_set"] = found["person_kind"] + "|" + segment
    begins = known.where(known > start, start)
    found["observed_months"] = (
        ((due.year - begins.dt.year) * 12 + due.month - begins.dt.month + 1).clip(upper=12).astype("int64")
    )
    year = month[(month["month"] >= start) & (month["month"] <= due)]
    this = month[month["month"] == due].set_index("client_id")
    per_client = year.groupby("client_id")[["balance_days_sum", "day_count"]].sum()
    has_deposit = account.groupby("client_id")["is_deposit"].any().reindex(found.index)
    none = ~has_deposit.fillna(False).astype(bool)
    deposits = {
        "dep_avg_month_amt": cents(this["balance_days_sum"] / 100 / due.days_in_month),
        "dep_avg_365_amt": cents(per_client["balance_days_sum"] / 100 / per_client["day_count"]),
        "dep_avg_30_amt": balance["avg_30d_amt"],
        "dep_avg_90_amt": balance["avg_90d_amt"],
    }
    for name, values in deposits.items():
        found[name] = values.reindex(found.index).astype("Int64")
        found[name] = found[name].mask(found[name].isna() & none, 0)
    found["month_end_amt"] = this["month_end_amt"].reindex(found.index).astype("Int64")
    _profit(given, found, start, due)
    active = flow_month[(flow_month["month"] >= start) & (flow_month["month"] <= due)]
    busy = active[active["client_initiated_count"] > 0].groupby("client_id").size()
    found["active_months"] = busy.reindex(found.index).fillna(0).astype("int64")
    found["activity"] = _tenthousandths(found["active_months"] * 100.0 / found["observed_months"])
    found["products"] = _products(given, account, state).reindex(found.index.astype(str)).fillna(0).to_numpy("int64")
    age = (given.day - since).dt.days
    found["tenure_years"] = _tenthousandths((age / 365.25).clip(upper=20))
    owed = exposure["exposure_amt"].reindex(found.index.astype(str)).fillna(0)
    found["exposure_amt"] = owed.to_numpy("int64")
    grouped = found.groupby("group_id")
    for name, target in _ADDED.items():
        total = grouped[name].transform(lambda values: values.sum(min_count=1))
        # where nobody is in a group there is no total at all
        total = total.reindex(found.index)
        found[target] = total.where(found["group_id"].notna(), found[name]).astype("Int64")
    return found


def _tenthousandths(value: "pd.Series[Any]") -> "pd.Series[Any]":
    return rounded(value.astype("float64") * 10_000)


def _profit(given: Given, found: pd.DataFrame, start: pd.Timestamp, due: pd.Timestamp) -> None:
    """Contribution, capital and value added of twelve months."""
    names = ["ftp_income", "fee_income", "opex", "expected_loss"]
    profit = read(given, "client_profit_month", ["client_id", "month", *names, "economic_capital"])
    profit = profit[(profit["month"] >= start) & (profit["month"] <= due)]
    income = profit["ftp_income"].fillna(0) + profit["fee_income"].fillna(0)
    profit["contrib"] = income - profit["opex"].fillna(0) - profit["expected_loss"].fillna(0)
    per_client = profit.groupby(profit["client_id"].astype(str))
    contrib = per_client["contrib"].sum().reindex(found.index.astype(str)).astype("Int64")
    count = per_client["economic_capital"].count()
    mean = cents(per_client["economic_capital"].sum() / 100 / count.where(count > 0))
    capital = mean.reindex(found.index.astype(str))
    found["contrib_amt"], found["economic_capital_amt"] = contrib.to_numpy(), capital.to_numpy()
    tax, hurdle = (float(given.setting("tier_setting", name)) for name in ("tax_pct", "hurdle_pct"))
    after_tax = found["contrib_amt"].astype("float64") * (100 - tax) / 100 / 100
    cost = found["economic_capital_amt"].fillna(0).astype("float64") * hurdle / 100 / 100
    found["eva_amt"] = cents(after_tax - cost)
    is_met = found["contrib_amt"] * (100 - tax) >= found["economic_capital_amt"].fillna(0) * hurdle
    found["is_hurdle_met"] = is_met


def _products(given: Given, account: pd.DataFrame, state: pd.DataFrame) -> "pd.Series[Any]":
    """Distinct product families: what is registered, and what accounts and loans show."""
    held = read(given, "product_holding", ["client_id", "product", "since"])
    held = held[held["since"].isna() | (held["since"] <= given.day)]
    is_open = account["closed_on"].isna() | (account["closed_on"] > given.day)
    own = account[account["is_deposit"] & is_open]
    lent = state[state["status"] == "active"]
    pairs = [held[["client_id", "product"]], own[["client_id", "kind"]], lent[["client_id", "product"]]]
    families = pd.concat([pair.astype(str).set_axis(["client_id", "product"], axis=1) for pair in pairs])
    return families.drop_duplicates().groupby("client_id").size()


def scores(given: Given, metric: pd.DataFrame) -> pd.DataFrame:
    """Mid-rank percentiles among peers, weighed into a score of 0 to 100; and each client's place among its peers."""
    found = pd.DataFrame(index=metric.index)
    rewarded = metric["exposure_amt"].where(metric["is_hurdle_met"].fillna(False), 0)
    values = metric.assign(rewarded_exposure=rewarded.where(metric["contrib_amt"].notna()))
    peers = metric.groupby("peer_set")["peer_set"].transform("size")
    few = peers < int(given.setting("tier_setting", "min_percentile_peers"))
    weight = {str(row["metric"]): int(str(row["weight"])) for row in given.rows("score_weight")}
    points: Any = 0
    used: Any = 0
    for name, column in _WEIGHED.items():
        value = values[column].astype("Float64")
        pct = _percentile(value, metric["peer_set"]).mask(few, _percentile(value, metric["person_kind"]))
        found[f"{name}_pct"] = pct
        points = points + weight.get(name, 0) * pct.fillna(0)
        used = used + weight.get(name, 0) * pct.notna()
    found["score"] = _tenthousandths(points / 10_000 / used.where(used > 0))
    found["completeness"] = _tenthousandths(used / sum(weight.values()))
    found["peers"] = peers
    ranked = found["score"].groupby(metric["peer_set"]).rank(method="min", ascending=False, na_option="bottom")
    found["peer_rank"] = ranked.astype("int64")
    return found


def _percentile(value: "pd.Series[Any]", group: "pd.Series[Any]") -> "pd.Series[Any]":
    """Those with less, and half of those with the same, of all in the group, in ten-thousandths of a percent."""
    ranks = value.groupby(group)
    high, low = ranks.rank(method="max"), ranks.rank(method="min")
    count = value.notna().groupby(group).transform("sum")
    twice = 2 * high - (high - low + 1)
    return _tenthousandths(twice * 100.0 / (2 * count)).astype("float64")


def qualified(given: Given, metric: pd.DataFrame, score: pd.DataFrame) -> "pd.Series[Any]":
    """The tier whose floor and share of peers each client meets."""
    names = {int(str(row["level"])): str(row["tier"]) for row in given.rows("tier")}
    share = {str(row["tier"]): row["top_share_pct"] for row in given.rows("tier")}
    level_of = {tier: level for level, tier in names.items()}
    few = score["peers"] < int(given.setting("tier_setting", "min_rank_peers"))
    reached = pd.Series(0, index=metric.index)
    for floor in given.rows("tier_floor"):
        tier = str(floor["tier"])
        prefix = "group_" if floor["dep_scope"] == "group" else ""
        meets = _at_least(metric[f"{prefix}dep_avg_month_amt"], floor["dep_avg_amt"])
        meets |= _at_least(metric["contrib_amt"], floor["contrib_amt"])
        if floor["needs_positive_eva"]:
            meets &= (metric["eva_amt"] > 0).fillna(False).astype(bool)
        placed = few | (score["peer_rank"] * 100 <= int(str(share[tier])) * score["peers"])
        reached = reached.mask(meets & placed & (reached < level_of[tier]), level_of[tier])
    return reached.map(names)


def _at_least(amount: "pd.Series[Any]", least: Any) -> "pd.Series[Any]":
    if least is None:
        return pd.Series(False, index=amount.index)
    return (amount >= int(least * 100)).fillna(False).astype(bool)
