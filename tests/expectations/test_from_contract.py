"""What a contract table is held to without a word in expectations/: invented tables, and invented files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.checks.expectation import Expectation
from nightdesk.checks.from_contract import from_contract
from nightdesk.checks.suite_files import require_tables, with_file
from nightdesk.contract import Table, contract, parse_column
from nightdesk.errors import PolicyError


def made(**columns: str) -> Table:
    return Table("site", False, None, ("site_id",), {n: parse_column(n, text) for n, text in columns.items()})


def said(expectation: Expectation) -> tuple[object, ...]:
    rest = {name: value for name, value in expectation.arguments.items() if name != "column"}
    return expectation.rule, expectation.columns[0], expectation.severity, expectation.is_blanked, rest


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("text", []),
        ("text!", [("required_missing", "c", "critical", False, {})]),
        ("id -> client", [("reference_dangling", "c__dangling", "warning", False, {})]),
        (
            "id! -> client",
            [
                ("required_missing", "c", "critical", False, {}),
                ("parent_missing", "c__missing", "critical", False, {}),
                ("parent_quarantined", "c__quarantined", "critical", False, {}),
            ],
        ),
        # a row of its own table that is in quarantine is as missing as one that is not there
        (
            "id! -> site",
            [("required_missing", "c", "critical", False, {}), ("parent_missing", "c__missing", "critical", False, {})],
        ),
        ("enum a b", [("enum_unknown", "c", "warning", True, {"value_set": ["a", "b"]})]),
        (
            "enum! a",
            [
                ("required_missing", "c", "critical", False, {}),
                ("enum_unknown", "c", "critical", False, {"value_set": ["a"]}),
            ],
        ),
        ("amount", []),
        ("amount 0..", [("negative", "c", "warning", False, {"min_value": 0})]),
        ("number 0..1.5", [("out_of_range", "c", "warning", True, {"min_value": 0, "max_value": "1.5"})]),
        ("int ..9", [("out_of_range", "c", "warning", True, {"max_value": 9})]),
        ("int -3..", [("out_of_range", "c", "warning", True, {"min_value": -3})]),
        ("pct", [("out_of_range", "c", "warning", True, {"min_value": 0, "max_value": 100})]),
        ("pct -5..5", [("out_of_range", "c", "warning", True, {"min_value": -5, "max_value": 5})]),
        (
            "int! 1..5",
            [
                ("required_missing", "c", "critical", False, {}),
                ("out_of_range", "c", "warning", False, {"min_value": 1, "max_value": 5}),
            ],
        ),
    ],
)
def test_given_a_column_then_what_it_says_is_what_is_asked(declared: str, expected: list[tuple[object, ...]]) -> None:
    found = [said(e) for e in from_contract(made(site_id="id", c=declared))]
    assert found == expected


def test_given_several_columns_then_required_cells_come_first_in_the_order_of_the_contract() -> None:
    found = from_contract(made(site_id="id!", kind="enum a", opened_on="date!"))
    assert [e.columns[0] for e in found] == ["site_id", "opened_on", "kind"]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "branch.yaml"
    yield path
    path.unlink(missing_ok=True)


def written(path: Path, *entries: str) -> Path:
    path.write_text("expectations:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), encoding="utf-8")
    return path


def test_given_no_file_then_the_contract_alone_speaks(tmp_path: Path) -> None:
    known = from_contract(contract()["branch"])
    assert with_file(contract()["branch"], tmp_path / "branch.yaml", known) == known


def test_given_an_entry_of_rule_and_severity_then_it_stands_in_the_place_of_what_followed(file: Path) -> None:
    known = from_contract(contract()["branch"])
    changed = with_file(contract()["branch"], written(file, "rule: enum_unknown, severity: critical"), known)
    assert [(e.rule, e.columns, e.arguments) for e in changed] == [(e.rule, e.columns, e.arguments) for e in known]
    assert {e.severity for e in changed if e.rule == "enum_unknown"} == {"critical"}
    assert {e.severity for e in changed if e.rule == "reference_dangling"} == {"warning"}


def test_given_an_entry_that_names_a_column_then_the_others_of_the_rule_stay(file: Path) -> None:
    known = from_contract(contract()["branch"])
    entry = "rule: enum_unknown, severity: critical, column: language"
    changed = {e.columns[0]: e.severity for e in with_file(contract()["branch"], written(file, entry), known)}
    assert (changed["language"], changed["mail_mode"]) == ("critical", "warning")


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("rule: no_such_rule, severity: critical", "nothing is asked under the rule no_such_rule"),
        ("rule: enum_unknown, severity: critical, column: region", "nothing is asked under the rule enum_unknown"),
        ("rule: enum_unknown, severity: fatal", "severity"),
        ("rule: enum_unknown, severity: critical, min_value: 3", "it has no expect, and then no min_value"),
        (
            "rule: r, severity: warning, scope: row, expect: expect_column_values_to_be_between, column: language, "
            "min_value: null, max_value: 3",
            "min_value is empty",
        ),
    ],
)
def test_given_a_change_of_nothing_then_it_is_refused_by_file_and_number(file: Path, entry: str, problem: str) -> None:
    known = from_contract(contract()["branch"])
    with pytest.raises(PolicyError, match=rf"branch\.yaml, expectation 1: .*{problem}"):
        with_file(contract()["branch"], written(file, entry), known)


def test_given_a_file_of_no_contract_table_then_it_is_named(tmp_path: Path) -> None:
    written(tmp_path / "brnach.yaml", "rule: enum_unknown, severity: critical")
    with pytest.raises(PolicyError, match=r"expectations/brnach\.yaml: the contract has no table brnach"):
        require_tables(tmp_path)
