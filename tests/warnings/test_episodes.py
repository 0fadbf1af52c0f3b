"""Episodes, night by night through the real SQL, are what the rules say on paper of the whole history."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlcase import NIGHT, calendar_rows, given_types, parameters

from nightdesk.engine import Engine
from nightdesk.models import declared_columns, ordered
from nightdesk.policy import register_policy

START = datetime.date(2026, 3, 2)  # a Monday
DAY = datetime.timedelta(days=1)
#: the rows that each night made
Stood = dict[datetime.date, list[dict[str, Any]]]
RANK = {"blue": 1, "amber": 2, "red": 3}
#: T08 is looked at daily (amber 2, red 4: clear at 1.8), J07 monthly (clear at 0)
INDICATORS = {"daily": "T08", "monthly": "J07"}
GIVEN = (
    "warnings.signal",
    "warnings.decision",
    "warnings_verdict.reading",
    "warnings_verdict.contagion",
    "warnings_verdict.quality",
    "warnings_verdict.withheld",
    "staging.client",
)


@dataclass(frozen=True)
class Seen:
    """What a night saw of an indicator of the one client: it fires on the loan, on another one, is quiet, or is not
    known, or does not apply. `step`: the band it is in, where its severities have several."""

    outcome: str
    severity: str = "amber"
    hard: bool = False
    step: int | None = None
    value: float = 5
    data_on: datetime.date | None = None


@dataclass(frozen=True)
class Decision:
    """About the episode that stood the night before, known from a night on."""

    night: datetime.date
    verdict: str
    days: int
    number: int = 0


@dataclass
class History:
    """What all nights see of one indicator of one client, and what people decided."""

    rhythm: str
    seen: dict[datetime.date, Seen]
    decisions: list[Decision] = field(default_factory=list)


@dataclass
class Paper:
    """One episode as a person would keep it on paper."""

    opened: datetime.date
    started: datetime.date
    last: datetime.date
    severity: str
    hard: bool
    top: int
    step: int | None = None
    graver: datetime.date | None = None
    closed: datetime.date | None = None
    why: str | None = None
    reopened: int = 0
    clear: list[datetime.date] = field(default_factory=list)
    assessed: datetime.date = START
    decision: int | None = None
    rank_then: int = 0
    step_then: int | None = None
    quiet_until: datetime.date | None = None
    put_off_until: datetime.date | None = None
    suppressed: bool = False
    told: datetime.date | None = None
    waiting: str | None = None
    said: str | None = None
    is_told: bool = False

    @property
    def rank(self) -> int:
        return 4 if self.hard else RANK[self.severity]


def workday(day: datetime.date) -> bool:
    return day.weekday() < 5


def workdays(first: datetime.date, last: datetime.date) -> int:
    return sum(workday(first + n * DAY) for n in range(1, (last - first).days + 1))


def is_other(rhythm: str, last: datetime.date, new: datetime.date) -> bool:
    return rhythm == "daily" or (new.year, new.month) > (last.year, last.month)


def on_paper(history: History) -> dict[datetime.date, Paper | None]:
    """The episode of each night, by the rules, from the whole history."""
    needed = {"daily": 3, "monthly": 2}[history.rhythm]
    clear_at = {"daily": 1.8, "monthly": 0}[history.rhythm]
    lapses_after = {"daily": 30, "monthly": 365}[history.rhythm]  # T08 has a window of its own
    state: Paper | None = None
    found: dict[datetime.date, Paper | None] = {}
    for night in sorted(history.seen):
        seen, before = history.seen[night], state
        was_open = before is not None and before.closed is None
        change = None
        if seen.outcome == "fires":
            if before is None or (before.closed is not None and (night - before.closed).days > 30):
                state = Paper(night, night, night, seen.severity, seen.hard, RANK[seen.severity], seen.step)
                if before is not None:
                    state.quiet_until, state.rank_then = before.quiet_until, before.rank_then
                    state.step_then = before.step_then
                state.graver = night
                change = "opened"
            else:
                rank = 4 if seen.hard else RANK[seen.severity]
                change = "reopened" if before.closed else "worse" if rank > before.rank else None
                state = replace(before, closed=None, why=None, clear=[], last=night, severity=seen.severity)
                state.hard, state.top, state.step = seen.hard, max(before.top, RANK[seen.severity]), seen.step
                state.reopened += change == "reopened"
                state.started = night if change == "reopened" else before.started
                is_step = rank == before.rank and (seen.step or 0) > (before.step or seen.step or 0)
                state.graver = night if change or is_step else before.graver
            state.assessed, state.clear = night, []
        elif before is not None and was_open:
            state = replace(before, clear=list(before.clear))
            if seen.outcome in ("quiet", "elsewhere"):  # it was assessed, be it of another loan
                state.assessed = night
            if seen.outcome == "quiet":
                if seen.value > clear_at:
                    state.clear = []
                elif not state.clear or is_other(history.rhythm, state.clear[-1], seen.data_on or night):
                    state.clear.append(seen.data_on or night)
            if seen.outcome == "gone":
                state.closed, state.why = night, "not_applicable"
            elif seen.outcome == "quiet" and len(state.clear) >= needed:
                state.closed, state.why = night, "cleared"
            elif (night - state.assessed).days >= lapses_after:
                state.closed, state.why = night, "lapsed"
        elif before is not None:
            state = replace(before)
        if state is None:
            found[night] = None
            continue
        is_new = change == "opened"
        own = [
            one
            for one in history.decisions
            if one.night <= night and before is not None and not is_new and decided_about(found, one) == state.opened
        ]
        newest = max(own, key=lambda one: (one.night, one.number), default=None)
        if newest is not None and newest.number != state.decision:
            assert before is not None
            state.decision, state.rank_then, state.step_then = newest.number, before.rank, before.step
            decided_on = newest.night - DAY
            state.quiet_until = decided_on + 90 * DAY if newest.verdict == "false_alarm" else None
            state.put_off_until = decided_on + newest.days * DAY if newest.verdict == "snooze" else None
        was_put_off = before is not None and before.put_off_until is not None
        morning = night + DAY
        if state.put_off_until is not None and state.put_off_until <= morning:
            state.put_off_until = None
        is_graver = seen.outcome == "fires" and is_graver_than_then(state)
        if is_graver:
            state.quiet_until = state.put_off_until = None
        is_quiet = (state.quiet_until is not None and state.quiet_until > night) or state.put_off_until is not None
        state.suppressed = state.closed is None and not state.hard and is_quiet
        was_suppressed = before is not None and before.suppressed
        if is_graver and was_suppressed and was_open:
            change = "worse"
        tell(state, seen, change, night, was_open=was_open, was_suppressed=was_suppressed, was_put_off=was_put_off)
        found[night] = state
        if state.closed and (night - state.closed).days > 30 and not (state.quiet_until and state.quiet_until > night):
            state = found[night] = None
    return found


def is_graver_than_then(state: Paper) -> bool:
    """Whether it is graver than when the decision came: by severity, or by a band of the same severity."""
    if not state.rank_then or state.rank != state.rank_then:
        return 0 < state.rank_then < state.rank
    return state.step is not None and state.step_then is not None and state.step > state.step_then


def decided_about(found: dict[datetime.date, Paper | None], one: Decision) -> datetime.date | None:
    """When the episode had opened that stood on the last night before a decision came."""
    nights = [night for night in found if night < one.night]
    stood = found[max(nights)] if nights else None
    return stood.opened if stood else None


def tell(
    state: Paper,
    seen: Seen,
    change: str | None,
    night: datetime.date,
    *,
    was_open: bool,
    was_suppressed: bool,
    was_put_off: bool,
) -> None:
    """Whether, and why, the list of the morning after tells it."""
    waiting = state.waiting if change != "opened" else None
    if was_open and state.closed:
        said = "closed" if state.told and not was_suppressed else None
    elif state.suppressed:
        said = None
    else:
        back = was_suppressed and state.closed is None
        said = change or (("snooze_over" if was_put_off else "suppression_over") if back else None)
        if waiting and (said is None or said == "worse"):
            said = waiting
        is_red = state.closed is None and state.severity == "red" and seen.outcome != "elsewhere"
        if said is None and is_red and state.told and workdays(state.told, night + DAY) >= 7:
            said = "reminder"
    state.said, state.is_told = said, said is not None and workday(night + DAY)
    state.told = night + DAY if state.is_told else state.told
    state.waiting = None if state.is_told else said


class Nights:
    """The real SQL, in one engine: what a night made is what the next one goes on from."""

    def __init__(self) -> None:
        self.engine = Engine(threads=1)
        register_policy(self.engine, START)
        self.chain = ordered(["warnings.episode"], set(GIVEN))
        self.types = {name: given_types(name) for name in GIVEN}
        self.columns = declared_columns("warnings")["episode"]
        calendar = calendar_rows(START + 200 * DAY)
        self.engine.insert("night.calendar", NIGHT["calendar"], calendar)
        for name in GIVEN:
            self.engine.empty(name, self.types[name])
        self.put("staging.client", [{"client_id": "A", "branch_id": "B1"}])

    def put(self, table: str, rows: list[dict[str, Any]]) -> None:
        self.engine.insert(table, self.types[table], rows)

    def night(
        self, day: datetime.date, history: History, before: list[dict[str, Any]], stood: dict[datetime.date, Any]
    ) -> list[dict[str, Any]]:
        """The rows of one night, after those of the night before."""
        indicator, seen = INDICATORS[history.rhythm], history.seen[day]
        self.engine.parameters = parameters(day)
        self.engine.insert("previous.episode", self.columns, before)
        fires = seen.outcome in ("fires", "elsewhere")
        reading = {
            "client_id": "A",
            "indicator": indicator,
            "is_assessed": seen.outcome != "unknown",
            "severity": seen.severity if fires else None,
            "value": seen.value,
            "data_date": seen.data_on,
            "amber_line": 2 if history.rhythm == "daily" else 0,
        }
        signal = {
            "client_id": "A",
            "branch_id": "B1",
            "indicator": indicator,
            "severity": seen.severity,
            "hard": seen.hard,
            "band_step": seen.step,
            "loan_id": "L1" if seen.outcome == "fires" else "L2",
            "audience": "branch",
        }
        self.put("warnings_verdict.reading", [] if seen.outcome in ("gone", "held") else [reading])
        self.put("warnings.signal", [signal] if fires else [])
        held = [{"client_id": "A", "rule": indicator}] if seen.outcome == "held" else []
        self.put("warnings_verdict.withheld", held)
        decisions = []
        for one in history.decisions:
            ids = stood_before(stood, one.night)
            if one.night <= day and ids:
                decisions.append(
                    {
                        "decision_id": f"{one.number:03d}",
                        "subject": "episode",
                        "subject_key": ids,
                        "verdict": one.verdict,
                        "decided_on": one.night - DAY,
                        "decided_at": datetime.datetime.combine(one.night, datetime.time(1)),
                        "until": one.night - DAY + one.days * DAY if one.verdict == "snooze" else None,
                    }
                )
        self.put("warnings.decision", decisions)
        for model in self.chain:
            self.engine.build(model.table, model.sql, as_view=False, columns=model.columns)
        return self.engine.rows("select * from warnings.episode order by all")


def stood_before(stood: dict[datetime.date, list[dict[str, Any]]], night: datetime.date) -> str | None:
    """The id of the loan's episode that the last night before shows."""
    nights = [day for day in stood if day < night]
    rows = stood[max(nights)] if nights else []
    return next((row["episode_id"] for row in rows if row["loan_id"] == "L1"), None)


