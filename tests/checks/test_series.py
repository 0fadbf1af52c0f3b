"""A level that came every working day and comes no more while others do is not known, and its client is named."""

import datetime
from typing import Any

import pytest
from checkbank import DAY, Bank, CheckNight, Night, row

from nightdesk.contract import contract

#: the last twenty working days, the latest first; weekends are none (conftest's calendar)
WORK = [d for d in (DAY - datetime.timedelta(days=n) for n in range(30)) if d.weekday() < 5][:20]
ALL = range(20)


def level(account: str, day: datetime.date) -> dict[str, Any]:
    return {"account_id": account, "business_date": day, "eod_balance": 5, "row_key": f"{account}|{day}"}


def night_of(check: CheckNight, came: dict[str, list[datetime.date]], bank: Bank | None = None, **more: Any) -> Night:
    """A night before which the balances of each account had come on these days, DAY's own tonight."""
    bank = bank or Bank()
    tonight = [row("balance", name, str(DAY), "5.00") for name, days in came.items() if DAY in days]
    if tonight:
        bank.tables["balance"] = tonight
    rows = [level(name, day) for name, days in came.items() for day in days if day < DAY]
    return check(bank, stored={"balance": rows}, **more)


def days(*back: int) -> list[datetime.date]:
    return [WORK[n] for n in back]


def stopped(night: Night) -> list[tuple[Any, ...]]:
    return night.withheld("table_name", "row_key", "reason", "rule", "client_id", "branch_id")


def test_given_the_contract_then_series_are_the_daily_tables_with_a_level_of_each_parent() -> None:
    found = {table.name: table.series_of.parent for table in contract().values() if table.series_of}
    assert found == {"balance": "account", "loan_daily": "loan"}


def test_given_a_balance_that_came_every_day_and_not_for_five_while_others_did_then_it_is_missing(
    check: CheckNight,
) -> None:
    night = night_of(check, {"A1": days(*range(5, 20)), "A2": days(*ALL)})
    last = f"A1|{WORK[5]}"
    assert stopped(night) == [("balance", last, "stopped", "series_stopped", "C1", "B1")]
    said = night.result("balance", "series_stopped")
    assert (said["success"], said["severity"], said["unexpected_count"]) == (False, "warning", 1)
    assert night.report.held_reasons == []
    again = night_of(check, {"A1": days(*range(5, 20)), "A2": days(*ALL)}, after=night)
    assert again.withheld("row_key", "since") == [(last, DAY)]
    back = night_of(check, {"A1": days(0, *range(5, 20)), "A2": days(*ALL)}, after=night)
    assert back.withheld("row_key") == []
    assert back.result("balance", "series_stopped")["success"]


@pytest.mark.parametrize(
    "came",
    [
        pytest.param({"A1": days(*range(4, 20)), "A2": days(*ALL)}, id="four days only"),
        pytest.param({"A1": days(5, 6, 7, 8, 10, 11), "A2": days(*ALL)}, id="it never came five days running"),
        pytest.param({"A1": days(*range(5, 9)), "A2": days(*ALL)}, id="nor was it there for five"),
        pytest.param({"A1": days(*range(5, 20)), "A2": days(*range(5, 20))}, id="others do not come either"),
        pytest.param({"A1": days(*range(5, 20)), "A2": days(0, *range(5, 20))}, id="others have just come again"),
        pytest.param({"A1": days(*ALL)}, id="it still comes"),
        pytest.param({"A9": days(*range(5, 20)), "A2": days(*ALL)}, id="of an account that is not there"),
    ],
)
def test_given_less_than_that_then_nothing_is_said(check: CheckNight, came: dict[str, list[datetime.date]]) -> None:
    assert stopped(night_of(check, came)) == []


def test_given_rows_of_others_on_weekends_then_only_working_days_count(check: CheckNight) -> None:
    every = [DAY - datetime.timedelta(days=n) for n in range(28)]
    weekends = [day for day in every if day.weekday() > 4]
    assert stopped(night_of(check, {"A1": days(*range(4, 20)), "A2": every})) == []
    [found] = stopped(night_of(check, {"A1": [*days(*range(5, 20)), weekends[3]], "A2": every}))
    assert found[1] == f"A1|{max(WORK[5], weekends[3])}"


def test_given_an_account_that_is_closed_then_its_balances_may_stop(check: CheckNight) -> None:
    bank = Bank()
    for closed, missing in ((str(DAY), 0), (str(DAY + datetime.timedelta(days=1)), 1), (None, 1)):
        bank.tables["account"][0]["closed_on"] = closed
        assert len(stopped(night_of(check, {"A1": days(*range(5, 20)), "A2": days(*ALL)}, bank))) == missing


def test_given_a_loan_whose_daily_balance_stops_then_it_is_missing_until_it_is_repaid(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["loan"].append(row("loan", "L2", "C2", "term", "50.00", "2025-01-01", "2027-01-01", "active"))
    bank.tables["loan_daily"] = [row("loan_daily", "L2", str(DAY), "50.00")]
    stored = [
        {"loan_id": loan, "business_date": day, "outstanding_amt": 9, "row_key": f"{loan}|{day}"}
        for loan, first in (("L1", 5), ("L2", 1))
        for day in WORK[first:]
    ]
    assert check(bank, stored={"loan_daily": stored}).withheld("table_name", "client_id", "loan_id") == [
        ("loan_daily", "C1", "L1")
    ]
    bank.tables["loan"][0]["outstanding_amt"] = "0.00"
    assert check(bank, stored={"loan_daily": stored}).withheld("table_name") == []


def test_given_a_history_that_comes_in_one_night_then_what_stopped_within_it_is_missing_too(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["balance"] = [row("balance", "A1", str(day), "5.00") for day in WORK[7:]]
    bank.tables["balance"] += [row("balance", "A2", str(day), "5.00") for day in WORK]
    assert [line[1] for line in stopped(check(bank))] == [f"A1|{WORK[7]}"]


def test_given_a_series_of_which_nothing_has_come_for_long_then_it_is_given_up(check: CheckNight) -> None:
    every = [d for d in (DAY - datetime.timedelta(days=n) for n in range(130)) if d.weekday() < 5]
    for last, missing in ((80, 1), (91, 0)):
        before = [day for day in every if day <= DAY - datetime.timedelta(days=last)]
        assert len(stopped(night_of(check, {"A1": before, "A2": every}))) == missing
