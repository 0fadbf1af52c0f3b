"""A counterparty is summed over one window everywhere: a branch's lead is its clients' concentrations, added up."""

from collections import defaultdict
from copy import deepcopy
from decimal import Decimal
from typing import Any

from sqlcase import CASES, built_case, load

LEADS, SHARES = CASES / "care" / "lead.yaml", CASES / "care" / "ecosystem_page" / "ecosystem_share.yaml"
#: fewer than five a client and side, so that none is cut off
PARTIES = ("K1", "K1B", "firma", "K7", "OLD")


def test_given_what_goes_between_clients_and_parties_when_leads_and_concentrations_are_told_then_their_sums_agree() -> (
    None
):
    given = deepcopy(load(LEADS)[0]["given"])
    given["features.client_party"] = [row for row in given["features.client_party"] if row["party_key"] in PARTIES]
    given["features.client_mapping"] = []
    given["policy.ecosystem_setting"] = [
        *given["policy.ecosystem_setting"],
        {"setting": "concentrated_pct", "value": 30},
    ]
    leads = _rows(LEADS, given, "care.lead")
    branch = {row["client_id"]: row["branch_id"] for row in given["staging.client"]}
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in _rows(SHARES, given, "care_ecosystem_page.ecosystem_share"):
        sums[branch[row["client_id"]], row["party_id"], row["side"]] += row["amount_12m_amt"]
    assert len(leads) == 6
    for lead in leads:
        told = (lead["paid_12m_amt"], lead["received_12m_amt"])
        assert told == tuple(sums[lead["branch_id"], lead["party_id"], side] for side in ("supplier", "customer"))


def _rows(path: Any, given: dict[str, Any], table: str) -> list[dict[str, Any]]:
    case = {"name": table, "as_of": load(path)[0]["as_of"], "given": deepcopy(given), "expect": []}
    with built_case(path, case) as built:
        return built.engine.rows(f"select * from {table} order by all")
