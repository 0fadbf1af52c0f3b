"""Each suite passes its good rows and fails its bad ones, for every table and every expectation."""

from typing import Any

import pytest
from specimen import bad_rows, good_row, key_of

from nightdesk.checks import check_settings
from nightdesk.checks.suite_files import EVERY_TABLE
from nightdesk.checks.suites import expectations_root, suite
from nightdesk.contract import Table, contract

TABLES = [pytest.param(table, id=name) for name, table in contract().items()]


@pytest.mark.parametrize("table", TABLES)
def test_given_right_rows_when_checked_then_every_expectation_holds_and_all_are_used(
    table: Table, check_rows: Any
) -> None:
    outcome, quarantined = check_rows(table, [good_row(table, number) for number in range(1, 4)])
    assert [row for row in outcome.results if not row["success"]] == []
    assert (outcome.rows_used, quarantined) == (3, {})
    assert len(outcome.results) == sum(e.scope == "row" for e in suite(table.name))


@pytest.mark.parametrize("table", TABLES)
def test_given_a_row_that_breaks_one_expectation_then_that_one_names_it_and_no_other_does(
    table: Table, check_rows: Any
) -> None:
    specimens = bad_rows(table)
    right = good_row(table, 1)
    outcome, quarantined = check_rows(table, [right, *(row for specimen in specimens for row in specimen.rows)])
    counts = [(r["expectation"], r["column_name"], r["severity"], r["unexpected_count"]) for r in outcome.results]
    assert counts == [
        (s.expectation.rule, ", ".join(s.expectation.columns), s.expectation.severity, len(s.rows)) for s in specimens
    ]
    expected: dict[str, set[str]] = {}
    for specimen in specimens:
        if specimen.expectation.severity == "critical":
            expected.setdefault(specimen.expectation.rule, set()).update(specimen.keys)
    assert quarantined == expected
    held_back = sum(len(s.rows) for s in specimens if s.expectation.severity == "critical")
    assert outcome.rows_quarantined == held_back
    assert outcome.rows_used == outcome.rows_read - held_back
    assert key_of(table, right) not in set().union(*expected.values())


@pytest.mark.parametrize("table", TABLES)
def test_given_the_contract_then_its_suite_mirrors_it(table: Table) -> None:
    asked = {(e.rule, e.columns[0]): e for e in suite(table.name)}
    for column in table.columns.values():
        if column.is_required:
            assert asked["required_missing", column.name].severity == "critical"
        if column.values:
            found = asked["enum_unknown", column.name]
            assert tuple(found.arguments["value_set"]) == column.values
            assert found.severity == ("critical" if column.is_required else "warning")
        if column.parent and column.is_required:
            assert asked["parent_missing", f"{column.name}__missing"].severity == "critical"
            assert asked["parent_quarantined", f"{column.name}__quarantined"].severity == "critical"
        elif column.parent:
            assert asked["reference_dangling", f"{column.name}__dangling"].severity == "warning"
        if column.type == "pct":
            assert asked["out_of_range", column.name].arguments["max_value"] == 100
    assert asked["type_invalid", "type_fault"].severity == "critical"
    assert asked["volume_unusual", "volume_pct"].severity == "warning"
    assert (("cell_unreadable", "cell_fault") in asked) == bool(table.dispensable)
    assert (("too_much_vanished", "vanished_pct") in asked) == (not table.is_daily)
    assert (("row_carried", "carried_rows") in asked) == table.is_carried
    if any(column.type == "amount" for column in table.columns.values()):
        assert asked["amount_scale", "scale_fault"].severity == "critical"
    if set(table.columns) - set(table.key):
        assert asked["key_conflict", "key_fault"].severity == "critical"


def test_given_the_folder_then_every_file_of_it_is_a_contract_tables() -> None:
    suites = {f"{name}.yaml" for name in contract()}
    assert {path.name for path in expectations_root().iterdir()} <= suites | {EVERY_TABLE}


def test_given_bounds_from_the_policy_then_every_setting_is_there() -> None:
    import datetime

    settings = check_settings(datetime.date(2026, 3, 31))
    named = {
        e.arguments[key] for name in contract() for e in suite(name) for key in ("min_setting", "max_setting")
        if key in e.arguments
    }  # fmt: skip
    assert named <= {name for name, _ in settings}
    assert named
