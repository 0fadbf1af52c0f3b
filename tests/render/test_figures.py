"""Numbers as people read them, without floats on the way."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from nightdesk.render.catalogue import Language
from nightdesk.render.figures import Figures

ZH = Figures("zh_CN", "CNY")
EN = Figures("en", "CNY")


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("0", "0.00元", "CNY 0.00"),
        ("9999.99", "9,999.99元", "CNY 9,999.99"),
        ("10000", "1.00万元", "CNY 10.0k"),
        ("12345678.90", "1,234.57万元", "CNY 12.35m"),
        ("99999949.99", "9,999.99万元", "CNY 100.00m"),
        ("99999950", "1.00亿元", "CNY 100.00m"),
        ("999994999.99", "10.00亿元", "CNY 999.99m"),
        ("999995000", "10.00亿元", "CNY 1.00bn"),
        ("-2500000", "-250.00万元", "CNY -2.50m"),
        ("1234567890123456.78", "12,345,678.90亿元", "CNY 1,234,567.89bn"),
    ],
)
def test_given_an_amount_when_shown_then_each_language_uses_its_own_units(
    amount: str, chinese: str, english: str
) -> None:
    assert ZH.money(Decimal(amount)) == chinese
    assert EN.money(Decimal(amount)) == english


def test_given_another_base_currency_when_shown_in_chinese_then_its_code_leads() -> None:
    assert Figures("zh_CN", "CZK").money(Decimal("1234567.00")) == "CZK 123.46万"


def test_given_a_tie_when_rounded_then_it_goes_up_as_on_paper() -> None:
    assert ZH.number(Decimal("2.345")) == "2.35"
    assert ZH.percent(Decimal("33.25")) == "33.3%"


def test_given_nothing_when_shown_then_a_dash_and_never_zero() -> None:
    assert {ZH.money(None), ZH.number(None), ZH.percent(None), ZH.count(None), ZH.day(None)} == {"—"}


def test_given_a_date_when_shown_then_weekday_and_language_fit() -> None:
    assert ZH.long_day(date(2026, 4, 1)) == "2026年4月1日 星期三"
    assert EN.long_day(date(2026, 4, 1)) == "Wednesday 1 April 2026"
    assert ZH.short_day(date(2026, 4, 1)) == "4月1日 周三"


def test_given_an_instant_when_shown_then_it_is_bank_time() -> None:
    moment = datetime(2026, 3, 31, 21, 0, tzinfo=UTC)
    assert ZH.instant(moment, ZoneInfo("Asia/Shanghai")) == "2026-04-01 05:00"


@pytest.mark.parametrize(
    ("language", "code", "told"),
    [("zh_CN", "CN", "中国 (CN)"), ("en", "vn", "Vietnam (vn)"), ("en", "XQ", "XQ"), ("en", "", "")],
)
def test_given_a_country_then_its_name_leads_and_a_code_of_none_stands_alone(
    language: Language, code: str, told: str
) -> None:
    assert Figures(language, "CNY").country(code) == told
