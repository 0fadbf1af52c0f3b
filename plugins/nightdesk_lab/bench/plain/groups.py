"""Relationships: which clients are tiered as one, and among whose peers."""

from collections import defaultdict

import pandas as pd

from nightdesk_lab.bench.plain.reading import Given, read

#: how many clients up a chain of control is followed
_STEPS = 8


def relationships(given: Given, client: pd.DataFrame) -> pd.DataFrame:
    """Of each active client its relationship's key, who leads it (or nothing) and whether it is tiered at all."""
    ids = [str(name) for name in client.index]
    register = {
        name: None if pd.isna(group) else str(group) for name, group in zip(ids, client["group_id"], strict=True)
    }
    is_project = dict(zip(ids, client["is_spv"].fillna(False).astype(bool), strict=True))
    above = _controllers(given, client)
    top = {name: _top(name, above) for name in register}
    below: dict[str, set[str]] = defaultdict(set)
    for name, end in top.items():
        group = register[name]
        if end is not None and group is not None:
            below[end].add(group)
    key, contradicted = {}, set()
    for name, end in top.items():
        own, ended = register[name], None if end is None else register[end]
        found = below[end] if end is not None else set()
        if (own and ended and own != ended) or (own is None and end is not None and ended is None and len(found) > 1):
            contradicted.add(name)
        group = own or ended or (next(iter(found)) if len(found) == 1 else None)
        if name in contradicted or (own is None and end is None):
            key[name] = f"client|{name}"
        else:
            key[name] = f"group|{group}" if group else f"client|{end}"
    members: dict[str, list[str]] = defaultdict(list)
    for name, whose in key.items():
        members[whose].append(name)
    rows = []
    for whose, names in members.items():
        firms = [name for name in names if not is_project[name]]
        leads = [name for name in firms if top[name] is not None and key.get(above.get(name, ""), "") != whose]
        is_known = bool(firms) and not contradicted & set(names) and not (len(names) == 1 and not leads)
        lead = leads[0] if len(leads) == 1 else None
        rows += [(name, whose, lead, is_known) for name in names]
    found_rows = pd.DataFrame(rows, columns=["client_id", "group_key", "lead", "is_known"])
    return found_rows.set_index("client_id").reindex(client.index)


def _controllers(given: Given, client: pd.DataFrame) -> dict[str, str]:
    """The one client that controls another: of several the largest share, if every share is known and it is alone."""
    if not given.files["source/client_link"]:
        return {}
    link = read(given, "client_link", ["client_id", "other_client_id", "kind", "share_pct", "valid_from", "valid_to"])
    link[["client_id", "other_client_id"]] = link[["client_id", "other_client_id"]].astype(str)
    companies = set(client.index[~client["is_natural_person"].astype(bool)])
    link = link[
        (link["kind"].astype(str) == "controls")
        & link["client_id"].isin(companies)
        & link["other_client_id"].isin(set(client.index))
        & (link["client_id"] != link["other_client_id"])
        & (link["valid_from"].isna() | (link["valid_from"] <= given.day))
        & (link["valid_to"].isna() | (link["valid_to"] > given.day))
    ]
    found = {}
    for name, rows in link.groupby("other_client_id"):
        largest = rows[rows["share_pct"] == rows["share_pct"].max()]
        if len(rows) == 1:
            found[str(name)] = str(rows["client_id"].iloc[0])
        elif rows["share_pct"].notna().all() and len(largest) == 1:
            found[str(name)] = str(largest["client_id"].iloc[0])
    return found


def _top(name: str, above: dict[str, str]) -> str | None:
    """Who stands at the top of those that control a client; None where the chain has no end."""
    for _ in range(_STEPS + 1):
        if name not in above:
            return name
        name = above[name]
    return None if name in above else name
