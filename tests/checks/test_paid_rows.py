"""An instalment that says it is paid and not when, or when and not how much, is held back unless payments tell."""

import pytest
from checkbank import Bank, CheckNight, Row, row

KEY = "L1|2026-03-01|principal"


def bank_with(**cells: str | None) -> Bank:
    bank = Bank()
    bank.tables["instalment"] += [row("instalment", "L1", "2026-03-01", "principal", "10.00", **cells)]
    return bank


@pytest.mark.parametrize(
    ("cells", "rules"),
    [
        ({"paid_amt": "10.00", "paid_on": "2026-03-01"}, []),
        ({"paid_amt": "0.01", "paid_on": None}, ["paid_without_date"]),
        ({"paid_amt": "0.00", "paid_on": None}, []),
        ({"paid_amt": None, "paid_on": None}, []),
        ({"paid_amt": None, "paid_on": "2026-03-01"}, ["paid_without_amount"]),
    ],
)
def test_given_an_instalment_when_only_half_of_its_payment_is_said_then_the_row_is_held_back(
    check: CheckNight, cells: Row, rules: list[str]
) -> None:
    night = check(bank_with(**cells))
    assert night.quarantine("instalment") == [(KEY, rule, 1) for rule in rules]


def test_given_a_payment_table_then_it_tells_what_the_plan_leaves_open(check: CheckNight) -> None:
    bank = bank_with(paid_amt="10.00", paid_on=None)
    bank.tables["payment"] = [row("payment", "P1", "L1", "2026-03-01", "principal", "2026-03-01", "10.00")]
    assert check(bank).quarantine("instalment") == []


def test_given_a_source_without_the_date_then_nothing_is_asked_of_its_rows(check: CheckNight) -> None:
    assert check(bank_with(paid_amt="10.00")).quarantine("instalment") == []
