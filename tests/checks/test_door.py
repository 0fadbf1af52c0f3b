"""What comes through the door: blanks around ids and codes, texts that cannot be read, days with a time, currencies."""

import datetime
from typing import Any

import pytest
from checkbank import Bank, CheckNight, row, txn

from nightdesk.checks.currencies import RULES
from nightdesk.contract import UNREADABLE, contract

_PADDED = {"id", "enum", "code", "ccy", "date", "amount", "bool", "int", "pct", "number", "month"}


def padded(bank: Bank, blank: str) -> Bank:
    """Every cell but content with blanks behind it, as columns of a fixed width have them."""
    for name, rows in bank.tables.items():
        types = {column.name: column.type for column in contract()[name].columns.values()}
        for line in rows:
            for column, value in line.items():
                if value is not None and types.get(column, "timestamp") in _PADDED:
                    line[column] = value + blank
    return bank


@pytest.mark.parametrize("blank", ["   ", "\u00a0", "\u3000"], ids=["blanks", "no-break", "ideographic"])
def test_given_padded_cells_then_the_night_is_that_of_bare_ones(check: CheckNight, blank: str) -> None:
    bare = check(Bank())
    night = check(padded(Bank(), blank))
    for table in Bank().tables:
        assert night.quarantine(table) == []
        listed = f"select * from checked.{table} order by row_key"
        assert night.engine.rows(listed) == bare.engine.rows(listed)
        assert night.keys(table)


