"""Windows and averages equal a plain sum over the facts, day by day."""

import datetime
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chain import Chain, Row
from test_rolling_state import DAY, FIRST, PURPOSES, accounts, clients, tonight

TODAY = datetime.date(2025, 12, 17)
CENT = Decimal("0.01")
OWNER = {row["account_id"]: row["client_id"] for row in accounts()}
DEPOSITS = {row["account_id"] for row in accounts() if row["kind"] != "dsra"}
EXCLUDED = {"interest", "own_transfer", "loan_repayment", "loan_disbursement", "securities"}
#: policy flow_setting: what is further away is not taken back
REVERSAL_DAYS = 400
#: of whom money is no business of a client: itself, its accounts, and its group's
SAME = {"C1": {"C1", "A2", "C2", "A3"}, "C2": {"C2", "A3", "C1", "A2"}, "C3": {"C3"}}


@pytest.fixture(scope="module", params=[3, 4], ids=["one bank", "another bank"])
def chain(request: pytest.FixtureRequest) -> Any:
    pick = random.Random(request.param)
    made = Chain(clients(), accounts(), is_given=True)
    facts = tonight(pick, made, TODAY, 300)
    days = sorted({FIRST + pick.randint(0, 500) * DAY for _ in range(30)})
    facts["fx_rate"] = [
        {"ccy": "USD", "business_date": day, "rate": Decimal(pick.randint(60000, 80000)) / 10000}
        for day in [FIRST, *(day for day in days if day > FIRST)]
    ]
    made.night(TODAY, facts)
    yield made
    made.close()


def newest_rate(chain: Chain, day: datetime.date) -> Row:
    return max((row for row in chain.facts["fx_rate"] if row["business_date"] <= day), key=rate_day)


def rate(chain: Chain, ccy: str | None, day: datetime.date) -> Decimal:
    return newest_rate(chain, day)["rate"] if ccy == "USD" else Decimal(1)


def has_rate(chain: Chain, ccy: str | None, day: datetime.date) -> bool:
    """Whether a flow of that day can be converted: a rate serves 35 days."""
    return ccy != "USD" or (day - rate_day(newest_rate(chain, day))).days <= 35


def rate_day(row: Row) -> datetime.date:
    day: datetime.date = row["business_date"]
    return day


def base(chain: Chain, amount: Decimal, ccy: str | None, day: datetime.date) -> Decimal:
    return (amount * rate(chain, ccy, day)).quantize(CENT, rounding="ROUND_HALF_UP")


def flows(chain: Chain, client: str, direction: str, first: int, last: int) -> Decimal:
    """Sum of the operating flows of a client, booked `first` to `last` days before today."""
    booked = {row["txn_id"]: row["booked_on"] for row in chain.facts["txn"]}
    reversed_ids = {
        row["reverses_txn_id"]
        for row in chain.facts["txn"]
        if row["reverses_txn_id"] and abs((row["booked_on"] - booked[row["reverses_txn_id"]]).days) <= REVERSAL_DAYS
    }
    return sum(
        (
            base(chain, row["amount"], row["ccy"], row["booked_on"])
            for row in chain.facts["txn"]
            if OWNER[row["account_id"]] == client
            and row["direction"] == direction
            and last <= (TODAY - row["booked_on"]).days <= first
            and row["purpose"] not in EXCLUDED
            and not row["is_returned"]
            and row["reverses_txn_id"] is None
            and row["txn_id"] not in reversed_ids
            and row["counterparty_id"] not in SAME[client]
            and has_rate(chain, row["ccy"], row["booked_on"])
        ),
        Decimal(0),
    )


def balance(chain: Chain, client: str, day: datetime.date) -> Decimal:
    """The deposits of a client at the end of a day: the last row of each account, at the rate of that day."""
    total = Decimal(0)
    for account in DEPOSITS:
        rows = [
            row
            for row in chain.facts["balance"]
            if row["account_id"] == account and row["business_date"] <= day and OWNER[account] == client
        ]
        if rows:
            last = max(rows, key=rate_day)
            total += base(chain, last["eod_balance"], last["ccy"], day)
    return total


WINDOWS: dict[str, Callable[[Chain, str], Decimal]] = {
    "inflow_30d_amt": lambda c, who: flows(c, who, "C", 29, 0),
    "inflow_90d_amt": lambda c, who: flows(c, who, "C", 89, 0),
    "inflow_prior_365d_amt": lambda c, who: flows(c, who, "C", 454, 90),
    "inflow_year_ago_90d_amt": lambda c, who: flows(c, who, "C", 454, 365),
    "outflow_90d_amt": lambda c, who: flows(c, who, "D", 89, 0),
    "turnover_365d_amt": lambda c, who: flows(c, who, "C", 364, 0) + flows(c, who, "D", 364, 0),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_sums_the_operating_flows_of_its_days(chain: Chain, name: str) -> None:
    assert set(PURPOSES) & EXCLUDED
    assert {has_rate(chain, row["ccy"], row["booked_on"]) for row in chain.facts["txn"]} == {True, False}
    seen = {row["client_id"]: row[name] for row in chain.rows("client_window")}
    assert seen == {client: WINDOWS[name](chain, client) for client in ("C1", "C2", "C3")}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("avg_30d_amt", 29, 0),
        ("avg_90d_amt", 89, 0),
        ("avg_prior_90d_amt", 119, 30),
        ("avg_30d_180d_ago_amt", 209, 180),
    ],
)
def test_an_average_is_over_calendar_days_at_the_rates_of_those_days(
    chain: Chain, name: str, first: int, last: int
) -> None:
    for row in chain.rows("client_balance"):
        days = [TODAY - back * DAY for back in range(last, first + 1) if TODAY - back * DAY >= row["first_date"]]
        total = sum((balance(chain, row["client_id"], day) for day in days), Decimal(0))
        assert row[name] == (total / len(days)).quantize(CENT, rounding="ROUND_HALF_UP"), row["client_id"]


def test_months_add_up_to_the_days_they_have(chain: Chain) -> None:
    checked = 0
    for row in chain.rows("client_balance_month"):
        days = [row["month"] + n * DAY for n in range(31)]
        days = [day for day in days if day.month == row["month"].month and day <= TODAY]
        assert row["balance_days_sum"] == sum((balance(chain, row["client_id"], day) for day in days), Decimal(0))
        assert row["month_end_amt"] == balance(chain, row["client_id"], days[-1])
        checked += 1
    assert checked > 30
