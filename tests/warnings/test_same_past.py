"""What a night says does not depend on where its chain began, once the longest window lies behind."""

import datetime
import random
from collections.abc import Callable
from decimal import Decimal

import pytest
from past import Past, Row, Versions

from nightdesk.models import layer_products

pytestmark = pytest.mark.long

DAY = datetime.timedelta(days=1)
FEED = datetime.date(2022, 1, 3)
EARLY = [FEED + n * DAY for n in (400, 500, 610)]
#: the later chain begins with the first of these; the longest window is 455 days
COMMON = [FEED + n * DAY for n in (680, 760, 840, 920, 1000, 1080, 1140)]
END = COMMON[-1]
#: what a chain remembers by design: since when it has said something, what it said last, and the grace of a tier
MEMORY = {
    "warnings.signal": {"first_seen", "change"},
    "warnings.suspended": {"first_seen"},
    "warnings.cleared": {"first_seen"},
    "warnings.warning": {
        "colour_since",
        "worsened_on",
        "held_colour",
        "change",
        "previous_colour",
        "score_90d_ago",
        "score_90d_ago_on",
        "score_change_90d",
        "quadrant",
    },
    "tiers.client_tier": {
        "tier",
        "months_below",
        "attention",
        "attention_since",
        "cause",
        "effective_from",
        "previous_tier",
        "changed_on",
        "changed_from",
        "changed_cause",
        "machine_tier",
        "machine_months_below",
        "machine_attention",
    },
}
#: what a chain adds to its history tonight: the sums are compared, in the states that are made of them
PARTS = {"features.client_day", "features.balance_move", "features.loan_day", "warnings.score_history"}
#: what remembers by its very nature: signals that closed before the later chain began are known to the older alone
PARTS |= {"warnings.episode", "warnings.closed"}
#: a stage falls by a person's word alone: who entered before the later chain began is on the older one's list alone,
#: until somebody decides. What there is to compare is said by `watched_alike`
PARTS |= {"warnings.watch"}
# a plan begins with its client's stage on the watch list, and its steps with the night that first asked for them
PARTS |= {f"warnings.exit_{name}" for name in ("plan", "collateral", "guarantor", "date", "step")}


def put(versions: Versions, table: str, known_on: datetime.date, **row: object) -> Row:
    versions.setdefault(table, []).append((known_on, row))
    return row


def the_bank(pick: random.Random, *, has_payments: bool) -> Versions:
    """Five clients over three years: arrears that come and go, late and corrected rows, balances that begin late."""
    bank: Versions = {}
    for number in range(1, 6):
        client = f"C{number}"
        put(
            bank,
            "client",
            FEED,
            client_id=client,
            name=client,
            is_natural_person=False,
            branch_id=f"B{number % 2}",
            onboard_date=datetime.date(2020, 1, 1),
        )
        opened = datetime.date(2020, 1, 1) if number % 2 else FEED + 20 * DAY
        accounts = {f"A{number}": opened} | ({"A9": FEED + 330 * DAY} if number == 4 else {})
        for account_id, opened_on in accounts.items():
            _account(bank, pick, account_id, client, opened_on)
    # the bank's first booking turns out, later, to have been another day's
    first = {"txn_id": "T0", "account_id": "A2", "direction": "C", "amount": Decimal(9)}
    put(bank, "txn", FEED, booked_on=FEED, **first)
    put(bank, "txn", EARLY[-1] + 20 * DAY, booked_on=FEED + 60 * DAY, **first)
    # late month after month, and never again in the 365 days before the later chain begins
    _plan(bank, pick, "L1", "C1", has_payments, lambda due: 12 if due < FEED + 290 * DAY else 0)
    _plan(bank, pick, "L5", "C5", has_payments, lambda _due: pick.choice([0, 0, 0, 5, 20, 45]))
    _line(bank, "L2", "C2")
    for year in range(2021, 2025):
        put(bank, "statement", datetime.date(year + 1, 4, 20), client_id="C1", period_end=datetime.date(year, 12, 31))
        end = datetime.date(year, 6, 30)
        put(bank, "statement", end + 50 * DAY, client_id="C5", period_end=end)
    bank["client"].sort(key=lambda version: version[0])
    return {table: sorted(rows, key=lambda version: version[0]) for table, rows in bank.items()}


