"""A value that says how far two figures lie apart is explained with both, each once."""

from decimal import Decimal
from typing import Any

import pytest

from nightdesk.cli.explained.verdict import Verdict
from nightdesk.cli.options import Lang, results
from nightdesk.policy import policy
from nightdesk.render.catalogue import catalogue

#: a project below the limit of its contract, as the night reads it
GEARING: dict[str, Any] = {
    "indicator": "J06", "name_zh": "项目负债率", "name_en": "Project gearing", "is_assessed": True, "is_hard": False,
    "is_unproven": False, "is_withheld": False, "not_supplied": None, "severity": None, "change": None,
    "loan_id": None, "project_id": "PRJ1", "value": Decimal("-6.374"), "baseline": Decimal("76.0000"),
    "second_value": Decimal("69.626"), "unit": "pct", "amber_value": Decimal(-2), "red_value": Decimal(0),
    "hard_value": None, "threshold": None, "window_days": None, "data_date": None, "first_seen": None,
    "group_code": "J", "family": "covenants", "weight": 8, "points": None, "rule": None, "clears": None,
    "source_keys": None, "reason_zh": None, "reason_en": None, "agreed": {"limit_value": Decimal(76)},
    "quiet_case": None, "amber_line": None, "is_counted": True, "is_contagion": False,
}  # fmt: skip
RULES = policy("contract")["indicator_between"].rows


def explained(lang: Lang, **changes: Any) -> str:
    """What is said of an indicator."""
    between = {row["indicator"]: row for _, row in RULES}
    row = GEARING | changes
    with results.capture() as said:
        Verdict(catalogue(lang.value), lang, "CNY").indicators([row | {"between": between.get(row["indicator"])}])
    return " ".join(said.get().split())


@pytest.mark.parametrize(
    ("lang", "figures"),
    [
        (Lang.zh_CN, "项目负债率 69.626% 约定上限 76% 数值 -6.374个百分点 "),
        (Lang.en, "gearing 69.626% limit agreed 76% value -6.374 points "),
    ],
)
def test_given_a_ratio_below_its_limit_then_ratio_limit_and_distance_are_told_and_the_limit_once(
    lang: Lang, figures: str
) -> None:
    said = explained(lang)
    assert figures in said
    assert said.count("76") == 1


def test_given_no_distance_or_none_that_is_assessed_then_no_two_figures_are_told() -> None:
    plain = explained(Lang.en, indicator="K01", value=Decimal(60), baseline=None)
    assert "value 60%" in plain
    unread = explained(Lang.en, is_assessed=False, value=None, baseline=None, second_value=None)
    assert "gearing 6" not in unread
    assert "%" not in unread


def test_given_a_distance_in_percent_of_the_limit_then_it_stays_percent_beside_figures_that_have_no_unit() -> None:
    said = explained(
        Lang.en,
        indicator="J16",
        second_value=Decimal("1.21"),
        baseline=Decimal("1.1000"),
        value=Decimal(10),
        agreed=None,
    )
    assert "actual 1.21 limit agreed 1.1 value 10% " in said


@pytest.mark.parametrize(
    ("lang", "lines"), [(Lang.zh_CN, " 100（项目公司）/70/– "), (Lang.en, " 100 (project company)/70/– ")]
)
def test_given_a_project_company_then_the_line_that_its_routing_is_held_to_is_told_as_its_own(
    lang: Lang, lines: str
) -> None:
    routing = {
        "indicator": "T17",
        "project_id": None,
        "value": Decimal(95),
        "severity": "amber",
        "threshold": Decimal(100),
    }
    policy_lines = {"amber_value": Decimal(90), "red_value": Decimal(70), "baseline": None, "second_value": None}
    own = {"amber_line": Decimal(100), "red_line": None, "limit_value": None, "set_by": "project_company"}
    assert lines in explained(lang, agreed=own, **routing, **policy_lines)
    assert " 90/70/– " in explained(lang, agreed=None, **routing, **policy_lines)
