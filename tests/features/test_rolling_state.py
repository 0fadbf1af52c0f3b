"""Rolled state equals the full recomputation, on random histories with late, corrected, reversed and closed facts."""

import datetime
import random
from decimal import Decimal
from typing import Any

import pytest
from chain import RESULTS, Chain, Row, Stand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightdesk.contract import contract
from nightdesk.models import REBUILT, ROLLED

pytestmark = pytest.mark.long

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2024, 6, 3)
PURPOSES = [None, "payroll", "own_transfer", "loan_repayment", "fee", "other", "interest", "tax", "utility", "cash"]
KINDS = [None, "company", "bank", "lender"]
NAMES = [None, "甲乙有限公司", "甲乙股份有限公司", "North Ltd."]
DATED = {"txn": "booked_on", "balance": "business_date", "fx_rate": "business_date"}
Facts = dict[str, list[Row]]
PARTIES = [None, "X1", "C1", "A2", "A3", "C3", "A6", "C4"]


def clients() -> list[Row]:
    return [
        {"client_id": "C1", "name": "one", "group_id": "G", "branch_id": "B1"},
        {"client_id": "C2", "name": "two", "group_id": "G", "branch_id": "B1"},
        {"client_id": "C3", "name": "three", "branch_id": "B2"},
    ]


def accounts() -> list[Row]:
    return [
        {"account_id": "A1", "client_id": "C1", "kind": "settlement", "opened_on": FIRST},
        {"account_id": "A2", "client_id": "C1", "kind": "deposit", "ccy": "USD", "opened_on": FIRST},
        {"account_id": "A3", "client_id": "C2", "kind": "settlement", "opened_on": FIRST, "overdraft_limit": 10},
        {"account_id": "A4", "client_id": "C2", "kind": "dsra", "opened_on": FIRST},
        {"account_id": "A5", "client_id": "C3", "kind": "settlement", "opened_on": FIRST + 300 * DAY},
    ]


def late_parties() -> tuple[Row, Row]:
    """A client without an account, and an account, that flows name before the bank's tables have them."""
    client = {"client_id": "C4", "name": "four", "group_id": "G", "branch_id": "B2"}
    return client, {"account_id": "A6", "client_id": "C2", "kind": "settlement", "opened_on": FIRST}


def change_parties(pick: random.Random, chain: Chain) -> None:
    """A client joins, leaves or changes its group; an account changes its client, its currency or its limit."""
    if pick.random() < 0.4:
        client = pick.choice(chain.clients)
        client["group_id"] = pick.choice([name for name in (None, "G", "H") if name != client.get("group_id")])
    if pick.random() < 0.3:
        account = pick.choice(chain.accounts)
        account["client_id"] = pick.choice([c["client_id"] for c in chain.clients])
    if pick.random() < 0.2:
        account = pick.choice([a for a in chain.accounts if not a.get("closed_on")] or chain.accounts[:1])
        account["ccy"] = "USD" if account.get("ccy") is None else None
    if pick.random() < 0.3:
        pick.choice(chain.accounts)["overdraft_limit"] = pick.choice([None, 10, 40])


def random_day(pick: random.Random, last: datetime.date) -> datetime.date:
    """Mostly of the last weeks, some of the year before, some at the far ends of the windows."""
    back = pick.choice([pick.randint(0, 20), pick.randint(0, 120), pick.randint(0, 520)])
    return max(FIRST, last - back * DAY)


def random_txn(pick: random.Random, txn_id: str, day: datetime.date, ids: list[str]) -> Row:
    return {
        "txn_id": txn_id,
        "account_id": pick.choice(["A1", "A2", "A3", "A4", "A5"]),
        "booked_on": day,
        "direction": pick.choice("CD"),
        "amount": Decimal(pick.randint(1, 99999)) / 100,
        "ccy": pick.choice([None, "CNY", "USD"]),
        "purpose": pick.choice(PURPOSES),
        "counterparty_id": pick.choice(PARTIES),
        "counterparty_name": pick.choice(NAMES),
        "counterparty_kind": pick.choice(KINDS),
        "is_returned": pick.random() < 0.1,
        "reverses_txn_id": pick.choice(ids) if ids and pick.random() < 0.2 else None,
    }


def random_balance(pick: random.Random, account: Row, day: datetime.date) -> Row:
    return {
        "account_id": account["account_id"],
        "business_date": day,
        "eod_balance": Decimal(pick.randint(-5000, 99999)) / 100,
        "ccy": account.get("ccy"),
    }