def test_given_blank_cells_then_they_are_missing_and_inner_blanks_stay(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["client"][0] |= {"group_id": "  ", "client_id": "C 1", "short_name": " One ", "rm_id": ""}
    bank.tables["client"][1] |= {"group_id": "", "short_name": "   "}
    bank.tables["account"][0]["client_id"] = " C 1  "
    bank.tables["loan"][0]["client_id"] = "C 1"
    night = check(bank)
    read = night.engine.rows("select client_id, group_id, short_name from checked.client order by client_id")
    assert read == [
        {"client_id": "C 1", "group_id": None, "short_name": " One "},  # content keeps its blanks
        {"client_id": "C2", "group_id": None, "short_name": None},
    ]
    assert night.keys("account") == ["A1", "A2"]


def test_given_a_required_id_of_blanks_then_it_is_missing(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["account"][0]["account_id"] = "   "
    assert check(bank).quarantine("account") == [("", "required_missing", 1)]


@pytest.mark.parametrize(
    "value", ["C1\x00", "C\t1", "C1\u202e", "\ufeffC1", "C1\u200b", "C\ufffd", "C1\x85", f"{UNREADABLE}\\xb1b1"]
)
def test_given_an_id_with_a_character_that_none_has_then_its_row_is_held_back_by_that_rule_alone(
    check: CheckNight, value: str
) -> None:
    bank = Bank()
    bank.tables["client"].append(row("client", value, "Client Three", "false", "B1", "2020-01-01"))
    night = check(bank)
    [(key, rule, rows)] = night.quarantine("client")
    assert (rule, rows) == ("text_unreadable", 1)
    assert key.startswith("\\x")
    assert key.isprintable()
    assert night.keys("client") == ["C1", "C2"]
    assert night.result("client", "text_unreadable")["unexpected_count"] == 1


def test_given_two_unreadable_ids_then_they_are_two_in_quarantine_and_none_in_use(check: CheckNight) -> None:
    bank = Bank()
    for client_id in ("C\x01", "C\x02"):
        bank.tables["client"].append(row("client", client_id, "n", "0", "B1", "2020-01-01"))
    keys = [key for key, _, _ in check(bank).quarantine("client")]
    assert keys == ["\\x4301", "\\x4302"]


def test_given_an_unreadable_reference_then_the_row_is_held_back_and_no_parent_called_missing(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["account"][0]["client_id"] = f"{UNREADABLE}7.5"
    night = check(bank)
    assert night.quarantine("account") == [("A1", "text_unreadable", 1)]
    said = night.engine.value("select detail from quarantined.account")
    assert said == "client_id (no exact number)"


def test_given_an_unreadable_code_with_a_list_of_values_then_it_is_not_on_the_list(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [{**txn("T1"), "direction": f"{UNREADABLE}\\xd6"}, txn("T2", purpose="tax\x00")]
    night = check(bank)
    assert night.quarantine("txn") == [("T1", "enum_unknown", 1)]
    assert night.engine.rows("select purpose from checked.txn") == [{"purpose": None}]


def test_given_an_unreadable_optional_cell_then_it_costs_the_cell_and_is_told_once_with_a_count(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["txn"] = [
        txn("T1", memo=f"{UNREADABLE}\\xd6d0", counterparty_id="P1"),
        txn("T2", memo="rent", counterparty_id="P\x07"),
        txn("T3", memo="with\ttab", counterparty_id=f"{UNREADABLE}\\xd6d0"),
    ]
    night = check(bank)
    assert night.quarantine("txn") == []
    assert night.engine.rows("select txn_id, memo, counterparty_id from checked.txn order by txn_id") == [
        {"txn_id": "T1", "memo": None, "counterparty_id": "P1"},
        {"txn_id": "T2", "memo": "rent", "counterparty_id": None},
        {"txn_id": "T3", "memo": "with\ttab", "counterparty_id": None},  # content may have a tab
    ]
    said = night.result("txn", "cell_unreadable")
    assert (said["severity"], said["success"], said["observed"]) == ("warning", False, "counterparty_id 2, memo 1")


def test_given_days_with_a_time_then_they_are_read_as_their_day_and_told_once_with_a_count(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [
        txn("T1", on="2026-03-31 08:15:00"),
        txn("T2", on="2026-03-31 23:59:59"),
        txn("T3", on="2026-03-31 00:00:00"),
        txn("T4", on="2026-03-31"),
        txn("T5", on="2026-02-30 08:15:00"),
    ]
    night = check(bank)
    assert night.quarantine("txn") == [("T5", "type_invalid", 1)]
    assert night.engine.rows("select distinct booked_on from checked.txn") == [
        {"booked_on": datetime.date(2026, 3, 31)}
    ]
    told = night.result("txn", "time_of_day")
    assert (told["column_name"], told["severity"], told["unexpected_count"]) == ("booked_on", "warning", 2)
    assert not [r for r in night.report.expectations if r["table_name"] == "client" and r["rule"] == "time_of_day"]


def test_given_control_totals_and_padded_or_timed_days_then_they_agree(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", on=" 2026-03-31"), txn("T2", "5.00", on="2026-03-31 09:00:00", account="A2 ")]
    total = row("control_total", "txn   ", "2026-03-31", row_count="2", amount_sum="15.00", ccy="cny", branch_id=None)
    one = row("control_total", "txn", "2026-03-31", row_count="1", amount_sum="5.00", ccy=None, branch_id="B2  ")
    bank.tables["control_total"] = [total, one]
    night = check(bank)
    assert night.report.held_reasons == []
    assert [(r["branch_id"], r["ccy"], r["success"]) for r in night.report.totals] == [
        ("B2", None, True),
        (None, "CNY", True),
    ]


def currencies(night: Any, table: str) -> dict[str, tuple[int, str]]:
    return {
        r["rule"]: (r["unexpected_count"], r["observed"])
        for r in night.report.expectations
        if r["table_name"] == table and r["rule"] in RULES
    }


def accounts(*currency: str) -> Bank:
    bank = Bank()
    bank.tables["account"] = [
        row("account", f"A{n}", "C1", "settlement", "2020-01-01", ccy=ccy) for n, ccy in enumerate(currency, 1)
    ]
    bank.tables["txn"] = [txn("T1")]
    return bank


def rate(ccy: str, day: str) -> dict[str, str | None]:
    return row("fx_rate", ccy, day, "7.1")


def test_given_currencies_then_form_and_rate_are_checked_and_the_cause_is_named(check: CheckNight) -> None:
    bank = accounts("usd", " USD ", "RMB", "RMB", "yuan", "EUR", "CNY", "", "GBP")
    bank.tables["fx_rate"] = [rate("USD", "2026-03-30"), rate("eur ", "2024-05-31"), rate("GBP", "2026-04-01")]
    night = check(bank)
    assert [r["ccy"] for r in night.engine.rows("select ccy from checked.account order by account_id")] == [
        *("USD", "USD", "RMB", "RMB", "YUAN", "EUR", "CNY", None, "GBP")
    ]
    assert currencies(night, "account") == {
        "currency_unknown": (1, "YUAN"),
        "rate_missing": (3, "GBP, RMB"),  # tomorrow's rate is none yet
        "rate_old": (1, "EUR 2024-05-31"),
    }
    assert night.result("account", "rate_missing")["sample_keys"]
    assert currencies(night, "fx_rate") == {"currency_unknown": (0, "")}


@pytest.mark.parametrize(("day", "is_old"), [("2026-02-24", False), ("2026-02-23", True)])
def test_given_a_rate_of_35_and_of_36_days_then_the_policy_draws_the_line_between(
    check: CheckNight, day: str, is_old: bool
) -> None:
    bank = accounts("USD")
    bank.tables["fx_rate"] = [rate("USD", day)]
    assert (currencies(check(bank), "account")["rate_old"][0] == 1) is is_old


def test_given_no_rates_at_all_or_rates_that_former_nights_took_then_a_currency_is_missing_or_served(
    check: CheckNight,
) -> None:
    assert currencies(check(accounts("USD")), "account")["rate_missing"] == (1, "USD")
    bank = accounts("USD")
    bank.tables["fx_rate"] = []
    stored = {"fx_rate": [{"ccy": "USD", "business_date": "2026-03-30", "rate": "7", "row_key": "USD|2026-03-30"}]}
    assert currencies(check(bank, stored=stored), "account")["rate_missing"] == (0, "")
