"""What explain says of a client's figures is in words: whom it is compared with, what is unpaid, which parts are
missing."""

from datetime import date
from decimal import Decimal
from typing import Any

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


CURE: dict[str, Any] = {
    "booked_class": "special_mention", "floor_class": "substandard", "floor_rule": "recovering", "floor_words": None,
    "forecast_class": "substandard", "forecast_words": None, "forecast_on": date(2026, 12, 31),
    "cure_amt": Decimal("1678.50"), "cure_by": date(2026, 10, 17), "first_due_on": date(2026, 9, 17),
    "last_due_on": date(2026, 11, 17), "cured_class": "special_mention", "is_observed_cure": True,
}  # fmt: skip


def cure(**changes: Any) -> str:
    with results.capture() as said:
        Credit(catalogue("en"), Lang.en, "CNY").loan("L1", {}, CURE | changes)
    return " ".join(said.get().split())


def test_given_a_cure_of_what_is_not_all_due_yet_then_only_what_is_due_has_to_be_paid_by_its_day_and_why() -> None:
    said = cure()
    assert "Pay what is due by then by 2026-10-17 and the rest, up to 2026-11-17, as it falls due, 1,678.50" in said
    assert "after that day what is due on 2026-09-17 passes a line of days past due" in said
    assert "Special mention at best" in said


def test_given_a_cure_of_what_is_due_by_its_day_then_all_of_it_is_paid_by_then() -> None:
    assert "Pay 1,678.50 (what is due up to 2026-10-17) by 2026-10-17" in cure(last_due_on=date(2026, 10, 17))
    assert "as it falls due" in cure(last_due_on=date(2026, 10, 18))
    on_the_day = cure(cure_by=date(2026, 12, 31))
    assert "passes a line" not in on_the_day  # early enough whenever it is paid before the class is set


def test_given_a_cure_on_other_loans_then_no_due_dates_are_told() -> None:
    said = cure(first_due_on=None, last_due_on=None)
    assert "Pay 1,678.50 on other loans of the debtor by 2026-10-17" in said
    assert "line of days" not in said


def test_given_a_cure_that_lifts_an_observation_then_it_says_that_its_period_is_over_by_then() -> None:
    assert "by 2026-12-31 the period of observation is then over" in cure()
    assert "observation" not in cure(is_observed_cure=False)


def test_given_a_written_off_loan_without_a_balance_then_its_principal_is_told_as_not_supplied() -> None:
    for status, owed, is_told in (("written_off", 0, True), ("written_off", 1, False), ("active", 0, False)):
        with results.capture() as said:
            Credit(catalogue("en"), Lang.en, "CNY").loan(
                "L1", {"status": status, "outstanding_amt": Decimal(owed)}, None
            )
        assert ("principal written off is not supplied" in said.get()) is is_told
