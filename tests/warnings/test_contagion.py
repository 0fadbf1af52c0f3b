"""Contagion is monotone and ends: what looks at others looks at their colours without it. Run through the real SQL."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcase import given_types, parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import BASE_COLOUR, Model, models, ordered
from nightdesk.policy import policy

DAY = datetime.date(2026, 3, 31)
RANK = {"not_assessed": 0, "green": 1, "blue": 2, "amber": 3, "orange": 4, "red": 5}
#: a book of signals by how grave it is: none, an amber, a heavy red alone (orange), a hard one
BOOKS = ([], [("T01", "amber", False)], [("J16", "red", False)], [("T01", "amber", False), ("J11", "red", True)])
EMPTY = ("warnings_verdict.quality", "warnings_verdict.client_floor", "warnings_verdict.no_credit")
SIZE = 5


@dataclass(frozen=True)
class World:
    """How grave each client is by itself, and who controls whom, who guarantees whose loan, and who is of one group."""

    grave: tuple[int, ...]
    controls: frozenset[tuple[int, int]] = frozenset()
    guarantees: frozenset[tuple[int, int]] = frozenset()
    groups: tuple[int | None, ...] = (None,) * SIZE

    def neighbours(self, client: int) -> set[int]:
        """Whose colours a client looks at."""
        found = {b for a, b in self.controls if a == client} | {a for a, b in self.controls if b == client}
        found |= {giver for giver, taker in self.guarantees if taker == client}
        group = self.groups[client]
        found |= {other for other in range(SIZE) if group is not None and self.groups[other] == group}
        return found - {client}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(parameters(DAY), threads=1) as made:
        prepare(made, {}, DAY, ["project", "instalment", "payment", "guarantee", "client_link", "client"])
        for table in EMPTY:
            made.insert(table, given_types(table), [])
        yield made


GIVEN = ("staging.client", "features.loan_state", "features_outside.subject", "warnings_verdict.reading")


def _plan() -> list[Model]:
    return ordered(["warnings.warning"], {*EMPTY, *GIVEN})


def colours(engine: Engine, worlds: list[World]) -> list[tuple[tuple[str, str], ...]]:
    """Of each world's clients the colour and the base colour; the worlds know nothing of each other."""
    rows: dict[str, list[dict[str, object]]] = {
        table: [] for table in (*GIVEN, "source.client_link", "source.guarantee")
    }
    for number, world in enumerate(worlds):
        name = [f"W{number:05d}C{client}" for client in range(SIZE)]
        for client in range(SIZE):
            one: dict[str, object] = {"client_id": name[client]}
            group = world.groups[client]
            rows["staging.client"].append(
                one | {"branch_id": "B", "is_active": True, "group_id": None if group is None else f"W{number}G{group}"}
            )
            rows["features_outside.subject"].append(one | {"is_company": True})
            rows["features.loan_state"].append(
                one | {"loan_id": f"L{name[client]}", "status": "active", "days_past_due": 0, "is_assessed": True}
            )
            said = {"is_assessed": True, "is_counted": True, "is_withheld": False}
            rows["warnings_verdict.reading"] += [
                one | said | {"indicator": code, "severity": severity, "is_hard": is_hard}
                for code, severity, is_hard in BOOKS[world.grave[client]]
            ]
            rows["warnings_verdict.reading"].append(one | said | {"indicator": "none"})
        rows["source.client_link"] += [
            {"client_id": name[a], "other_client_id": name[b], "kind": "controls"} for a, b in sorted(world.controls)
        ]
        rows["source.guarantee"] += [
            {"guarantee_id": f"{name[a]}-{name[b]}", "loan_id": f"L{name[b]}", "guarantor_client_id": name[a]}
            for a, b in sorted(world.guarantees)
        ]
    for table, found in rows.items():
        engine.insert(table, given_types(table), found)
    for model in _plan():
        engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
    made = engine.rows("select colour, base_colour from warnings.warning order by client_id")
    told = [(row["colour"], row["base_colour"]) for row in made]
    return [tuple(told[place : place + SIZE]) for place in range(0, len(told), SIZE)]


edges = st.frozensets(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=6)
worlds = st.builds(
    World,
    st.tuples(*[st.integers(0, len(BOOKS) - 1)] * SIZE),
    edges,
    edges,
    st.tuples(*[st.sampled_from([None, 0, 1])] * SIZE),
)


