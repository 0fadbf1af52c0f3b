"""What was held back is missing no longer once its source, asked for its day again, does not offer it as it was."""

import datetime
from typing import Any

import pytest
from checkbank import DAY, Bank, CheckNight, Night, Row, row, txn

from nightdesk.checks import Reach, check_settings

TOMORROW = DAY + datetime.timedelta(days=1)
#: what the night after DAY asks for again: five days
REACH = Reach(DAY - datetime.timedelta(days=4), datetime.datetime(2026, 3, 26, 21, tzinfo=datetime.UTC))
NEXT: dict[str, Any] = {
    "business_date": TOMORROW,
    "parent_date": DAY,
    "cutoff": datetime.datetime(2026, 4, 1, 21, tzinfo=datetime.UTC),
    "reach": dict.fromkeys(("txn", "balance"), REACH),
}


def nameless(on: str = "2026-03-31", account: str = "A1", amount: str = "7.00") -> Row:
    return txn("", amount, on, account) | {"txn_id": None}


def with_rows(table: str, *rows: Row) -> Bank:
    bank = Bank()
    bank.tables[table] = [*bank.tables.get(table, []), *rows]
    return bank


def missing(night: Night) -> list[tuple[Any, ...]]:
    return night.withheld("table_name", "row_key", "client_id")


@pytest.mark.parametrize(
    ("table", "bad", "mended"),
    [
        ("txn", nameless(), txn("T9", "7.00")),
        ("balance", row("balance", "A1", "2026-13-40", "1.00"), row("balance", "A1", "2026-03-31", "1.00")),
        ("txn", txn("T9", "0.00"), None),
    ],
    ids=["it has a key now", "a date in its key is one now", "the bank deletes it"],
)
def test_given_a_bad_daily_row_that_is_mended_under_another_key_or_deleted_then_it_is_missing_no_longer(
    check: CheckNight, table: str, bad: Row, mended: Row | None
) -> None:
    first = check(with_rows(table, bad))
    assert [(name, client) for name, _, client in missing(first)] == [(table, "C1")]
    assert missing(check(with_rows(table, bad), after=first, **NEXT)) == missing(first), "it is offered as it was"
    bank = with_rows(table, *([mended] if mended else []))
    bank.tables.setdefault(table, [])
    assert missing(check(bank, after=first, **NEXT)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"is_newest_reading": False},
        {"reach": {}},
        {"settings": {**check_settings(DAY), ("source_keeps_days", "txn"): 0}},
        {"reach": {"txn": Reach(TOMORROW, REACH.known_after)}},
    ],
    ids=["rows read before last night's", "nothing was asked for", "the source keeps no day", "a later day on"],
)
def test_given_a_bad_row_whose_day_was_not_asked_for_again_then_it_stays_missing(
    check: CheckNight, changes: dict[str, Any]
) -> None:
    first = check(with_rows("txn", txn("T9", "0.00")))
    assert ("txn", "T9", "C1") in missing(check(Bank(), after=first, **{**NEXT, **changes}))


def test_given_bad_rows_on_each_side_of_what_is_asked_for_again_then_only_those_within_are_let_go(
    check: CheckNight,
) -> None:
    undated = {"booked_on": None}
    first = check(
        with_rows(
            "txn",
            txn("within", "0.00", "2026-03-27"),
            txn("beyond", "0.00", "2026-03-26"),
            txn("undated", known_at=None) | undated,
            txn("undated, known", known_at="2026-03-31 10:00:00") | undated,
            txn("undated, known long", known_at="2026-03-27 05:00:00") | undated,
        )
    )
    assert len(missing(first)) == 5
    assert missing(check(Bank(), after=first, **NEXT)) == [
        ("txn", "beyond", "C1"),
        ("txn", "undated, known long", "C1"),
    ]


def test_given_rows_without_a_key_of_two_clients_then_each_is_missing_until_its_own_is_mended(
    check: CheckNight,
) -> None:
    first = check(with_rows("txn", nameless(account="A1")))
    other = with_rows("txn", nameless("2026-04-01", "A2"))
    assert missing(check(other, after=first, **NEXT)) == [("txn", "", "C2")], "that of A1 was asked for, and is gone"
    first = check(with_rows("txn", nameless("2026-03-01", "A1")))
    both = [("txn", "", "C1"), ("txn", "", "C2")]
    second = check(other, after=first, **NEXT)
    assert missing(second) == both, "nobody asked for that of A1"
    assert second.engine.value("select count(*) from withheld.tonight") == 2


def test_given_a_row_without_a_key_before_then_a_flood_of_them_is_a_broken_feed_all_the_same(
    check: CheckNight,
) -> None:
    first = check(with_rows("txn", nameless()))
    flood = [nameless("2026-04-01", amount=f"{n}.00") for n in range(1, 151)]
    night = check(with_rows("txn", *flood), after=first, **NEXT)
    assert night.report.outcomes["txn"].rows_own_fault == 150
    assert [reason.rule for reason in night.report.held_reasons] == ["too_much_quarantined"]


def test_given_a_bad_snapshot_row_without_a_key_of_its_own_that_is_mended_then_nothing_is_missing(
    check: CheckNight,
) -> None:
    bad = row("instalment", "L1", "2026-13-01", "principal", "10.00")
    first = check(with_rows("instalment", bad))
    assert missing(first) == [("instalment", "L1|2026-13-01|principal", "C1")]
    mended = with_rows("instalment", bad | {"due_date": "2026-12-01"})
    assert missing(check(mended, after=first, **NEXT)) == []
