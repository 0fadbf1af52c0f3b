"""The dirt is there, noted row by row, and nowhere else."""

import pytest


def test_given_a_demo_bank_then_every_kind_of_dirt_is_noted(bank):
    rules = {item["rule"] for item in bank.truth["dirt"]}
    assert rules == {
        "identical_duplicate",
        "conflicting_duplicate",
        "unknown_code",
        "too_many_decimals",
        "parent_missing",
        "parent_quarantined",
        "corrected",
        "late",
        "observer_not_at_work",
    }


def test_given_identical_duplicates_then_two_rows_differ_in_nothing(bank):
    keys = bank.dirt("identical_duplicate")
    for key in keys:
        rows = bank.rows("select * from txn where txn_id = ?", key)
        assert len(rows) == 2
        assert rows[0] == rows[1]
    assert keys


def test_given_conflicting_duplicates_then_two_rows_of_one_instant_differ(bank):
    keys = bank.dirt("conflicting_duplicate")
    for key in keys:
        (one, other) = bank.rows("select known_at, amount from txn where txn_id = ?", key)
        assert one[0] == other[0]
        assert one[1] != other[1]
    assert keys


def test_given_corrected_rows_then_a_second_version_is_known_after_the_cut_off_of_the_first(bank):
    keys = bank.dirt("corrected")
    for key in keys:
        rows = bank.rows(
            "select amount, known_at > datetime(booked_on, '+29 hours'), known_at"
            " from txn where txn_id = ? order by known_at",
            key,
        )
        assert [row[1] for row in rows] == [0, 1]
        assert rows[0][0] == pytest.approx(rows[1][0] * 10)
    assert keys


def test_given_late_rows_then_they_are_known_after_the_cut_off_and_no_others_are(bank):
    late = {
        row[0] for row in bank.rows("select txn_id from txn where known_at > datetime(booked_on, '+29 hours')")
    } - bank.dirt("corrected")
    assert late == bank.dirt("late")


def test_given_the_last_three_nights_then_each_meets_a_row_that_comes_late_or_is_kept_out(bank):
    for night in ("2026-03-29", "2026-03-30", "2026-03-31"):
        seen = bank.value(
            "select count(*) from txn where known_at > datetime(booked_on, '+29 hours') and booked_on <= ?"
            " and known_at > datetime(?, '+5 hours')",
            night,
            night,
        )
        assert seen > 0, night


def test_given_amounts_with_three_places_then_they_are_the_noted_ones(bank):
    odd = {row[0] for row in bank.rows("select txn_id from txn where abs(amount * 100 - round(amount * 100)) > 0.05")}
    assert odd == bank.dirt("too_many_decimals")


def test_given_duplicates_then_every_repeated_key_is_noted(bank):
    repeated = {row[0] for row in bank.rows("select txn_id from txn group by 1 having count(*) > 1")}
    noted = bank.dirt("identical_duplicate") | bank.dirt("conflicting_duplicate") | bank.dirt("corrected")
    assert repeated == noted


def test_given_an_account_told_twice_then_both_rows_are_of_one_instant(bank):
    (key,) = bank.dirt("conflicting_duplicate", "account")
    rows = bank.rows("select known_at, kind from account where account_id = ?", key)
    assert len({row[0] for row in rows}) == 1
    assert {row[1] for row in rows} == {"deposit", "wealth"}
