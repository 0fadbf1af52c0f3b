"""Schedules and covers beside three other programs: pyxirr, numpy-financial and dscr-tools.

They reckon in floats and round late or never; what is compared is what a cent of rounding a row leaves of it.
"""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import numpy_financial
import pytest
import pyxirr
from agreed import agreed
from dscrtools.data.schema import LoanParams, NOISchedule
from dscrtools.models.amortization import schedule as other_schedule
from dscrtools.models.dscr import analyze

from nightdesk.financing.schedule import measures
from nightdesk.financing.schedule.day_count import DAY_COUNTS
from nightdesk.financing.schedule.table import Row, schedule

CONVENTIONS = {
    "30E/360": pyxirr.DayCount.THIRTY_E_360,
    "A/360": pyxirr.DayCount.ACT_360,
    "A/365": pyxirr.DayCount.ACT_365F,
    "A/A": pyxirr.DayCount.ACT_ACT_ISDA,
}
SHAPES = {
    "level_principal": {},
    "annuity": {},
    "bullet": {},
    "balloon": {"balloon": "250000"},
    "step_up": {"step_up_pct": "4"},
    "seasonal": {"month_weights": "1,0,0,3,0,0,2,0,0,1,0,0"},
    "sculpted": {"cfads": ",".join(str(70_000 + 900 * (number % 7)) for number in range(20))},
}
QUARTERS = {"every": "3M", "periods": 20}
LOAN = ("1000000", "5.2", "2026-01-15", "2026-04-15")


def flows(rows: list[Row]) -> list[float]:
    """What the lender pays and gets, by row."""
    return [float(row.service - row.drawn) for row in rows]


@pytest.mark.parametrize("name", CONVENTIONS)
def test_given_days_of_two_centuries_when_counted_then_the_part_of_a_year_is_pyxirrs(name: str) -> None:
    dice, basis = random.Random(13), DAY_COUNTS[name]
    ends = [date(2024, 2, 29), date(2026, 1, 31), date(2023, 2, 28), date(2024, 12, 31), date(2100, 2, 28)]
    days = ends + [date(1950, 1, 1) + timedelta(days=dice.randrange(70_000)) for _ in range(400)]
    for _ in range(2_000):
        first, last = sorted((dice.choice(days), dice.choice(days)))
        mine = basis.units(first, last) / basis.per_year
        assert mine == pytest.approx(pyxirr.year_fraction(first, last, CONVENTIONS[name]), abs=1e-12), (first, last)