@pytest.fixture(scope="module")
def nights() -> Iterator[Nights]:
    made = Nights()
    yield made
    made.engine.close()


def run(nights: Nights, history: History, stood: dict[datetime.date, Any], first: datetime.date) -> None:
    """Run, or replay, the nights from `first` to the last."""
    days = sorted(history.seen)
    for number, day in enumerate(days):
        if day >= first:
            before = stood[days[number - 1]] if number else []
            earlier = {other: rows for other, rows in stood.items() if other < day}
            stood[day] = nights.night(day, history, before, earlier)


def told(rows: list[dict[str, Any]]) -> tuple[Any, ...] | None:
    """What is compared of the loan's episode."""
    row = next((row for row in rows if row["loan_id"] == "L1"), None)
    names = (
        "opened_on",
        "started_on",
        "graver_on",
        "last_seen",
        "closed_on",
        "closed_because",
        "severity",
        "severity_max",
        "hard",
        "reopened_count",
        "clear_count",
        "is_suppressed",
        "is_told",
        "told_because",
        "told_on",
        "state",
    )
    return None if row is None else tuple(row[name] for name in names)


def paper_told(state: Paper | None, decisions: list[Decision]) -> tuple[Any, ...] | None:
    if state is None:
        return None
    verdict = next((one.verdict for one in decisions if one.number == state.decision), None)
    name = "closed" if state.closed else "open"
    if state.suppressed:
        name = "snoozed" if state.put_off_until else "false_alarm"
    elif not state.closed and verdict == "confirm":
        name = "confirmed"
    top = {number: word for word, number in RANK.items()}[state.top]
    return (
        state.opened,
        state.started,
        state.graver,
        state.last,
        state.closed,
        state.why,
        state.severity,
        top,
        state.hard,
        state.reopened,
        len(state.clear),
        state.suppressed,
        state.is_told,
        state.said,
        state.told,
        name,
    )


