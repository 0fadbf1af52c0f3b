"""What explain says of indicators that are quiet: which guard held one beyond its line, why one is not assessed, on
which side of its lines it is crossed, and which of them the coverage counts.
"""

import re
from decimal import Decimal
from typing import Any

import pytest

from nightdesk.cli.explained.verdict import Verdict
from nightdesk.cli.options import Lang, results
from nightdesk.models import models
from nightdesk.render.catalogue import Language, catalogue

#: an inflow far below last year's, of a client whose inflows vary by more
FALL: dict[str, Any] = {
    "indicator": "T03", "name_zh": "入账同比下降", "name_en": "Inflow below last year", "is_assessed": True,
    "is_hard": False, "is_unproven": False, "is_withheld": False, "not_supplied": None, "severity": None,
    "change": None, "loan_id": None, "project_id": None, "value": Decimal("69.8751"), "baseline": None,
    "second_value": None, "unit": "pct", "direction": "high", "amber_value": Decimal(20), "amber_when": "reached",
    "red_value": Decimal(35), "red_when": "reached", "hard_value": None, "threshold": None, "window_days": None,
    "data_date": None, "first_seen": None, "group_code": "T", "family": "flows", "weight": 8, "points": None,
    "rule": None, "clears": None, "source_keys": None, "reason_zh": None, "reason_en": None, "agreed": None,
    "between": None, "quiet_case": "own_spread", "amber_line": Decimal("85.2"), "is_counted": True,
    "is_contagion": False,
}  # fmt: skip
#: why any indicator may be unread, which no rule has to say
GENERAL = {"withheld", "not_supplied", "not_known"}
#: a code in a rule's SQL
CODE = re.compile(r"(?:then|else|coalesce\()\s*'(\w+)'")
WARNING = {
    "colour": "green", "floor_class": "normal", "floor_reason": None, "score": Decimal(0), "assessed_count": 64,
    "applicable_count": 66, "colour_since": None,
}  # fmt: skip


def explained(lang: Lang, *rows: dict[str, Any]) -> str:
    with results.capture() as said:
        Verdict(catalogue(lang.value), lang, "CNY").indicators([FALL | row for row in rows])
    return " ".join(said.get().split())


def coverage(*rows: dict[str, Any]) -> str:
    with results.capture() as said:
        Verdict(catalogue("en"), Lang.en, "CNY").colour(WARNING, [], None, [FALL | row for row in rows])
    return " ".join(said.get().split())


@pytest.mark.parametrize(("lang", "said"), [(Lang.zh_CN, "未达到该客户自身的黄线85.2%"), (Lang.en, "line of 85.2%")])
def test_given_a_value_beyond_the_line_that_a_guard_held_then_the_guard_is_told(lang: Lang, said: str) -> None:
    assert said in explained(lang, {})


def test_given_a_value_that_no_guard_held_or_that_fired_then_no_guard_is_told() -> None:
    assert "Did not fire" not in explained(Lang.en, {"quiet_case": None})
    assert "Did not fire" not in explained(Lang.en, {"severity": "amber", "change": "new"})


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, ">=20/>=35/–"),
        ({"red_when": "passed", "hard_value": Decimal(90)}, ">=20/>35/>90"),
        ({"direction": "low", "amber_when": "passed", "amber_value": Decimal(0), "red_value": None}, "<0/–/–"),
        ({"direction": "low", "amber_value": Decimal(-25), "red_value": Decimal(-40)}, "<=-25/<=-40/–"),
    ],
)
def test_given_lines_then_each_says_on_which_side_it_is_crossed_and_whether_it_has_to_be_passed(
    changes: dict[str, Any], lines: str
) -> None:
    assert f"line {lines} " in explained(Lang.en, changes)


@pytest.mark.parametrize(
    ("quiet_case", "zh", "en"),
    [
        ("stale_report", "最新征信报告已超出观察期", "ask for a new one"),
        ("one_valuation", "只有一次估值", "only one valuation"),
        (None, "所需数字未知，或历史太短", "a figure that it needs is not known"),
    ],
)
def test_given_an_indicator_not_assessed_then_the_cause_that_its_rule_knows_is_told_else_the_general_one(
    quiet_case: str | None, zh: str, en: str
) -> None:
    unread = {"is_assessed": False, "value": None, "quiet_case": quiet_case}
    assert zh in explained(Lang.zh_CN, unread)
    assert en in explained(Lang.en, unread)


def test_given_one_not_assessed_that_the_coverage_leaves_out_then_it_says_so_and_of_others_it_does_not() -> None:
    unread = {"is_assessed": False, "value": None, "quiet_case": "money_elsewhere"}
    assert "; not counted in the coverage" in explained(Lang.en, unread | {"is_counted": False})
    assert "not counted" not in explained(Lang.en, unread)
    assert "not counted" not in explained(Lang.en, unread | {"is_counted": None})  # of data quality


def test_given_indicators_not_supplied_then_coverage_names_those_that_it_counts() -> None:
    lacking = {"is_assessed": False, "value": None, "not_supplied": "bureau"}
    said = coverage(
        lacking | {"indicator": "P04"},
        lacking | {"indicator": "X01", "is_counted": False},
        lacking | {"indicator": "X02", "is_withheld": True},
        lacking | {"indicator": "F06", "not_supplied": None},
        {"indicator": "K05", "is_contagion": True},
    )
    assert "coverage 64/66 (1 without data supplied: P04) " in said
    assert "coverage 64/66 five" in coverage({"indicator": "K05", "is_contagion": True})


def test_given_q04_then_it_says_of_how_many_it_is_and_which_of_the_coverage_it_leaves_out() -> None:
    share = {"indicator": "Q04", "second_value": Decimal(62), "baseline": Decimal(64), "is_counted": None}
    others = ({"indicator": "K05", "is_contagion": True}, {"indicator": "X12", "is_contagion": True})
    lacking = {"indicator": "P04", "is_assessed": False, "value": None, "not_supplied": "bureau"}
    said = explained(Lang.en, share, *others, lacking)
    assert "62 of 64 indicators; the coverage counts those that look at other clients as well: K05, X12" in said
    assert "; and those not supplied: P04" in said
    assert "62 of 64 indicators" in explained(Lang.en, share)
    assert "as well" not in explained(Lang.en, share)


def codes_told() -> dict[str, set[str]]:
    """What rules give as the cause of a quiet indicator: of one not assessed, and of one that a guard held."""
    told: dict[str, set[str]] = {"unread": set(), "guard": {"guard"}}
    for model in models().values():
        for column in re.finditer(r"\n        case\n(.*?)\n        end as unread_as", model.sql, re.DOTALL):
            told["unread"] |= set(CODE.findall(column[1].rpartition("\n        case\n")[2]))
        for quiet in re.finditer(r"as is_beyond,(.*?)as quiet_as", model.sql, re.DOTALL):
            unread, _, guard = quiet[1].partition("case (rule.direction")
            told["unread"] |= set(CODE.findall(unread))
            told["guard"] |= set(CODE.findall(guard.partition(" end\n")[2]))
    return told


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("family", ["guard", "unread"])
def test_given_the_codes_that_rules_give_then_each_has_its_words_and_no_words_are_without_a_rule(
    lang: Language, family: str
) -> None:
    prefix = f"cli.explain.{family}."
    words = {key.removeprefix(prefix) for key in catalogue(lang).messages if key.startswith(prefix)}
    assert words - GENERAL == codes_told()[family]