def tonight(pick: random.Random, chain: Chain, day: datetime.date, count: int) -> dict[str, list[Row]]:
    """New facts since the night before, late ones, and corrections of what is held."""
    since = chain.parent or FIRST - DAY
    new = lambda: max(since + DAY, random_day(pick, day)) if pick.random() < 0.6 else random_day(pick, day)  # noqa: E731
    held = {row["txn_id"]: row for row in chain.facts["txn"]}
    txns: dict[str, Row] = {}
    for number in range(count):
        txn_id = pick.choice(sorted(held)) if held and pick.random() < 0.2 else f"T{day:%y%m%d}{number}"
        txns[txn_id] = random_txn(pick, txn_id, new(), sorted(held) + sorted(txns))
    balances = {}
    for _ in range(count if chain.is_given else 0):
        row = random_balance(pick, pick.choice(chain.accounts), new())
        balances[row["account_id"], row["business_date"]] = row
    rates = [
        {"ccy": "USD", "business_date": when, "rate": Decimal(pick.randint(60000, 80000)) / 10000}
        for when in sorted({since + pick.randint(1, max((day - since).days, 1)) * DAY for _ in range(3)})
    ]
    if pick.random() < 0.3:  # a rate of a day gone by comes late, or is corrected
        late = min(random_day(pick, day), since)
        rates.append({"ccy": "USD", "business_date": late, "rate": Decimal(pick.randint(0, 80000)) / 10000})
    return {"txn": list(txns.values()), "balance": list(balances.values()), "fx_rate": rates}