def require_equal(history: History, stood: dict[datetime.date, Any]) -> None:
    expected = on_paper(history)
    for night in sorted(history.seen):
        assert told(stood[night]) == paper_told(expected[night], history.decisions), (night, history)


@st.composite
def seen_that(draw: st.DrawFn, day: datetime.date) -> Seen:
    outcome = draw(st.sampled_from(["fires"] * 4 + ["quiet"] * 6 + ["unknown", "held", "gone", "elsewhere"]))
    severity = draw(st.sampled_from(["blue", "amber", "amber", "red", "red"]))
    hard = severity == "red" and draw(st.integers(0, 3)) == 0
    value = draw(st.sampled_from([0, 0, 0, 0, 1.8, 1.81])) if outcome == "quiet" else 5
    step = draw(st.sampled_from([None, 1, 1, 2, 2, 3]))
    return Seen(outcome, severity, hard, step, value, day - draw(st.sampled_from([0, 0, 3, 20])) * DAY)


@st.composite
def histories(draw: st.DrawFn) -> tuple[History, History]:
    """A history as it was seen at first, and as it came out in the end."""
    day, seen = START + draw(st.integers(0, 6)) * DAY, {}
    for _ in range(draw(st.integers(4, 14))):
        seen[day] = draw(seen_that(day))
        day += draw(st.sampled_from([1, 1, 1, 1, 1, 2, 3, 5, 29, 31, 60])) * DAY
    decisions = []
    for number in range(draw(st.integers(0, 3))):
        verdict = draw(st.sampled_from(["false_alarm", "false_alarm", "snooze", "confirm"]))
        decisions.append(Decision(draw(st.sampled_from(sorted(seen))), verdict, draw(st.sampled_from([2, 7])), number))
    last = History(draw(st.sampled_from(["daily", "daily", "monthly"])), seen, decisions)
    first = dict(seen)
    for night in draw(st.lists(st.sampled_from(sorted(seen)), max_size=3)):
        first[night] = draw(seen_that(night))
    return History(last.rhythm, first, decisions), last


