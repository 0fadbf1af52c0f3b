"""Whatever is held back, the contract's own parents say whom it concerns; and it stays missing until it is good."""

import datetime

import pytest
from checkbank import DAY, Bank, CheckNight, Row, row, txn

from nightdesk.contract import Column, Table, contract

TOMORROW = DAY + datetime.timedelta(days=1)
#: tables whose rows lead to no client: the registry's own, and what concerns everybody
NOBODYS = {
    "absence", "branch", "staff", "target", "training", "task_feedback", "fx_rate", "sector_index", "control_total",
    "campaign_plan", "calendar_day", "decision",
}  # fmt: skip
#: a key of each table that others refer to, good in `whole_bank`
KEYS = {
    "branch": "B1",
    "staff": "S1",
    "client": "C1",
    "account": "A1",
    "loan": "L1",
    "project": "J1",
    "collateral": "G1",
}
TEXTS = {"date": "2026-03-01", "month": "2026-03", "timestamp": "2026-03-31 10:00:00", "amount": "1.00", "bool": "true"}


def key_of(parent: str) -> str:
    """A good key of a table that others refer to; of one that KEYS has not, that of its row in `whole_bank`."""
    return KEYS.get(parent, f"{parent} 1")


def cell(column: Column, own: str) -> str:
    if column.parent:
        return key_of(column.parent)
    return own if column.type in ("id", "text") else TEXTS.get(column.type, column.values[0] if column.values else "1")


def one_row(table: Table, key: str) -> Row:
    """A row of the table that refers to KEYS, with a key of its own as far as text goes."""
    return {column.name: cell(column, key) for column in table.columns.values()}


def whole_bank() -> Bank:
    bank = Bank()
    bank.tables["staff"] = [row("staff", "S1", "B1", "one", "rm")]
    bank.tables["project"] = [row("project", "J1", "C1", "B2", "dam", "operation")]
    bank.tables["collateral"] = [row("collateral", "G1")]
    bank.tables["collateral_loan"] = [row("collateral_loan", "G1", "L1")]
    parents = {column.parent for table in contract().values() for column in table.columns.values() if column.parent}
    bank.tables.update({parent: [one_row(contract()[parent], key_of(parent))] for parent in parents - set(KEYS)})
    return bank


def test_given_a_row_in_quarantine_of_every_table_then_each_names_the_client_that_its_parents_lead_to(
    check: CheckNight,
) -> None:
    bank = whole_bank()
    for name, table in contract().items():
        bad = one_row(table, "X9") | {"known_at": "rubbish"}
        bad |= {column.name: None for column in table.columns.values() if column.parent == name}
        bank.tables.setdefault(name, []).append(bad)
    # collateral refers to nothing itself: what is linked to it does
    bank.tables["collateral_loan"].append(row("collateral_loan", "X9", "L1"))
    night = check(bank)
    found: dict[str, set[tuple[str, str]]] = {}
    for name, client, branch in night.withheld("table_name", "client_id", "branch_id"):
        found.setdefault(name, set()).add((client, branch))
    assert set(found) == set(contract())
    assert {name for name, concerned in found.items() if {client for client, _ in concerned} == {None}} == NOBODYS
    assert found["client"] == {("X9", "B1")}
    for name in set(found) - NOBODYS - {"client"}:
        assert found[name] == {("C1", "B1")}, name
    assert found["branch"] == {(None, "X9")}
    assert found["training"] == {(None, "B1")}


