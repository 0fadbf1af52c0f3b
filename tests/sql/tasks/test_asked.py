"""Whatever staff comes, leaves, goes on leave and stands in: nobody is asked while away, and nothing is unowned."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlcase import given_types, kept_types, parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import build

START = datetime.date(2026, 3, 31)
NIGHTS = [START + datetime.timedelta(days=days) for days in (0, 1, 5)]
PEOPLE = ("H1", "H2", "S1", "S2", "S3")
CLIENTS = ("C1", "C2", "C3")
PRESENT = {"staging.client", "warnings.warning"}


@dataclass(frozen=True)
class Leave:
    """One absence, in days after START, and who is to stand in: perhaps nobody, oneself, or somebody who is gone."""

    who: str
    first: int
    last: int
    deputy: str | None

    def holds(self, morning: datetime.date) -> bool:
        return self.first <= (morning - START).days <= self.last

    def row(self) -> dict[str, Any]:
        day = datetime.timedelta
        return {
            "staff_id": self.who,
            "from_on": START + day(days=self.first),
            "to_on": START + day(days=self.last),
            "deputy_id": self.deputy,
        }


@dataclass(frozen=True)
class Branch:
    """Its people, with the day after START on which each leaves (99: never); absences; and whose each client is."""

    leaves_on: dict[str, int]
    absences: tuple[Leave, ...]
    manager: dict[str, str | None]

    def there(self, morning: datetime.date) -> set[str]:
        return {who for who, on in self.leaves_on.items() if (morning - START).days <= on}

    def away(self, morning: datetime.date) -> set[str]:
        return {one.who for one in self.absences if one.holds(morning)}


PERSON = st.sampled_from([*PEOPLE, "S9"])
BRANCH = st.builds(
    Branch,
    leaves_on=st.fixed_dictionaries({who: st.sampled_from([0, 2, 99, 99, 99, 99]) for who in PEOPLE}),
    absences=st.lists(
        st.builds(Leave, PERSON, st.integers(-3, 2), st.integers(1, 8), st.none() | PERSON), min_size=2, max_size=6
    ).map(tuple),
    manager=st.fixed_dictionaries({client: st.none() | PERSON for client in CLIENTS}),
)


class Bank:
    """One branch, night after night."""

    def __init__(self) -> None:
        self.engine = Engine(parameters(START))
        #: by night and person: who is asked for what only the person can do
        self.own: list[dict[str, str | None]] = []
        prepare(self.engine, {}, START, ["staff", "absence"])
        for table in PRESENT:
            self.engine.empty(table, given_types(table))

    def nights(self, branch: Branch) -> list[tuple[datetime.date, dict[str, Any]]]:
        """By night, each client's rows: who is asked, and what the registry of owners says."""
        self.engine.empty("previous.client_owner", kept_types("client_owner"))
        self._insert("source.absence", [one.row() for one in branch.absences])
        day = datetime.timedelta
        self._insert(
            "source.staff",
            [
                {
                    "staff_id": who,
                    "branch_id": "B1",
                    "role": "branch_head" if who.startswith("H") else "rm",
                    "active_to": None if on == 99 else START + day(days=on),
                }
                for who, on in branch.leaves_on.items()
            ],
        )
        self._insert(
            "staging.client",
            [
                {"client_id": client, "branch_id": "B1", "rm_id": manager, "is_active": True}
                for client, manager in branch.manager.items()
            ],
        )
        found = []
        self.own.clear()
        for night in NIGHTS:
            self.engine.parameters = parameters(night)
            build(self.engine, ["tasks.client_owner"], PRESENT)
            kept = self.engine.rows("select * from tasks.client_owner")
            asked = self.engine.rows("select * from tasks_listing.owner where client_id not like 'staff:%'")
            own = self.engine.rows("select * from tasks_listing.owner where client_id like 'staff:%'")
            self.engine.execute("create or replace table previous.client_owner as select * from tasks.client_owner")
            assert sorted(row["client_id"] for row in kept) == sorted(row["client_id"] for row in asked)
            assert len(kept) == len(CLIENTS), "each client once"
            people = {row["client_id"]: row for row in asked}
            self.own.append({row["client_id"].removeprefix("staff:"): row["owner_id"] for row in own})
            found.append((night, {row["client_id"]: (row, people[row["client_id"]]) for row in kept}))
        return found

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        self.engine.insert(table, given_types(table), rows)


@pytest.fixture(scope="module")
def bank() -> Iterator[Bank]:
    found = Bank()
    yield found
    found.engine.close()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
@example(
    branch=Branch(
        dict.fromkeys(PEOPLE, 99),
        (Leave("S1", 0, 9, "S2"), Leave("S2", 0, 9, "S3"), Leave("H1", 0, 3, "S1"), Leave("H2", 2, 9, "S3")),
        {"C1": "S1", "C2": "S2", "C3": "S9"},
    )
)
@given(branch=BRANCH)
def test_given_any_staff_and_absences_then_nobody_is_asked_while_away_and_nothing_is_unowned(
    bank: Bank, branch: Branch
) -> None:
    nights = bank.nights(branch)
    for (night, clients), own in zip(nights, bank.own, strict=True):
        morning = night + datetime.timedelta(days=1)
        there, away = branch.there(morning), branch.away(morning)
        at_work = there - away
        heads = {who for who in at_work if who.startswith("H")}
        assert own.keys() == there, "each person once"
        for who, acting in own.items():
            assert acting == who if who in at_work else acting is None or acting in at_work, f"{who} on {morning}"
            assert acting is not None or not heads, f"{who} on {morning}"
        for client, (owner, asked) in clients.items():
            told = f"{client} on {morning}"
            acting = asked["owner_id"]
            assert acting is None or acting in at_work, f"{told}: {acting} is asked, and is not at work"
            # the branch itself is asked only where no head is at work and nobody stands in
            if acting is None:
                assert not heads, told
                assert branch.manager[client] not in at_work, told
            if (manager := branch.manager[client]) in at_work:
                assert acting == owner["owner_id"] == manager, told
            assert owner["owner_id"] is None or owner["owner_id"] in there, f"{told}: the owner has left"
            assert owner["is_away"] == (owner["owner_id"] in away), told
            assert owner["deputy_id"] == (acting if owner["is_away"] else None), told
            assert asked["head_id"] is None or asked["head_id"] in at_work, told
            if owner["owner_id"] is None:
                assert owner["issue"] == "no_owner", "what nobody looks after is said"
