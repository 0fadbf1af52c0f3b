"""Rolled state equals the full recomputation, on random histories with late, corrected, reversed and closed facts."""

import datetime
import random
from decimal import Decimal
from typing import Any

import pytest
from chain import RESULTS, Chain, Row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightdesk.models import REBUILT, ROLLED

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2024, 6, 3)
PURPOSES = [None, "payroll", "own_transfer", "loan_repayment", "fee", "other", "interest"]
PARTIES = [None, "X1", "C1", "A2", "A3", "C3"]


def clients() -> list[Row]:
    return [
        {"client_id": "C1", "name": "one", "group_id": "G", "branch_id": "B1"},
        {"client_id": "C2", "name": "two", "group_id": "G", "branch_id": "B1"},
        {"client_id": "C3", "name": "three", "branch_id": "B2"},
    ]


def accounts() -> list[Row]:
    return [
        {"account_id": "A1", "client_id": "C1", "kind": "settlement", "opened_on": FIRST},
        {"account_id": "A2", "client_id": "C1", "kind": "deposit", "ccy": "USD", "opened_on": FIRST},
        {"account_id": "A3", "client_id": "C2", "kind": "settlement", "opened_on": FIRST, "overdraft_limit": 10},
        {"account_id": "A4", "client_id": "C2", "kind": "dsra", "opened_on": FIRST},
        {"account_id": "A5", "client_id": "C3", "kind": "settlement", "opened_on": FIRST + 300 * DAY},
    ]


def random_day(pick: random.Random, last: datetime.date) -> datetime.date:
    """Mostly of the last weeks, some of the year before, some at the far ends of the windows."""
    back = pick.choice([pick.randint(0, 20), pick.randint(0, 120), pick.randint(0, 520)])
    return max(FIRST, last - back * DAY)


def random_txn(pick: random.Random, txn_id: str, day: datetime.date, ids: list[str]) -> Row:
    return {
        "txn_id": txn_id,
        "account_id": pick.choice(["A1", "A2", "A3", "A4", "A5"]),
        "booked_on": day,
        "direction": pick.choice("CD"),
        "amount": Decimal(pick.randint(1, 99999)) / 100,
        "ccy": pick.choice([None, "CNY", "USD"]),
        "purpose": pick.choice(PURPOSES),
        "counterparty_id": pick.choice(PARTIES),
        "is_returned": pick.random() < 0.1,
        "reverses_txn_id": pick.choice(ids) if ids and pick.random() < 0.2 else None,
    }


def random_balance(pick: random.Random, account: Row, day: datetime.date) -> Row:
    return {
        "account_id": account["account_id"],
        "business_date": day,
        "eod_balance": Decimal(pick.randint(-5000, 99999)) / 100,
        "ccy": account.get("ccy"),
    }


def tonight(pick: random.Random, chain: Chain, day: datetime.date, count: int) -> dict[str, list[Row]]:
    """New facts since the night before, late ones, and corrections of what is held."""
    since = chain.parent or FIRST - DAY
    new = lambda: max(since + DAY, random_day(pick, day)) if pick.random() < 0.6 else random_day(pick, day)  # noqa: E731
    held = {row["txn_id"]: row for row in chain.facts["txn"]}
    txns: dict[str, Row] = {}
    for number in range(count):
        txn_id = pick.choice(sorted(held)) if held and pick.random() < 0.2 else f"T{day:%y%m%d}{number}"
        txns[txn_id] = random_txn(pick, txn_id, new(), sorted(held) + sorted(txns))
    balances = {}
    for _ in range(count if chain.is_given else 0):
        row = random_balance(pick, pick.choice(chain.accounts), new())
        balances[row["account_id"], row["business_date"]] = row
    rates = [
        {"ccy": "USD", "business_date": when, "rate": Decimal(pick.randint(60000, 80000)) / 10000}
        for when in sorted({since + pick.randint(1, max((day - since).days, 1)) * DAY for _ in range(3)})
    ]
    return {"txn": list(txns.values()), "balance": list(balances.values()), "fx_rate": rates}


@pytest.mark.parametrize("is_given", [True, False], ids=["balances given", "balances replayed"])
@given(pick=st.randoms(use_true_random=False), gaps=st.lists(st.integers(1, 45), min_size=2, max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_chain_of_rolled_nights_says_what_one_rebuilt_night_says(
    is_given: bool, pick: random.Random, gaps: list[int]
) -> None:
    chain = Chain(clients(), accounts(), is_given=is_given)
    try:
        day = FIRST + pick.randint(60, 560) * DAY
        chain.night(day, tonight(pick, chain, day, 40))
        for gap in gaps:
            day += gap * DAY
            if pick.random() < 0.3:
                account = pick.choice(chain.accounts)
                account["closed_on"] = None if account.get("closed_on") else random_day(pick, day)
            structure = ROLLED
            if pick.random() < 0.2:  # a client joins or leaves a group: the night begins its state anew
                client = pick.choice(chain.clients)
                client["group_id"] = None if client.get("group_id") else "G"
                structure = REBUILT
            chain.night(day, tonight(pick, chain, day, 8), structure)
        fresh = chain.rebuilt(day)
        for name in RESULTS:
            assert known(chain.kept[name]) == known(fresh[name]), name
    finally:
        chain.close()


def known(rows: list[Row]) -> list[Any]:
    """Rows as comparable values; a row of nothing but zeros says no more than no row."""
    told = [row for row in rows if any(isinstance(v, Decimal | int) and v for v in row.values()) or "kind" in row]
    return sorted(tuple(sorted((k, repr(v)) for k, v in row.items())) for row in told)