def test_given_a_way_up_through_rows_that_are_bad_or_gone_themselves_then_it_is_gone_all_the_same(
    check: CheckNight,
) -> None:
    bank = whole_bank()
    bank.tables["loan"][0]["project_id"] = "J1"
    first = check(bank)
    bank.tables["loan"] = []
    bank.tables["client"][0]["onboard_date"] = "rubbish"
    second = check(bank, after=first, business_date=TOMORROW, parent_date=DAY)
    assert second.withheld("table_name", "reason", "client_id", "project_id", "loan_id", "branch_id") == [
        ("client", "quarantine", "C1", None, None, "B1"),
        ("collateral_loan", "quarantine", "C1", "J1", "L1", "B1"),
        ("instalment", "quarantine", "C1", "J1", "L1", "B1"),
        ("loan", "vanished", "C1", "J1", "L1", "B1"),
    ]


def test_given_rows_of_one_key_that_name_two_clients_then_it_concerns_both(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["account"] += [row("account", "A9", client, "settlement", "2020-01-01") for client in ("C1", "C2")]
    assert check(bank).withheld("row_key", "rule", "client_id") == [("A9", "key_conflict", c) for c in ("C1", "C2")]


@pytest.mark.parametrize("table", ["guarantee", "client_link"])
def test_given_a_row_about_two_clients_when_it_is_bad_gone_or_its_loan_is_then_both_are_named(
    check: CheckNight, table: str
) -> None:
    two = [name for name, other in contract().items() if len(_clients_behind(other)) > 1]
    # a need names the loan that it replaces: the client's own, so one client stands behind both
    assert two == ["guarantee", "client_link", "need"]
    good = one_row(contract()[table], "X9") | {_clients_behind(contract()[table])[-1]: "C2"}
    good |= {name: None for name in ("valid_to",) if name in good}
    bank = whole_bank()
    bank.tables[table] = [good | {"known_at": "rubbish"}]
    named = [(table, "C1"), (table, "C2")]
    assert check(bank).withheld("table_name", "client_id") == named
    bank.tables[table] = [good]
    first = check(bank)
    assert first.withheld("table_name", "client_id") == []
    bank.tables[table] = []
    gone = check(bank, after=first, business_date=TOMORROW, parent_date=DAY)
    assert gone.withheld("table_name", "client_id") == named
    bank.tables[table] = [good]
    bank.tables["loan"] = []
    told = check(bank, after=first, business_date=TOMORROW, parent_date=DAY).withheld("table_name", "client_id")
    assert {(name, client) for name, client in told if name == table} == (set(named) if table == "guarantee" else set())


def _clients_behind(table: Table) -> list[str]:
    """The columns of a table whose own or whose loan's client the row is about, where one of them names a client."""
    found = [column.name for column in table.references if column.parent in ("client", "loan")]
    return found if any(table.columns[name].parent == "client" for name in found) else []


def test_given_a_daily_row_in_quarantine_then_it_stays_missing_until_a_good_version_or_policy_ends_it(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", "0.00"), txn("T2")]
    nights = [check(bank)]
    bank.tables["txn"] = [txn("T3", on=str(TOMORROW))]
    nights.append(check(bank, after=nights[0], business_date=TOMORROW, parent_date=DAY))
    expected = [("T1", "quarantine", DAY, "C1")]
    assert nights[1].withheld("row_key", "reason", "since", "client_id") == expected
    late = DAY + datetime.timedelta(days=90)
    assert (
        check(bank, after=nights[1], business_date=late).withheld("row_key", "reason", "since", "client_id") == expected
    )
    assert check(bank, after=nights[1], business_date=late + datetime.timedelta(days=1)).withheld("row_key") == []
    bank.tables["txn"] = [txn("T1", "3.00", known_at="2026-03-31 23:00:00")]
    assert check(bank, after=nights[1], business_date=TOMORROW).withheld("row_key") == []


def test_given_a_bad_snapshot_row_that_is_gone_tomorrow_then_it_is_still_missing(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["loan"].append(row("loan", "L9", "C2", "term", "5.00", "rubbish", "2027-01-01", "active"))
    first = check(bank)
    bank.tables["loan"].pop()
    second = check(bank, after=first, business_date=TOMORROW)
    assert second.withheld("row_key", "reason", "since", "client_id") == [("L9", "vanished", DAY, "C2")]
    bank.tables["loan"].append(row("loan", "L9", "C2", "term", "5.00", "2025-01-01", "2027-01-01", "active"))
    assert check(bank, after=second, business_date=TOMORROW).withheld("row_key") == []


def test_given_a_new_row_of_a_loan_that_was_bad_and_is_gone_then_it_concerns_whom_the_loan_did(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["loan"].append(row("loan", "L9", "C2", "term", "5.00", "rubbish", "2027-01-01", "active"))
    first = check(bank)
    bank.tables["loan"].pop()
    bank.tables["instalment"].append(row("instalment", "L9", "2026-04-01", "principal", "10.00"))
    second = check(bank, after=first, business_date=TOMORROW)
    assert second.withheld("table_name", "reason", "since", "client_id", "branch_id") == [
        ("instalment", "quarantine", TOMORROW, "C2", "B2"),
        ("loan", "vanished", DAY, "C2", "B2"),
    ]


def test_given_cells_that_cannot_be_read_then_the_row_is_used_without_them_and_each_is_named(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["loan"][0] |= {
        "accelerated_on": "0000-00-00",
        "asset_class": "fine",
        "limit_amt": "much",
        "rate_pct": "4",
    }
    night = check(bank)
    assert night.withheld("table_name", "row_key", "column_name", "reason", "client_id") == [
        ("loan", "L1", name, "unreadable_cell", "C1") for name in ("accelerated_on", "asset_class", "limit_amt")
    ]
    [used] = night.engine.rows("select * from checked.loan")
    assert [used[name] for name in ("accelerated_on", "asset_class", "limit_amt")] == [None, None, None]
    assert str(used["rate_pct"]) == "4.0000"
    said = night.result("loan", "cell_unreadable")
    assert (said["unexpected_count"], said["sample_keys"], said["observed"]) == (
        1,
        "*1",
        "accelerated_on 1, limit_amt 1",
    )
    assert night.report.outcomes["loan"].rows_used == 1


def test_given_a_required_cell_or_one_of_the_key_that_cannot_be_read_then_it_costs_the_row(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["loan"][0]["maturity_date"] = "0000-00-00"
    bank.tables["instalment"][0]["due_date"] = "2026-02-30"
    night = check(bank)
    assert night.quarantine("loan") == [("L1", "type_invalid", 1)]
    assert ("L1|2026-02-30|principal", "type_invalid", 1) in night.quarantine("instalment")


def test_given_columns_and_a_table_that_are_no_longer_supplied_then_they_are_named_until_they_come_back(
    check: CheckNight,
) -> None:
    bank = whole_bank()
    bank.tables["instalment"][0] |= {"paid_amt": "1.00", "known_at": None}
    first = check(bank)
    del bank.tables["instalment"][0]["paid_amt"], bank.tables["instalment"][0]["known_at"]
    gone = {name: bank.tables.pop(name) for name in ("collateral_loan", "collateral")}
    second = check(bank, after=first, business_date=TOMORROW)
    assert second.shrunk() == [
        ("collateral", None, "table_gone", TOMORROW),
        ("collateral_loan", None, "table_gone", TOMORROW),
        ("instalment", "known_at", "column_gone", TOMORROW),
        ("instalment", "paid_amt", "column_gone", TOMORROW),
    ]
    assert ("collateral", "G1", "vanished", "C1") in second.withheld("table_name", "row_key", "reason", "client_id")
    assert second.result("instalment", "supply_shrunk")["observed"] == "known_at, paid_amt"
    assert second.result("collateral", "supply_shrunk")["observed"] == "collateral"
    assert second.report.held_reasons == []
    bank.tables |= gone
    third = check(bank, after=second, business_date=TOMORROW)
    assert [line[1] for line in third.shrunk()] == ["known_at", "paid_amt"]
    assert third.withheld("row_key") == []