def _account(bank: Versions, pick: random.Random, account_id: str, client: str, opened: datetime.date) -> None:
    put(
        bank,
        "account",
        FEED,
        account_id=account_id,
        client_id=client,
        kind="settlement",
        opened_on=opened,
        overdraft_limit=Decimal(1000),
    )
    begins = max(FEED, opened)
    days = (END - begins).days
    for number in range(days // 15):
        booked_on = begins + pick.randint(0, days) * DAY
        known_on = booked_on + pick.choice([0, 0, 0, 3, 30]) * DAY
        txn = {"txn_id": f"T{account_id}{number}", "account_id": account_id, "direction": pick.choice("CCD")}
        put(bank, "txn", known_on, booked_on=booked_on, amount=Decimal(pick.randint(1, 300_000)), **txn)
        if pick.random() < 0.1:
            later = booked_on + pick.randint(-20, 20) * DAY
            amount = Decimal(pick.randint(1, 300_000))
            put(bank, "txn", known_on + pick.randint(1, 200) * DAY, booked_on=max(begins, later), amount=amount, **txn)
    given_from = begins + pick.choice([0, 0, 300, 700]) * DAY
    amount = pick.randint(0, 400_000)
    for number in range((END - given_from).days // 10 + 1):
        amount = max(amount + pick.randint(-60_000, 50_000), -5_000)
        on = given_from + 10 * number * DAY
        put(bank, "balance", on, account_id=account_id, business_date=on, eod_balance=Decimal(amount))


def _loan(
    bank: Versions, loan_id: str, client: str, *, is_revolving: bool, outstanding: int, on: datetime.date
) -> None:
    put(
        bank,
        "loan",
        on,
        loan_id=loan_id,
        client_id=client,
        product="working_capital",
        limit_amt=Decimal(1_000_000),
        outstanding_amt=Decimal(outstanding),
        is_revolving=is_revolving,
        start_date=FEED,
        maturity_date=datetime.date(2030, 1, 1),
        status="active",
    )


def _plan(
    bank: Versions,
    pick: random.Random,
    loan_id: str,
    client: str,
    has_payments: bool,
    late_days: Callable[[datetime.date], int],
) -> None:
    """A loan with an instalment each month; `late_days` says how late the one of a day is paid."""
    _loan(bank, loan_id, client, is_revolving=False, outstanding=800_000, on=FEED)
    for number in range(1, 48):
        due = FEED + 30 * number * DAY
        paid = due + late_days(due) * DAY
        instalment = {"loan_id": loan_id, "due_date": due, "kind": "principal", "due_amt": Decimal(10_000)}
        put(bank, "instalment", FEED, **instalment, paid_amt=Decimal(0), paid_on=None)
        if paid <= END:
            known_on = paid + pick.choice([0, 0, 2]) * DAY
            put(bank, "instalment", known_on, **instalment, paid_amt=Decimal(10_000), paid_on=paid)
            if has_payments:
                payment = {
                    "loan_id": loan_id,
                    "due_date": due,
                    "kind": "principal",
                    "paid_on": paid,
                    "amount": Decimal(10_000),
                }
                put(bank, "payment", known_on, payment_id=f"P{loan_id}{number}", **payment)


def _line(bank: Versions, loan_id: str, client: str) -> None:
    """A revolving line that is drawn to 90% while only the older chain runs, and to 82% ever after."""
    for day in range((END - FEED).days + 1):
        on = FEED + day * DAY
        drawn = 900_000 if on < EARLY[-1] + 30 * DAY else 820_000
        if day == 0 or on == EARLY[-1] + 30 * DAY:
            _loan(bank, loan_id, client, is_revolving=True, outstanding=drawn, on=on)
        row = {
            "loan_id": loan_id,
            "business_date": on,
            "outstanding_amt": Decimal(drawn),
            "limit_amt": Decimal(1_000_000),
        }
        put(bank, "loan_daily", on, **row)


def _no_balances_for_a_while(table: str, day: datetime.date) -> bool:
    """Balances stop while only the older chain runs, and return while both do."""
    return table != "balance" or not EARLY[1] <= day < COMMON[2]


def _no_balances_any_more(table: str, day: datetime.date) -> bool:
    return table != "balance" or day < COMMON[0]


def watched_alike(older: Past, later: Past) -> None:
    """Whoever the later chain watches is watched by the older one too, at no lower a stage; a higher one, or a client
    that it watches alone, dates from before the later chain began."""
    query = "select client_id, stage, since from warnings.watch where stage <> 'W0'"
    stands, knows = ({row["client_id"]: row for row in chain.engine.rows(query)} for chain in (older, later))
    assert knows.keys() <= stands.keys()
    for client, row in stands.items():
        own = knows[client]["stage"] if client in knows else "W0"
        assert row["stage"] == own or (row["stage"] > own and row["since"] < COMMON[0]), (client, row, own)


FEEDS = {
    "payments, and balances that end": (_no_balances_any_more, True),
    "no payments, and balances that return": (_no_balances_for_a_while, False),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(FEEDS))
def test_two_chains_over_one_source_say_the_same(name: str) -> None:
    is_supplied, has_payments = FEEDS[name]
    versions = the_bank(random.Random(name), has_payments=has_payments)
    older, later = Past(versions, is_supplied), Past(versions, is_supplied)
    try:
        fired: set[tuple[str, str]] = set()
        for day in [*EARLY, *COMMON]:
            older.night(day)
            if day in EARLY:
                signals = older.engine.rows("select client_id, indicator from warnings.signal")
                fired |= {(row["client_id"], row["indicator"]) for row in signals}
        for day in COMMON:
            later.night(day)
        # then the older chain has something to forget
        assert {("C1", "P02"), ("C2", "T04")} <= fired
        compared = [table for layer in ("features", "warnings", "tiers") for table in layer_products(layer)]
        different = {
            table: sorted(set(older.rows(table, without)) ^ set(later.rows(table, without)))[:6]
            for table in compared
            if table not in PARTS
            for without in [frozenset(MEMORY.get(table, ()))]
            if older.rows(table, without) != later.rows(table, without)
        }
        assert different == {}
        watched_alike(older, later)
        assert later.engine.value("select count(*) from warnings.signal") > 0
    finally:
        older.close()
        later.close()
