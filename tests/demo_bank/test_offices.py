"""The offices above the branches: whatever is passed on reaches somebody, up to head office."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nightdesk_lab.demo_bank.bankwide import bank_frames
from nightdesk_lab.demo_bank.plan import make_plan

#: what sql/policy/escalation.csv says of the levels
ASKED = Path(__file__).parents[2] / "sql" / "asked" / "escalation_person.sql"
POLICY = Path(__file__).parents[2] / "sql" / "policy" / "escalation.csv"


@pytest.fixture(params=[1, 4, 12, 30])
def asked(request: pytest.FixtureRequest) -> tuple[int, list[dict[str, Any]]]:
    """How many branches a bank has, and who is asked at which level about each."""
    plan = make_plan(
        clients=200, months=6, until=date(2026, 3, 31), seed=1, branches=request.param, projects=3, txn_per_client=20
    )
    frames = bank_frames(plan)
    with duckdb.connect() as connection:
        for schema in ("source", "policy"):
            connection.execute(f"create schema {schema}")
        for name in ("branch", "staff"):
            table = frames[name]
            connection.register("made", table)
            connection.execute(f"create table source.{name} as select * from made")
        connection.execute(f"create table policy.escalation as from read_csv('{POLICY}', all_varchar = true)")
        question = ASKED.read_text(encoding="utf-8").replace("$morning", "date '2026-04-01'")
        rows = connection.sql(question).to_arrow_table().to_pylist()
    return request.param, rows


def test_given_a_bank_of_any_size_then_each_branch_has_risk_at_head_office_and_at_the_nearest_level_with_addresses(
    asked: tuple[int, list[dict[str, Any]]],
) -> None:
    branches, rows = asked
    for number in range(1, branches + 1):
        own = [row for row in rows if row["branch_id"] == f"B{number:03d}"]
        levels = {row["escalated_to"]: row["home_branch_id"] for row in own}
        assert levels.keys() == {"branch_head", "branch_risk", "head_office"}
        assert levels["head_office"] == "B900"
        assert levels["branch_risk"] in {f"B{number:03d}"} | {f"B9{office:02d}" for office in range(8)}
        assert all("@" in row["email"] for row in own)