@st.composite
def worsened(draw: st.DrawFn) -> tuple[World, World]:
    """A world, and the same with one client worse or one link more."""
    world = draw(worlds)
    kind = draw(st.sampled_from(["grave", "controls", "guarantees"]))
    if kind == "grave":
        at = draw(st.integers(0, SIZE - 1))
        worse = min(world.grave[at] + 1, len(BOOKS) - 1)
        return world, replace(world, grave=(*world.grave[:at], worse, *world.grave[at + 1 :]))
    return world, replace(world, **{kind: getattr(world, kind) | draw(edges)})


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(worsened(), min_size=20, max_size=40))
def test_given_any_links_when_a_client_worsens_or_a_link_is_added_then_no_colour_falls_and_it_reaches_one_step(
    engine: Engine, pairs: list[tuple[World, World]]
) -> None:
    bare = [replace(world, controls=frozenset(), guarantees=frozenset(), groups=(None,) * SIZE) for world, _ in pairs]
    found = colours(engine, [world for pair in pairs for world in pair] + bare)
    for number, (before, after) in enumerate(pairs):
        was, now, alone = found[2 * number], found[2 * number + 1], found[2 * len(pairs) + number]
        assert all(RANK[n[0]] >= RANK[w[0]] for w, n in zip(was, now, strict=True)), (before, was, after, now)
        # without contagion a client is what it is without links
        assert [base for _, base in was] == [colour for colour, _ in alone], (before, was, alone)
        for client, (colour, base) in enumerate(was):
            near = {was[other][1] for other in before.neighbours(client)}
            assert RANK[colour] >= RANK[base]
            assert colour == base or near & {"red", "orange"}, (before, client, was)


def test_given_a_client_that_controls_and_guarantees_itself_then_it_catches_nothing_of_itself(engine: Engine) -> None:
    itself = frozenset({(0, 0)})
    world = World((3, 0, 0, 0, 0), controls=itself, guarantees=itself, groups=(0, None, None, None, None))
    alone = replace(world, controls=frozenset(), guarantees=frozenset(), groups=(None,) * SIZE)
    assert colours(engine, [world, alone])[0][0] == ("red", "red")
    told = engine.rows("select score from warnings.warning where client_id in ('W00000C0', 'W00001C0')")
    assert told[0] == told[1], "a signal of its own added points"
    assert colours(engine, [replace(world, grave=(1, 0, 0, 0, 0))])[0][0] == ("blue", "blue")


def test_given_two_that_guarantee_each_other_then_neither_makes_the_other_worse_by_what_it_caught(
    engine: Engine,
) -> None:
    both = World((2, 2, 0, 0, 0), guarantees=frozenset({(0, 1), (1, 0)}))
    # each is orange by itself: an amber of the guarantor makes neither red, and so on for ever
    assert colours(engine, [both])[0][:2] == (("orange", "orange"), ("orange", "orange"))
    one = replace(both, grave=(3, 0, 0, 0, 0))
    assert colours(engine, [one])[0][:2] == (("red", "red"), ("amber", "green"))


def test_given_a_chain_when_its_head_is_red_then_the_next_is_caught_and_the_one_after_is_not(engine: Engine) -> None:
    chain = World((3, 0, 0, 0, 0), controls=frozenset({(0, 1), (1, 2)}))
    assert [colour for colour, _ in colours(engine, [chain])[0][:3]] == ["red", "blue", "green"]


def test_given_the_indicators_then_those_that_read_others_colours_are_those_that_policy_calls_contagion() -> None:
    reading = {
        name.partition(".")[2].partition("_")[0].upper()
        for name, model in models().items()
        if name.startswith("warnings_indicator.") and BASE_COLOUR in model.reads
    }
    assert reading == {str(row["indicator"]) for row in policy()["indicator"].effective(DAY) if row["is_contagion"]}


def test_given_the_models_then_the_base_colour_rests_on_no_contagion() -> None:
    before = {model.table for model in ordered([BASE_COLOUR])}
    assert "warnings_verdict.contagion" not in before
    assert not {table for table in before if table.startswith(("warnings_indicator.k05", "warnings_indicator.x12"))}
