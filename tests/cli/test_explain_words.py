"""What explain says of a client's figures is in words: whom it is compared with, what is unpaid, which parts are
missing."""

import pytest

from nightdesk.cli.explained.credit import Credit
from nightdesk.cli.explained.part import Part
from nightdesk.cli.options import Lang, results
from nightdesk.render.catalogue import catalogue


def part(lang: Lang) -> Part:
    return Part(catalogue(lang.value), lang, "CNY")


@pytest.mark.parametrize(
    ("column", "code", "zh", "en"),
    [
        ("peer_set", "company|mid_corporate", "企业、中型企业", "Company, medium company"),
        ("percentile_set", "person|*", "个人", "Person"),
        ("peer_set", "company|of_the_bank_s_own", "企业、of_the_bank_s_own", "Company, of_the_bank_s_own"),
        ("oldest_unpaid_kind", "interest", "利息", "interest"),
        ("not_assessed", "product,rating", "产品缺口、评级变化", "product gap, grade trend"),
        ("not_assessed", "rating", "评级变化", "grade trend"),
    ],
)
def test_given_a_code_in_a_column_when_explained_then_it_is_in_words_of_either_language(
    column: str, code: str, zh: str, en: str
) -> None:
    assert (part(Lang.zh_CN).value(column, code), part(Lang.en).value(column, code)) == (zh, en)


def test_given_names_longer_than_others_when_explained_then_the_second_column_stands_in_one_line() -> None:
    row = {"dep_avg_365_amt": "1", "peers": "22222", "group_dep_avg_365_amt": "333", "month": "4"}
    with results.capture() as said:
        part(Lang.en).figures(row)
    first, second = said.get().splitlines()
    assert first.index("group deposits") == second.index("month")
    assert first.index("333") == second.index("4")


def test_given_a_loan_when_explained_then_the_class_ahead_is_called_what_it_is() -> None:
    row = dict.fromkeys(("floor_rule", "floor_words", "forecast_words", "cure_amt"))
    row |= {"booked_class": "normal", "floor_class": "normal"}
    row |= {"forecast_class": "special_mention", "forecast_on": "2026-12-31"}
    with results.capture() as said:
        Credit(catalogue("en"), Lang.en, "CNY").loan("L1", {}, row)
    assert "class at the quarter's end if nothing is paid 2026-12-31 Special mention" in said.get()
