"""Control totals are held against the raw rows, to the cent, by branch and currency."""

import datetime

import pytest
from checkbank import DAY, Bank, CheckNight, Row, txn


def total(table: str, branch: str, ccy: str, count: str, amount: str, on: str = "2026-03-31", **more: str) -> Row:
    return {
        "table_name": table, "business_date": on, "branch_id": branch, "ccy": ccy, "row_count": count,
        "amount_sum": amount, **more,
    }  # fmt: skip


def bank_with(*totals: Row, dirt: bool = True) -> Bank:
    """Two good transactions; with dirt also a duplicate, an orphan, a wrong amount, a late and an older version."""
    bank = Bank()
    known = "2026-03-31 12:00:00"
    if dirt:
        bank.tables["txn"] += [
            txn("T1"),
            txn("T3", "7.00", account="A9"),
            txn("T4", "-1.01", account="A2", ccy="USD"),
            txn("T5", "100.00", known_at="2026-04-01 06:00:00"),
            txn("T6", "3.00", known_at="2026-03-31 10:00:00"),
            txn("T6", "4.00", known_at=known),
        ]
    bank.tables["control_total"] = list(totals)
    return bank


def test_given_totals_of_the_raw_rows_then_they_agree_whatever_is_quarantined_later(check: CheckNight) -> None:
    # raw rows: T1 twice, T2, T3 (no branch), T4, T6's newest version
    night = check(
        bank_with(
            total("txn", "", "", "6", "34.99"),
            total("txn", "B1", "", "3", "24.00"),
            total("txn", "B1", "CNY", "3", "24.00"),
            total("txn", "B2", "", "2", "3.99"),
            total("txn", "B2", "USD", "1", "-1.01"),
            total("txn", "B2", "EUR", "0", "0"),
            total("loan", "B1", "", "1", "100.00"),
            total("loan", "", "CNY", "1", "100.00"),
            total("instalment", "B1", "CNY", "1", "10.00"),
            total("instalment", "B2", "", "0", "0.00"),
        )
    )
    assert [line for line in night.report.totals if not line["success"]] == []
    assert len(night.report.totals) == 10
    assert [reason for reason in night.report.held_reasons if reason.rule.startswith("control")] == []
    assert night.result("control_total", "control_sum")["element_count"] == 10


def test_given_a_source_that_counts_corrected_rows_beside_their_corrections_then_they_agree_too(
    check: CheckNight,
) -> None:
    night = check(bank_with(total("txn", "", "", "7", "37.99"), total("txn", "B1", "CNY", "4", "27.00")))
    assert [line["success"] for line in night.report.totals] == [True, True]


@pytest.mark.parametrize(("count", "amount", "rule"), [("2", "15.01", "control_sum"), ("3", "15.00", "control_count")])
def test_given_a_total_off_by_a_cent_or_a_row_then_the_night_is_held_with_what_was_expected_and_found(
    check: CheckNight, count: str, amount: str, rule: str
) -> None:
    night = check(bank_with(total("txn", "", "", count, amount), dirt=False))
    assert [(reason.table_name, reason.rule) for reason in night.report.held_reasons] == [("txn", rule)]
    said = night.report.held_reasons[0].what
    assert "txn for 2026-03-31 (branch all, currency all)" in said
    assert f"counts {count} rows and {amount}, 2 rows and 15.00 were read" in said
    failed = night.result("control_total", rule)
    assert (failed["severity"], failed["success"]) == ("critical", False)


def test_given_a_total_without_a_count_then_its_sum_is_held_alone(check: CheckNight) -> None:
    assert check(bank_with(total("txn", "B1", "", "", "10.00"), dirt=False)).report.held_reasons == []
    assert check(bank_with(total("txn", "B1", "", "", "10.01"), dirt=False)).report.held_reasons != []


def test_given_a_wrong_total_of_a_day_before_then_it_only_warns(check: CheckNight) -> None:
    bank = bank_with(total("txn", "", "", "9", "99.00", on="2026-03-30"), dirt=False)
    bank.tables["txn"].append(txn("T0", "8.00", on="2026-03-30"))
    night = check(bank, parent_date=DAY - datetime.timedelta(days=3))
    assert night.report.held_reasons == []
    told = night.result("control_total", "control_sum_earlier")
    assert (told["severity"], told["unexpected_count"]) == ("warning", 1)
    bank.tables["control_total"] = [total("txn", "", "", "1", "8.00", on="2026-03-30")]
    assert check(bank, parent_date=DAY - datetime.timedelta(days=3)).report.totals[0]["success"]


def test_given_a_row_that_was_known_after_a_former_cut_off_then_that_days_total_leaves_it_out(
    check: CheckNight,
) -> None:
    bank = bank_with(total("txn", "", "", "1", "8.00", on="2026-03-30"), dirt=False)
    bank.tables["txn"] += [
        txn("T0", "8.00", on="2026-03-30"),
        txn("T8", "1.00", on="2026-03-30", known_at="2026-03-31 06:00:00"),
    ]
    night = check(bank, parent_date=DAY - datetime.timedelta(days=3))
    assert night.report.totals[0]["success"]


def test_given_an_account_in_quarantine_then_its_raw_rows_still_count_for_its_branch(check: CheckNight) -> None:
    bank = bank_with(total("txn", "B1", "", "1", "10.00"), dirt=False)
    bank.tables["account"][0]["opened_on"] = ""
    night = check(bank)
    assert night.quarantine("txn") == [("T1", "parent_quarantined", 1)]
    assert night.report.totals[0]["success"]


def test_given_an_amount_with_too_many_places_then_the_raw_sum_has_it(check: CheckNight) -> None:
    bank = bank_with(total("txn", "B1", "", "3", "20.01"), dirt=False)
    bank.tables["txn"] += [txn("T3", "5.004"), txn("T4", "5.006")]
    night = check(bank)
    assert [line[1] for line in night.quarantine("txn")] == ["amount_scale", "amount_scale"]
    assert night.report.totals[0]["success"]


def test_given_a_total_of_a_table_that_is_not_supplied_then_nothing_is_held(check: CheckNight) -> None:
    night = check(bank_with(total("balance", "", "", "5", "1.00"), total("weather", "", "", "1", "1"), dirt=False))
    assert (night.report.totals, night.report.held_reasons) == ([], [])
