"""Points that explain shows add up to the score: a group beyond its cap and signals of one matter are said."""

from decimal import Decimal

import pytest

from nightdesk.cli.explained.verdict import Verdict
from nightdesk.cli.options import Lang, results
from nightdesk.render.catalogue import catalogue

OVER = {"group_code": "P", "points": Decimal("60.00"), "cap": 40, "counted_points": Decimal(40), "is_capped": True}
AT = {"group_code": "T", "points": Decimal("35.00"), "cap": 35, "counted_points": Decimal(35), "is_capped": False}


@pytest.mark.parametrize(
    ("lang", "line"),
    [(Lang.zh_CN, "P 还款表现：合计 60.00，封顶 40"), (Lang.en, "P Repayment conduct: 60.00, capped at 40")],
)
def test_given_a_group_beyond_its_cap_when_explained_then_a_line_has_its_points_and_its_cap(
    lang: Lang, line: str
) -> None:
    with results.capture() as said:
        Verdict(catalogue(lang.value), lang, "CNY").capped([AT, OVER])
    assert [text.strip() for text in said.get().splitlines() if text.startswith("  ")] == [line]


def test_given_no_group_beyond_its_cap_then_explain_has_no_heading_for_it() -> None:
    with results.capture() as said:
        Verdict(catalogue("en"), Lang.en, "CNY").capped([AT])
    assert said.get() == ""


@pytest.mark.parametrize(("lang", "line"), [(Lang.zh_CN, "E04 10.00、J15 5.00"), (Lang.en, "E04 10.00, J15 5.00")])
def test_given_signals_of_one_matter_when_explained_then_a_line_has_each_with_its_points(lang: Lang, line: str) -> None:
    pair = [{"indicator": "E04", "points": Decimal("10.00")}, {"indicator": "J15", "points": Decimal("5.00")}]
    with results.capture() as said:
        Verdict(catalogue(lang.value), lang, "CNY").one_matter([pair])
    assert [text.strip() for text in said.get().splitlines() if text.startswith("  ")] == [line]


def test_given_no_matter_told_twice_then_explain_has_no_heading_for_it() -> None:
    with results.capture() as said:
        Verdict(catalogue("en"), Lang.en, "CNY").one_matter([])
    assert said.get() == ""
