"""Colours are monotone: a further or a worse signal never lowers one. Run through the real SQL."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcase import given_types, parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import ordered
from nightdesk.policy import policy

DAY = datetime.date(2026, 3, 31)
RANK = {"not_assessed": 0, "green": 1, "blue": 2, "amber": 3, "orange": 4, "red": 5}
RULES = {str(row["indicator"]): row for row in policy()["indicator"].effective(DAY)}
COLOURING = sorted(code for code, row in RULES.items() if row["counts_for_colour"])
FADING = {code for code, row in RULES.items() if row["half_life_days"]}
SEVERITY = ("blue", "amber", "red", "red")
LEAST = ("amber", "orange", "red")
EMPTY = (
    "features.loan_state",
    "warnings_verdict.quality",
    "warnings_verdict.client_floor",
    "warnings_verdict.no_credit",
)


@dataclass(frozen=True)
class Signal:
    """What one indicator says of a client.

    `level`: 0 told only, 1 amber, 2 red, 3 hard. `event`: the fact behind it, if shared. `age`: days since it was over.
    """

    indicator: str
    level: int
    event: str | None = None
    least: int = 0
    age: int = 0


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(parameters(DAY), threads=1) as made:
        prepare(
            made,
            {},
            DAY,
            ["project", "instalment", "payment", "permit", "insurance", "covenant_test", "project_progress"],
        )
        for table in EMPTY:
            made.insert(table, given_types(table), [])
        yield made


def colours(engine: Engine, books: list[list[Signal]]) -> list[tuple[str, float]]:
    """Colour and score of each client; a client's book are its signals, besides one indicator that is in order."""
    readings = [
        {
            "client_id": f"C{number:05d}",
            "indicator": signal.indicator,
            "is_assessed": True,
            "is_counted": True,
            "severity": SEVERITY[signal.level],
            "is_hard": signal.level == 3,
            "event_key": signal.event,
            "event_on": DAY - datetime.timedelta(days=signal.age),
            "min_colour": LEAST[signal.least] if signal.indicator == "P01" else None,
        }
        for number, book in enumerate(books)
        for signal in book
    ]
    caught = [row for row in readings if RULES[str(row["indicator"])]["is_contagion"]]
    quiet = [
        {"client_id": f"C{n:05d}", "indicator": "none", "is_assessed": True, "is_counted": True}
        for n in range(len(books))
    ]
    clients = [{"client_id": f"C{n:05d}", "branch_id": "B", "is_active": True} for n in range(len(books))]
    own = [row for row in readings if row not in caught] + quiet
    engine.insert("warnings_verdict.reading", given_types("warnings_verdict.reading"), own)
    engine.insert("warnings_verdict.contagion", given_types("warnings_verdict.contagion"), caught)
    engine.insert("staging.client", given_types("staging.client"), clients)
    present = {*EMPTY, "warnings_verdict.reading", "warnings_verdict.contagion", "staging.client"}
    for model in ordered(["warnings.warning"], present):
        engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
    rows = engine.rows("select colour, score from warnings.warning order by client_id")
    return [(row["colour"], row["score"]) for row in rows]


events = {
    "J15": st.sampled_from([None, "permit:1", "permit:2"]),
    "E04": st.sampled_from([None, "permit:1", "permit:2"]),
    "K05": st.sampled_from([None, "client:1", "client:2"]),
    "X12": st.sampled_from([None, "client:1", "client:2"]),
    **{code: st.sampled_from([None, "event:1", "event:2"]) for code in ("X01", "X02", "X03", "X04", "X08", "X11")},
}


def signal_of(indicator: str) -> st.SearchStrategy[Signal]:
    return st.builds(
        Signal,
        st.just(indicator),
        st.sampled_from([0, 1, 1, 1, 2, 2, 3]),
        events.get(indicator, st.none()),
        st.integers(0, 2) if indicator == "P01" else st.just(0),
        st.sampled_from([0, 30, 90, 300]) if indicator in FADING else st.just(0),
    )


books = st.lists(st.sampled_from(COLOURING), unique=True, max_size=9).flatmap(
    lambda codes: st.tuples(*map(signal_of, codes)).map(list)
)


@st.composite
def worsened(draw: st.DrawFn) -> tuple[list[Signal], list[Signal]]:
    """A book, and the same with one signal more, or one of its signals worse."""
    book = draw(books)
    free = [code for code in COLOURING if code not in {signal.indicator for signal in book}]
    milder = [n for n, signal in enumerate(book) if signal.level < 3]
    if free and (not milder or draw(st.booleans())):
        return book, [*book, draw(st.sampled_from(free).flatmap(signal_of))]
    place = draw(st.sampled_from(milder or list(range(len(book)))))
    changed = replace(book[place], level=min(3, book[place].level + 1), least=min(2, book[place].least + 1))
    return book, [*book[:place], changed, *book[place + 1 :]]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(worsened(), min_size=30, max_size=60))
