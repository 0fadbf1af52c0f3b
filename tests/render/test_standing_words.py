"""Where a client stands, in words: rules that decided, the comparison, the path, and what would end a signal."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.standing_words import (
    clearing_words,
    comparison_lines,
    path_words,
    rule_sentences,
    standing_words,
)

ZH, EN = catalogue("zh_CN"), catalogue("en")


def decided(rule: str, **values: Any) -> dict[str, Any]:
    return {"colour": "red", "rule": rule, "subject": None, "value": None, "line": None} | values


def test_given_rules_when_told_then_the_plainest_leads_and_those_alike_but_for_their_indicator_are_one() -> None:
    rows = [
        decided("score", value=Decimal("62.5000"), line=Decimal("60.0000")),
        decided("reds", value=Decimal(3), line=Decimal(2), family_count=2, family_line=2),
        decided("floor", subject="overdue_90"),
        decided("hard", subject="P01"),
        decided("hard", subject="J15"),
        decided("least_colour", subject="P01"),
    ]
    assert rule_sentences(rows, ZH, Figures("zh_CN", "CNY"), "次级") == [
        "硬性信号 J15、P01",
        "五级分类下限为次级",
        "预警分 62.5（红色线 60）",
        "红色信号 3 个、2 类依据（红色线 2 个、2 类）",
    ]
    assert rule_sentences(rows[:1], EN, Figures("en", "CNY"), "") == ["score 62.5 (Red from 60)"]
    assert rule_sentences([], ZH, Figures("zh_CN", "CNY"), "") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_rule_of_a_signal_for_risk_alone_when_told_then_nothing_names_it(language: Language) -> None:
    (said,) = rule_sentences([decided("reserved")], catalogue(language), Figures(language, "CNY"), "")
    assert said in (
        "所依据的信号不向支行列示，详情请询风险管理部门",
        "signals that are not shown to branches, ask risk management",
    )


@pytest.mark.parametrize(
    ("quadrant", "zh", "en"),
    [
        ("worse_deteriorating", "差于同类客户，且较90天前恶化", "worse than its peers, and than 90 days ago"),
        ("worse_steady", "差于同类客户，较90天前未恶化", "worse than its peers, no worse than 90 days ago"),
        (
            "in_line_deteriorating",
            "不差于同类客户，但较90天前恶化",
            "no worse than its peers, but worse than 90 days ago",
        ),
        ("in_line_steady", "不差于同类客户，较90天前未恶化", "no worse than its peers, nor than 90 days ago"),
        ("worse_unknown", "差于同类客户", "worse than its peers"),
        ("unknown_deteriorating", "较90天前恶化", "worse than 90 days ago"),
        (None, "", ""),
    ],
)
def test_given_a_quadrant_when_told_then_each_half_that_is_known_is_said(quadrant: str, zh: str, en: str) -> None:
    assert (standing_words({"quadrant": quadrant}, ZH), standing_words({"quadrant": quadrant}, EN)) == (zh, en)


def test_given_a_comparison_when_told_then_both_figures_stand_beside_each_other_and_what_is_missing_is_said() -> None:
    row: dict[str, Any] = {
        "score": Decimal("12.50"),
        "peer_group": "segment",
        "peer_count": 30,
        "peer_median_score": Decimal("5.00"),
        "score_above_peers": Decimal("7.50"),
        "score_90d_ago": Decimal("20.00"),
        "score_90d_ago_on": date(2025, 12, 31),
        "score_change_90d": Decimal("-7.50"),
    }
    assert comparison_lines(row, ZH, Figures("zh_CN", "CNY")) == [
        "同类客户（同类别，30 户）：中位分 5，本户 12.5，相差 +7.5",
        "90天前（2025-12-31）：20 分，至今变化 -7.5",
    ]
    assert comparison_lines({"score": Decimal(0)}, EN, Figures("en", "CNY")) == [
        "peers: not compared (too few of them, or this client is not assessed or has no credit)",
        "90 days ago: not compared (no night then, or not assessed or without credit then or now)",
    ]


def month(number: int, night: date | None, score: str | None, colour: str | None) -> dict[str, Any]:
    return {
        "month": date(2026, number, 1),
        "night": night,
        "score": score and Decimal(score),
        "colour": colour,
    }


def test_given_a_path_when_told_then_months_alike_are_one_a_gap_is_said_and_a_month_cut_short_has_its_day() -> None:
    path = [
        month(6, date(2026, 6, 20), "62.5", "red"),
        month(1, date(2026, 1, 31), "0", "green"),
        month(2, date(2026, 2, 28), "0", "green"),
        month(3, None, None, None),
        month(4, date(2026, 4, 20), "0", "not_assessed"),
        month(5, date(2026, 5, 31), "0", "no_credit"),
    ]
    assert path_words(path, ZH, Figures("zh_CN", "CNY")) == (
        "2026-01 至 2026-02 绿色 0；2026-03 无结果；2026-04-20 未评估；2026-05 无授信；2026-06 红色 62.5"
    )
    assert path_words(path[1:3], EN, Figures("en", "CNY")) == "2026-01 to 2026-02 Green 0"
    assert path_words([], ZH, Figures("zh_CN", "CNY")) == ""


@pytest.mark.parametrize(
    ("clears", "unit", "zh", "en"),
    [
        ("value < 25", "pct", "低于25%", "below 25%"),
        ("value <= 30", "days", "不高于30天", "at most 30 days"),
        ("value > 1.05", "ratio", "高于1.05", "above 1.05"),
        ("value >= 0", "count", "不低于0", "at least 0"),
        (None, "count", "事项了结", "when the matter ends"),
    ],
)
def test_given_a_signal_when_asked_what_clears_it_then_its_unit_is_said(
    clears: str | None, unit: str, zh: str, en: str
) -> None:
    signal = {"indicator": "T02", "clears": clears, "unit": unit}
    assert (clearing_words(signal, ZH, "CNY"), clearing_words(signal, EN, "CNY")) == (zh, en)


def test_given_a_task_without_a_signal_when_asked_what_clears_it_then_nothing_is_said() -> None:
    assert clearing_words({}, ZH, "CNY") == ""
