"""Due dates: steps, month ends, rolls, and where interest runs to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from agreed import agreed, table

from nightdesk.business_day import Calendar
from nightdesk.errors import UsageError
from nightdesk.financing.schedule.cycle import Cycle
from nightdesk.financing.schedule.dates import due_dates
from nightdesk.financing.schedule.rolling import rolled
from nightdesk.financing.schedule.table import schedule
from nightdesk.financing.schedule.terms import Terms


def days(**others: object) -> list[str]:
    terms = agreed("bullet", "1000", "6", **{"paid_out": "2026-01-01", "first_due": "2026-01-31", **others})
    return [str(due.on) for due in due_dates(terms, None)]


@pytest.mark.parametrize(
    ("every", "first_due", "is_month_end", "expected"),
    [
        ("1M", "2026-01-31", False, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("1M", "2026-02-28", False, ["2026-02-28", "2026-03-28", "2026-04-28", "2026-05-28"]),
        ("1M", "2026-02-28", True, ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("1M", "2026-01-30", True, ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
        ("3M", "2027-11-30", True, ["2027-11-30", "2028-02-29", "2028-05-31", "2028-08-31"]),
        ("1Y", "2028-02-29", False, ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"]),
        ("2W", "2026-02-20", False, ["2026-02-20", "2026-03-06", "2026-03-20", "2026-04-03"]),
        ("10D", "2026-02-20", False, ["2026-02-20", "2026-03-02", "2026-03-12", "2026-03-22"]),
    ],
)
def test_given_a_step_then_due_dates_are_counted_from_the_first_one(
    every: str, first_due: str, is_month_end: bool, expected: list[str]
) -> None:
    assert days(every=every, first_due=first_due, month_end=is_month_end, periods=4) == expected


def test_given_a_maturity_off_the_step_then_the_last_period_is_shorter_and_on_it_there_is_none() -> None:
    assert days(maturity="2026-03-15") == ["2026-01-31", "2026-02-28", "2026-03-15"]
    assert days(maturity="2026-03-31") == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert days(maturity="2026-01-31") == ["2026-01-31"]


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        ("none", "2026-01-31"),
        ("following", "2026-02-02"),
        ("modified_following", "2026-01-30"),
        ("preceding", "2026-01-30"),
    ],
)
def test_given_a_saturday_at_the_end_of_a_month_then_each_rule_moves_it_its_own_way(roll: str, expected: str) -> None:
    assert days(roll=roll, periods=1) == [expected]


def test_given_the_national_day_week_when_rolled_by_the_china_calendar_then_it_is_left_behind() -> None:
    works = Calendar("china").is_workday
    assert rolled(date(2026, 10, 1), "following", works) == date(2026, 10, 8)
    assert rolled(date(2026, 10, 1), "preceding", works) == date(2026, 9, 30)
    assert rolled(date(2026, 10, 10), "following", works) == date(2026, 10, 10), "a Saturday that is worked"


def test_given_a_calendar_without_working_days_then_it_is_refused_instead_of_searched_forever() -> None:
    with pytest.raises(UsageError, match="no working day near 2026-01-31"):
        rolled(date(2026, 1, 31), "following", set[date]().__contains__)


@pytest.mark.parametrize(("closed", "is_found"), [(59, True), (60, False)])
def test_given_a_long_closure_then_the_next_working_day_is_found_within_sixty_days(closed: int, is_found: bool) -> None:
    day = date(2026, 1, 31)
    works = {day + timedelta(days=closed)}.__contains__
    if is_found:
        assert rolled(day, "following", works) == date(2026, 3, 31)
    else:
        with pytest.raises(UsageError, match="no working day near"):
            rolled(day, "following", works)


def test_given_due_dates_that_roll_then_interest_runs_to_them_or_to_what_is_written_as_agreed() -> None:
    # 2026-02-28 and -03-28 are Saturdays: paid on Mondays 03-02 and 03-30, 36000 at 10% is 10.00 a day
    words = ("bullet", "36000", "10", "2026-01-28", "2026-02-28")
    adjusted = table(*words, periods=2, day_count="A/360", roll="following")
    unadjusted = table(*words, periods=2, day_count="A/360", roll="following", is_adjusted=False)
    assert [line.split()[3] for line in adjusted.splitlines()] == ["-", "330.00", "280.00"]
    assert [line.split()[3] for line in unadjusted.splitlines()] == ["-", "310.00", "280.00"]
    assert [line.split()[0] for line in adjusted.splitlines()] == ["2026-01-28", "2026-03-02", "2026-03-30"]
    assert [line.split()[0] for line in unadjusted.splitlines()] == ["2026-01-28", "2026-03-02", "2026-03-30"]


def test_given_two_due_dates_that_roll_to_one_day_then_it_is_one_row() -> None:
    # Saturday 2026-02-28 and Sunday 03-01, both paid on Monday
    assert days(first_due="2026-02-28", maturity="2026-03-01", roll="following") == ["2026-03-02", "2026-03-02"]
    rows = table("bullet", "36000", "10", "2026-01-28", "2026-02-28", maturity="2026-03-01", roll="following",
                 day_count="A/360")  # fmt: skip
    assert rows.splitlines()[1:] == ["2026-03-02 - 36000.00 330.00 -"]


def test_given_interest_that_is_capitalised_up_to_a_day_then_that_day_stands_once_among_the_due_dates() -> None:
    written = {"paid_out": "2026-01-01", "first_due": "2026-01-31", "periods": 4}

    def kinds(day: str, **others: object) -> list[str]:
        terms = agreed("bullet", "1000", "6", capitalise_to=day, **{**written, **others})  # type: ignore[arg-type]
        return [
            f"{due.on} {'capitalised' if due.is_capitalised else 'paid'} {due.pays_principal}"
            for due in due_dates(terms, None)
        ]

    paid = ["2026-03-31 paid True", "2026-04-30 paid True"]
    first = ["2026-01-31 capitalised False", "2026-02-28 capitalised False"]
    assert kinds("2026-02-28") == [*first, *paid]
    assert kinds("2026-03-15") == [*first, "2026-03-15 capitalised False", *paid]
    # Saturday 2026-02-28 rolls to Monday 03-02: it is in the time of capitalising from the day that is written on
    assert kinds("2026-03-01", roll="following")[1:3] == ["2026-03-02 capitalised False", "2026-03-31 paid True"]


def test_given_a_draw_on_the_day_to_which_interest_runs_then_it_earns_from_there_on_once() -> None:
    # Saturday 2026-02-28 is paid on Monday 03-02 and interest runs to what is written: 36000 at 10% is 10.00 a day
    rows = table("bullet", "36000", "10", "2026-01-28", "2026-02-28", periods=2, day_count="A/360", roll="following",
                 is_adjusted=False, draws={"2026-02-28": "36000"})  # fmt: skip
    assert [line.split()[3] for line in rows.splitlines() if line.split()[3] != "-"] == ["310.00", "560.00"]


def test_given_a_rate_that_changes_in_the_last_night_before_a_due_date_then_the_annuity_is_reckoned_anew_there() -> (
    None
):
    def payments(reset: str) -> list[Decimal]:
        terms = agreed("annuity", "12000", "6", "2026-01-15", "2026-02-15", periods=6, resets={reset: "12"})
        return [row.service for row in schedule(terms)[1:-1]]

    first, second, third, fourth, _ = payments("2026-03-14")
    assert first < second
    assert second == third == fourth
    first, second, third, fourth, _ = payments("2026-03-15")
    assert first == second
    assert second < third == fourth


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [("1M", 1, 0), ("1200M", 1200, 0), ("100Y", 1200, 0), ("2W", 0, 14), ("36000D", 0, 36000)],
)
def test_given_a_step_up_to_a_hundred_years_then_it_is_so_many_months_or_days(
    text: str, months: int, days: int
) -> None:
    assert Cycle.read(text) == Cycle(months, days, is_month_end=False)


@pytest.mark.parametrize(
    ("first", "last", "is_one"),
    [
        ("2026-01-31", "2026-02-28", True),
        ("2026-02-28", "2026-03-31", True),
        ("2026-01-28", "2026-02-28", True),
        ("2026-01-30", "2026-03-30", False),
        ("2026-02-27", "2026-03-31", False),
        ("2026-01-31", "2026-01-31", False),
    ],
)
def test_given_two_days_then_they_are_one_step_apart_where_it_leads_from_one_to_the_other_either_way(
    first: str, last: str, is_one: bool
) -> None:
    assert Cycle.read("1M").is_one_step(date.fromisoformat(first), date.fromisoformat(last)) is is_one


def test_given_terms_that_name_no_step_then_something_is_due_every_month() -> None:
    terms = Terms(Decimal(1000), Decimal(6), date(2026, 1, 1), date(2026, 1, 31), "bullet", periods=2)
    assert [str(due.on) for due in due_dates(terms, None)] == ["2026-01-31", "2026-02-28"]


def test_given_a_due_date_a_hundred_years_off_then_it_is_held_and_a_day_later_it_is_not() -> None:
    assert days(paid_out="2026-01-01", first_due="2126-01-01", periods=1) == ["2126-01-01"]
    with pytest.raises(UsageError, match="longer than a hundred years"):
        days(paid_out="2026-01-01", first_due="2126-01-03", periods=1)


@pytest.mark.parametrize("text", ["", "M", "0M", "-1M", "1", "1.5M", "1Q", "99999M", "101Y", "1201M", "36001D"])
def test_given_what_is_no_step_then_it_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no step"):
        Cycle.read(text)
