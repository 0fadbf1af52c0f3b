"""Feeds: empty, stale, unusual in size, too often in quarantine; and whether flows explain the balances."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from checkbank import DAY, Bank, CheckNight, Row, row, txn

from nightdesk.checks import CheckContext, TableOutcome, Volume
from nightdesk.checks.facts import facts_of, judge_facts, recent_volumes
from nightdesk.checks.suites import suite
from nightdesk.contract import contract
from nightdesk.errors import NightdeskError

SUNDAY = datetime.date(2026, 3, 29)


def days_before(count: int, rows: int) -> list[Volume]:
    return [Volume(DAY - datetime.timedelta(days=n), rows) for n in range(1, count + 1)]


def outcome(
    name: str, *, used: int = 1000, own_fault: int = 0, age: int = 0, volume: int | None = None, **more: Any
) -> TableOutcome:
    found = TableOutcome(contract()[name], is_supplied=True, rows_read=used + own_fault, rows_used=used)
    found.rows_quarantined = found.rows_own_fault = own_fault
    found.rows_taken_back, found.rows_read_again = 0, 1000
    found.volume = found.rows_in if volume is None else volume
    if found.rows_in:
        found.days = {DAY - datetime.timedelta(days=age): found.rows_in}
    found.rows_expected = 1000
    for attribute, value in more.items():
        setattr(found, attribute, value)
    return found


#: for each rule a feed of any table that breaks it
BROKEN: dict[str, dict[str, Any]] = {
    "table_empty": {"used": 0},
    "nothing_usable": {"used": 0, "own_fault": 5},
    "too_much_quarantined": {"used": 900, "own_fault": 100},
    "volume_unusual": {"used": 100},
    "stale": {"age": 9},
    "feed_empty": {"volume": 0},
    "rows_vanished": {"rows_absent": 1},
    "too_much_vanished": {"rows_vanished": 200},
    "many_vanished": {"rows_vanished": 50},
    "row_carried": {"rows_carried": 1},
    "series_stopped": {"rows_absent": 1},
    "supply_shrunk": {"parts_gone": ("known_at",)},
    "rows_taken_back": {"rows_taken_back": 1},
    "reversal_unmatched": {"rows_unmatched": 1},
    "too_many_taken_back": {"rows_taken_back": 60},
}
CASES = [
    pytest.param(name, expectation, id=f"{name}-{expectation.rule}")
    for name in contract()
    for expectation in suite(name)
    if expectation.frame == "facts"
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[tuple[str, str], dict[str, Any]]]:
    """Results by rule that is broken ('' for none), table and rule: every table's feed is broken in each way once."""
    from zoneinfo import ZoneInfo

    from nightdesk.checks import check_settings

    context = CheckContext(
        DAY,
        datetime.datetime(2026, 3, 31, 21, tzinfo=datetime.UTC),
        ZoneInfo("Asia/Shanghai"),
        "CNY",
        tmp_path_factory.mktemp("scratch"),
        check_settings(DAY),
        lambda day: day.weekday() < 5,
        parent_date=DAY - datetime.timedelta(days=1),
        recent={name: days_before(14, 1000) for name in contract()},
    )
    found = {}
    for rule, kind in {"": {}, **BROKEN}.items():
        outcomes = [outcome(name, **kind) for name in contract()]
        held = {(reason.table_name, reason.rule) for reason in judge_facts(outcomes, context)}
        found[rule] = {
            (line["table_name"], line["expectation"]): {
                **line,
                "is_held": (line["table_name"], line["expectation"]) in held,
            }
            for each in outcomes
            for line in each.results
        }
    return found


@pytest.mark.parametrize(("name", "expectation"), CASES)
def test_given_a_feed_as_usual_or_broken_then_its_expectation_passes_or_fails(
    judged: dict[str, dict[tuple[str, str], dict[str, Any]]], name: str, expectation: Any
) -> None:
    rule = expectation.rule
    assert judged[""][name, rule]["success"]
    broken = judged[rule][name, rule]
    assert not broken["success"]
    assert broken["is_held"] == (expectation.severity == "critical")


