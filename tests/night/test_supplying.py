"""What a night is supplied with: the bank's rows and those that people entered, counted and asked for alike."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from bank_reading import FIRST, NEXT, ONE_DAY, SHANGHAI, TXN, D
from sqlalchemy import create_engine, text

from nightdesk.contract import contract
from nightdesk.desk.entries import Entry
from nightdesk.night.supplying import Supply
from nightdesk.source import Source, open_source

NOON = datetime.datetime(2026, 3, 31, 12, tzinfo=SHANGHAI)
CELLS = {"txn_id": "T9", "account_id": "A9", "booked_on": str(D), "direction": "C", "amount": "2.00"}


def entered(at: datetime.datetime = NOON, **cells: str) -> Entry:
    row = {name: value for name, value in {**CELLS, **cells}.items() if value}
    return Entry("txn", row["txn_id"], row, at)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A bank of one transaction of the day, without a word of when it knew it."""
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    with create_engine(url).begin() as connection:
        connection.execute(text(TXN.format(date="text", amount="text") + ", memo text)"))
        connection.execute(text(f"insert into txn values ('T1', 'A1', '{D}', 'C', '1.00', 'rent')"))
    return open_source(url, "contract", SHANGHAI)


def test_given_nothing_entered_then_the_bank_is_asked_alone(source: Source) -> None:
    table = contract()["txn"]
    with source.moment() as bank:
        supply = Supply(bank, {})
        columns = supply.columns(table)
        assert columns == bank.columns(table)
        assert [row["txn_id"] for row in supply.stream(table, columns or [], FIRST).read_all().to_pylist()] == ["T1"]
        assert supply.columns(contract()["survey"]) is None


def test_given_rows_of_both_then_the_banks_come_first_and_each_lacks_what_only_the_other_has(source: Source) -> None:
    table = contract()["txn"]
    with source.moment() as bank:
        supply = Supply(bank, {"txn": [entered(channel="desk")]})
        columns = supply.columns(table)
        assert columns is not None
        assert {"memo", "channel", "known_at"} <= set(columns)
        rows = supply.stream(table, columns, FIRST).read_all().to_pylist()
    assert [(row["txn_id"], row["memo"], row["channel"]) for row in rows] == [
        ("T1", "rent", None),
        ("T9", None, "desk"),
    ]
    assert [row["known_at"] for row in rows] == [None, NOON.isoformat()]


def test_given_a_table_that_the_bank_has_not_then_what_was_entered_is_all_of_it(source: Source) -> None:
    table = contract()["survey"]
    required = dict.fromkeys(table.required_columns, "x")
    with source.moment() as bank:
        supply = Supply(bank, {"survey": [Entry("survey", "S1", required, NOON)]})
        columns = supply.columns(table)
        assert columns is not None
        assert set(columns) == {*table.required_columns, "known_at"}
        assert len(supply.stream(table, columns, FIRST).read_all()) == 1


@pytest.mark.parametrize(
    ("booked_on", "at", "is_wanted"),
    [
        (D, NOON, True),
        (D + ONE_DAY, NOON, False),
        (D - 5 * ONE_DAY, NOON, True),
        (D - 6 * ONE_DAY, NOON, True),  # known since
        (D - 6 * ONE_DAY, NEXT.known_after, False),
    ],
)
def test_given_an_entry_of_a_daily_table_then_the_night_asks_for_it_as_for_the_banks(
    source: Source, booked_on: datetime.date, at: datetime.datetime, is_wanted: bool
) -> None:
    table = contract()["txn"]
    with source.moment() as bank:
        supply = Supply(bank, {"txn": [entered(at, booked_on=str(booked_on))]})
        rows = supply.stream(table, supply.columns(table) or [], NEXT).read_all().to_pylist()
    assert ("T9" in [row["txn_id"] for row in rows]) is is_wanted


def test_given_entries_then_those_are_counted_that_are_dated_within_the_days_and_known_by_then(source: Source) -> None:
    entries = [
        entered(),
        entered(txn_id="T8"),
        entered(txn_id="T7", booked_on=str(D + ONE_DAY)),
        entered(txn_id="T6", booked_on=str(D - ONE_DAY)),
        entered(txn_id="T5", booked_on=str(D - 2 * ONE_DAY)),
        entered(txn_id="T4", booked_on=""),
        replace(entered(txn_id="T3"), entered_at=NOON + datetime.timedelta(microseconds=1)),
    ]
    with source.moment() as bank:
        counted = Supply(bank, {"txn": entries}).count_by_day(contract()["txn"], D - ONE_DAY, D + ONE_DAY, NOON)
    assert counted == {D: 3, D - ONE_DAY: 1}
