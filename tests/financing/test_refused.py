"""Contracts that cannot be held: one clear line each, naming the option."""

from decimal import Decimal
from typing import Any

import pytest
from agreed import agreed

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import cents
from nightdesk.financing.schedule.shapes import names
from nightdesk.financing.schedule.table import schedule

SOUND: dict[str, Any] = {
    "shape": "annuity",
    "principal": "1000",
    "rate_pct": "6",
    "paid_out": "2026-01-31",
    "first_due": "2026-02-28",
    "periods": 3,
}


def test_given_sound_terms_then_they_are_held() -> None:
    assert len(schedule(agreed(**SOUND))) == 4


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"principal": "0"}, "--principal 0 is not an amount above zero"),
        ({"principal": "0.004"}, "--principal 0.004 is not"),
        ({"principal": "-1000"}, "--principal -1000 is not"),
        ({"principal": "NaN"}, "--principal NaN is no amount"),
        ({"principal": "Infinity"}, "--principal Infinity is no amount"),
        ({"principal": "1000000000000000.01"}, "--principal 1000000000000000.01 is no amount"),
        ({"rate_pct": "-0.01"}, "--rate-pct -0.01 is negative"),
        ({"resets": {"2026-03-31": "-0.01"}}, "--reset -0.01 is negative"),
        ({"first_due": "2026-01-31"}, "--first-due 2026-01-31 is the same day as --paid-out"),
        ({"first_due": "2026-01-30"}, "--first-due 2026-01-30 is before --paid-out"),
        ({"periods": None}, "neither --maturity nor --periods"),
        ({"maturity": "2027-01-31"}, "--maturity and --periods are both given"),
        ({"periods": None, "maturity": "2026-02-27"}, "--maturity 2026-02-27 is before --first-due"),
        ({"periods": 0}, "--periods 0"),
        ({"paid_out": "1899-12-31"}, "--paid-out 1899-12-31 lies outside 1900 to 2199"),
        ({"paid_out": "2200-01-01", "first_due": "2200-02-01"}, "--paid-out 2200-01-01 lies outside"),
        ({"first_due": "9999-12-31"}, "longer than a hundred years"),
        ({"rate_pct": "999999999", "capitalise_to": "2026-12-31", "periods": 20}, "grow beyond all measure"),
        ({"periods": 2000}, "longer than a hundred years"),
        ({"periods": None, "maturity": "9999-12-31"}, "longer than a hundred years"),
        ({"shape": "round"}, "there is no shape 'round'"),
        ({"shape": "bullet", "payment": "10"}, "--payment says nothing to shape bullet"),
        ({"shape": "principal_rows"}, "shape principal_rows needs --principal-rows"),
        ({"shape": "principal_rows", "principal_rows": "500,300,199.99"}, "adds up to 999.99, and 1000.00 has"),
        ({"shape": "principal_rows", "principal_rows": "500,300,200.01"}, "adds up to 1000.01, and 1000.00 has"),
        ({"shape": "principal_rows", "principal_rows": "900,300,-200"}, "negative amount"),
        ({"shape": "principal_rows", "principal_rows": "500,500"}, "has 2 amounts for 3 due dates"),
        ({"payment": "0"}, "--payment 0"),
        ({"payment": "4.66"}, "--payment 4.66 is smaller than the interest 4.67"),
        ({"payment": "5", "periods": None}, "--payment 5.00 is no more than the interest 5.00 due on 2026-03-28"),
        ({"payment": "5.01", "periods": None}, "longer than a hundred years"),
        ({"shape": "flat", "payment": "4"}, "--payment 4.00 is smaller than the interest"),
        (
            {"shape": "flat", "first_due": "2026-02-05", "resets": {"2026-02-05": "0"}},
            "before 2026-03-05 a flat rate has charged",
        ),
        ({"shape": "flat", "capitalise_to": "2026-03-01"}, "nothing is capitalised"),
        ({"shape": "flat", "payment": "400", "periods": None}, "neither --maturity nor --periods"),
        ({"draws": {"2026-01-30": "5"}}, "--draw 2026-01-30 is before --paid-out"),
        ({"draws": {"2026-04-28": "5"}}, "--draw 2026-04-28 is not before the last due date 2026-04-28"),
        ({"draws": {"2026-02-01": "-5"}}, "--draw -5 is not"),
        ({"resets": {"2026-01-30": "5"}}, "--reset 2026-01-30 is before --paid-out"),
        ({"resets": {"2026-02-01": "-5"}}, "--reset -5 is negative"),
        ({"capitalise_to": "2026-01-31"}, "--capitalise-to 2026-01-31 is the same day as"),
        ({"capitalise_to": "2026-04-28"}, "reaches the last due date 2026-04-28"),
        ({"capitalise_to": "2026-03-28", "first_principal": "2026-03-28"}, "within the time in which interest"),
        ({"capitalise_to": "2026-03-28", "stub": "last", "first_due": "2026-03-10"}, "--stub says how"),
        ({"first_principal": "2026-04-29"}, "lies after the last due date 2026-04-28"),
        ({"first_principal": "2026-01-31"}, "--first-principal 2026-01-31 is the same day as"),
        ({"stub": "middle"}, "--stub 'middle' is unknown"),
        ({"roll": "up"}, "--roll 'up' is unknown"),
        ({"first_due": "2026-02-01", "roll": "preceding"}, "rolls to 2026-01-30, which is not after --paid-out"),
        ({"paid_out": "2026-01-30", "first_due": "2026-02-01", "roll": "preceding"}, "rolls to 2026-01-30"),
        (
            {"stub": "upfront", "first_due": "2026-03-15", "draws": {"2026-02-14": "5"}},
            "--stub upfront would pay interest on what is drawn only later",
        ),
        (
            {"shape": "level_principal", "payment": "5", "periods": None, "stub": "spread", "first_due": "2026-03-15"},
            "--stub spread needs to know",
        ),
        ({"shape": "seasonal", "month_weights": "1,2"}, "not twelve weights"),
        ({"shape": "seasonal", "month_weights": "1,1,1,1,1,1,1,1,1,1,1,-1"}, "not twelve weights"),
        ({"shape": "seasonal", "month_weights": "0,0,0,0,1,0,0,0,0,0,0,0"}, "0 in every month of a due date"),
        ({"shape": "sculpted", "cfads": "5,5,-5"}, "--cfads has a negative amount"),
        ({"shape": "sculpted", "cfads": "0,0,0"}, "none above 0"),
        ({"shape": "sculpted", "cfads": "5,5"}, "--cfads has 2 amounts for 3 due dates"),
        ({"shape": "step_up", "step_up_pct": "101"}, "not between 0 and 100"),
        ({"shape": "balloon", "balloon": "1000.01"}, "--balloon 1000.01 is not between 0 and the 1000.00"),
        ({"shape": "balloon", "balloon": "-1"}, "--balloon -1.00 is not between"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_given_terms_that_cannot_be_held_then_the_option_is_named_with_what_to_do(
    changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        schedule(agreed(**(SOUND | changed)))
    assert said in refused.value.what
    assert refused.value.remedy
    assert refused.value.exit_code == 2


def test_given_the_same_day_twice_then_it_is_refused() -> None:
    terms = agreed(**SOUND, draws={"2026-02-01": "5"})
    with pytest.raises(UsageError, match="--draw names 2026-02-01 twice"):
        type(terms)(**(vars(terms) | {"draws": terms.draws * 2}))


@pytest.mark.parametrize(
    "changed",
    [
        {"balloon": "1000", "shape": "balloon"},
        {"balloon": "0", "shape": "balloon"},
        {"payment": "5.00"},
        {"payment": "4.67", "periods": 1},
        {"principal": "1000000000000000"},
        {"stub": "upfront", "first_due": "2026-03-15", "draws": {"2026-01-31": "5"}},
        {"stub": "upfront", "first_due": "2026-03-15", "draws": {"2026-02-15": "5"}},
        {"draws": {"2026-04-27": "5"}},
        {"draws": {"2026-01-31": "5"}},
        {"resets": {"2026-01-31": "0", "2099-01-01": "9"}},
        {"first_principal": "2026-04-28"},
        {"capitalise_to": "2026-04-27"},
        {"shape": "step_up", "step_up_pct": "100"},
    ],
)
def test_given_terms_on_the_edge_of_what_can_be_held_then_they_are(changed: dict[str, Any]) -> None:
    rows = schedule(agreed(**(SOUND | changed)))
    assert rows[-1].balance == 0
    assert sum(row.principal for row in rows) == sum(row.drawn + row.capitalised for row in rows)


def test_given_amounts_that_grow_without_end_then_the_first_beyond_all_measure_is_refused() -> None:
    most = Decimal("1e30")
    assert (cents(most), cents(-most)) == (most, -most)
    with pytest.raises(UsageError, match="beyond all measure"):
        cents(most * Decimal("1.001"))


def test_given_the_folder_of_shapes_then_each_is_known_by_its_name() -> None:
    assert {"annuity", "bullet", "flat", "level_principal", "principal_rows"} <= set(names())
