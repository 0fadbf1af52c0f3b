"""Days past due and its runs equal a plain count day by day, on random schedules and payments."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlcase import parameters, prepare, source_types

from nightdesk.engine import Engine
from nightdesk.models import build

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 3, 31)


@dataclass(frozen=True)
class Part:
    """One instalment: due `ago` days before today, its payments as (days after the due date, amount).

    A negative amount takes earlier ones back.
    """

    ago: int
    kind: str
    due: Decimal
    paid: tuple[tuple[int, Decimal], ...]
    is_technical: bool

    @property
    def due_on(self) -> datetime.date:
        return TODAY - self.ago * DAY

    def unpaid(self, day: datetime.date) -> Decimal:
        """What was taken back by today was never paid: the least total from the day on is what stayed."""
        ends = {day, *(self.due_on + after * DAY for after, _ in self.paid if self.due_on + after * DAY > day)}
        totals = [sum((a for after, a in self.paid if self.due_on + after * DAY <= end), Decimal(0)) for end in ends]
        return max(self.due - max(min(totals), Decimal(0)), Decimal(0))


def in_full_on(accelerated_ago: int | None, matured_ago: int | None) -> datetime.date | None:
    """The day from which the whole balance is due; None while that lies ahead."""
    days = [TODAY - ago * DAY for ago in (accelerated_ago, matured_ago) if ago is not None and ago >= 0]
    return min(days, default=None)


def oldest_due(parts: list[Part], full_on: datetime.date | None, outstanding: Decimal, day: datetime.date) -> Any:
    """The due date from which `day` counts its days past due; None where nothing is overdue."""
    owed = [
        (part.due_on, part.unpaid(day))
        for part in parts
        if part.due_on < day and not (part.is_technical and (day - part.due_on).days <= 7)
    ]
    if full_on is not None and full_on < day:
        delayed = any(part.is_technical and part.due_on == full_on for part in parts)
        if not (delayed and (day - full_on).days <= 7):
            owed.append((full_on, outstanding))
    for due_on in sorted({due_on for due_on, unpaid in owed if unpaid > 0}):
        if sum(unpaid for other, unpaid in owed if other <= due_on) >= 1:
            return due_on
    return None


def runs(parts: list[Part], full_on: datetime.date | None, outstanding: Decimal) -> list[tuple[Any, Any, int]]:
    """Runs of days past due: first day, first good day or None, highest count."""
    found: list[tuple[Any, Any, int]] = []
    started, highest = None, 0
    for back in range(700, -2, -1):
        day = TODAY - back * DAY
        due_on = oldest_due(parts, full_on, outstanding, day) if back >= 0 else None
        if due_on is not None:
            started, highest = started or day, max(highest, (day - due_on).days)
        elif started:
            found.append((started, day if back >= 0 else None, highest))
            started, highest = None, 0
    return found


cents = st.integers(1, 500).map(lambda n: Decimal(n) / 100)
parts = st.builds(
    Part,
    ago=st.one_of(st.integers(-5, 40), st.integers(-5, 500)),
    kind=st.sampled_from(["principal", "interest"]),
    due=cents,
    paid=st.lists(st.tuples(st.integers(-3, 60), cents | cents.map(lambda amount: -amount)), max_size=4).map(tuple),
    is_technical=st.booleans(),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(parameters(TODAY), threads=1) as made:
        prepare(made, {}, TODAY, ["loan", "instalment", "payment"])
        loan = {"loan_id": "L1", "client_id": "C1", "product": "term", "status": "active"}
        made.insert("source.client", source_types("client"), [{"client_id": "C1", "branch_id": "B1"}])
        made.insert("source.loan", source_types("loan"), [loan])
        yield made


@given(
    schedule=st.lists(parts, max_size=5),
    accelerated_ago=st.none() | st.integers(-3, 60),
    matured_ago=st.none() | st.integers(-3, 60),
    outstanding=st.sampled_from([Decimal("0.99"), Decimal("1.00"), Decimal(900)]),
)
@example(
    [Part(60, "principal", Decimal("0.60"), (), False), Part(30, "interest", Decimal("0.60"), (), False)],
    None,
    None,
    Decimal(900),
)
@example([Part(40, "principal", Decimal(5), ((0, Decimal(5)), (8, Decimal(-5))), False)], None, None, Decimal(900))
@example(
    [Part(40, "principal", Decimal(5), ((0, Decimal(5)), (8, Decimal(-5)), (9, Decimal(5))), False)],
    None,
    0,
    Decimal(9),
)
@example([Part(5, "principal", Decimal(5), (), True)], 3, 5, Decimal(900))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_days_past_due_and_their_runs_are_what_a_count_day_by_day_gives(
    engine: Engine, schedule: list[Part], accelerated_ago: int | None, matured_ago: int | None, outstanding: Decimal
) -> None:
    # a key comes once: of two instalments of one kind and date the first stands
    held = list({(part.ago, part.kind): part for part in schedule[::-1]}.values())
    held = [replace(part, paid=tuple(p for p in part.paid if part.due_on + p[0] * DAY <= TODAY)) for part in held]
    fill(engine, held, accelerated_ago, matured_ago, outstanding)
    build(engine, ["features.loan_state", "features.loan_overdue_episode"])

    full_on = in_full_on(accelerated_ago, matured_ago)
    due_on = oldest_due(held, full_on, outstanding, TODAY)
    [state] = engine.rows("select * from features.loan_state")
    assert state["oldest_unpaid_due_date"] == due_on
    # a balance without a plan may be late or not, until the whole of it is due
    on_time = 0 if held or full_on is not None else None
    assert state["days_past_due"] == (on_time if due_on is None else (TODAY - due_on).days)
    seen = engine.rows("select started_on, ended_on, max_days from features.loan_overdue_episode order by started_on")
    assert [tuple(row.values()) for row in seen] == runs(held, full_on, outstanding)


def fill(
    engine: Engine, schedule: list[Part], accelerated_ago: int | None, matured_ago: int | None, outstanding: Decimal
) -> None:
    engine.insert(
        "source.loan",
        source_types("loan"),
        [
            {
                "loan_id": "L1",
                "client_id": "C1",
                "product": "term",
                "outstanding_amt": outstanding,
                "start_date": TODAY - 900 * DAY,
                "maturity_date": TODAY - (-900 if matured_ago is None else matured_ago) * DAY,
                "status": "active",
                "accelerated_on": None if accelerated_ago is None else TODAY - accelerated_ago * DAY,
            }
        ],
    )
    engine.insert(
        "source.instalment",
        source_types("instalment"),
        [
            {
                "loan_id": "L1",
                "due_date": part.due_on,
                "kind": part.kind,
                "due_amt": part.due,
                "technical_reason": "clearing" if part.is_technical else None,
            }
            for part in schedule
        ],
    )
    engine.insert(
        "source.payment",
        source_types("payment"),
        [
            {
                "payment_id": f"P{number}-{place}",
                "loan_id": "L1",
                "due_date": part.due_on,
                "kind": part.kind,
                "paid_on": part.due_on + after * DAY,
                "amount": amount,
            }
            for number, part in enumerate(schedule)
            for place, (after, amount) in enumerate(part.paid)
        ],
    )
