"""The watch list, night by night through the real SQL, does what the rules say in plain Python."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcase import given_types, kept_types, parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import build

pytestmark = pytest.mark.slow
START = datetime.date(2025, 3, 3)
COLOURS = {"red": 5, "orange": 4, "amber": 3, "blue": 2, "green": 1, "not_assessed": 0}
#: least stay, days between reviews, quiet days, clear days and periods paid that a stage asks for
STAGES = {
    1: (30, 30, 0, 30, 0),
    2: (90, 30, 90, 0, 0),
    3: (180, 14, 0, 0, 2),
    4: (180, 7, 0, 0, 2),
}
LONGEST_GAP = 7
#: in how many rounds what a bank learns too late comes to light
CORRECTIONS = 3
PRESENT = {"warnings.warning", "warnings.signal", "warnings.loan_class", "warnings.decision"} | {
    f"warnings_watch.{name}" for name in ("covenant_default", "paid")
}


@dataclass
class Fact:
    """What a night says of the client."""

    colour: str
    days_past_due: int
    paid_periods: int


@dataclass
class History:
    """A client's nights, and what risk said after some of them."""

    nights: dict[datetime.date, Fact]
    said: dict[datetime.date, str] = field(default_factory=dict)


@dataclass
class Place:
    """A client's place on the list, as a person would keep it on paper."""

    level: int = 0
    since: datetime.date | None = None
    proposed: int | None = None
    proposed_on: datetime.date | None = None
    decision: str | None = None
    decided_on: datetime.date | None = None
    fallback: int = 0
    rejected: int | None = None
    blue_since: datetime.date | None = None
    amber_since: datetime.date | None = None
    quiet: int = 0
    clear: int = 0

    def asked_by(self, fact: Fact, day: datetime.date) -> int:
        """The highest stage that a rule asks for."""
        levels = [0]
        rank = COLOURS[fact.colour]
        if self.blue_since and rank >= COLOURS["blue"] and (day - self.blue_since).days >= 30:
            levels.append(1)
        if rank >= COLOURS["amber"]:
            levels.append(2 if self.amber_since and (day - self.amber_since).days >= 31 else 1)
        levels += [2] * (rank >= COLOURS["orange"]) + [3] * (rank >= COLOURS["red"])
        levels += [3] * (fact.days_past_due > 30) + [4] * (fact.days_past_due > 90)
        return max(levels)

    def count(self, fact: Fact, day: datetime.date, gap: int) -> None:
        """Runs and seen days."""
        rank = COLOURS[fact.colour]
        if rank == 0:
            return
        self.blue_since = (self.blue_since or day) if rank >= COLOURS["blue"] else None
        self.amber_since = (self.amber_since or day) if rank >= COLOURS["amber"] else None
        self.quiet = 0 if rank >= COLOURS["amber"] else self.quiet + gap
        self.clear = 0 if rank >= COLOURS["blue"] else self.clear + gap

    def answer(self, verdict: str | None, on: datetime.date | None, day: datetime.date) -> None:
        """What risk said of the proposal, however late, or that nobody did for two working days."""
        if self.decision not in ("pending", "stands") or self.proposed is None or self.proposed_on is None:
            return
        is_entry = self.proposed == self.level
        if verdict is None:
            if is_entry and workdays(self.proposed_on, day) >= 2:
                self.decision = "stands"
            return
        self.decided_on = on
        if verdict == "reject":
            self.decision = "rejected"
            if is_entry:
                self.rejected = self.level
                self.level, self.since = self.fallback, day
        else:
            self.decision = "confirmed"
            if not is_entry:
                self.level, self.since = self.proposed, day

    def judge(self, fact: Fact, day: datetime.date) -> None:
        """Enter, leave, ask, withdraw, or leave it as it is."""
        asked, is_known = self.asked_by(fact, day), COLOURS[fact.colour] > 0
        if asked > self.level and (self.rejected is None or asked > self.rejected):
            if asked >= 2:
                self._ask(asked, day)
            else:
                self._forget()
            self.level, self.since = asked, day
            return
        if self._may_leave(fact, day, asked, is_known=is_known):
            if self.level == 1:
                self.level, self.since = 0, day
                self._forget()
            elif self.decision == "pending" and self.proposed is not None and self.proposed < self.level:
                pass
            elif not self._was_refused_lately(day):
                self._ask(self.level - 1, day)
        elif is_known and self.decision == "pending" and self.proposed is not None and self.proposed < self.level:
            self._forget()

    def _may_leave(self, fact: Fact, day: datetime.date, asked: int, *, is_known: bool) -> bool:
        if self.level == 0 or not is_known or asked >= self.level or self.since is None:
            return False
        least, _, quiet, clear, periods = STAGES[self.level]
        is_long_enough = (day - self.since).days >= least and self.quiet >= quiet and self.clear >= clear
        return is_long_enough and fact.days_past_due == 0 and fact.paid_periods >= periods

    def _was_refused_lately(self, day: datetime.date) -> bool:
        is_refused = self.decision == "rejected" and self.proposed is not None and self.proposed < self.level
        return is_refused and self.decided_on is not None and (day - self.decided_on).days < STAGES[self.level][1]

    def _ask(self, level: int, day: datetime.date) -> None:
        self.fallback = max(self.level, 1)
        self.proposed, self.proposed_on, self.decision, self.decided_on = level, day, "pending", None

    def _forget(self) -> None:
        self.proposed = self.proposed_on = self.decision = self.decided_on = None