def test_given_a_small_bank_then_a_few_bad_rows_or_an_empty_day_hold_nothing(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", "0"), txn("T2", "0", on="2026-03-30")]
    night = check(bank)
    assert night.report.outcomes["txn"].rows_quarantined == 2
    assert night.report.held_reasons == []
    assert not night.result("txn", "nothing_usable")["success"]


def test_given_no_branch_then_the_night_is_held(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["branch"] = []
    held = check(bank).report.held_reasons
    assert ("branch", "table_empty") in {(reason.table_name, reason.rule) for reason in held}


def test_given_rows_that_only_follow_from_a_parents_fault_then_they_do_not_count_as_a_broken_feed(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["client"][0]["onboard_date"] = ""
    bank.tables["txn"] = [txn(f"T{number}") for number in range(150)] + [txn("U1", account="A2")]
    night = check(bank)
    assert night.report.outcomes["txn"].rows_quarantined == 150
    assert night.report.held_reasons == []


def test_given_many_orphans_then_the_night_is_held(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn(f"T{number}", account="A9" if number % 2 else "A1") for number in range(300)]
    held = check(bank).report.held_reasons
    assert [(reason.table_name, reason.rule) for reason in held] == [("txn", "too_much_quarantined")]
    assert "quarantined_pct is 50.00" in held[0].what


def test_given_recent_nights_then_working_days_are_compared_with_working_days(context: CheckContext) -> None:
    mixed = [Volume(v.business_date, 0 if v.business_date.weekday() > 4 else v.rows) for v in days_before(20, 500)]
    tonight = replace(context, recent={"txn": mixed}, parent_date=DAY - datetime.timedelta(days=1))
    assert {v.rows for v in recent_volumes(outcome("txn"), tonight)} == {500}
    sunday = replace(tonight, business_date=SUNDAY)
    assert {v.rows for v in recent_volumes(outcome("txn"), sunday)} == {0}
    assert facts_of(outcome("txn", volume=0), sunday)["rows_of_day"] is None


def test_given_a_first_night_then_the_history_it_loads_stands_in_for_nights(context: CheckContext) -> None:
    first = outcome("txn", volume=0)
    first.days = {DAY - datetime.timedelta(days=n): 400 for n in range(1, 40)}
    assert facts_of(first, context)["rows_of_day"] == 0
    assert [reason.rule for reason in judge_facts([first], context)] == ["feed_empty"]


def test_given_counts_that_do_not_add_up_then_it_is_a_defect() -> None:
    found = outcome("txn")
    found.rows_used -= 1
    with pytest.raises(NightdeskError, match="do not add up"):
        found.require_balance()


# -- continuity ---------------------------------------------------------------------------------------------------


def balance(account: str, on: str, amount: str, **more: str) -> Row:
    return row("balance", account, on, amount, **more)


def balances(*rows: Row) -> Bank:
    bank = Bank()
    bank.tables["balance"] = list(rows)
    return bank


def test_given_flows_that_explain_the_balances_then_continuity_holds(check: CheckNight) -> None:
    night = check(
        balances(
            balance("A1", "2026-03-30", "90.00"),
            balance("A1", "2026-03-31", "100.00"),
            balance("A2", "2026-03-30", "1.00"),
            balance("A2", "2026-03-31", "6.00"),
        )
    )
    result = night.result("balance", "balance_continuity")
    assert (result["success"], result["element_count"]) == (True, 2)


def test_given_a_cent_that_no_flow_explains_then_it_warns_and_keeps_the_balance(check: CheckNight) -> None:
    night = check(balances(balance("A1", "2026-03-30", "90.00"), balance("A1", "2026-03-31", "100.01")))
    result = night.result("balance", "balance_continuity")
    assert (result["severity"], result["unexpected_count"], result["observed"]) == ("warning", 1, "0.01")
    assert (len(night.keys("balance")), night.report.held_reasons) == (2, [])


def test_given_the_balance_before_from_a_former_night_then_flows_since_then_explain_it(check: CheckNight) -> None:
    bank = balances(balance("A1", "2026-03-31", "100.00"))
    bank.tables["txn"].append(txn("T0", "40.00", on="2026-03-30"))
    before = datetime.date(2026, 3, 29)
    stored = {"balance": [{"account_id": "A1", "business_date": before, "eod_balance": Decimal("50.00")}]}
    night = check(bank, stored, parent_date=before)
    result = night.result("balance", "balance_continuity")
    assert (result["success"], result["element_count"]) == (True, 1)


def test_given_flows_in_another_currency_then_the_account_is_left_out(check: CheckNight) -> None:
    bank = balances(balance("A1", "2026-03-30", "90.00"), balance("A1", "2026-03-31", "90.00"))
    bank.tables["txn"][0]["ccy"] = "USD"
    assert check(bank).result("balance", "balance_continuity")["element_count"] == 0
