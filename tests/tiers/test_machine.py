"""The tier machine, night by night through the real SQL, does what the rules say in plain Python."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bank_of_months import DEPOSITS, Bank, Client, month_after
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow
LADDER = ["standard", "important", "core", "strategic"]
GRACE = {"strategic": 6, "core": 3, "important": 3}
START = datetime.date(2025, 3, 1)


@dataclass
class Expected:
    """A client's tier month by month, as a person would keep it on paper."""

    tier: str = "standard"
    months_below: int = 0
    attention: bool = False
    seen: datetime.date | None = None

    def judge(self, wanted: str, *, gated: bool, sustained: int) -> None:
        """One full month."""
        here, there = LADDER.index(self.tier), LADDER.index(wanted)
        if there >= here:
            self.months_below, self.attention = 0, False
            if there > here and not gated:
                rungs = [
                    rung for rung in range(here + 1, there + 1) if rung == here + 1 or sustained >= FLOOR[LADDER[rung]]
                ]
                self.tier = LADDER[max(rungs)]
            return
        self.months_below, self.attention = self.months_below + 1, True
        if self.months_below >= GRACE[self.tier]:
            self.tier, self.months_below, self.attention = wanted, 0, False


FLOOR = {"important": 6_000_000, "core": 30_000_000, "strategic": 100_000_000}


def is_workday(day: datetime.date) -> bool:
    return day.weekday() < 5


def newest_month(day: datetime.date) -> datetime.date:
    """The month to be judged by the night of `day`: the last one, from the first working day of this one on."""
    first = day.replace(day=1)
    days = (first + datetime.timedelta(days=n) for n in range((day - first).days + 1))
    return month_after(first, -1 if any(is_workday(one) for one in days) else -2)


def override_on(client: Client, day: datetime.date) -> str | None:
    """The tier that a person decided, in force on `day`."""
    valid = [
        row
        for row in client.overrides
        if row["valid_from"] <= day <= row["valid_to"]
        and row["approved_by"] not in (None, row["requested_by"])
        and (row["valid_to"] - row["valid_from"]).days <= 365
    ]
    return max(valid, key=lambda row: row["valid_from"])["tier"] if valid else None


def expected_nights(client: Client, nights: list[datetime.date]) -> Iterator[tuple[str, int, bool]]:
    """(tier, months below, attention) of each night."""
    state = Expected()
    for number, night in enumerate(nights):
        if number == 0:
            state.seen = month_after(night.replace(day=1), -1)
            if client.onboard_date <= state.seen:
                state.tier = client.wanted.get(state.seen, "standard")
        else:
            assert state.seen is not None
            while state.seen < newest_month(night):
                state.seen = month_after(state.seen)
                if client.onboard_date <= state.seen:
                    state.judge(
                        client.wanted.get(state.seen, "standard"),
                        gated=night in client.red_nights,
                        sustained=client.sustained.get(night.replace(day=1), 10**9),
                    )
        decided = override_on(client, night)
        yield decided or state.tier, state.months_below, state.attention and decided is None


@pytest.fixture(scope="module")
def bank() -> Iterator[Bank]:
    """One engine for every example: making it costs more than a night."""
    made = Bank()
    yield made
    made.close()


def run(bank: Bank, clients: list[Client], nights: list[datetime.date]) -> dict[str, list[tuple[str, int, bool]]]:
    """(tier, months below, attention) of each client, night by night."""
    bank.open(clients)
    found: dict[str, list[tuple[str, int, bool]]] = {client.client_id: [] for client in clients}
    for night in nights:
        for client_id, row in bank.night(night).items():
            found[client_id].append((row["tier"], row["months_below"], row["attention"]))
    return found


