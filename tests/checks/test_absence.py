"""What was there last night and is gone needs a reason in the data; without one it is missing, and too much holds."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from checkbank import DAY, Bank, CheckNight, Night, Row, row, txn

from nightdesk.checks import CheckContext, TableOutcome, checked_columns, run_checks
from nightdesk.checks.facts import judge_facts
from nightdesk.contract import contract
from nightdesk.engine import Engine

pytestmark = pytest.mark.long

TOMORROW = DAY + datetime.timedelta(days=1)


#: a cell of each type; whatever has a date has it in the past
SAMPLE = {
    "date": "2026-03-01",
    "month": "2026-03-01",
    "timestamp": "2026-03-01 10:00:00",
    "amount": "1.00",
    "bool": "true",
    "pct": "1",
    "number": "1",
    "int": "1",
}
#: snapshots whose row of SAMPLE cells has ended: closed, expired, received, done, paid, or gone with what it belongs to
ENDED = {
    "staff", "client", "account", "instalment", "forbearance", "account_covenant", "client_link", "report_due",
    "project", "esg_incident", "esap_action", "need", "offer", "promise", "client_team", "product_holding", "override",
    "training", "absence", "calendar_day", "draw_request", "esg_condition", "campaign_plan",
}  # fmt: skip


def loans(count: int, **more: str) -> list[Row]:
    return [
        row("loan", f"L{n}", "C1", "term", "100.00", "2025-01-01", "2027-01-01", "active", **more) for n in range(count)
    ]


def instalment(loan: str, due: str, paid: str = "0.00", **more: str) -> Row:
    return row("instalment", loan, due, "principal", "10.00", paid_amt=paid, **more)


def gone(night: Night, table: str) -> list[str]:
    return [
        line["row_key"]
        for line in night.engine.rows(
            f"select distinct row_key from withheld.tonight where table_name = '{table}' and reason = 'vanished'"
            " order by row_key"
        )
    ]


def held(night: Night) -> set[tuple[str, str]]:
    return {(reason.table_name, reason.rule) for reason in night.report.held_reasons}


def test_given_a_last_row_of_every_snapshot_then_its_own_dates_and_words_say_whether_it_has_ended(
    context: CheckContext,
) -> None:
    with Engine(threads=1) as engine:
        before = {}
        for name, table in contract().items():
            if not table.is_daily:
                cells = {c.name: SAMPLE.get(c.type, c.values[0] if c.values else "X1") for c in table.columns.values()}
                engine.insert(f"previous.{name}", checked_columns(table), [cells])
                before[name] = f"previous.{name}"
        found = Night(run_checks(engine, Bank().land(engine), replace(context, before=before)), engine)
        missing = {table for (table,) in found.withheld("table_name")}
    assert set(before) - missing == ENDED


def test_given_rows_that_ended_then_their_absence_is_no_news(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["client"].append(row("client", "C3", "Three", "false", "B1", "2020-01-01", closed_date="2026-03-01"))
    bank.tables["account"].append(row("account", "A3", "C1", "deposit", "2020-01-01", closed_on="2026-03-31"))
    bank.tables["loan"] += [
        row("loan", "L2", "C1", "term", "0.00", "2025-01-01", "2027-01-01", "active"),
        row("loan", "L3", "C1", "term", "9.00", "2025-01-01", "2027-01-01", "closed"),
    ]
    bank.tables["instalment"] = [
        instalment("L1", "2026-02-01", "10.00"),
        instalment("L1", "2026-05-01"),
        instalment("L3", "2026-03-01"),
    ]
    first = check(bank)
    for name in ("client", "account"):
        bank.tables[name].pop()
    bank.tables["loan"] = bank.tables["loan"][:1]
    bank.tables["instalment"] = [instalment("L1", "2026-06-01")]  # planned anew
    night = check(bank, after=first, business_date=TOMORROW)
    assert (night.withheld("table_name"), held(night)) == ([], set())


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("client", [row("client", "C3", "Three", "false", "B1", "2020-01-01", closed_date="2026-04-02")]),
        ("loan", [row("loan", "L9", "C1", "term", "9.00", "2025-01-01", "2026-03-01", "written_off")]),
        ("instalment", [instalment("L1", "2026-03-01", "9.99")]),
        ("instalment", [instalment("L1", "2026-05-01")]),  # not due yet, and nothing new in its place
        (
            "offbalance",
            [row("offbalance", "O1", "C1", "acceptance", "5.00", expires_on="2026-03-01", advanced_on="2026-03-02")],
        ),
        ("covenant_test", [row("covenant_test", "K1", "DSCR", "2025-12-31", loan_id="L1")]),
        ("override", [row("override", "R1", "C1", "core", "x", "y", "2026-01-01", "2026-04-02")]),
    ],
)
def test_given_a_row_that_had_not_ended_then_it_is_missing_until_it_is_offered_again_or_policy_ends_it(
    check: CheckNight, table: str, rows: list[Row]
) -> None:
    bank = Bank()
    others = bank.tables.setdefault(table, [])
    bank.tables[table] = [*others, *rows]
    first = check(bank)
    keys = sorted(set(first.keys(table)) - set(check(Bank()).keys(table)))
    bank.tables[table] = others
    second = check(bank, after=first, business_date=TOMORROW)
    assert gone(second, table) == keys
    third = check(bank, after=second, business_date=DAY + datetime.timedelta(days=91))
    since = [line for line in third.withheld("row_key", "since", "table_name") if line[2] == table]
    # a date that has passed in between is a reason
    assert since == ([] if "2026-04-02" in rows[0].values() else [(key, TOMORROW, table) for key in keys])
    assert gone(check(bank, after=third, business_date=DAY + datetime.timedelta(days=92)), table) == []
    bank.tables[table] = [*others, *rows]
    assert gone(check(bank, after=second, business_date=TOMORROW), table) == []


def test_given_an_absent_row_when_a_reason_comes_nights_later_then_it_is_missed_no_more(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["instalment"].append(instalment("L1", "2026-03-01"))
    first = check(bank)
    bank.tables["instalment"].pop()
    second = check(bank, after=first, business_date=TOMORROW)
    assert gone(second, "instalment") == ["L1|2026-03-01|principal"]
    assert gone(check(bank, after=second, business_date=TOMORROW), "instalment") == ["L1|2026-03-01|principal"]
    bank.tables["loan"][0]["status"] = "closed"
    assert gone(check(bank, after=second, business_date=TOMORROW), "instalment") == []


def test_given_a_period_that_a_later_one_follows_then_it_may_go_and_the_latest_may_not(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["statement"] = [row("statement", "C1", end, "2026-03-01") for end in ("2024-12-31", "2025-12-31")]
    first = check(bank)
    for left, missing in (("2025-12-31", []), ("2024-12-31", ["C1|2025-12-31"])):
        bank.tables["statement"] = [
            row("statement", "C1", left, "2026-03-01"),
            row("statement", "C2", left, "2026-03-01"),
        ]
        assert gone(check(bank, after=first, business_date=TOMORROW), "statement") == missing


def test_given_a_permit_that_ran_out_then_only_its_successor_explains_its_absence(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["project"] = [row("project", "J1", "C1", "B1", "dam", "operation")]
    bank.tables["permit"] = [row("permit", "P1", "J1", "land", expires_on="2026-03-31")]
    first = check(bank)
    for kind, missing in (("water", ["P1"]), ("land", [])):
        bank.tables["permit"] = [row("permit", "P2", "J1", kind, expires_on="2030-03-31")]
        assert gone(check(bank, after=first, business_date=TOMORROW), "permit") == missing


def test_given_a_snapshot_row_known_only_after_the_cut_off_then_it_is_missing_and_says_why(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["loan"] += loans(1)
    first = check(bank)
    bank.tables["loan"][-1]["known_at"] = "2026-04-01 09:00:00"  # the cut-off is 05:00
    night = check(bank, after=first)
    assert night.withheld("row_key", "reason", "rule", "client_id") == [("L0", "vanished", "known_after_cut_off", "C1")]


# -- the share that holds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "gone_rows", "rules"),
    [
        (1, 1, {"too_much_vanished"}),  # none is left
        (6, 1, set()),
        (4, 1, set()),  # a quarter, but one row
        (11, 2, set()),  # 18%
        (10, 2, {"too_much_vanished"}),  # two, and exactly 20%
        (10, 5, {"too_much_vanished"}),
        (400, 19, set()),
        (400, 20, {"many_vanished"}),  # 20 rows, 5%
        (401, 20, set()),  # 4.98%
        (100, 50, {"many_vanished", "too_much_vanished"}),
    ],
)
def test_given_rows_that_vanish_then_share_and_number_decide_whether_the_night_is_held(
    context: CheckContext, expected: int, gone_rows: int, rules: set[str]
) -> None:
    outcome = TableOutcome(contract()["loan"], is_supplied=True, rows_read=5, rows_used=5)
    outcome.rows_vanished, outcome.rows_expected = gone_rows, expected
    reasons = judge_facts([outcome], context)
    assert {reason.rule for reason in reasons} == rules
    for reason in reasons:
        assert f"loan: {gone_rows} of {expected} rows of last night are gone" in reason.what
        assert "sql/policy/check.csv" in reason.what


def test_given_a_table_of_its_own_in_the_policy_then_its_bound_counts(context: CheckContext) -> None:
    outcome = TableOutcome(contract()["loan"], is_supplied=True, rows_read=5, rows_used=5)
    outcome.rows_vanished, outcome.rows_expected = 10, 10
    allowed = {**context.settings, ("vanished_max_pct", "loan"): Decimal(101)}
    assert judge_facts([outcome], replace(context, settings=allowed)) == []


def test_given_paid_instalments_beside_those_that_vanish_then_the_share_is_of_those_still_to_be_paid(
    check: CheckNight,
) -> None:
    bank = Bank()
    paid = [instalment("L1", f"2025-{month:02d}-01", "10.00") for month in range(1, 13)]
    bank.tables["instalment"] = [*paid, *[instalment("L1", f"2026-03-{day:02d}") for day in range(1, 5)]]
    first = check(bank)
    bank.tables["instalment"] = [*paid, *[instalment("L1", f"2026-03-{day:02d}") for day in range(1, 3)]]
    night = check(bank, after=first, business_date=TOMORROW)
    assert held(night) == {("instalment", "too_much_vanished")}
    assert night.result("instalment", "too_much_vanished")["observed"] == "50.00"


def test_given_what_vanished_nights_ago_then_it_is_missing_and_holds_no_further_night(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["loan"] += loans(4)
    nights = [check(bank)]
    bank.tables["loan"] = bank.tables["loan"][:3]
    for _ in range(2):
        nights.append(check(bank, after=nights[-1], business_date=TOMORROW))
    assert [held(night) for night in nights] == [set(), {("loan", "too_much_vanished")}, set()]
    assert gone(nights[2], "loan") == ["L2", "L3"]


def test_given_a_table_whose_rows_go_without_a_word_then_only_all_of_them_hold(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["product_holding"] = [row("product_holding", "C1", name) for name in "abc"]
    first = check(bank)
    bank.tables["product_holding"] = bank.tables["product_holding"][:1]
    assert (check(bank, after=first).withheld("row_key"), held(check(bank, after=first))) == ([], set())
    bank.tables["product_holding"] = []
    assert held(check(bank, after=first)) == {("product_holding", "too_much_vanished")}


# -- the registry --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["twice", "without a name", "gone"])
@pytest.mark.parametrize("table", ["branch", "client"])
def test_given_a_registry_row_that_is_bad_or_gone_then_the_last_good_one_stands_in_and_is_named_each_night(
    check: CheckNight, table: str, fault: str
) -> None:
    bank = Bank()
    night = check(bank)
    good = dict(bank.tables[table][0])
    if fault == "twice":
        bank.tables[table].append(good | {"name": "another"})
    elif fault == "gone":
        del bank.tables[table][0]
    else:
        bank.tables[table][0]["name"] = None
    bank.tables["txn"] = [txn("T9")]
    key = good[f"{table}_id"]
    for _ in range(2):
        night = check(bank, after=night, business_date=TOMORROW, parent_date=DAY)
        outcome = night.report.outcomes[table]
        assert (outcome.rows_carried, outcome.rows_used) == (1, 1)
        assert outcome.rows_in == outcome.rows_used + outcome.rows_quarantined + outcome.rows_late
        assert night.engine.value(f"select name from checked.{table} where row_key = '{key}'") == good["name"]
        assert (night.quarantine("account"), night.quarantine("loan"), night.quarantine("txn")) == ([], [], [])
        assert night.withheld("table_name", "row_key", "reason", "since") == [
            (table, key, "vanished" if fault == "gone" else "quarantine", TOMORROW)
        ]
        said = night.result(table, "row_carried")
        assert (said["success"], said["unexpected_count"], said["sample_keys"]) == (False, 1, f"*{key[-1]}")
    bank.tables[table] = list(Bank().tables[table])
    mended = check(bank, after=night, business_date=TOMORROW)
    assert (mended.report.outcomes[table].rows_carried, mended.withheld("row_key")) == (0, [])


def test_given_a_first_night_then_a_client_whose_row_is_bad_is_named_by_id_on_its_branch(check: CheckNight) -> None:
    bank = Bank()
    bank.tables["client"][0]["is_natural_person"] = "perhaps"
    found = check(bank).withheld("table_name", "row_key", "client_id", "branch_id")
    assert ("client", "C1", "C1", "B1") in found
    assert {line[2:] for line in found} == {("C1", "B1")}
