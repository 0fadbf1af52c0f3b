"""A daily row that only its parent held back waits, and is offered again in the night that knows the parent."""

import datetime
from decimal import Decimal
from typing import Any

from checkbank import DAY, Bank, CheckNight, Night, row, txn

from nightdesk.checks import KEPT, WAITING

BEFORE = DAY - datetime.timedelta(days=1)


def waiting(night: Night) -> list[tuple[str, str]]:
    rows = night.engine.rows(f"select * from {KEPT} order by all")
    return [(line["table_name"], line["row_key"]) for line in rows]


def kept(night: Night) -> list[dict[str, Any]]:
    rows = night.engine.rows(f"select * from {KEPT}")
    assert not rows or set(rows[0]) == set(WAITING)
    return rows


def test_given_a_row_whose_account_comes_a_night_later_then_that_night_uses_it(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [
        txn("T1", known_at="2026-03-31 09:00:00"),
        txn("T9", "7.50", account="A9", memo='a "memo"', known_at="2026-03-31 10:00:00.25", is_returned="Y"),
    ]
    first = check(bank)
    assert first.quarantine("txn") == [("T9", "parent_missing", 1)]
    assert waiting(first) == [("txn", "T9")]
    bank.tables["account"] += [row("account", "A9", "C1", "settlement", "2020-01-01")]
    bank.tables["txn"] = [txn("T10", on="2026-04-01", memo=None, is_returned="N", known_at="2026-04-01 09:00:00")]
    tomorrow = DAY + datetime.timedelta(days=1)
    second = check(
        bank,
        waiting=kept(first),
        business_date=tomorrow,
        parent_date=DAY,
        cutoff=datetime.datetime(2026, 4, 1, 21, tzinfo=datetime.UTC),
    )
    assert second.keys("txn") == ["T10", "T9"]
    assert second.engine.rows("select * from checked.txn where txn_id = 'T9'")[0] == {
        **dict.fromkeys(second.engine.columns("checked.txn")),
        "txn_id": "T9",
        "account_id": "A9",
        "booked_on": DAY,
        "direction": "C",
        "amount": Decimal("7.50"),
        "memo": 'a "memo"',
        "is_returned": True,
        "known_at": datetime.datetime(2026, 3, 31, 2, 0, 0, 250_000, datetime.UTC).replace(tzinfo=None),
        "row_key": "T9",
    }
    counts = second.report.outcomes["txn"]
    assert (counts.rows_read, counts.rows_in, counts.rows_used, counts.volume) == (2, 2, 2, 1)
    assert waiting(second) == []


def test_given_a_parent_that_stays_away_then_the_row_goes_on_waiting_and_counts_once(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] += [txn("T9", account="A9")]
    first = check(bank)
    bank.tables["txn"] = [txn("T3")]
    second = check(bank, waiting=kept(first))
    assert waiting(second) == [("txn", "T9")]
    assert second.report.outcomes["txn"].rows_in == 1
    assert second.quarantine("txn") == []


def test_given_a_quarantined_parent_that_is_mended_then_all_below_it_comes_in(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["client"][0]["is_natural_person"] = "perhaps"
    bank.tables["contact"] = [row("contact", "X1", "C1", "S1", "2026-03-31 10:00:00+00:00", "visit")]
    first = check(bank)
    assert waiting(first) == [("contact", "X1"), ("txn", "T1")]
    bank.tables["client"][0]["is_natural_person"] = "F"
    bank.tables["txn"], bank.tables["contact"] = [txn("T3")], [row("contact", "X2", "C2", "S1", str(DAY), "visit")]
    second = check(bank, waiting=kept(first))
    assert (second.keys("txn"), second.keys("contact")) == (["T1", "T3"], ["X1", "X2"])
    met = second.engine.value("select occurred_at::varchar from checked.contact where contact_id = 'X1'")
    assert met == "2026-03-31 10:00:00"
    assert first.report.outcomes["instalment"].rows_quarantined == 1, (
        "a snapshot comes whole every night: it never waits"
    )


def test_given_a_row_with_a_fault_of_its_own_then_it_does_not_wait(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] += [txn("T9", "0.00", account="A9"), txn("T8", "1.001", account="A9")]
    assert waiting(check(bank)) == []


def test_given_a_waiting_row_that_the_look_back_reads_again_then_it_counts_once(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] += [txn("T9", account="A9")]
    first = check(bank)
    again = check(bank, waiting=kept(first))
    assert waiting(again) == [("txn", "T9")]
    assert again.report.outcomes["txn"].rows_quarantined == 1
    bank.tables["account"] += [row("account", "A9", "C1", "settlement", "2020-01-01")]
    used = check(bank, waiting=kept(first))
    assert used.keys("txn") == ["T1", "T2", "T9"]
    assert (used.report.outcomes["txn"].rows_duplicate, waiting(used)) == (1, [])


def test_given_a_newer_version_of_a_waiting_row_then_the_newer_one_counts(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] += [txn("T9", account="A9", known_at="2026-03-31 09:00:00")]
    first = check(bank)
    bank.tables["txn"][-1] = txn("T9", "12.00", account="A8", known_at="2026-03-31 11:00:00")
    second = check(bank, waiting=kept(first))
    assert waiting(second) == [("txn", "T9")]
    bank.tables["account"] += [row("account", key, "C1", "settlement", "2020-01-01") for key in ("A8", "A9")]
    bank.tables["txn"] = [txn("T3", known_at="2026-03-31 12:00:00")]
    third = check(bank, waiting=kept(second))
    assert third.engine.value("select amount from checked.txn where txn_id = 'T9'") == Decimal("12.00")


def test_given_frames_in_parts_then_the_rows_of_each_wait(check: CheckNight) -> None:
    bank = Bank()
    days = [str(DAY - datetime.timedelta(days=n)) for n in range(4)]
    bank.tables["txn"] = [txn(f"T{day}", on=day, account="A9") for day in days]
    first = check(bank, frame_rows=1)
    assert [key for _, key in waiting(first)] == sorted(f"T{day}" for day in days)
    bank.tables["account"] += [row("account", "A9", "C1", "settlement", "2020-01-01")]
    bank.tables["txn"] = [txn("T3")]
    assert check(bank, waiting=kept(first), frame_rows=1).keys("txn") == sorted(["T3", *(f"T{day}" for day in days)])


def test_given_a_waiting_row_with_a_cell_that_cannot_be_read_then_it_is_as_unreadable_when_it_comes_in(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T9", account="A9", is_returned="perhaps", purpose="fees", memo="\ufffe41ff")]
    first = check(bank)
    assert waiting(first) == [("txn", "T9")]
    assert "perhaps" not in kept(first)[0]["row_cells"]
    bank.tables["account"] += [row("account", "A9", "C1", "settlement", "2020-01-01")]
    bank.tables["txn"] = [txn("T3", is_returned="N", memo=None, purpose="other")]
    second = check(bank, waiting=kept(first))
    assert second.keys("txn") == ["T3", "T9"]
    assert second.withheld("row_key", "column_name", "reason", "client_id") == [
        ("T9", name, "unreadable_cell", "C1") for name in ("is_returned", "memo", "purpose")
    ]