@pytest.mark.parametrize("is_given", [True, False], ids=["balances given", "balances replayed"])
@given(pick=st.randoms(use_true_random=False), gaps=st.lists(st.integers(1, 45), min_size=2, max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_chain_of_rolled_nights_says_what_one_rebuilt_night_says(
    is_given: bool, pick: random.Random, gaps: list[int]
) -> None:
    chain = Chain(clients(), accounts(), is_given=is_given)
    late: tuple[Row, Row] | None = late_parties()
    try:
        day = FIRST + pick.randint(60, 560) * DAY
        chain.night(day, tonight(pick, chain, day, 40))
        for gap in gaps:
            day += gap * DAY
            if pick.random() < 0.3:
                account = pick.choice(chain.accounts)
                account["closed_on"] = None if account.get("closed_on") else random_day(pick, day)
            change_parties(pick, chain)
            if late and pick.random() < 0.5:
                client, account = late
                chain.clients.append(client)
                chain.accounts.append(account)
                late = None
            chain.night(day, tonight(pick, chain, day, 8))
        fresh = chain.rebuilt(day)
        for name in RESULTS:
            assert known(chain.kept[name]) == known(fresh[name]), name
    finally:
        chain.close()


@pytest.mark.parametrize("counterparty", ["A2", "C2"], ids=["its account", "the client itself"])
def test_a_flow_of_the_group_is_none_from_the_night_on_that_knows_its_other_side(counterparty: str) -> None:
    """Given a flow whose other side is in quarantine, or not registered yet, when it is known the next night."""
    one, two = ({"client_id": name, "name": name, "group_id": "G", "branch_id": "B1"} for name in ("C1", "C2"))
    first, second = ({"account_id": f"A{n}", "client_id": f"C{n}", "kind": "settlement"} for n in (1, 2))
    chain = Chain([one], [{**first, "opened_on": FIRST}], is_given=True)
    flow = {"account_id": "A1", "direction": "C"}
    tonight, later = FIRST + 30 * DAY, FIRST + 31 * DAY
    try:
        held = {"txn_id": "T1", "booked_on": FIRST + 20 * DAY, "amount": Decimal(1_000_000), **flow}
        chain.night(tonight, {"txn": [{**held, "counterparty_id": counterparty}]})
        assert inflow(chain) == Decimal(1_000_000)
        chain.clients.append(two)
        if counterparty == "A2":
            chain.accounts.append({**second, "opened_on": FIRST})
        chain.night(later, {"txn": [{"txn_id": "T2", "booked_on": later, "amount": Decimal(5), **flow}]})
        assert inflow(chain) == Decimal(5)
        assert known(chain.kept["client_window"]) == known(chain.rebuilt(later)["client_window"])
    finally:
        chain.close()


def test_a_new_account_that_no_held_flow_names_lets_the_state_go_on() -> None:
    """Given accounts and clients that are new, when nobody paid them before, then nothing is summed anew."""
    chain = Chain(clients(), accounts(), is_given=True)
    flow = {"account_id": "A1", "direction": "C", "amount": Decimal(7), "counterparty_id": "A3"}
    try:
        chain.night(FIRST, {"txn": [{"txn_id": "T1", "booked_on": FIRST, **flow}]})
        client, account = late_parties()
        chain.clients.append(client)
        chain.accounts.append(account)
        chain.night(FIRST + DAY, {"txn": [{"txn_id": "T2", "booked_on": FIRST + DAY, **flow}]})
        # a state that is summed anew would have every day of the past among what tonight changes
        assert [row["booked_on"] for row in chain.rows("client_day")] == [FIRST + DAY]
    finally:
        chain.close()


class Story:
    """A chain with all that can happen to one: nights, rows taken back, other code, replays and nights put between."""

    def __init__(self, pick: random.Random, *, is_given: bool) -> None:
        self.pick = pick
        self.chain = Chain(clients(), accounts(), is_given=is_given)
        #: of each night that stands: what stood before it, its date, what it brought, and in which structure
        self.nights: list[tuple[Stand, datetime.date, Facts, frozenset[str]]] = []
        self.run(FIRST + pick.randint(60, 560) * DAY, 40)

    def run(self, day: datetime.date, count: int, structure: frozenset[str] = ROLLED) -> None:
        self.take(day, tonight(self.pick, self.chain, day, count), structure)

    def take(self, day: datetime.date, new: Facts, structure: frozenset[str] = ROLLED) -> None:
        self.nights.append((self.chain.stand(), day, new, structure))
        self.chain.night(day, new, structure)

    @property
    def day(self) -> datetime.date:
        return self.nights[-1][1]

    def later(self) -> datetime.date:
        return self.day + self.pick.randint(2, 20) * DAY

    def night(self) -> None:
        self.run(self.later(), 8)

    def other_code(self) -> None:
        self.run(self.later(), 8, REBUILT)

    def row_taken_back(self) -> None:
        """Rows of the days that the source promises are gone; what reverses them is left."""
        day, promised = self.later(), self.day - 20 * DAY
        new = tonight(self.pick, self.chain, day, 8)
        brought = {row["txn_id"] for row in new["txn"]}
        recent = [
            row for row in self.chain.facts["txn"] if row["booked_on"] > promised and row["txn_id"] not in brought
        ]
        gone = {"txn": self.pick.sample(recent, min(2, len(recent)))}
        before = self.chain.stand()
        for table, rows in gone.items():  # as if they had never been: a replay of this night finds them gone too
            before[0][table] = [row for row in before[0][table] if row not in rows]
        self.chain.night(day, new, taken_back=gone)
        self.nights = [(before, day, new, REBUILT)]

    def replay(self) -> None:
        """The last nights again, with what they read then."""
        for night in self.undone(3):
            self.take(*night[1:])

    def reread(self) -> None:
        """The last nights again, each with what the source shows now of its dates."""
        again = self.undone(3)
        for number, (_, day, _, structure) in enumerate(again):
            until = day if number < len(again) - 1 else datetime.date.max
            now: Facts = {"txn": [], "balance": [], "fx_rate": []}
            for _, _, brought, _ in again:
                for table, rows in brought.items():
                    shown = [row for row in rows if row[DATED[table]] <= until]
                    keys = {self.key(table, row) for row in shown}
                    now[table] = [row for row in now[table] if self.key(table, row) not in keys] + shown
            self.take(day, now, structure)

    def night_between(self) -> None:
        """A night that was left out: what its date shows comes with it, and the rest with the next."""
        ((before, day, new, structure),) = self.undone(1)
        if before[2] is None or (day - before[2]).days < 2:
            self.take(day, new, structure)
            return
        between = before[2] + DAY
        early = {table: [row for row in rows if row[DATED[table]] <= between] for table, rows in new.items()}
        rest = {table: [row for row in rows if row[DATED[table]] > between] for table, rows in new.items()}
        self.take(between, early)
        self.take(day, rest, structure)

    def undone(self, most: int) -> list[tuple[Stand, datetime.date, Facts, frozenset[str]]]:
        count = self.pick.randint(1, min(most, len(self.nights)))
        again, self.nights = self.nights[-count:], self.nights[:-count]
        self.chain.go_back(again[0][0])
        return again

    def key(self, table: str, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in contract()[table].key)


@pytest.mark.parametrize("is_given", [True, False], ids=["balances given", "balances replayed"])
@given(
    pick=st.randoms(use_true_random=False),
    told=st.lists(
        st.sampled_from(["night", "other_code", "replay", "reread", "night_between", "row_taken_back"]),
        min_size=3,
        max_size=6,
    ),
)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_chain_with_replays_gaps_and_rows_taken_back_says_what_a_fresh_home_says_of_the_source_as_it_is(
    is_given: bool, pick: random.Random, told: list[str]
) -> None:
    story = Story(pick, is_given=is_given)
    try:
        for happening in told:
            getattr(story, happening)()
        fresh = story.chain.rebuilt(story.day)
        for name in RESULTS:
            assert known(story.chain.kept[name]) == known(fresh[name]), (name, told)
    finally:
        story.chain.close()


def inflow(chain: Chain) -> Decimal:
    (row,) = (row for row in chain.kept["client_window"] if row["client_id"] == "C1")
    return Decimal(row["inflow_30d_amt"])


def known(rows: list[Row]) -> list[Any]:
    """Rows as comparable values; a row of nothing but zeros says no more than no row."""
    told = [row for row in rows if any(isinstance(v, Decimal | int) and v for v in row.values()) or "kind" in row]
    return sorted(tuple(sorted((k, repr(v)) for k, v in row.items())) for row in told)
