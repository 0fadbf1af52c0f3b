"""Clients and accounts."""

from dataclasses import dataclass

import pandas as pd

from nightdesk_lab.bench.plain.reading import Given, read


@dataclass(frozen=True)
class Parties:
    """Clients and their accounts, each indexed by its id."""

    client: pd.DataFrame
    account: pd.DataFrame


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
    for name in ("client_id", "branch_id", "group_id", "segment"):
        client[name] = client[name].astype(str).where(client[name].notna())
    client["is_active"] = client["closed_date"].isna() | (client["closed_date"] > given.day)
    account = read(
        given,
        "account",
        ["account_id", "client_id", "kind", "ccy", "overdraft_limit", "opened_on", "closed_on"],
    )
    account = account[account["client_id"].isin(client["client_id"])]
    account["ccy"] = account["ccy"].astype(str).where(account["ccy"].notna(), given.base_ccy)
    account["is_deposit"] = account["kind"].isin(["settlement", "deposit", "wealth"])
    group = client.set_index("client_id")["group_id"]
    account["group_id"] = account["client_id"].astype(str).map(group.set_axis(group.index.astype(str)))
    return Parties(client.set_index("client_id", drop=False), account.set_index("account_id", drop=False))
