"""Whoever tells of a risk loses nothing by it: on histories drawn by chance no score falls, and no point is lost."""

import datetime
import random
from decimal import Decimal
from typing import Any

import pytest
from sqlcase import chain_of, parameters, prepare

from nightdesk.contract import contract
from nightdesk.engine import Engine

AS_OF = datetime.date(2026, 4, 5)
FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)
CLIENTS = [f"C{number}" for number in range(6)]
TARGET = "tasks_scorecard.measure"


def a_day(draw: random.Random) -> datetime.date:
    return FIRST + datetime.timedelta(days=draw.randrange((LAST - FIRST).days + 1))


def history(draw: random.Random) -> dict[str, Any]:
    """A quarter of one manager: tasks, checks, clients that got worse, arrears; some of it late."""
    night = {"business_date": AS_OF}
    tasks, checks = [], []
    for number in range(12):
        due = a_day(draw)
        answered = draw.choice([None, due, due + datetime.timedelta(days=3)])
        task = {"task_key": f"K{number}", "client_id": draw.choice(CLIENTS), "owner_id": "S1", "kind": "warning"}
        task |= {"indicator": draw.choice(["O01", "P01"]), "severity": draw.choice(["red", "amber"]), "due_on": due}
        tasks.append(task | night | {"status": "done" if answered else "open", "feedback_on": answered})
        done = draw.choice([None, due, due + datetime.timedelta(days=3)])
        check = {"loan_id": f"L{number}", "kind": "key_check", "subject": "", "client_id": draw.choice(CLIENTS)}
        check |= {"basis": draw.choice(["stage_change", "normal"]), "due_on": due, "done_on": done}
        checks.append(check | night | {"state": "done" if done else "overdue"})
    watch = [
        {"client_id": client, "stage": draw.choice(["W1", "W3", "W4"]), "since": a_day(draw)}
        for client in CLIENTS
        if draw.random() < 0.5
    ]
    unpaid = [
        {"loan_id": f"L{client}", "client_id": client, "started_on": a_day(draw) - datetime.timedelta(days=90)}
        for client in CLIENTS
        if draw.random() < 0.3
    ]
    return {
        "history.task": tasks,
        "history.post_loan_check": checks,
        "history.watch": watch,
        "features.loan_overdue_episode": [row | {"max_days": 120} for row in unpaid],
        "warnings.score_history": [{"client_id": "C9", "first_night": datetime.date(2025, 6, 1), "colour": "green"}],
        "source.observation": [],
    }


def scores(found: dict[str, Any]) -> dict[str, tuple[Decimal | None, Decimal]]:
    """Score and points of each measure of the manager."""
    given = {
        "source.staff": [{"staff_id": "S1", "branch_id": "B1", "name": "A", "role": "rm"}],
        "source.client": [{"client_id": client, "onboard_date": datetime.date(2020, 1, 1)} for client in CLIENTS],
        "history.client_owner": [
            {"client_id": client, "owner_id": "S1", "business_date": day} for client in CLIENTS for day in (LAST, AS_OF)
        ],
        **{
            name: []
            for name in (
                "tasks.contact_plan", "tasks.certificate", "warnings.episode", "warnings.decision", "care.check_report",
                "features.client_balance_month", "features.client_profit_month",
            )
        },
        **found,
    }  # fmt: skip
    chain = chain_of(TARGET, given)
    read = {name for model in chain for name in model.reads}
    with Engine(parameters(AS_OF), threads=1) as engine:
        prepare(engine, {name: rows for name, rows in given.items() if name in read}, AS_OF, list(contract()), read)
        for model in chain:
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
        rows = engine.rows(f"select * from {TARGET} where staff_id = 'S1'")
    return {row["measure"]: (row["score"], row["points"] or Decimal(0)) for row in rows}


@pytest.mark.parametrize("seed", range(12))
def test_given_a_history_when_its_manager_also_tells_of_a_client_then_no_score_falls_and_no_point_is_lost(
    seed: int,
) -> None:
    draw = random.Random(seed)
    found = history(draw)
    told = [
        {"observation_id": f"O{n}", "client_id": draw.choice(CLIENTS), "staff_id": "S1", "observed_on": a_day(draw)}
        for n in range(3)
    ]
    # and what the report itself brings: a warning of the client that is answered late
    brought = [
        {
            "task_key": f"N{row['observation_id']}", "client_id": row["client_id"], "owner_id": "S1", "kind": "warning",
            "indicator": "O01", "severity": "red", "due_on": LAST, "status": "open", "business_date": AS_OF,
        }
        for row in told
    ]  # fmt: skip
    before = scores(found)
    after = scores({**found, "source.observation": told, "history.task": [*found["history.task"], *brought]})
    for measure, (score, points) in before.items():
        now, points_now = after[measure]
        assert points_now >= points, measure
        assert now is None or score is None or now >= score, measure


def test_given_reports_then_they_do_spare_points_that_silence_costs() -> None:
    """That the law above holds by what the rules do, and not because nothing is ever counted."""
    happened = datetime.date(2026, 2, 10)
    found = {**history(random.Random(1)), "history.watch": [{"client_id": "C1", "stage": "W3", "since": happened}]}
    told = {"observation_id": "O1", "client_id": "C1", "staff_id": "S1", "observed_on": datetime.date(2026, 2, 9)}
    silent = scores(found)["risk_outcome"][1]
    early = scores({**found, "source.observation": [told]})["risk_outcome"][1]
    late = scores({**found, "source.observation": [{**told, "observed_on": happened}]})["risk_outcome"][1]
    assert early > silent == late
