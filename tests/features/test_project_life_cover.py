"""Life covers of projects beside what others reckon: the product's own measures, and two libraries of finance.

The figures of numpy-financial 1.0.0 and pyxirr 0.10.8 (`npv`; they agree to the hundredth) are written out, so that the
tests need neither.
"""

import datetime
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlcase import parameters, prepare

from nightdesk.engine import Engine
from nightdesk.financing.schedule import measures
from nightdesk.models import ordered

D = datetime.date(2025, 12, 31)
TABLE = "features_project.life_cover"


def end_of(months: int) -> datetime.date:
    """The last day of the month that lies so many months after D's."""
    year, month = divmod(D.year * 12 + D.month + months, 12)
    return datetime.date(year, month + 1, 1) - datetime.timedelta(days=1)


def worth(projects: Sequence[tuple[Decimal, int, Sequence[Decimal]]]) -> list[Decimal]:
    """What SQL makes of the flows within each project's loan: yearly rate in percent, months of a period, flows."""
    states: list[dict[str, Any]] = []
    loans: list[dict[str, Any]] = []
    flows: list[dict[str, Any]] = []
    for number, (rate, months, cfads) in enumerate(projects):
        project = f"P{number:03}"
        end = end_of(months * len(cfads))
        states.append({"project_id": project, "client_id": project, "stage": "operation", "outstanding_amt": 1_000})
        loans.append({"loan_id": project, "project_id": project, "status": "active", "outstanding_amt": 1_000})
        loans[-1] |= {"rate_pct": rate, "maturity_date": end}
        for at, amount in enumerate(cfads, 1):
            flows.append({"project_id": project, "kind": "forecast", "period_end": end_of(months * at)})
            flows[-1]["cfads"] = amount
    given = {"features.project_state": states, "features.loan_state": loans, "source.project_cashflow": flows}
    with Engine(parameters(D), threads=1) as engine:
        prepare(engine, given, D, ["project_cashflow"])
        for model in ordered([TABLE], set(given)):
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
        rows = engine.rows(f"select loan_life_value_amt as worth from {TABLE} order by project_id")
    return [row["worth"] for row in rows]


@pytest.mark.parametrize(
    ("rate", "months", "flows", "expected"),
    [
        ("5", 12, [Decimal(one) for one in (120, 130, 140, 150)], "476.54"),
        ("5", 12, [Decimal(one) for one in (120, 130, 140, 150, 160)], "601.91"),
        ("4.35", 3, [Decimal(1_000_000 + 10_000 * k) for k in range(60)], "55437182.19"),
        ("4.85", 1, [Decimal("83000.25") + 77 * k for k in range(240)], "13922678.37"),
    ],
)
def test_given_flows_then_libraries_of_finance_value_them_alike(
    rate: str, months: int, flows: list[Decimal], expected: str
) -> None:
    (found,) = worth([(Decimal(rate), months, flows)])
    # a month's rate has ten places: over twenty years a hundred-millionth
    assert abs(found - Decimal(expected)) <= max(Decimal("0.01"), Decimal(expected) * Decimal("1e-8"))


def test_given_projects_by_chance_then_the_products_own_measures_say_the_same() -> None:
    chance = random.Random(20251231)
    projects = [
        (
            Decimal(chance.randint(150, 1_200)) / 100,
            months := chance.choice((1, 3, 6, 12)),
            [Decimal(chance.randint(-20_000_00, 900_000_00)) / 100 for _ in range(chance.randint(2, 360 // months))],
        )
        for _ in range(60)
    ]
    for (rate, months, flows), found in zip(projects, worth(projects), strict=True):
        each = rate * months / 1_200
        exact = measures.present_value(flows, [each] * len(flows))
        assert abs(found - exact) <= Decimal("0.02") + abs(exact) * Decimal("1e-7"), (rate, months, len(flows))