@pytest.mark.parametrize(("step", "months"), [("1M", 1), ("3M", 3), ("6M", 6), ("1Y", 12)])
def test_given_annuities_and_balloons_then_every_instalment_but_the_last_is_the_one_of_both_other_programs(
    step: str, months: int
) -> None:
    dice = random.Random(months)
    for _ in range(60):
        periods, principal = dice.randrange(2, 99), dice.randrange(1_000, 10**8)
        rate, left = Decimal(dice.randrange(1, 2_400)) / 100, dice.choice((0, principal // 4))
        first_due = f"{2026 + months // 12}-{1 + months % 12:02}-15"
        terms = ("balloon" if left else "annuity", str(principal), str(rate), "2026-01-15", first_due)
        extras = {"balloon": str(left)} if left else {}
        rows = schedule(agreed(*terms, every=step, periods=periods, **extras))
        services = {row.service for row in islice(rows, 1, periods)}
        assert len(services) == 1, (terms, periods)
        per = float(rate) / 100 * months / 12
        for other in (pyxirr.pmt(per, periods, -principal, left), numpy_financial.pmt(per, periods, -principal, left)):
            assert float(rows[1].service) == pytest.approx(float(other), abs=0.0051), (terms, periods)


@pytest.mark.parametrize("shape", SHAPES)
def test_given_a_shape_then_what_the_lender_gets_yields_the_rate_by_both_other_programs(shape: str) -> None:
    rows = schedule(agreed(shape, *LOAN, **QUARTERS, **SHAPES[shape]))
    for found in (pyxirr.irr(flows(rows)), numpy_financial.irr(flows(rows))):
        assert found is not None
        assert found * 4 == pytest.approx(0.052, abs=2e-8)


def test_given_draws_and_a_reset_then_the_yield_is_no_longer_the_first_rate_and_worth_at_each_rate_is_nothing() -> None:
    rows = schedule(agreed("level_principal", *LOAN, **QUARTERS, draws={"2026-07-15": "500000"}))
    # a second amount at the same rate, on a due date: still the rate
    assert pyxirr.irr(flows(rows)) * 4 == pytest.approx(0.052, abs=2e-8)
    reset = schedule(agreed("level_principal", *LOAN, **QUARTERS, resets={"2028-07-15": "6.4"}))
    found = pyxirr.irr(flows(reset)) * 4
    assert 0.052 < found < 0.064


def test_given_cash_flows_and_rates_then_present_value_llcr_and_plcr_are_numpy_financials() -> None:
    dice = random.Random(5)
    for _ in range(50):
        years = dice.randrange(2, 25)
        cash = [Decimal(dice.randrange(1, 10**9)) / 100 for _ in range(years)]
        rate, debt = Decimal(dice.randrange(1, 1_500)) / 10_000, Decimal(dice.randrange(10**6, 10**9)) / 100
        worth = measures.present_value(cash, [rate] * years)
        for other in (
            numpy_financial.npv(float(rate), [0, *map(float, cash)]),
            pyxirr.npv(float(rate), [0, *map(float, cash)]),
        ):
            assert float(worth) == pytest.approx(float(other), rel=1e-12)
            cover = measures.life_cover(cash, [rate] * years, debt)
            assert float(cover or 0) == pytest.approx(float(other) / float(debt), abs=5.1e-5)


@pytest.mark.parametrize(("step", "months"), [("1M", 1), ("3M", 3), ("1Y", 12)])
@pytest.mark.parametrize("free", [0, 4])
def test_given_years_of_interest_and_then_an_annuity_then_rows_and_dscr_are_those_of_dscr_tools(
    step: str, months: int, free: int
) -> None:
    a_year, years = 12 // months, 12
    other = LoanParams(
        loan_amount=8_000_000,
        interest_rate=0.065,
        amortization_years=years,
        loan_term_years=years,
        interest_method="partial_io" if free else "fixed_30_360",
        io_periods=free,
        payments_per_year=a_year,
    )
    first = date(2026 + months // 12, 1 + months % 12, 1)
    month = first.month - 1 + free * months
    grace = date(first.year + month // 12, month % 12 + 1, 1)
    extras = {"first_principal": str(grace)} if free else {}
    rows = schedule(
        agreed("annuity", "8000000", "6.5", "2026-01-01", str(first), every=step, periods=years * a_year, **extras)
    )[1:]
    theirs = other_schedule(other)
    assert len(rows) == len(theirs)
    for mine, one in zip(rows, theirs, strict=True):
        # a cent of each row before may have been carried along
        assert float(mine.balance) == pytest.approx(one["ending_balance"], abs=0.02 * len(rows))
    assert [float(row.service) for row in rows[:-1]] == pytest.approx(
        [one["payment"] for one in theirs[:-1]], abs=0.011
    )
    cash = [Decimal(900_000 + 40_000 * year) for year in range(years)]
    found = analyze(other, NOISchedule(base_noi=1, explicit_noi=[float(one) for one in cash], vacancy_rate=0.0))
    services = [
        sum((row.service for row in rows[year * a_year : (year + 1) * a_year]), Decimal(0)) for year in range(years)
    ]
    covers = measures.dscr(cash, services)
    assert [float(cover or 0) for cover in covers] == pytest.approx([one.dscr for one in found], abs=1.1e-4)
    assert float(measures.lowest(covers) or 0) == pytest.approx(min(one.dscr for one in found), abs=1.1e-4)
