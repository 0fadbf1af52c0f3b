"""Texts of a source become typed values, and what is not of its type is named."""

import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from checkbank import Bank, CheckNight, row, txn

from nightdesk.checks import cells
from nightdesk.checks.typed import typed_columns, typed_sql
from nightdesk.contract import Column, contract
from nightdesk.engine import Engine
from nightdesk.sql_text import literal


@pytest.fixture(scope="module")
def engine() -> Any:
    with Engine(threads=1) as engine:
        yield engine


D, TS = datetime.date, datetime.datetime


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2026-03-31", D(2026, 3, 31)),
        ("date", "2026-03-31 00:00:00", D(2026, 3, 31)),
        ("date", "2026-03-31T00:00:00.000000", D(2026, 3, 31)),
        ("date", "2026-03-31 10:00:00", D(2026, 3, 31)),
        ("date", "2026-03-31T23:59:59.999+08:00", D(2026, 3, 31)),  # the day that is written
        ("date", "2026-03-31 25:00:00", None),
        ("date", "2026-03-31 noon", None),
        ("date", "2026-02-30 08:15:00", None),
        ("date", "2026-02-30", None),
        ("date", "31/03/2026", None),
        ("date", "infinity", None),
        ("month", "2026-03", D(2026, 3, 1)),
        ("month", "2026-03-17", D(2026, 3, 1)),
        ("month", "2026-13", None),
        ("timestamp", "2026-03-31 10:00:00", TS(2026, 3, 31, 2)),
        ("timestamp", "2026-03-31T10:00", TS(2026, 3, 31, 2)),
        ("timestamp", "2026-03-31", TS(2026, 3, 30, 16)),
        ("timestamp", "2026-03-31 10:00:00.5+08:00", TS(2026, 3, 31, 2, 0, 0, 500000)),
        ("timestamp", "2026-03-31 10:00:00+0530", TS(2026, 3, 31, 4, 30)),
        ("timestamp", "2026-03-31T10:00:00Z", TS(2026, 3, 31, 10)),
        ("timestamp", "2026-03-31 10:00:00-05", TS(2026, 3, 31, 15)),
        ("timestamp", "2026-03-31 10:00:00 Mars/Olympus", None),
        ("timestamp", "2026-03-31 25:00:00", None),
        ("amount", "12", Decimal("12.00")),
        ("amount", "-12.30", Decimal("-12.30")),
        ("amount", "12.3000", Decimal("12.30")),
        ("amount", "1.2345e2", Decimal("123.45")),
        ("amount", "12.345", None),
        ("amount", "1.23456e2", None),
        ("amount", "0.0000000000001", None),
        ("amount", "1,234.00", None),
        ("amount", "1_000", None),
        ("amount", "nan", None),
        ("amount", "99999999999999999999", None),
        ("pct", "5.43215", Decimal("5.4322")),
        ("number", "0.00000001", Decimal("0.00000001")),
        ("number", "1e-3", Decimal("0.001")),
        ("int", "12", 12),
        ("int", "12.0", 12),
        ("int", "12.5", None),
        ("int", "99999999999", None),
        ("bool", "t", True),
        ("bool", "Y", True),
        ("bool", "1", True),
        ("bool", "1.00", True),  # as a float column gives it
        ("bool", "TRUE", True),
        ("bool", "F", False),
        ("bool", "n", False),
        ("bool", "0", False),
        ("bool", "maybe", None),
    ],
)
def test_given_a_text_then_its_type_reads_it_or_refuses_it(engine: Engine, kind: str, text: str, value: object) -> None:
    column = Column("cell", kind, is_required=False, parent=None, values=())
    sql = cells.typed(column, literal(text), ZoneInfo("Asia/Shanghai"))
    assert engine.value(f"select cast({sql} as {column.sql_type})") == value


def test_given_an_amount_with_three_places_then_its_row_is_quarantined_by_that_rule(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", "1.234"), txn("T2", "1.230"), txn("T3", "one")]
    night = check(bank)
    assert night.quarantine("txn") == [("T1", "amount_scale", 1), ("T3", "type_invalid", 1)]
    assert night.keys("txn") == ["T2"]


def test_given_a_cell_that_cannot_be_typed_then_it_is_not_called_missing_too(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", on="soon"), txn("T2", on="")]
    night = check(bank)
    assert night.quarantine("txn") == [("T1", "type_invalid", 1), ("T2", "required_missing", 1)]


def test_given_an_unknown_optional_code_then_the_row_is_used_without_it_and_told_of(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", purpose="gift"), txn("T2", purpose="tax")]
    night = check(bank)
    read = night.engine.rows("select txn_id, purpose from checked.txn order by txn_id")
    assert read == [{"txn_id": "T1", "purpose": None}, {"txn_id": "T2", "purpose": "tax"}]
    result = night.result("txn", "enum_unknown", "purpose")
    assert (result["severity"], result["success"], result["unexpected_count"]) == ("warning", False, 1)


def test_given_an_unknown_required_code_then_the_row_is_quarantined(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [{**txn("T1"), "direction": "X"}, txn("T2")]
    assert check(bank).quarantine("txn") == [("T1", "enum_unknown", 1)]


def test_given_columns_that_are_not_supplied_then_they_are_null_and_nothing_is_asked_of_them(
    check: CheckNight,
) -> None:
    night = check(Bank())
    assert night.engine.rows("select distinct purpose, loan_id from checked.txn") == [
        {"purpose": None, "loan_id": None}
    ]
    assert not [r for r in night.report.expectations if r["column_name"] == "purpose"]


def test_given_a_key_of_several_columns_then_its_values_are_joined(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["task_feedback"] = [row("task_feedback", "k1", "done", "2026-03-31T18:30:00+09:00")]
    bank.tables["client_profit_month"] = [row("client_profit_month", "C1", "2026-02")]
    night = check(bank)
    assert night.keys("instalment") == ["L1|2026-04-01|principal"]
    assert night.keys("task_feedback") == ["k1|2026-03-31 17:30:00"]  # bank time, whatever the zone it came in
    assert night.keys("client_profit_month") == ["C1|2026-02-01"]


@pytest.mark.parametrize("name", list(contract()))
def test_given_no_row_then_a_table_has_the_columns_that_it_has_with_rows(engine: Engine, name: str) -> None:
    table = contract()[name]
    landed = dict.fromkeys((*table.columns, "known_at"), "VARCHAR")
    engine.empty("landing.some", landed)
    night = {"business_date": D(2026, 3, 31), "cutoff": TS(2026, 4, 1, 5, tzinfo=ZoneInfo("Asia/Shanghai"))}
    sql = typed_sql(table, "landing.some", landed, zone=ZoneInfo("Asia/Shanghai"), **night)  # type: ignore[arg-type]
    engine.build("typed.some", sql, as_view=False)
    made = engine.columns("typed.some")
    engine.empty("typed.none", typed_columns(table))
    assert engine.columns("typed.none") == made
