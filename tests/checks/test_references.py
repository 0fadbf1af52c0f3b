"""A row whose required parent is unknown or quarantined is quarantined; a dangling optional reference only warns."""

from checkbank import Bank, CheckNight, row, txn


def test_given_an_unknown_account_then_its_transaction_is_quarantined(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] += [txn("T3", account="A9")]
    night = check(bank)
    assert night.quarantine("txn") == [("T3", "parent_missing", 1)]
    assert night.keys("txn") == ["T1", "T2"]


def test_given_a_quarantined_client_then_everything_of_it_is_quarantined_down_the_line(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["client"][0]["is_natural_person"] = "perhaps"
    night = check(bank)
    assert night.quarantine("client") == [("C1", "type_invalid", 1)]
    assert night.quarantine("account") == [("A1", "parent_quarantined", 1)]
    assert night.quarantine("txn") == [("T1", "parent_quarantined", 1)]
    assert night.quarantine("loan") == [("L1", "parent_quarantined", 1)]
    assert night.quarantine("instalment") == [("L1|2026-04-01|principal", "parent_quarantined", 1)]
    assert night.keys("txn") == ["T2"]


def test_given_a_parent_known_only_after_the_cut_off_then_it_is_unknown(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["account"][0]["known_at"] = "2026-04-01 06:00:00"
    assert check(bank).quarantine("txn") == [("T1", "parent_missing", 1)]


def test_given_an_optional_reference_that_dangles_then_the_row_is_used_and_told_of(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"][0]["loan_id"] = "L9"
    bank.tables["branch"][0]["parent_branch_id"] = "B9"
    bank.tables["branch"][1]["parent_branch_id"] = "B1"
    night = check(bank)
    assert night.quarantine("txn") == night.quarantine("branch") == []
    told = night.result("txn", "reference_dangling", "loan_id__dangling")
    assert (told["severity"], told["unexpected_count"]) == ("warning", 1)
    assert night.result("branch", "reference_dangling", "parent_branch_id__dangling")["unexpected_count"] == 1
    assert night.engine.value("select loan_id from checked.txn where txn_id = 'T1'") == "L9"


def test_given_a_required_parent_that_the_source_does_not_supply_then_it_is_not_asked_for(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["contact"] = [row("contact", "X1", "C1", "S1", "2026-03-31 10:00:00", "visit")]
    night = check(bank)
    assert (night.keys("contact"), night.quarantine("contact")) == (["X1"], [])
    bank.tables["staff"] = [row("staff", "S2", "B1", "Name", "rm")]
    assert check(bank).quarantine("contact") == [("X1", "parent_missing", 1)]


def test_given_a_row_that_breaks_several_rules_then_each_names_it_and_it_counts_once(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] += [txn("T3", "0.00", account="A9")]
    night = check(bank)
    assert night.quarantine("txn") == [("T3", "amount_not_positive", 1), ("T3", "parent_missing", 1)]
    assert night.report.outcomes["txn"].rows_quarantined == 1
