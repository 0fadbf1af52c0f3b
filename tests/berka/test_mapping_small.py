"""The profile's mapping on a bank of two accounts, on both databases; no published file is needed."""

from typing import Any

Row = dict[str, str | None]


def by(rows: list[Row], *names: str) -> dict[Any, Row]:
    """The rows by one column, or by several."""
    return {row[names[0]] if len(names) == 1 else tuple(row[name] for name in names): row for row in rows}


def test_a_district_is_a_branch_and_nobody_is_mailed(small_bank: str, mapped: Any) -> None:
    branches = by(mapped(small_bank, "branch"), "branch_id")
    assert branches["2"]["name"] == "Benesov"
    assert branches["2"]["region"] == "central Bohemia"
    assert "list_email" not in branches["2"]


def test_an_account_is_its_owners_and_a_disponent_stays_a_client(small_bank: str, mapped: Any) -> None:
    accounts = by(mapped(small_bank, "account"), "account_id")
    assert {number: row["client_id"] for number, row in accounts.items()} == {"10": "1", "20": "2"}
    assert accounts["20"]["opened_on"] == "1994-02-01"
    assert accounts["20"]["known_at"] == "1994-02-01 23:59:59"
    clients = by(mapped(small_bank, "client"), "client_id")
    assert clients["3"]["branch_id"] == "2"
    assert clients["3"]["onboard_date"] == "1994-02-01"
    assert not any("406009" in str(value) for value in clients["3"].values()), "the birth number is not taken"


def test_czech_codes_become_directions_and_purposes(small_bank: str, mapped: Any) -> None:
    rows = by(mapped(small_bank, "txn"), "txn_id")
    found = {number: (row["direction"], row["purpose"]) for number, row in rows.items() if int(str(number)) < 8}
    assert found == {
        "1": ("C", "cash"),
        "2": ("D", "loan_repayment"),
        "3": ("C", "interest"),
        "4": ("D", "fee"),
        "5": ("D", "loan_repayment"),
        "6": ("C", "social_security"),
        "7": ("D", "cash"),
    }
    assert {row["ccy"] for row in rows.values()} == {"CZK"}
    assert rows["2"]["loan_id"] == "100"
    assert rows["2"]["counterparty_id"] == "YZ-87144583"
    assert rows["6"]["counterparty_kind"] == "government"
    assert rows["7"]["counterparty_id"] is None


def test_a_code_that_is_not_known_passes_as_it_is_for_the_checks_to_name(small_bank: str, mapped: Any) -> None:
    rows = by(mapped(small_bank, "txn"), "txn_id")
    assert rows["8"]["direction"] == "PREVOD"
    assert rows["9"]["purpose"] == "LEASING"


def test_the_days_last_balance_is_the_one_its_transactions_add_up_to(small_bank: str, mapped: Any) -> None:
    balances = by(mapped(small_bank, "balance"), "account_id", "business_date")
    assert balances["10", "1993-09-30"]["eod_balance"] == "386.30"
    assert balances["10", "1993-08-12"]["eod_balance"] == "399.70"


def test_a_plan_follows_the_standing_order_and_adds_up_to_the_loan(small_bank: str, mapped: Any) -> None:
    plan = by(mapped(small_bank, "instalment"), "loan_id", "due_date")
    first = [row["due_amt"] for key, row in sorted(plan.items()) if key[0] == "100"]
    assert first == ["100.30"] * 11 + ["96.70"]
    assert min(due for loan, due in plan if loan == "100") == "1993-07-12", "the first 12th after the grant of the 11th"
    second = sorted((due, row["due_amt"]) for (loan, due), row in plan.items() if loan == "200")
    assert second[0] == ("1994-04-12", "50.00"), "granted on a 12th; its standing order of 40.00 is another thing"
    assert second[-1] == ("1995-03-12", "50.00")
    assert {row["known_at"] for (loan, _), row in plan.items() if loan == "200"} == {"1994-03-12 23:59:59"}
    assert "paid_amt" not in plan["100", "1993-07-12"]


def test_the_first_payment_pays_the_oldest_instalment(small_bank: str, mapped: Any) -> None:
    payments = by(mapped(small_bank, "payment"), "payment_id")
    assert {number: (row["due_date"], row["paid_on"], row["amount"]) for number, row in payments.items()} == {
        "2": ("1993-07-12", "1993-08-12", "100.30"),
        "5": ("1993-08-12", "1993-10-12", "100.30"),
    }


def test_a_loan_has_a_version_for_each_day_it_changed(small_bank: str, mapped: Any) -> None:
    versions = by(mapped(small_bank, "loan"), "loan_id", "known_at")
    assert {key: row["outstanding_amt"] for key, row in versions.items()} == {
        ("100", "1993-07-11 23:59:59"): "1200.00",
        ("100", "1993-08-12 23:59:59"): "1099.70",
        ("100", "1993-10-12 23:59:59"): "999.40",
        ("200", "1994-03-12 23:59:59"): "600.00",
    }
    first = versions["100", "1993-07-11 23:59:59"]
    assert (first["client_id"], first["repay_account_id"], first["status"]) == ("1", "10", "active")
    assert (first["start_date"], first["maturity_date"]) == ("1993-07-11", "1994-06-12")


def test_a_card_is_a_product_of_whoever_holds_it(small_bank: str, mapped: Any) -> None:
    assert mapped(small_bank, "product_holding") == [
        {"client_id": "3", "product": "card", "since": "1994-02-10", "known_at": "1994-02-10 23:59:59"}
    ]
