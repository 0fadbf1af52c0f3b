"""Every hard limit of a proposal at its edge: just within, at, just beyond, and where its figure is not known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlcase import CASES, built_case

MODEL = CASES / "care" / "proposal" / "hard_limit.yaml"
#: a project's loan within every limit
BUNDLE: dict[str, Any] = {
    "need_id": "N1",
    "client_id": "C1",
    "sizing": "cash",
    "kind": "build",
    "asked_amt": 1_000_000,
    "sized_amt": 1_000_000,
    "least_amt": 100_000,
    "late_days": 0,
    "projects": 1,
    "project_id": "P1",
    "tenor_months": 60,
    "least_tenor_months": 36,
    "project_debt_amt": 1_000_000,
    "budget_amt": 10_000_000,
    "cost_share_most_pct": 80,
    "capital_pct": 25,
    "sector_code": "I65",
    "class_most": "normal",
    "colour_most": "amber",
    "stage_most": 1,
    "is_relief": False,
}
STANDING: dict[str, Any] = {
    "days_past_due": 0,
    "class_rank": 0,
    "stage_level": 0,
    "colour_rank": 1,
    "exposure_amt": 0,
    "group_exposure_amt": 0,
}
#: of a bank of a net capital of 1,000 million and tier 1 capital of 800 million
SETTINGS = {
    "late_days_most": 180,
    "net_capital_amt": 1_000_000_000,
    "tier1_capital_amt": 800_000_000,
    "single_loan_most_pct": 10,
    "customer_most_pct": 15,
    "group_most_pct": 20,
}


@dataclass(frozen=True)
class Edge:
    """A rule, the column that its figure comes from, and the last value that meets it with the first that does not."""

    rule: str
    column: str
    met: object
    broken: object
    others: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.rule


EDGES = (
    Edge("amount", "asked_amt", "0.01", 0),
    Edge("date", "late_days", 180, 181),
    Edge("arrears", "days_past_due", 0, 1),
    Edge("class", "class_rank", 0, 1),
    Edge("watch", "stage_level", 1, 2),
    Edge("colour", "colour_rank", 3, 4),
    Edge("tenor", "tenor_months", 36, 35),
    # with the million asked for: 8 of 10 million, and a cent more
    Edge("share", "project_debt_amt", 7_000_000, "7000100.00"),
    # the million asked for of a price: at most four fifths
    Edge("price", "price_amt", 1_250_000, "1249900.00", (("kind", "acquisition"),)),
    Edge("capital", "capital_pct", 20, "19.9999"),
    Edge("single_loan", "exposure_amt", 99_000_000, "99010000.00"),
    Edge("customer", "exposure_amt", 119_000_000, "119010000.00"),
    Edge("group", "group_exposure_amt", 159_000_000, "159010000.00"),
    Edge("least", "sized_amt", 100_000, "99999.99"),
    Edge("source", "reckoned_amt", 0, None, (("sizing", "turnover"),)),
)


def _is_met(rule: str, **changed: object) -> list[bool | None]:
    bundle = BUNDLE | {name: value for name, value in changed.items() if name not in STANDING} | {"proposal_id": "P"}
    standing = STANDING | {name: value for name, value in changed.items() if name in STANDING} | {"client_id": "C1"}
    settings = [{"setting": name, "value": value} for name, value in SETTINGS.items()]
    given = {
        "care_proposal.bundle": [bundle],
        "care_proposal.standing": [standing],
        "policy.proposal_setting": settings,
    }
    with built_case(MODEL, {"as_of": date(2026, 3, 31), "given": given, "expect": []}) as built:
        rows = built.engine.rows(f"select is_met from {built.model.table} where rule = $rule", rule=rule)
    return [row["is_met"] for row in rows]


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_given_a_figure_at_its_limit_then_it_is_met_and_the_next_one_is_not(edge: Edge) -> None:
    others = dict(edge.others)
    assert _is_met(edge.rule, **others, **{edge.column: edge.met}) == [True]
    assert _is_met(edge.rule, **others, **{edge.column: edge.broken}) == [None if edge.broken is None else False]


@pytest.mark.parametrize(
    ("rule", "column"),
    [(edge.rule, edge.column) for edge in EDGES if edge.column not in ("late_days", "sized_amt")],
)
def test_given_a_figure_that_nobody_knows_then_its_limit_is_neither_met_nor_broken(rule: str, column: str) -> None:
    others = dict(next(edge for edge in EDGES if edge.rule == rule).others)
    assert _is_met(rule, **others, **{column: None}) == [None]


@pytest.mark.parametrize(("projects", "met"), [(1, []), (2, [False])])
def test_given_a_client_with_several_projects_then_it_has_to_be_said_which_is_meant(
    projects: int, met: list[bool]
) -> None:
    assert _is_met("project", projects=projects) == met


@pytest.mark.parametrize(("rule", "owed"), [("single_loan", 99), ("customer", 119), ("group", 159)])
def test_given_debt_that_is_replaced_then_it_is_not_counted_beside_what_replaces_it(rule: str, owed: int) -> None:
    column = "group_exposure_amt" if rule == "group" else "exposure_amt"
    at_limit = {column: owed * 1_000_000 + 400_000}
    assert _is_met(rule, **at_limit) == [False]
    assert _is_met(rule, **at_limit, replaced_amt=400_000) == [True]
    assert _is_met("share", project_debt_amt=7_400_000, replaced_amt=400_000) == [True]


@pytest.mark.parametrize(
    ("bundle", "met"),
    [
        ({"is_relief": True, "replaced_loans": 1, "replaced_amt": 400_000}, [True]),
        ({"is_relief": True, "replaced_loans": 1, "replaced_amt": None}, [None]),
        ({"is_relief": True, "replaced_loans": 2}, [None]),
        ({"is_relief": True}, [None]),
        ({"is_relief": False}, []),
        ({"is_relief": True, "sizing": "none"}, []),
    ],
    ids=["its one loan", "part of a forecast", "one of two", "nobody knows", "new money", "no credit"],
)
def test_given_a_bundle_that_replaces_debt_then_it_has_to_be_known_which(
    bundle: dict[str, object], met: list[bool | None]
) -> None:
    assert _is_met("replaced", **bundle) == met


def _without_a_project() -> Iterator[str]:
    yield from ("share", "capital")


@pytest.mark.parametrize("rule", _without_a_project())
def test_given_no_project_then_nothing_is_asked_of_one(rule: str) -> None:
    assert _is_met(rule, project_id=None, projects=0) == []


@pytest.mark.parametrize(
    ("kind", "project", "asked"),
    [
        ("build", "P1", "share"),
        ("green", "P1", "share"),
        ("build", None, "price"),
        ("acquisition", "P1", "price"),
        ("acquisition", None, "price"),
        ("equipment", None, "price"),
    ],
)
def test_given_what_is_paid_for_then_a_projects_budget_is_asked_of_what_builds_it_and_a_price_of_all_else(
    kind: str, project: str | None, asked: str
) -> None:
    bundle = {"kind": kind, "project_id": project, "price_amt": 2_000_000}
    assert _is_met(asked, **bundle) == [True]
    assert _is_met("price" if asked == "share" else "share", **bundle) == []
    assert _is_met(asked, **bundle, cost_share_most_pct=None) == []


@pytest.mark.parametrize(
    "changed",
    [{"is_relief": True}, {"sized_amt": None}, {"sizing": "turnover"}],
    ids=["what replaces debt buys nothing", "no amount", "a line"],
)
def test_given_nothing_that_is_bought_or_no_amount_then_no_price_is_asked(changed: dict[str, object]) -> None:
    assert _is_met("price", kind="equipment", project_id=None, projects=0, **changed) == []


@pytest.mark.parametrize(("sector", "capital", "met"), [("C26", 24, False), ("C26", 25, True), (None, 20, True)])
def test_given_a_sector_then_its_own_floor_of_capital_holds(sector: str | None, capital: int, met: bool) -> None:
    assert _is_met("capital", sector_code=sector, capital_pct=capital) == [met]