def workdays(first: datetime.date, last: datetime.date) -> int:
    """Working days from one day to the other, the first not counted: Monday to Friday."""
    days = (first + datetime.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)


def expected(history: History) -> Iterator[tuple[int, datetime.date | None, str | None]]:
    place, before = Place(), None
    for day, fact in history.nights.items():
        place.count(fact, day, min((day - before).days, LONGEST_GAP) if before else 0)
        spoken = [on for on in history.said if place.proposed_on and place.proposed_on <= on <= day]
        last = max(spoken, default=None)
        if place.rejected and COLOURS[fact.colour] > 0 and place.asked_by(fact, day) < place.rejected:
            place.rejected = None
        place.answer(history.said[last] if last else None, last, day)
        place.judge(fact, day)
        before = day if is_kept(place) else None
        if before is None:
            place = Place()
        yield place.level, place.since if place.level else None, place.decision


def is_kept(place: Place) -> bool:
    """Whether a night has anything to hand on."""
    return bool(place.level or place.blue_since or place.rejected or place.decision)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine(parameters(START), threads=1)
    prepare(made, {}, START, [])
    made.execute(
        "create or replace table night.calendar as select cast(day as date) as day, isodow(day) <= 5 as is_workday, "
        "false as is_provisional, cast(sum(case when isodow(day) <= 5 then 1 else 0 end) over (order by day) "
        "as integer) as workday_index from range(date '2024-12-01', date '2028-01-01', interval 1 day) as days (day)"
    )
    yield made
    made.close()


Found = dict[str, list[tuple[int, datetime.date | None, str | None]]]


def run(engine: Engine, histories: dict[str, History]) -> Found:
    """Every night once, in order."""
    stood: dict[datetime.date, list[dict[str, Any]]] = {}
    replay(engine, histories, stood, START)
    return places(histories, stood)


def places(histories: dict[str, History], stood: dict[datetime.date, list[dict[str, Any]]]) -> Found:
    """By client and night: level, since when, and what was decided."""
    found: Found = {name: [] for name in histories}
    for day in sorted(stood):
        rows = {row["client_id"]: row for row in stood[day]}
        for name in histories:
            row = rows.get(name)
            found[name].append((int(row["stage"][1]), row["since"], row["decision"]) if row else (0, None, None))
    return found


def replay(
    engine: Engine,
    histories: dict[str, History],
    stood: dict[datetime.date, list[dict[str, Any]]],
    first: datetime.date,
    last: datetime.date | None = None,
) -> None:
    """Run, or run again, the nights from one to another: each goes on from what the night before it says now."""
    days = sorted(next(iter(histories.values())).nights)
    for number, day in enumerate(days):
        if day >= first and (last is None or day <= last):
            stood[day] = night(engine, histories, day, stood[days[number - 1]] if number else [])


