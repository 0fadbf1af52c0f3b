"""Tier metrics, percentiles, score and the tier each client qualifies for, of the month that fell due."""

from typing import Any

import numpy as np
import pandas as pd

from nightdesk_lab.bench.plain.balances import cents
from nightdesk_lab.bench.plain.groups import relationships
from nightdesk_lab.bench.plain.parties import Parties
from nightdesk_lab.bench.plain.reading import Given, read, rounded

_WEIGHED = {
    "contrib_group": "contrib_amt",
    "dep_avg_365_group": "dep_avg_365_amt",
    "activity": "activity",
    "products": "products",
    "tenure": "tenure_years",
    "exposure": "rewarded_exposure",
}
_ADDED = (
    "dep_avg_month_amt",
    "dep_avg_365_amt",
    "dep_avg_30_amt",
    "dep_avg_90_amt",
    "contrib_amt",
    "exposure_amt",
)


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
    exposure: pd.DataFrame,
    pairs: pd.DataFrame,
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
    found["person_kind"] = np.where(client["is_natural_person"].astype(bool), "person", "company")
    found["segment"] = client["segment"].fillna("-")
    found["is_project"] = client["is_spv"].fillna(False).astype(bool)
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
    products = pairs.groupby("client_id").size()
    found["products"] = products.reindex(found.index.astype(str)).fillna(0).to_numpy("int64")
    age = (given.day - since).dt.days
    found["tenure_years"] = _tenthousandths((age / 365.25).clip(upper=20))
    owed = exposure["exposure_amt"].reindex(found.index.astype(str)).fillna(0)
    found["exposure_amt"] = owed.to_numpy("int64")
    return found


def groups(given: Given, parties: Parties, metric: pd.DataFrame, pairs: pd.DataFrame) -> tuple[pd.DataFrame, Any]:
    """The figures of each relationship that is tiered, by its key; and whose each client is (nothing: nobody's)."""
    everyone = parties.client[parties.client["is_active"]]
    tied = relationships(given, everyone)
    whose = tied["group_key"].where(tied["is_known"])
    own = metric.assign(group_key=whose.reindex(metric.index)).dropna(subset="group_key")
    grouped = own.groupby("group_key")
    found = pd.DataFrame(index=sorted(set(own["group_key"])))
    for name in (*_ADDED, "eva_amt", "economic_capital_amt"):
        found[name] = grouped[name].sum(min_count=1).reindex(found.index).astype("Int64")
    for name in ("activity", "tenure_years"):
        found[name] = grouped[name].max().reindex(found.index)
    key_of = whose.set_axis(whose.index.astype(str))
    families = pairs.assign(group_key=pairs["client_id"].map(key_of)).dropna(subset="group_key")
    kinds = families.drop_duplicates(["group_key", "product"]).groupby("group_key").size()
    found["products"] = kinds.reindex(found.index).fillna(0).astype("int64")
    tax, hurdle = (float(given.setting("tier_setting", name)) for name in ("tax_pct", "hurdle_pct"))
    found["is_hurdle_met"] = found["contrib_amt"] * (100 - tax) >= found["economic_capital_amt"].fillna(0) * hurdle
    firms = pd.DataFrame(
        {
            "group_key": whose,
            "is_lead": tied["lead"] == tied.index,
            "person_kind": np.where(everyone["is_natural_person"].astype(bool), "person", "company"),
            "segment": everyone["segment"].fillna("-"),
        },
        index=everyone.index,
    )[~everyone["is_spv"].fillna(False).astype(bool)].dropna(subset="group_key")
    leads = firms[firms["is_lead"]].set_index("group_key")
    shared = firms.groupby("group_key").agg(
        kind=("person_kind", "min"), first=("segment", "min"), last=("segment", "max")
    )
    kind = leads["person_kind"].reindex(found.index)
    segment = leads["segment"].reindex(found.index)
    one = shared["first"].where(shared["first"] == shared["last"], "-").reindex(found.index)
    found["person_kind"] = kind.where(kind.notna(), shared["kind"].reindex(found.index))
    found["peer_set"] = found["person_kind"] + "|" + segment.where(segment.notna(), one)
    return found, whose


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
    after_tax = found["contrib_amt"].astype("float64") * (100 - tax)
    cost = found["economic_capital_amt"].fillna(0).astype("float64") * hurdle
    # divided once and last: what is a half stays one, and is rounded away from zero as the night does
    found["eva_amt"] = rounded((after_tax - cost) / 100).astype("Int64")
    is_met = found["contrib_amt"] * (100 - tax) >= found["economic_capital_amt"].fillna(0) * hurdle
    found["is_hurdle_met"] = is_met


def product_pairs(given: Given, parties: Parties, state: pd.DataFrame) -> pd.DataFrame:
    """Who uses which family of products: what is registered, and what accounts and loans show."""
    account = parties.account[parties.account["opened_on"] <= given.day]
    held = read(given, "product_holding", ["client_id", "product", "since"])
    held = held[held["since"].isna() | (held["since"] <= given.day)]
    is_open = account["closed_on"].isna() | (account["closed_on"] > given.day)
    own = account[account["is_deposit"] & is_open]
    lent = state[state["status"] == "active"]
    pairs = [held[["client_id", "product"]], own[["client_id", "kind"]], lent[["client_id", "product"]]]
    families = pd.concat([pair.astype(str).set_axis(["client_id", "product"], axis=1) for pair in pairs])
    return families.drop_duplicates()


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
        meets = _at_least(metric["dep_avg_month_amt"], floor["dep_avg_amt"])
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
