"""All tables of a night: every table is answered for, nothing leaks, nothing goes out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from checkbank import Bank, CheckNight, txn

import nightdesk
from nightdesk.checks import suite_files
from nightdesk.checks.asserting import build_suite
from nightdesk.checks.expectation import Expectation
from nightdesk.contract import contract
from nightdesk.errors import NightdeskError, PolicyError


def test_given_a_bank_of_required_tables_only_then_every_contract_table_is_answered_for(check: CheckNight) -> None:
    night = check(Bank())
    assert [line["table_name"] for line in night.report.tables] == list(contract())
    supplied = {line["table_name"] for line in night.report.tables if line["supplied"]}
    assert supplied == {name for name, table in contract().items() if table.is_required}
    assert night.report.held_reasons == []
    for name, table in contract().items():
        assert list(night.engine.columns(f"checked.{name}")) == [*table.columns, "known_at", "row_key"]
    assert not night.engine.exists("typed.txn")


def test_given_failures_then_the_report_lists_them_first_critical_before_warning(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", "0"), txn("T2", purpose="gift"), txn("T3")]
    rows = check(bank).report.expectations
    order = [(line["success"], line["severity"] != "critical") for line in rows]
    assert order == sorted(order)
    assert order[0] == (False, False)


def test_given_bad_rows_then_results_show_masked_keys_and_no_values(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["client"][0].update(client_id="6222020200112233445", name="Zhang San", onboard_date="Zhang San")
    bank.tables["txn"] = [txn("T1", account="6217000010001234567"), txn("T2")]
    night = check(bank)
    said = json.dumps([night.report.expectations, night.report.tables, night.report.totals], default=str)
    assert "3445" in said
    for secret in ("6222020200112233445", "6217000010001234567", "Zhang"):
        assert secret not in said
    details = [line["detail"] for line in night.engine.rows("select detail from quarantined.txn order by row_key")]
    assert details == ["account_id ****4567", "account_id ****1"]


@pytest.mark.parametrize(
    ("expect", "arguments"),
    [
        ("expect_column_values_to_be_between", {"column": "branch_id", "min_value": [], "max_value": {}}),
        ("expect_column_values_to_be_between", {"column": "branch_id", "mostly": 7}),
        ("expect_the_unexpected", {"column": "branch_id"}),
    ],
)
def test_given_an_entry_that_great_expectations_refuses_then_it_is_named_and_not_dropped(
    expect: str, arguments: dict[str, object]
) -> None:
    wrong = Expectation("odd_rule", "warning", "row", "rows", expect, arguments)
    with pytest.raises(PolicyError, match="odd_rule"):
        build_suite("branch", [(wrong, arguments)])


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{rule: r, severity: fatal, scope: row, expect: e, column: branch_id}", "severity"),
        ("{rule: r, severity: warning, scope: row, expect: e, column: nowhere}", "have no column nowhere"),
        ("{rule: r, severity: warning, scope: table, expect: e, column: branch_id}", "does not go with"),
        ("{rule: r, severity: warning, scope: row, expect: e, column: branch_id, colour: red}", "unknown keys colour"),
        ("{rule: r, severity: warning, scope: row, expect: e, column: name, is_blanked: true}", "optional column"),
    ],
)
def test_given_a_bad_entry_then_it_is_refused_by_file_and_number(entry: str, problem: str) -> None:
    import yaml

    with pytest.raises(PolicyError, match=rf"branch\.yaml, expectation 7: .*{problem}"):
        suite_files.parse(contract()["branch"], Path("branch.yaml"), 7, yaml.safe_load(entry))


def test_given_an_expectation_that_cannot_be_asked_then_it_is_a_defect_and_no_pass() -> None:
    import pyarrow as pa

    from nightdesk.checks.questions import ask

    wrong = Expectation("r", "warning", "row", "rows", "expect_column_values_to_be_between", {"column": "name"})
    frame = pa.table({"row_key": ["a"], "name": ["text"]})
    with pytest.raises(NightdeskError, match="defect"):
        ask("branch", [(wrong, {"column": "name", "min_value": 1})], frame)


def test_given_the_checks_then_nothing_of_them_goes_out_on_the_network() -> None:
    program = """
import sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        print("out:", event, args, flush=True)
sys.addaudithook(watch)
import pyarrow as pa
from nightdesk.checks.questions import judge
from nightdesk.checks.suites import suite
from nightdesk.contract import contract
asked = [e for e in suite("branch") if e.rule == "required_missing"]
verdicts = judge(contract()["branch"], asked, pa.table({"row_key": ["a"], "branch_id": ["a"], "name": [None]}))
print([v.unexpected_count for v in verdicts])
"""
    package = str(Path(nightdesk.__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": package, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines() == ["[0, 1]"], ran.stdout + ran.stderr
