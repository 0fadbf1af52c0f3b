"""Clients and accounts, and quick look-ups of what belongs to them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from nightdesk.bench.plain.reading import Given, read


@dataclass(frozen=True)
class Parties:
    """Clients and their accounts, each indexed by its id; client ids share one list of categories everywhere."""

    client: pd.DataFrame
    account: pd.DataFrame
    ids: pd.CategoricalDtype


def parties(given: Given) -> Parties:
    """The clients and the accounts that belong to one of them."""
    client = read(
        given,
        "client",
        [
            "client_id",
            "branch_id",
            "group_id",
            "segment",
            "is_natural_person",
            "is_spv",
            "onboard_date",
            "closed_date",
        ],
    )
    ids = pd.CategoricalDtype(sorted(client["client_id"].astype(str)))
    for name in ("client_id", "branch_id", "group_id", "segment"):
        client[name] = client[name].astype(str).where(client[name].notna())
    client["client_id"] = client["client_id"].astype(ids)
    client["is_active"] = client["closed_date"].isna() | (client["closed_date"] > given.day)
    account = read(
        given,
        "account",
        ["account_id", "client_id", "kind", "ccy", "overdraft_limit", "opened_on", "closed_on"],
    )
    account["client_id"] = account["client_id"].astype(str).astype(ids)
    account["account_id"] = account["account_id"].astype(str)
    account = account[account["client_id"].notna()]
    account["ccy"] = account["ccy"].astype(str).where(account["ccy"].notna(), given.base_ccy)
    account["is_deposit"] = account["kind"].isin(["settlement", "deposit", "wealth"])
    group = client.set_index("client_id")["group_id"]
    account["group_id"] = account["client_id"].astype(str).map(group.set_axis(group.index.astype(str)))
    return Parties(client.set_index("client_id", drop=False), account.set_index("account_id", drop=False), ids)


def look_up(keys: "pd.Series[Any]", values: "pd.Series[Any]") -> "pd.Series[Any]":
    """What `values` says of each of the categorical `keys`: asked once per distinct key."""
    per_key = values.reindex(keys.cat.categories)
    found = per_key.array.take(keys.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(found, index=keys.index)