def test_given_any_signals_when_one_is_added_or_worsens_then_neither_colour_nor_score_falls(
    engine: Engine, pairs: list[tuple[list[Signal], list[Signal]]]
) -> None:
    result = colours(engine, [book for pair in pairs for book in pair])
    for number, (before, after) in enumerate(pairs):
        (was, had), (now, has) = result[2 * number], result[2 * number + 1]
        assert RANK[now] >= RANK[was], (before, was, after, now)
        assert has >= had, (before, had, after, has)


def test_given_four_ambers_in_three_groups_when_one_turns_red_then_it_is_not_below_orange(engine: Engine) -> None:
    ambers = [Signal("T05", 1), Signal("T06", 1), Signal("J15", 1), Signal("E03", 1)]
    variants = [ambers] + [[replace(s, level=2) if s is turned else s for s in ambers] for turned in ambers]
    result = [colour for colour, _ in colours(engine, variants)]
    assert result[0] == "orange"
    assert all(RANK[colour] >= RANK["orange"] for colour in result[1:])


def test_given_one_expired_permit_in_two_groups_when_coloured_then_it_counts_once(engine: Engine) -> None:
    once = [Signal("J15", 2, "permit:1")]
    same = [*once, Signal("E04", 2, "permit:1")]
    other = [*once, Signal("E04", 2, "permit:2")]
    assert colours(engine, [once, same, other]) == [("amber", 10), ("amber", 10), ("red", 20)]


def test_given_a_client_whose_inflow_and_balance_fall_and_nothing_else_when_coloured_then_it_never_reaches_orange(
    engine: Engine,
) -> None:
    falls = ["T01", "T02", "T03"]
    variants = [[Signal(code, level) for code in falls] for level in (0, 1, 2)]
    assert [colour for colour, _ in colours(engine, variants)] == ["blue", "blue", "amber"]
    # the falls of inflow are unproven: a red of them counts as an amber
    alone = [colour for colour, _ in colours(engine, [[Signal(code, 2)] for code in falls])]
    assert alone == ["amber", "blue", "blue"]


def test_given_two_ambers_of_one_group_when_they_are_of_two_families_then_amber_and_of_one_blue(engine: Engine) -> None:
    pairs = [
        [Signal("T01", 1), Signal("T05", 1)],
        [Signal("T04", 1), Signal("T05", 1)],
        [Signal("T01", 0), Signal("T05", 1)],
        [Signal("T02", 1), Signal("T05", 1)],  # of what is unproven an amber counts by its points alone
    ]
    assert [colour for colour, _ in colours(engine, pairs)] == ["amber", "blue", "blue", "blue"]


def test_given_no_signal_when_all_is_assessed_then_green(engine: Engine) -> None:
    assert colours(engine, [[]]) == [("green", 0)]


def test_given_days_past_due_from_0_to_400_when_coloured_then_the_colour_never_falls_and_the_corners_hold(
    engine: Engine,
) -> None:
    days = range(401)
    loans = [
        {"client_id": f"C{n:03d}", "loan_id": f"L{n:03d}", "status": "active", "is_assessed": True, "days_past_due": n}
        for n in days
    ]
    types = given_types("warnings_indicator.t01_balance_drop")
    present = {*EMPTY, "features.loan_state", "staging.client"}
    for model in ordered(["warnings_verdict.reading"]):
        if model.table.startswith("warnings_indicator.") and model.path.stem != "p01_days_past_due":
            engine.insert(model.table, types, [])
            present.add(model.table)
    clients = [{"client_id": f"C{n:03d}", "branch_id": "B", "is_active": True} for n in days]
    try:
        engine.insert("features.loan_state", given_types("features.loan_state"), loans)
        engine.insert("staging.client", given_types("staging.client"), clients)
        for model in ordered(["warnings.warning"], present):
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
        rows = engine.rows("select colour from warnings.warning order by client_id")
        hard = {row["client_id"] for row in engine.rows("select client_id from warnings_verdict.fired where is_hard")}
    finally:
        engine.insert("features.loan_state", given_types("features.loan_state"), [])
    seen = [row["colour"] for row in rows]
    assert [RANK[colour] for colour in seen] == sorted(RANK[colour] for colour in seen)
    corners = {0: "green", 1: "amber", 7: "amber", 8: "orange", 30: "orange", 31: "red", 89: "red", 91: "red"}
    assert {n: seen[n] for n in corners} == corners
    assert hard == {f"C{n:03d}" for n in range(91, 401)}
