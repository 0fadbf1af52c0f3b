"""Of each key the night sees the newest version known by the cut-off; duplicates, contradictions and late rows."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

from checkbank import DAY, Bank, CheckNight, Night, row, txn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightdesk.checks import CheckContext, Feed, Stored, check_table, checked_columns
from nightdesk.contract import contract
from nightdesk.engine import Engine

TS = datetime.datetime
EARLY, NOON, AFTER = "2026-03-31 09:00:00", "2026-03-31 12:00:00", "2026-04-01 05:00:01"


def of(*rows: dict[str, str | None]) -> Bank:
    bank = Bank()
    bank.tables["txn"] = list(rows)
    del bank.tables["loan"], bank.tables["instalment"]
    return bank


def counts(night: Night, table: str = "txn") -> dict[str, int]:
    line = next(line for line in night.report.tables if line["table_name"] == table)
    return {
        k: line[k]
        for k in ("rows_read", "duplicates", "superseded", "stored", "rows_in", "used", "quarantined", "late")
    }


def test_given_identical_rows_then_they_count_once_with_a_note(check: CheckNight) -> None:
    night = check(of(txn("T1", known_at=NOON), txn("T1", known_at=NOON), txn("T1", known_at=NOON), txn("T2")))
    assert counts(night) == {
        "rows_read": 4, "duplicates": 2, "superseded": 0, "stored": 0,
        "rows_in": 2, "used": 2, "quarantined": 0, "late": 0,
    }  # fmt: skip


def test_given_rows_of_one_key_and_instant_that_differ_then_all_are_quarantined(check: CheckNight) -> None:
    night = check(of(txn("T1", "1.00", known_at=NOON), txn("T1", "2.00", known_at=NOON), txn("T2", known_at=NOON)))
    assert night.quarantine("txn") == [("T1", "key_conflict", 2)]
    assert night.keys("txn") == ["T2"]
    assert counts(night)["quarantined"] == 2


def test_given_one_instant_written_in_two_zones_then_it_is_one(check: CheckNight) -> None:
    night = check(of(txn("T1", "1.00", known_at=NOON), txn("T1", "2.00", known_at="2026-03-31T04:00:00Z")))
    assert night.quarantine("txn") == [("T1", "key_conflict", 2)]


def test_given_versions_then_the_newest_known_by_the_cut_off_is_used(check: CheckNight) -> None:
    night = check(
        of(
            txn("T1", "1.00", known_at=EARLY),
            txn("T1", "2.00", known_at=NOON),
            txn("T1", "3.00", known_at=AFTER),
        )
    )
    assert night.engine.rows("select amount, known_at from checked.txn") == [
        {"amount": Decimal("2.00"), "known_at": TS(2026, 3, 31, 4)}
    ]
    assert counts(night) == {
        "rows_read": 3, "duplicates": 0, "superseded": 1, "stored": 0,
        "rows_in": 2, "used": 1, "quarantined": 0, "late": 1,
    }  # fmt: skip


def test_given_a_contradiction_among_older_versions_then_the_newest_stands(check: CheckNight) -> None:
    night = check(
        of(txn("T1", "1.00", known_at=EARLY), txn("T1", "2.00", known_at=EARLY), txn("T1", "3.00", known_at=NOON))
    )
    assert night.quarantine("txn") == []
    assert counts(night)["superseded"] == 2


def test_given_a_newest_version_that_is_wrong_then_no_older_one_takes_its_place(check: CheckNight) -> None:
    night = check(of(txn("T1", "1.00", known_at=EARLY), txn("T1", "-2.00", known_at=NOON)))
    assert night.quarantine("txn") == [("T1", "amount_not_positive", 1)]
    assert night.keys("txn") == []


def test_given_a_row_known_at_the_cut_off_then_it_counts_and_one_a_second_later_is_late(check: CheckNight) -> None:
    night = check(of(txn("T1", known_at="2026-04-01 05:00:00"), txn("T2", known_at=AFTER)))
    assert night.keys("txn") == ["T1"]
    assert counts(night)["late"] == 1


def test_given_a_row_dated_after_the_night_then_it_is_late_whenever_it_was_known(check: CheckNight) -> None:
    night = check(of(txn("T1", on="2026-04-01", known_at=EARLY), txn("T2")))
    assert (night.keys("txn"), counts(night)["late"]) == (["T2"], 1)


def test_given_a_version_that_is_public_only_later_then_the_one_before_it_counts_until_that_day(
    check: CheckNight,
) -> None:
    bank = Bank()
    bank.tables["statement"] = [
        row("statement", "C1", "2025-12-31", public, revenue=revenue, known_at=known)
        for public, revenue, known in (
            ("2026-03-20", "1.00", "2026-03-20 18:00:00"),
            ("2026-03-31", "2.00", "2026-03-21 18:00:00"),
            ("2026-04-01", "3.00", "2026-03-22 18:00:00"),
        )
    ]
    night = check(bank)
    assert [row["revenue"] for row in night.engine.rows("select revenue from checked.statement")] == [Decimal("2.00")]
    assert {name: counts(night, "statement")[name] for name in ("superseded", "used", "late")} == {
        "superseded": 1, "used": 1, "late": 1,
    }  # fmt: skip


def test_given_no_known_at_then_a_daily_fact_is_known_at_the_end_of_its_bank_day(check: CheckNight) -> None:
    night = check(of(txn("T1", on="2026-03-30")))
    known = night.engine.value("select known_at from checked.txn")
    assert known == TS(2026, 3, 30, 15, 59, 59, 999999)
    earlier = TS(2026, 3, 31, 15, 59, tzinfo=datetime.UTC)
    assert counts(check(of(txn("T1", on="2026-03-31")), cutoff=earlier))["late"] == 1


def test_given_no_known_at_then_a_snapshot_is_seen_by_every_night_and_not_point_in_time(check: CheckNight) -> None:
    bank = Bank()
    night = check(bank)
    assert night.engine.value("select known_at from checked.branch limit 1") is None
    assert night.report.outcomes["branch"].is_point_in_time is False
    for line in bank.tables["branch"]:
        line["known_at"] = "2026-01-01 00:00:00"
    assert check(bank).report.outcomes["branch"].is_point_in_time is True


def test_given_rows_without_a_key_then_each_is_missing_it_and_none_contradicts_another(check: CheckNight) -> None:
    night = check(of(txn("", "1.00", known_at=NOON), txn("", "2.00", known_at=NOON), txn("T2")))
    assert night.quarantine("txn") == [("", "required_missing", 2)]
    assert counts(night)["quarantined"] == 2


# -- against what former nights took ------------------------------------------------------------------------------

HELD = {
    "txn_id": "T1", "account_id": "A1", "booked_on": datetime.date(2026, 3, 30), "direction": "C",
    "amount": Decimal("10.00"), "known_at": TS(2026, 3, 30, 4),
}  # fmt: skip


def stored_txn(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    return {"txn": [{**HELD, **changes}]}


def superseded(night: Night) -> list[str]:
    return [line["row_key"] for line in night.engine.rows("select row_key from superseded.txn order by 1")]


def test_given_a_stored_row_again_then_it_is_stored_and_no_news(check: CheckNight) -> None:
    night = check(of(txn("T1", on="2026-03-30", known_at="2026-03-30 12:00:00"), txn("T2")), stored_txn())
    assert (night.keys("txn"), superseded(night)) == (["T2"], [])
    assert [counts(night)[name] for name in ("duplicates", "superseded", "stored", "rows_in")] == [0, 0, 1, 1]


def test_given_a_stored_row_and_its_correction_both_offered_then_only_the_correction_is_new(check: CheckNight) -> None:
    both = of(
        txn("T1", on="2026-03-30", known_at="2026-03-30 12:00:00"),
        txn("T1", "11.00", on="2026-03-30", known_at=NOON),
    )
    night = check(both, stored_txn(), parent_date=DAY)
    assert (night.keys("txn"), superseded(night)) == (["T1"], ["T1"])
    assert [counts(night)[name] for name in ("superseded", "stored", "rows_in")] == [0, 1, 1]


def test_given_a_stored_row_offered_with_one_that_contradicts_it_then_neither_is_used(check: CheckNight) -> None:
    at = "2026-03-30 12:00:00"
    both = of(txn("T1", on="2026-03-30", known_at=at), txn("T1", "9.00", on="2026-03-30", known_at=at))
    night = check(both, stored_txn())
    assert night.quarantine("txn") == [("T1", "key_conflict", 2)]
    assert superseded(night) == ["T1"]
    again = check(both)  # the night after: nothing of the key is stored any more
    assert again.quarantine("txn") == [("T1", "key_conflict", 2)]


def test_given_a_later_version_of_a_stored_row_then_it_takes_its_place(check: CheckNight) -> None:
    night = check(of(txn("T1", "11.00", on="2026-03-30", known_at=NOON)), stored_txn(), parent_date=DAY)
    assert (night.keys("txn"), superseded(night)) == (["T1"], ["T1"])
    assert night.engine.value("select amount from superseded.txn") == Decimal("10.00")


def test_given_a_later_version_that_is_wrong_then_the_stored_one_is_no_longer_the_newest(check: CheckNight) -> None:
    night = check(of(txn("T1", "0.00", on="2026-03-30", known_at=NOON)), stored_txn())
    assert night.quarantine("txn") == [("T1", "amount_not_positive", 1)]
    assert superseded(night) == ["T1"]


def test_given_an_older_version_of_a_stored_row_then_the_stored_one_stays(check: CheckNight) -> None:
    night = check(of(txn("T1", "9.00", on="2026-03-30", known_at="2026-03-30 11:00:00")), stored_txn())
    assert (night.keys("txn"), counts(night)["stored"], superseded(night)) == ([], 1, [])


def test_given_another_content_at_the_stored_instant_then_both_are_kept_out(check: CheckNight) -> None:
    night = check(of(txn("T1", "9.00", on="2026-03-30", known_at="2026-03-30 12:00:00")), stored_txn())
    assert night.quarantine("txn") == [("T1", "key_conflict", 1)]
    assert superseded(night) == ["T1"]


def test_given_another_content_at_an_assumed_instant_then_the_stored_row_stays(check: CheckNight) -> None:
    stored = stored_txn(known_at=TS(2026, 3, 30, 15, 59, 59, 999999))
    night = check(of(txn("T1", "9.00", on="2026-03-30")), stored)
    assert night.quarantine("txn") == [("T1", "key_conflict", 1)]
    assert superseded(night) == []


def test_given_a_stored_row_whose_unknown_code_was_left_out_then_reading_it_again_is_no_news(check: CheckNight) -> None:
    again = txn("T1", on="2026-03-30", known_at="2026-03-30 12:00:00", purpose="gift")
    assert counts(check(of(again), stored_txn(purpose=None)))["stored"] == 1


def test_given_a_column_that_former_nights_were_not_given_then_it_makes_no_contradiction(check: CheckNight) -> None:
    again = txn("T1", on="2026-03-30", known_at="2026-03-30 12:00:00", memo="now with words")
    columns = set(contract()["txn"].columns) - {"memo"}
    assert counts(check(of(again), stored_txn(), stored_columns=columns))["stored"] == 1


# -- properties on one table, so that many examples are quick -----------------------------------------------------

INSTANTS = [None, *(f"2026-03-3{day} {hour}:00:00" for day in (0, 1) for hour in ("08", "16")), AFTER]
RATES = st.lists(
    st.fixed_dictionaries(
        {
            "ccy": st.sampled_from(["USD", "EUR", ""]),
            "business_date": st.sampled_from(["2026-03-29", "2026-03-30", "2026-03-31", "2026-04-01", "bad"]),
            "rate": st.sampled_from(["1.5", "2.5", "0", "x"]),
            "known_at": st.sampled_from(INSTANTS),
        }
    ),
    max_size=9,
)


def check_rates(rows: list[dict[str, str | None]], context: CheckContext, stored: Any = None) -> tuple[Any, Any, Any]:
    table = contract()["fx_rate"]
    with Engine(threads=1) as engine:
        engine.insert("landing.fx_rate", dict.fromkeys([*table.columns, "known_at"], "VARCHAR"), rows)
        if stored is not None:
            engine.insert("stored.fx_rate", checked_columns(table), stored)
            context = replace(context, stored={"fx_rate": Stored("stored.fx_rate", set(table.columns))})
        feed = Feed(table, "landing.fx_rate", frozenset([*table.columns, "known_at"]))
        outcome = check_table(engine, feed, {"fx_rate"}, context)
        used = engine.rows("select * from checked.fx_rate order by all")
        gone = {line["row_key"] for line in engine.rows("select row_key from superseded.fx_rate")}
        return outcome, used, gone


QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(rows=RATES)
def test_property_every_row_is_used_quarantined_or_late_and_order_does_not_matter(
    rows: list[dict[str, str | None]], context: CheckContext
) -> None:
    outcome, used, _ = check_rates(rows, context)
    assert outcome.rows_read == len(rows)
    assert outcome.rows_in == outcome.rows_used + outcome.rows_quarantined + outcome.rows_late
    turned, used_turned, _ = check_rates(rows[::-1], context)
    assert used == used_turned
    assert outcome.counts() == turned.counts()


@QUICK
@given(rows=RATES, later=RATES)
def test_property_rows_known_after_the_cut_off_change_nothing(
    rows: list[dict[str, str | None]], later: list[dict[str, str | None]], context: CheckContext
) -> None:
    _, used, _ = check_rates(rows, context)
    _, with_later, _ = check_rates([*rows, *({**row, "known_at": AFTER} for row in later)], context)
    assert used == with_later


@QUICK
@given(rows=RATES)
def test_property_two_nights_see_what_one_night_over_everything_sees(
    rows: list[dict[str, str | None]], context: CheckContext
) -> None:
    stated = [row for row in rows if row["known_at"] is not None]
    yesterday = replace(
        context, business_date=datetime.date(2026, 3, 30), cutoff=context.cutoff - datetime.timedelta(days=1)
    )
    first = [row for row in stated if row["business_date"] in ("2026-03-29", "2026-03-30", "bad")]
    _, taken, _ = check_rates(first, yesterday)
    # the look-back offers all of it again
    _, added, gone = check_rates(stated, context, taken)
    _, whole, _ = check_rates(stated, context)
    chained = [row for row in taken if row["row_key"] not in gone] + added
    content = ("ccy", "business_date", "rate")
    assert sorted(tuple(r[c] for c in content) for r in chained) == sorted(tuple(r[c] for c in content) for r in whole)


def test_given_small_frames_then_parts_see_what_one_frame_sees(context: CheckContext) -> None:
    rows = [
        {
            "ccy": f"C{number % 7}",
            "business_date": [f"2026-03-2{number % 10}", None, "bad"][0 if number % 11 else number % 2 + 1],
            "rate": "0" if number % 13 == 0 else f"{number}.5",
            "known_at": INSTANTS[number % len(INSTANTS)],
        }
        for number in range(200)
    ]
    whole, used, _ = check_rates(rows, context)
    parted, used_in_parts, _ = check_rates(rows, replace(context, frame_rows=17))
    assert (whole.counts(), used) == (parted.counts(), used_in_parts)
    strip = ("expectation", "column_name", "unexpected_count", "element_count")
    assert [[r[c] for c in strip] for r in whole.results] == [[r[c] for c in strip] for r in parted.results]


def reversal(key: str, of_key: str, on: str = str(DAY)) -> dict[str, str | None]:
    return txn(key, on=on, reverses_txn_id=of_key)


def test_given_reversals_then_those_are_named_that_find_nothing_within_the_days_that_one_looks_back(
    check: CheckNight,
) -> None:
    """Policy: 400 days. One of the history, one of tonight, one a day too far back, and one of what nobody sent."""
    just, too_far = (DAY - datetime.timedelta(days=days) for days in (400, 401))
    first = check(of(txn("T1", on=str(just)), txn("T2", on=str(too_far))))
    stored = {"txn": first.engine.rows("select * from checked.txn")}
    assert unmatched(first) == (0, "")
    rows = [txn("T3"), *(reversal(f"R{n}", f"T{n}") for n in range(1, 5))]
    assert unmatched(check(of(*rows), stored=stored)) == (2, "*2;*4")
    assert unmatched(check(of(txn("T3"), reversal("R3", "T3")))) == (0, "")


def unmatched(night: Night) -> tuple[int, str]:
    found = night.result("txn", "reversal_unmatched")
    return found["unexpected_count"], found["sample_keys"]


def test_given_a_day_in_the_key_then_what_is_stored_of_that_day_still_meets_tonights_rows(check: CheckNight) -> None:
    """The first and the last of tonight's days count, and no other key is taken for one of them."""
    days = [DAY - datetime.timedelta(days=n) for n in (5, 3, 1, 0)]
    bank = Bank()
    bank.tables["balance"] = [row("balance", "A1", str(day), "10.00") for day in days[:3]]
    stored = {"balance": check(bank).engine.rows("select * from checked.balance")}
    bank.tables["balance"] = [
        row("balance", "A1", str(day), amount) for day, amount in zip(days, ["10", "11", "12", "13"], strict=True)
    ]
    bank.tables["balance"] = [line | {"known_at": NOON} for line in bank.tables["balance"][1:]]
    night = check(bank, stored=stored)
    assert counts(night, "balance")["used"] == 3
    gone = night.engine.rows("select business_date from superseded.balance order by all")
    assert [line["business_date"] for line in gone] == days[1:3]