@pytest.mark.long
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(both=histories(), order=st.randoms(use_true_random=False))
def test_given_any_history_and_any_order_of_corrections_and_replays_then_each_night_is_what_the_whole_says(
    nights: Nights, both: tuple[History, History], order: Any
) -> None:
    first, last = both
    stood: dict[datetime.date, Any] = {}
    run(nights, first, stood, START)
    require_equal(first, stood)
    changed = [night for night in last.seen if last.seen[night] != first.seen[night]]
    order.shuffle(changed)
    for night in changed:  # one correction after the other comes to light, and is replayed from its night on
        first.seen[night] = last.seen[night]
        run(nights, first, stood, night)
    require_equal(last, stood)


def days(*outcomes: str, first: datetime.date = START) -> History:
    """A night a day of a daily indicator, a letter each: r(ed), a(mber), h(ard), q(uiet), m(argin), u(nknown);
    1 and 2: amber of that band; e: amber of another loan (elsewhere)."""
    letters = {
        "r": Seen("fires", "red"),
        "a": Seen("fires"),
        "h": Seen("fires", "red", hard=True),
        "1": Seen("fires", step=1),
        "2": Seen("fires", step=2),
        "q": Seen("quiet", value=1.8),
        "m": Seen("quiet", value=1.81),
        "u": Seen("unknown"),
        "e": Seen("elsewhere"),
        "-": None,
    }
    found = [(first + n * DAY, letters[one]) for n, one in enumerate("".join(outcomes))]
    return History("daily", {day: seen for day, seen in found if seen is not None})


