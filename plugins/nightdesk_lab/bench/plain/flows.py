"""What transactions come to: operating flows by client, in trailing windows and by month."""

from typing import Any

import pandas as pd

from nightdesk_lab.bench.plain.parties import Parties
from nightdesk_lab.bench.plain.reading import Given, converted, rate_on, rates, read

_COLUMNS = [
    "txn_id",
    "account_id",
    "booked_on",
    "direction",
    "amount",
    "ccy",
    "counterparty_id",
    "counterparty_kind",
    "purpose",
    "is_returned",
    "reverses_txn_id",
]
#: measures of client_window: first and last day before the business date, what is summed
WINDOWS: dict[str, tuple[int, int, str]] = {
    "inflow_30d_amt": (29, 0, "inflow"),
    "inflow_90d_amt": (89, 0, "inflow"),
    "inflow_365d_amt": (364, 0, "inflow"),
    "inflow_prior_365d_amt": (454, 90, "inflow"),
    "inflow_year_ago_90d_amt": (454, 365, "inflow"),
    "outflow_30d_amt": (29, 0, "outflow"),
    "outflow_90d_amt": (89, 0, "outflow"),
    "turnover_365d_amt": (364, 0, "turnover"),
    "returned_30d_count": (29, 0, "is_returned"),
    "attempt_30d_count": (29, 0, "is_attempt"),
    "client_initiated_30d_count": (29, 0, "is_client_initiated"),
    "client_initiated_365d_count": (364, 0, "is_client_initiated"),
    "unconverted_90d_count": (89, 0, "is_unconverted"),
    "unconverted_455d_count": (454, 0, "is_unconverted"),
}


def flows(given: Given, parties: Parties) -> pd.DataFrame:
    """Every transaction up to the business date with its client, its base amount and its nature."""
    txn = read(given, "txn", _COLUMNS)
    txn = txn[txn["booked_on"] <= given.day]
    txn["client_id"] = txn["account_id"].map(parties.account["client_id"])
    txn = txn[txn["client_id"].notna()]
    returned = txn["is_returned"].fillna(False).astype(bool)
    reverses = txn["reverses_txn_id"].notna()
    taken_back = returned[reverses].groupby(txn.loc[reverses, "reverses_txn_id"].astype(str)).any()
    reversal = txn["txn_id"].isin(taken_back.index)
    returned |= txn["txn_id"].isin(taken_back.index[taken_back])
    by_bank = txn["purpose"].isin(_codes(given, "bank_initiated"))
    debit = txn["direction"] == "D"
    is_operating = (
        ~txn["is_returned"].fillna(False).astype(bool)
        & ~reverses
        & ~reversal
        & ~txn["purpose"].isin(_codes(given, "purpose"))
        & ~txn["counterparty_kind"].isin(_codes(given, "counterparty_kind"))
        & ~_stays(txn, parties)
    )
    amount = _in_base(given, txn)
    flow = pd.DataFrame(
        {
            "client_id": txn["client_id"],
            "booked_on": txn["booked_on"],
            "inflow": amount.where(is_operating & ~debit, 0),
            "outflow": amount.where(is_operating & debit, 0),
            "fee": amount.where(debit, -amount).where(txn["purpose"] == "fee", 0),
            "is_client_initiated": ~by_bank & ~reverses & ~reversal,
            "is_attempt": (~by_bank | returned) & debit & ~reverses,
            "is_returned": returned & ~reverses,
            "is_unconverted": is_operating & amount.isna(),
        }
    )
    flow["turnover"] = flow["inflow"] + flow["outflow"]
    for name in ("inflow", "outflow", "fee", "turnover"):
        flow[name] = flow[name].fillna(0).astype("int64")
    return flow


def _codes(given: Given, subject: str) -> list[str]:
    return [str(row["code"]) for row in given.rows("excluded_flow") if row["subject"] == subject]


def _stays(txn: pd.DataFrame, parties: Parties) -> "pd.Series[Any]":
    """Whether the money stays with the client or in its group: the other side is an account or a client of theirs."""
    other = txn["counterparty_id"]
    client = parties.client
    stays = pd.Series(False, index=txn.index)
    # only what is one of the bank's own accounts or clients can stay
    inside = other.isin(parties.account.index) | other.isin(client.index.astype(str))
    part = txn[inside]
    names = part["counterparty_id"].astype(str)
    owner = part["client_id"].astype(str)
    group = owner.map(client["group_id"].set_axis(client.index.astype(str)))
    paid_client = names.map(parties.account["client_id"].astype(str))
    paid_group = names.map(parties.account["group_id"])
    own = client.set_axis(client.index.astype(str))
    same = (
        (paid_client == owner)
        | (paid_group.notna() & group.notna() & (paid_group == group))
        | (names == owner)
        | (names.map(own["group_id"]).notna() & group.notna() & (names.map(own["group_id"]) == group))
    )
    stays.loc[same.index[same]] = True
    return stays


def _in_base(given: Given, txn: pd.DataFrame) -> "pd.Series[Any]":
    foreign = txn["ccy"].notna() & (txn["ccy"] != given.base_ccy)
    amount = txn["amount"].astype("int64")
    if not foreign.any():
        return amount
    abroad = txn[foreign]
    value = converted(abroad["amount"], rate_on(given, rates(given), abroad["ccy"], abroad["booked_on"]))
    amount = amount.astype("Int64")
    amount.loc[foreign] = value
    return amount


def windows(given: Given, parties: Parties, flow: pd.DataFrame) -> pd.DataFrame:
    """Sums and counts of the trailing windows: a row for each client with an account."""
    clients = pd.Index(parties.account["client_id"].unique(), name="client_id")
    age = (given.day - flow["booked_on"]).dt.days
    summed = {}
    for name, (first, last, measure) in WINDOWS.items():
        inside = flow[(age >= last) & (age <= first)]
        summed[name] = inside.groupby("client_id")[measure].sum().reindex(clients, fill_value=0)
    return pd.DataFrame(summed).astype("int64")


def months(given: Given, flow: pd.DataFrame) -> pd.DataFrame:
    """Activity, turnover, fees and count by client and month: eighteen full months and the running one."""
    recent = flow[flow["booked_on"] >= given.months_ago(18)]
    month = recent["booked_on"].dt.to_period("M").dt.to_timestamp().rename("month")
    summed = recent.groupby(["client_id", month]).agg(
        client_initiated_count=("is_client_initiated", "sum"),
        credit_turnover_amt=("inflow", "sum"),
        fee_amt=("fee", "sum"),
        txn_count=("inflow", "size"),
    )
    return summed.reset_index()


def spans(given: Given, parties: Parties, flow: pd.DataFrame) -> pd.DataFrame:
    """Over which days each client's flows can be known."""
    account = parties.account[parties.account["opened_on"] <= given.day]
    opened = account.groupby("client_id")["opened_on"].min()
    last_txn = flow.groupby("client_id")["booked_on"].max()
    branch = parties.client["branch_id"]
    newest = last_txn.groupby(branch.reindex(last_txn.index).to_numpy()).max()
    span = pd.DataFrame({"first_data_date": opened.clip(lower=flow["booked_on"].min())})
    span["last_data_date"] = branch.reindex(span.index).map(newest)
    span["last_txn_date"] = last_txn.reindex(span.index)
    known = ((given.day - span["first_data_date"]).dt.days + 1).clip(lower=0)
    span["covered_90d_days"] = known.clip(upper=90)
    span["covered_prior_365d_days"] = (known - 90).clip(0, 365)
    span["covered_year_ago_90d_days"] = (known - 365).clip(0, 90)
    return span
