"""Rows beyond what a night asks for: kept out and named, once, and no sign of a broken feed."""

import datetime
from typing import Any

from checkbank import DAY, Bank, CheckNight, Night, row, txn

from nightdesk.checks import KEPT, Reach

SINCE = DAY - datetime.timedelta(days=5)
KNOWN_AFTER = datetime.datetime(2026, 3, 25, 21, tzinfo=datetime.UTC)  # 05:00 on the 26th in Shanghai
REACH: dict[str, Any] = {"reach": {"txn": Reach(SINCE, KNOWN_AFTER)}}
RULE = "before_look_back"


def named(night: Night) -> list[str]:
    return [key for key, rule, _ in night.quarantine("txn") if rule == RULE]


def test_given_rows_on_each_side_of_the_reach_then_those_beyond_it_are_kept_out(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [
        txn("at", on="2026-03-26", known_at=None),
        txn("under", on="2026-03-25", known_at=None),
        txn("known-at", on="2026-03-01", known_at="2026-03-26 05:00:00"),
        txn("known-over", on="2026-03-01", known_at="2026-03-26 05:00:00.000001"),
        txn("known-late", on="2026-03-26", known_at="2026-03-01 05:00:00"),
    ]
    night = check(bank, **REACH)
    assert named(night) == ["known-at", "under"]
    assert night.keys("txn") == ["at", "known-late", "known-over"]
    assert night.withheld("row_key", "rule", "client_id") == [("known-at", RULE, "C1"), ("under", RULE, "C1")]
    assert named(check(bank)) == [], "a night that asked for everything"


def test_given_an_old_row_that_is_stored_then_it_is_counted_and_no_more(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T1", on="2026-03-01", known_at=None), txn("T2", known_at=None)]
    stored = check(bank).engine.rows("select * from checked.txn where row_key = 'T1'")
    night = check(bank, stored={"txn": stored}, **REACH)
    outcome = night.report.outcomes["txn"]
    assert (named(night), outcome.rows_stored, outcome.rows_quarantined) == ([], 1, 0)


def test_given_a_row_that_waited_for_its_account_then_it_came_in_time(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["txn"] = [txn("T9", on="2026-03-01", account="A9", known_at=None)]
    first = check(bank)
    waiting = first.engine.rows(f"select * from {KEPT}")
    bank.tables["account"] += [row("account", "A9", "C1", "settlement", "2020-01-01")]
    bank.tables["txn"] = [txn("T1", known_at=None)]
    night = check(bank, waiting=waiting, **REACH)
    assert (night.keys("txn"), named(night)) == (["T1", "T9"], [])


def test_given_a_great_many_old_rows_then_the_night_is_not_held_for_them(check: CheckNight) -> None:
    bank = Bank()
    old = [txn(f"O{number:03d}", on="2026-03-01", known_at=None) for number in range(150)]
    bank.tables["txn"] = [txn("T1", known_at=None), *old]
    night = check(bank, **REACH)
    outcome = night.report.outcomes["txn"]
    assert (len(named(night)), outcome.rows_too_old, outcome.rows_own_fault, outcome.rows_new) == (150, 150, 0, 1)
    assert night.report.held_reasons == []
    # and told again, they are no news
    second = check(bank, after=night, **REACH)
    outcome = second.report.outcomes["txn"]
    assert (outcome.rows_again, outcome.rows_too_old, outcome.rows_own_fault, outcome.rows_new) == (150, 0, 0, 1)
    assert second.withheld("since") == [(DAY,)]
