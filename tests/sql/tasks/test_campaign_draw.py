"""Who is held out of a campaign: the asked share, the same every night, and another one in another campaign."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlcase import CASES, built_case

pytestmark = pytest.mark.slow
CAMPAIGN = Path(CASES) / "tasks" / "campaign.yaml"
DAY = datetime.date(2026, 4, 1)
CLIENTS = [f"C{number:05}" for number in range(4_000)]
Row = dict[str, Any]


def drawn(day: datetime.date, clients: Sequence[str], before: Sequence[Row] = ()) -> list[Row]:
    """What a night tells of two campaigns that hold a fifth out."""
    campaign = {
        "product": "payroll",
        "client_kind": "company",
        "starts_on": DAY,
        "ends_on": datetime.date(2026, 6, 30),
        "outcome_days": 150,
        "hold_out_pct": 20,
    }
    client = {
        "branch_id": "B1",
        "client_kind": "company",
        "onboard_date": datetime.date(2020, 1, 1),
        "is_active": True,
        "marketing_consent": True,
    }
    given: dict[str, Any] = {
        "staging.campaign_plan": [{"campaign": name, **campaign} for name in ("ONE", "TWO")],
        "staging.client": [{"client_id": one, **client} for one in clients],
        "staging.product_holding": [],
        "staging.offer": [],
        "previous.campaign": list(before),
    }
    case = {"as_of": day, "supplied": ["product_holding", "offer", "client"], "given": given, "expect": []}
    with built_case(CAMPAIGN, case) as built:
        return built.engine.rows("select * from tasks.campaign order by campaign, client_id")


def held_out(rows: Sequence[Row], campaign: str = "ONE") -> set[str]:
    return {row["client_id"] for row in rows if row["campaign"] == campaign and row["arm"] == "hold_out"}


def test_given_many_clients_when_drawn_then_about_the_asked_share_is_held_out_of_each_campaign_apart() -> None:
    rows = drawn(DAY, CLIENTS)
    one, two = held_out(rows), held_out(rows, "TWO")
    # four standard errors of a fifth of 4,000
    assert abs(len(one) - 800) < 102
    assert abs(len(two) - 800) < 102
    # of a fifth a fifth: being held out of one says nothing of the other
    assert abs(len(one & two) - 160) < 46


def test_given_the_night_after_when_told_again_then_every_arm_is_as_it_was_and_nobody_joined() -> None:
    first = drawn(DAY, CLIENTS[:500])
    second = drawn(DAY + datetime.timedelta(days=1), CLIENTS[:600], first)
    kept = ("campaign", "client_id", "arm", "draw", "drawn_on")
    assert [[row[name] for name in kept] for row in second] == [[row[name] for name in kept] for row in first]


def test_given_a_smaller_bank_when_drawn_then_each_client_s_arm_is_its_own() -> None:
    many, few = drawn(DAY, CLIENTS[:500]), drawn(DAY, CLIENTS[100:200])
    assert held_out(few) == held_out(many) & set(CLIENTS[100:200])