def night(
    engine: Engine, histories: dict[str, History], day: datetime.date, before: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The watch list of one night."""
    engine.parameters |= {"business_date": day, "morning": day + datetime.timedelta(days=1)}
    facts = {name: history.nights[day] for name, history in histories.items()}
    rows: dict[str, list[dict[str, Any]]] = {
        "warnings.warning": [
            {"client_id": name, "branch_id": "B", "colour": fact.colour} for name, fact in facts.items()
        ],
        "warnings.signal": [
            {"client_id": name, "indicator": "P01", "value": fact.days_past_due}
            for name, fact in facts.items()
            if fact.days_past_due
        ],
        "warnings_watch.paid": [
            {
                "client_id": name,
                "paid_periods": fact.paid_periods,
                "days_past_due": fact.days_past_due,
                "is_unknown": False,
            }
            for name, fact in facts.items()
        ],
        "warnings.decision": [
            {
                "decision_id": f"{name}-{on}",
                "subject": "watch",
                "subject_key": name,
                "verdict": verdict,
                "decided_on": on,
                "decided_at": datetime.datetime.combine(on, datetime.time(9)),
            }
            for name, history in histories.items()
            for on, verdict in history.said.items()
            if on <= day
        ],
    }
    for table in PRESENT:
        replace(engine, table, given_types(table), rows.get(table, []))
    replace(engine, "previous.watch", kept_types("watch"), before)
    build(engine, ["warnings.watch"], PRESENT)
    return engine.rows("select * from warnings.watch")


def replace(engine: Engine, table: str, types: dict[str, str], rows: list[dict[str, Any]]) -> None:
    engine.execute(f"drop table if exists {table}")
    engine.insert(table, types, rows)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, History]:
    """Clients over some two years of nights, run daily or with gaps; colours that stay for a while."""
    days, day = [], START
    for _ in range(draw(st.integers(8, 26))):
        days.append(day)
        day += datetime.timedelta(days=draw(st.sampled_from([1, 1, 2, 3, 7, 15, 30, 31, 60, 90])))
    made = {}
    for number in range(draw(st.integers(2, 6))):
        nights: dict[datetime.date, Fact] = {}
        fact = Fact("green", 0, 0)
        for night in days:
            if draw(st.integers(0, 2)) == 0:
                colour = draw(st.sampled_from([*COLOURS, "green", "green", "blue"]))
                late = draw(st.sampled_from([0, 0, 0, 0, 30, 31, 90, 91]))
                fact = Fact(colour, late, draw(st.sampled_from([0, 1, 2, 2, 3])))
            nights[night] = fact
        spoken = [night for night in days if draw(st.integers(0, 3)) == 0]
        said = {
            night + datetime.timedelta(days=draw(st.integers(0, 1))): draw(
                st.sampled_from(["confirm", "reject", "close"])
            )
            for night in spoken
        }
        made[f"C{number}"] = History(nights, said)
    return made


@pytest.mark.long
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories=histories())
def test_the_watch_list_equals_the_rules_on_random_histories(engine: Engine, histories: dict[str, History]) -> None:
    found = run(engine, histories)
    for name, history in histories.items():
        assert found[name] == list(expected(history)), history


def test_given_two_years_of_trouble_and_recovery_when_risk_agrees_then_each_stage_is_left_one_after_the_other(
    engine: Engine,
) -> None:
    """Red on one night, then green and all paid: W3 for 180 days, W2 for 90, W1 for 30."""
    days = [START + datetime.timedelta(days=n) for n in range(0, 420, 5)]
    nights = {day: Fact("red" if day == START else "green", 0, 5) for day in days}
    said = {day + datetime.timedelta(days=1): "confirm" for day in days}
    stages = [stage for stage, _, _ in run(engine, {"C": History(nights, said)})["C"]]
    lasted = {stage: 5 * stages.count(stage) for stage in (3, 2, 1)}
    assert stages == sorted(stages, reverse=True)
    assert {stage: days >= least for (stage, days), least in zip(lasted.items(), (180, 90, 30), strict=True)} == {
        3: True,
        2: True,
        1: True,
    }
    assert max(lasted.values()) <= 190
    assert stages[-1] == 0


@pytest.mark.long
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(whole=histories(), order=st.randoms(use_true_random=False))
def test_given_nights_missing_late_or_corrected_and_replayed_in_any_order_then_each_is_what_the_whole_says(
    engine: Engine, whole: dict[str, History], order: Any
) -> None:
    days = sorted(next(iter(whole.values())).nights)
    # at first some nights saw something else, and some decisions had not come in
    known = {
        name: History(
            {day: Fact("green", 0, 0) if order.random() < 0.3 else fact for day, fact in history.nights.items()},
            {on: verdict for on, verdict in history.said.items() if order.random() < 0.7},
        )
        for name, history in whole.items()
    }
    stood: dict[datetime.date, list[dict[str, Any]]] = {}
    wrong = [(name, day) for name in whole for day in days if known[name].nights[day] != whole[name].nights[day]]
    wrong += [(name, on) for name in whole for on in whole[name].said if on not in known[name].said]
    order.shuffle(wrong)
    reached = days[order.randrange(len(days))]
    replay(engine, known, stood, START, reached)  # the bank runs up to a night, and finds out about earlier ones
    for part in range(CORRECTIONS):
        found = wrong[part::CORRECTIONS]
        for name, on in found:
            if on in known[name].nights:
                known[name].nights[on] = whole[name].nights[on]
            if on in whole[name].said:
                known[name].said[on] = whole[name].said[on]
        # replayed from its first night on; where nothing came to light, a night runs again and says the same
        replay(engine, known, stood, min((on for _, on in found), default=reached), reached)
    replay(engine, known, stood, reached)
    assert places(whole, stood) == {name: list(expected(history)) for name, history in whole.items()}
