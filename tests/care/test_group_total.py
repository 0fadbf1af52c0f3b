"""Groups never count a client or a loan twice, and every circle of control is named, whatever the links say.

Random registers, tiers and links through the real SQL, held against a count by hand.
"""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcase import given_types, parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import ordered

DAY = datetime.date(2026, 3, 31)
SIZE = 7
GIVEN = (
    "staging.client", "staging.loan", "tiers.client_tier", "features.client_exposure", "features.client_balance",
    "warnings.warning",
)  # fmt: skip
Row = dict[str, object]


@dataclass(frozen=True)
class World:
    """Of each client its group by the register and by control; links as (kind, client, other client)."""

    register: tuple[int | None, ...]
    sponsor: tuple[int | None, ...]
    links: frozenset[tuple[str, int, int]]

    @property
    def size(self) -> int:
        return len(self.register)

    def circles(self) -> list[frozenset[int]]:
        """The circles of control: who reaches each other; one alone where it controls itself."""
        controls = [{b for kind, a, b in self.links if kind == "controls" and a == one} for one in range(self.size)]
        reach = [set(near) for near in controls]
        for _ in range(self.size):
            for one in range(self.size):
                reach[one] |= {far for near in list(reach[one]) for far in reach[near]}
        rounds = {frozenset({b for b in reach[a] if a in reach[b]} | {a}) for a in range(self.size) if a in reach[a]}
        return sorted(rounds, key=min)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(parameters(DAY), threads=1) as made:
        prepare(made, {}, DAY, ["client", "client_link", "guarantee", "loan"])
        yield made


def totals(engine: Engine, worlds: list[World]) -> tuple[list[Row], list[Row]]:
    """Rows of group_total, and of the circles, of worlds that know nothing of each other. Client n owes 10^n."""
    rows: dict[str, list[Row]] = {table: [] for table in (*GIVEN, "source.client_link", "source.guarantee")}
    for number, world in enumerate(worlds):
        name = [f"W{number:04d}C{client:02d}" for client in range(world.size)]
        for client in range(world.size):
            register, sponsor = world.register[client], world.sponsor[client]
            one: Row = {"client_id": name[client]}
            group = None if register is None else f"W{number:04d}G{register}"
            rows["staging.client"].append(
                one | {"branch_id": "B", "is_active": True, "is_natural_person": False, "group_id": group}
            )
            rows["tiers.client_tier"].append(
                one | {"sponsor_group_id": None if sponsor is None else f"W{number:04d}G{sponsor}"}
            )
            owed = Decimal(10) ** (client % SIZE)
            rows["features.client_exposure"].append(
                one | {"exposure_amt": owed, "outstanding_amt": owed, "undrawn_amt": 0, "overdue_amt": 0}
                | {"is_assessed": True}
            )  # fmt: skip
        rows["source.client_link"] += [
            {"client_id": name[a], "other_client_id": name[b], "kind": kind} for kind, a, b in sorted(world.links)
        ]
    for table, found in rows.items():
        engine.insert(table, given_types(table), found)
    for model in ordered(["care.group_total"], set(GIVEN)):
        engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
    return (
        engine.rows("select * from care.group_total order by group_id"),
        engine.rows("select * from care_ecosystem.control_circle order by client_id"),
    )


groups = st.tuples(*[st.sampled_from([None, None, 0, 1])] * SIZE)
ends = st.integers(0, SIZE - 1)
links = st.frozensets(
    st.tuples(st.sampled_from(["controls", "controls", "same_group", "guarantees"]), ends, ends), max_size=10
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds=st.lists(st.builds(World, groups, groups, links), min_size=20, max_size=60))
def test_given_any_links_when_groups_are_added_up_then_no_loan_counts_twice_and_each_circle_is_named(
    engine: Engine, worlds: list[World]
) -> None:
    told, rounds = totals(engine, worlds)
    for number, world in enumerate(worlds):
        mine = [row for row in told if f"W{number:04d}" in str(row["lead_client_id"])]
        # what the groups owe is a sum of different powers of ten: no digit is above one
        digits = Counter(str(sum((Decimal(str(row["exposure_amt"])) for row in mine), Decimal(0)).to_integral_value()))
        assert set(digits) <= {"0", "1"}, (world, mine)
        assert sum(int(str(row["client_count"])) for row in mine) == digits["1"], (world, mine)
        named = {}
        for row in rounds:
            if str(row["client_id"]).startswith(f"W{number:04d}"):
                named.setdefault(row["circle_id"], set()).add(int(str(row["client_id"])[-2:]))
        assert sorted(map(frozenset, named.values()), key=min) == world.circles(), world
        said = {str(row["circle_members"]) for row in mine if row["control_issue"]}
        for circle in world.circles():
            members = ", ".join(f"W{number:04d}C{client:02d}" for client in sorted(circle))
            assert any(members in one for one in said), (world, mine)


def test_given_a_circle_of_forty_then_it_is_one_group_named_with_all_of_them(engine: Engine) -> None:
    ring = frozenset(("controls", one, (one + 1) % 40) for one in range(40))
    told, rounds = totals(engine, [World((None,) * 40, (None,) * 40, ring)])
    assert [row["client_count"] for row in told] == [40]
    assert told[0]["control_issue"] == "circular"
    assert str(told[0]["circle_members"]).count("W0000C") == 40
    assert {row["circle_id"] for row in rounds} == {"W0000C00"}


def test_given_a_circle_of_seventy_then_what_cannot_be_followed_is_said(engine: Engine) -> None:
    ring = frozenset(("controls", one, (one + 1) % 70) for one in range(70))
    told, _ = totals(engine, [World((None,) * 70, (None,) * 70, ring)])
    assert {row["control_issue"] for row in told} == {"longer"}


def test_given_a_holding_of_three_hundred_and_chains_below_it_then_there_is_no_circle(engine: Engine) -> None:
    star = frozenset(("controls", 0, one) for one in range(1, 200))
    chain = frozenset(("controls", one, one + 1) for one in range(200, 300))
    _, rounds = totals(engine, [World((None,) * 301, (None,) * 301, star | chain | {("controls", 199, 200)})])
    assert [row for row in rounds if row["circle_id"]] == []


def test_given_two_groups_that_claim_one_client_then_it_counts_in_the_registers_alone(engine: Engine) -> None:
    world = World((0, 0, 1, 1), (None,) * 4, frozenset({("same_group", 1, 2), ("controls", 2, 1)}))
    told, _ = totals(engine, [world])
    assert [(row["client_count"], row["exposure_amt"]) for row in told] == [(2, Decimal(11)), (2, Decimal(1100))]
    assert sum(int(str(row["in_several_count"])) for row in told) >= 1