def test_worked_sequence_of_a_core_client(bank: Bank) -> None:
    """q = C I I C I I I gives C C C C C C I, with 0 1 2 0 1 2 0 months below."""
    letters = {"C": "core", "I": "important"}
    months = [month_after(START, n) for n in range(7)]
    client = Client("C1", {m: letters[q] for m, q in zip(months, "CIICIII", strict=True)})
    # the night of the first working day after each month
    nights = [
        next(d for n in range(7) if is_workday(d := month_after(month) + datetime.timedelta(days=n)))
        for month in months
    ]
    found = run(bank, [client], nights)["C1"]
    assert [tier for tier, _, _ in found] == [letters[letter] for letter in "CCCCCCI"]
    assert [below for _, below, _ in found] == [0, 1, 2, 0, 1, 2, 0]
    assert [attention for _, _, attention in found] == [False, True, True, False, True, True, False]


def test_strategic_keeps_its_tier_for_five_months_and_loses_it_in_the_sixth(bank: Bank) -> None:
    months = [month_after(START, n) for n in range(7)]
    client = Client("C1", {months[0]: "strategic"} | dict.fromkeys(months[1:], "core"))
    found = run(bank, [client], [month_after(month).replace(day=10) for month in months])["C1"]
    assert [tier for tier, _, _ in found] == ["strategic"] * 6 + ["core"]


def test_a_decision_that_ends_returns_to_the_machine_as_it_went_on_underneath(bank: Bank) -> None:
    months = [month_after(START, n) for n in range(6)]
    client = Client("C1", {months[0]: "core"} | dict.fromkeys(months[1:], "important"))
    client.overrides.append(
        {
            "tier": "strategic",
            "reason_code": "HQ_LIST",
            "requested_by": "S1",
            "approved_by": "S2",
            "valid_from": month_after(START, 1),
            "valid_to": month_after(START, 3).replace(day=20),
        }
    )
    nights = [month_after(START, n).replace(day=15) for n in range(1, 4)] + [month_after(START, 3).replace(day=21)]
    found = run(bank, [client], nights)["C1"]
    assert found == [("strategic", 0, False), ("strategic", 1, False), ("strategic", 2, False), ("core", 2, True)]


@st.composite
def clients_and_nights(draw: st.DrawFn) -> tuple[list[Client], list[datetime.date]]:
    """Clients with histories of their own, and the nights that were run, up to three months apart."""
    nights, day = [], START + datetime.timedelta(days=draw(st.integers(0, 30)))
    for _ in range(draw(st.integers(3, 7))):
        nights.append(day)
        day += datetime.timedelta(days=draw(st.sampled_from([1, 2, 9, 20, 30, 31, 62, 92])))
    months = [month_after(START, n) for n in range(-2, 30)]
    clients = []
    for number in range(draw(st.integers(1, 8))):
        wanted = {month: draw(st.sampled_from(LADDER)) for month in months}
        overrides = []
        if draw(st.booleans()):
            first = draw(st.sampled_from(nights)) + datetime.timedelta(days=draw(st.integers(-3, 3)))
            overrides.append(
                {
                    "tier": draw(st.sampled_from(LADDER)),
                    "reason_code": "GROUP_SUPPORT",
                    "requested_by": "S1",
                    "approved_by": draw(st.sampled_from([None, "S1", "S2", "S2", "S2"])),
                    "valid_from": first,
                    "valid_to": first + datetime.timedelta(days=draw(st.sampled_from([0, 20, 90, 365, 366]))),
                }
            )
        clients.append(
            Client(
                client_id=f"C{number}",
                wanted=wanted,
                onboard_date=draw(st.sampled_from([START.replace(year=2024), START.replace(year=2024), months[1]])),
                sustained={m: draw(st.sampled_from([1, *DEPOSITS.values()])) for m in months},
                red_nights={night for night in nights if draw(st.integers(0, 3)) == 0},
                overrides=overrides,
            )
        )
    return clients, nights


@pytest.mark.long
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(example=clients_and_nights())
def test_the_machine_equals_the_rules_on_random_histories(
    bank: Bank, example: tuple[list[Client], list[datetime.date]]
) -> None:
    clients, nights = example
    found = run(bank, clients, nights)
    for client in clients:
        assert found[client.client_id] == list(expected_nights(client, nights)), client
