"""What explain says of a stage that stands already, of a client without a way to the next tier, and of the floor."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from nightdesk.cli.explained.tiering import Tiering
from nightdesk.cli.explained.verdict import Verdict
from nightdesk.cli.explained.watching import Watching
from nightdesk.cli.options import Lang, results
from nightdesk.render.catalogue import catalogue

ASKED: dict[str, Any] = {
    "stage": "W4", "since": date(2026, 10, 14), "rule": "hard_arrears", "review_due": None, "exit_from": None,
    "stay_until": None, "decision": "pending", "proposed_stage": "W4", "proposed_on": date(2026, 10, 14),
    "decided_on": None, "decision_id": None, "freezes_limits": False, "draws_need_risk": False,
}  # fmt: skip
TIER: dict[str, Any] = {
    "tier": "standard", "cause": "first", "is_contact_owed": True, "qualified_tier": "standard",
    "carrier_client_id": "C1", "score": Decimal(40),
}  # fmt: skip
RULES: dict[str, list[dict[str, Any]]] = {
    "tier": [{"tier": "strategic", "level": 4}, {"tier": "standard", "level": 0}],
    "tier_setting": [{"setting": "path_reach_pct", "value": Decimal(30)}],
}


def watched(**changes: Any) -> str:
    with results.capture() as said:
        Watching(catalogue("en"), Lang.en, "CNY").watch(ASKED | changes)
    return " ".join(said.get().split())


def tiered(path: list[dict[str, Any]], **changes: Any) -> str:
    found = {
        "tier": TIER | changes,
        "tier_path": path,
        "tier_policy": RULES,
        "tier_inputs": [],
        "potential": [],
        "rfm": [],
    }
    with results.capture() as said:
        Tiering(catalogue("en"), Lang.en, "CNY").tier(found)
    return " ".join(said.get().split())


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("pending", "the stage is in force (asked 2026-10-14); risk has yet to confirm or reject it"),
        ("confirmed", "the stage is in force; confirmed on"),
        ("rejected", "the stage stays in force"),
        ("stands", "nobody answered in time, so it stands"),
    ],
)
def test_given_a_stage_that_stands_when_risk_is_asked_about_it_then_nothing_is_to_become_what_it_is(
    decision: str, said: str
) -> None:
    assert said in watched(decision=decision)
    assert "proposed" not in watched(decision=decision)


def test_given_another_stage_than_the_present_when_risk_is_asked_then_that_one_is_proposed() -> None:
    assert "proposed: W1 watched (asked 2026-10-14); risk has yet to decide" in watched(proposed_stage="W1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_contact_owed": False, "qualified_tier": "strategic"}, "which C1 carries"),
        ({"qualified_tier": "strategic"}, "it qualifies for the highest tier"),
        ({"score": None}, "it was not evaluated in that month"),
        ({}, "lie more than 30% below the next tier"),
    ],
)
def test_given_no_way_to_the_next_tier_then_explain_says_why_there_is_none(changes: dict[str, Any], said: str) -> None:
    assert f"Way to the next tier none: {'the tier is that of its group, ' if 'carries' in said else ''}" in tiered(
        [], **changes
    )
    assert said in tiered([], **changes)


def test_given_a_way_or_its_reason_then_that_is_told_and_no_other() -> None:
    way = {"target_tier": "core", "lever": None, "lever_amt": None, "lever_count": None, "now_amt": None, "by_on": None}
    said = tiered([way | {"evaluated_on": None, "reason": "risk_gate"}])
    assert "Core: held by the risk gate" in said
    assert "none:" not in said


def test_given_a_floor_that_decides_then_the_class_is_told_with_its_rule_in_brackets() -> None:
    row = {
        "colour": "red", "floor_class": "loss", "floor_reason": "overdue_360", "score": Decimal(40),
        "assessed_count": 1, "applicable_count": 1, "colour_since": None,
    }  # fmt: skip
    rule = {
        "rule": "overdue_360",
        "passed_value": 360,
        "name_zh": "",
        "name_en": "More than {passed:int} days past due",
    }
    deciding = {"rule": "floor", "subject": None, "colour": "red", "value": None, "line": None}
    deciding |= {"family_count": None, "family_line": None}
    with results.capture() as said:
        Verdict(catalogue("en"), Lang.en, "CNY").colour(row, [deciding], rule, [])
    assert "five-class floor Loss (More than 360 days past due)" in said.get().partition("rests on")[2]


def test_given_a_sentence_in_chinese_when_explained_then_its_marks_are_full_width_as_on_the_list() -> None:
    verdict = Verdict(catalogue("zh_CN"), Lang.zh_CN, "CNY")
    assert verdict.sentence("1笔贷款逾期,最长逾期763天(红线:超过90天);合计1,000元") == (
        "1笔贷款逾期，最长逾期763天（红线：超过90天）；合计1,000元"
    )
    assert Verdict(catalogue("en"), Lang.en, "CNY").sentence("overdue, (90); x") == "overdue, (90); x"