@pytest.mark.parametrize(
    ("outcomes", "closed", "reopened", "top"),
    [
        ("aqq", None, 0, "amber"),
        ("aqqq", 3, 0, "amber"),
        ("aqqm", None, 0, "amber"),
        ("aqquuuq", 6, 0, "amber"),
        ("aqq---q", 6, 0, "amber"),
        ("raqqq", 4, 0, "red"),
        ("aqqq" + "u" * 29 + "a", None, 1, "amber"),
        ("aqqq" + "u" * 30 + "a", None, 0, "amber"),
    ],
)
def test_given_nights_on_paper_then_it_opens_closes_and_opens_again(
    nights: Nights, outcomes: str, closed: int | None, reopened: int, top: str
) -> None:
    history = days(outcomes)
    stood: Stood = {}
    run(nights, history, stood, START)
    (row,) = stood[max(stood)]
    assert row["closed_on"] == (None if closed is None else START + closed * DAY)
    assert (row["reopened_count"], row["severity_max"]) == (reopened, top)
    require_equal(history, stood)


@pytest.mark.parametrize(("letter", "why"), [("e", None), ("u", "lapsed")])
def test_given_what_fires_for_another_loan_as_long_as_it_takes_to_lapse_then_it_stays_and_what_is_unknown_lapses(
    nights: Nights, letter: str, why: str | None
) -> None:
    history = days("a" + letter * 30)
    stood: Stood = {}
    run(nights, history, stood, START)
    assert [row["closed_because"] for row in stood[max(stood)] if row["loan_id"] == "L1"] == [why]
    require_equal(history, stood)


def test_given_a_red_that_stays_then_it_is_told_when_it_opens_and_every_seven_working_days(nights: Nights) -> None:
    history = days("r" * 24)
    stood: Stood = {}
    run(nights, history, stood, START)
    said = {day: rows[0]["told_because"] for day, rows in stood.items() if rows[0]["is_told"]}
    # the list of Tuesday the 3rd, and those of Thursday the 12th and Monday the 23rd
    assert said == {
        START: "opened",
        datetime.date(2026, 3, 11): "reminder",
        datetime.date(2026, 3, 22): "reminder",
    }


@pytest.mark.parametrize(("letter", "quiet"), [("a", True), ("r", False), ("h", False)])
def test_given_a_confirmed_false_alarm_then_it_is_quiet_for_ninety_days_unless_it_worsens(
    nights: Nights, letter: str, *, quiet: bool
) -> None:
    history = days("aa" + letter * 2 + "-" * 85 + letter * 2)
    stood: Stood = {}
    history.decisions.append(Decision(START + DAY, "false_alarm", 0, 1))  # decided on the first day
    run(nights, history, stood, START)
    assert stood[START + DAY][0]["is_suppressed"]
    assert stood[START + 2 * DAY][0]["is_suppressed"] == quiet
    assert stood[START + 89 * DAY][0]["is_suppressed"] == quiet
    assert not stood[START + 90 * DAY][0]["is_suppressed"]
    assert stood[START + 2 * DAY][0]["told_because"] == (None if quiet else "worse")
    require_equal(history, stood)


@pytest.mark.parametrize("verdict", ["false_alarm", "snooze"])
@pytest.mark.parametrize(("outcomes", "quiet"), [("11", True), ("12", False), ("22", True), ("21", True), ("a2", True)])
def test_given_what_a_person_put_off_when_its_band_gets_graver_within_a_severity_then_it_is_back(
    nights: Nights, verdict: str, outcomes: str, *, quiet: bool
) -> None:
    before, after = outcomes
    history = days(before * 2 + after * 2)
    stood: Stood = {}
    history.decisions.append(Decision(START + DAY, verdict, 60, 1))
    run(nights, history, stood, START)
    assert stood[START + DAY][0]["is_suppressed"]
    assert [stood[START + n * DAY][0]["is_suppressed"] for n in (2, 3)] == [quiet, quiet]
    assert stood[START + 2 * DAY][0]["told_because"] == (None if quiet else "worse")
    assert stood[START + 3 * DAY][0]["told_because"] is None
    require_equal(history, stood)


def test_given_a_hard_signal_then_no_decision_keeps_it_quiet(nights: Nights) -> None:
    history = days("hhhr")
    stood: Stood = {}
    history.decisions.append(Decision(START + DAY, "false_alarm", 0, 1))
    run(nights, history, stood, START)
    assert [rows[0]["is_suppressed"] for rows in stood.values()] == [False, False, False, True]
