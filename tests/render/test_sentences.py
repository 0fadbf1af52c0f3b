"""Sentences: templates of policy with a row's exact figures, as each language writes them."""

import re

import pytest

from nightdesk.errors import PolicyError
from nightdesk.render.sentences import Sentences

ZH, EN = Sentences("zh_CN", "CNY"), Sentences("en", "CNY")


@pytest.mark.parametrize(
    ("style", "value", "chinese", "english"),
    [
        ("pct", "50.6154", "50.6%", "50.6%"),
        ("pct", "0.05", "0.1%", "0.1%"),  # half is rounded away from zero
        ("pct", "-0.04", "0%", "0%"),
        ("pct", "1234.56", "1,234.6%", "1,234.6%"),
        ("num", "12.05", "12.1", "12.1"),
        ("ratio", "0.350", "0.35", "0.35"),
        ("ratio", "0.004", "0", "0"),
        ("int", "100.0000", "100", "100"),
        ("int", "-2.5", "-3", "-3"),
        ("days", "1.0000", "1天", "1 day"),
        ("days", "0", "0天", "0 days"),
        ("days", "31", "31天", "31 days"),
        ("points", "72.25", "72.3", "72.3"),
        ("points", "72", "72.0", "72.0"),
        ("amt", "9999.994", "9,999.99元", "CNY 10,000"),
        ("amt", "-1234.5", "-1,234.50元", "CNY -1,235"),
        ("amt", "12345678901234.34", "123,456.79亿元", "CNY 12,345,678,901,234"),
        ("tier", "core", "核心", "Core"),
        ("tier", "of_another_bank", "of_another_bank", "of_another_bank"),
        ("named", "permit_kind:pollutant_discharge PMT1", "排污许可证 PMT1", "pollutant discharge permit PMT1"),
        ("named", "permit_kind:salt_mining PMT2", "salt_mining PMT2", "salt_mining PMT2"),
        ("named", "insurance_kind:all_risk IN3", "一切险 IN3", "all risks IN3"),
        ("named", "PMT1", "PMT1", "PMT1"),  # whose kind nobody gave
        (None, "x{value:pct}y", "x{value:pct}y", "x{value:pct}y"),  # data is no template
    ],
)
def test_given_a_style_when_filled_then_the_figure_is_written_so(
    style: str | None, value: str, chinese: str, english: str
) -> None:
    template = "[{value:" + style + "}]" if style else "[{value}]"
    assert ZH.fill(template, {"value": value}) == f"[{chinese}]"
    assert EN.fill(template, {"value": value}) == f"[{english}]"


@pytest.mark.parametrize(
    ("template", "figures", "said"),
    [
        ("DSCR {value:ratio}", {"value": "0.9979", "line": "1.05"}, "DSCR 0.998"),
        ("DSCR {value:ratio}", {"value": "1.0000", "line": "1.05"}, "DSCR 1"),
        ("DSCR {value:ratio}", {"value": "1.0499", "line": "1.05"}, "DSCR 1.0499"),
        ("DSCR {value:ratio}", {"value": "1.05", "line": "1.05"}, "DSCR 1.05"),
        ("DSCR {value:ratio}", {"value": "0.9944", "line": None}, "DSCR 0.99"),
        ("DSCR {value:ratio}", {"value": "0.99999", "line": None}, "DSCR 1"),  # finer than the rules know
        ("{second:ratio} of {baseline:ratio}", {"second": "1.2996", "baseline": "1.3"}, "1.2996 of 1.3"),
        ("{value:pct}", {"value": "20.04", "line": "20"}, "20.04%"),
        ("{value:pct}", {"value": "20.06", "line": "20"}, "20.1%"),
        ("{value:num}", {"value": "2.96", "line": "3"}, "2.96"),
    ],
)
def test_given_a_figure_that_rounds_to_what_it_is_held_against_then_it_has_the_decimals_that_tell_them_apart(
    template: str, figures: dict[str, str | None], said: str
) -> None:
    assert EN.fill(template, figures) == said


@pytest.mark.parametrize(
    ("figures", "chinese", "english"),
    [
        ({"severity": "red", "line_when": "high passed"}, "红线:超过30天", "red line: over 30 days"),
        ({"severity": "red", "line_when": "low passed"}, "红线:低于30天", "red line: under 30 days"),
        ({"severity": "amber", "line_when": "high reached"}, "预警线30天", "amber line 30 days"),
        ({"severity": "amber", "line_when": None}, "预警线30天", "amber line 30 days"),
    ],
)
def test_given_the_line_that_was_crossed_when_filled_then_it_says_which_and_how(
    figures: dict[str, str | None], chinese: str, english: str
) -> None:
    assert ZH.fill("{line:days}", {"line": "30", **figures}) == chinese
    assert EN.fill("{line:days}", {"line": "30", **figures}) == english


def test_given_a_figure_that_a_row_has_not_when_filled_then_there_is_a_dash_and_no_line() -> None:
    figures = {"value": None, "line": None, "severity": "red", "line_when": "high passed"}
    assert ZH.fill("{value:amt},{line:days}", figures) == "—,—"
    assert EN.fill("{value:amt}, {line:days}", figures) == "-, -"


@pytest.mark.parametrize(
    ("unit", "said"), [("count", "4"), ("pct", "4%"), ("days", "4天"), ("ratio", "4"), (None, "4")]
)
def test_given_the_units_own_style_when_filled_then_the_unit_decides(unit: str | None, said: str) -> None:
    assert ZH.fill("{value:unit}", {"value": "4.0000", "unit": unit}) == said


def test_given_what_each_language_says_its_own_way_when_filled_then_each_takes_its_own() -> None:
    figures = {"name_zh": "存款下降", "name_en": "Balance drop"}
    assert (ZH.fill("「{name}」", figures), EN.fill("'{name}'", figures)) == ("「存款下降」", "'Balance drop'")


def test_given_a_slot_that_no_figure_is_for_when_filled_then_it_is_refused_with_those_there_are() -> None:
    with pytest.raises(PolicyError, match=re.escape("asks for {valu}")) as refused:
        EN.fill("{valu:pct}", {"value": "1", "detail": None})
    assert "detail, value" in refused.value.remedy
