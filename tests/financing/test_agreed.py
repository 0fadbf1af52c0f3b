"""A way of repaying as terms of the calculator: what each shape follows, and from when principal is due."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from nightdesk.errors import UsageError
from nightdesk.financing.proposal.agreed import Loan, agreed
from nightdesk.financing.proposal.cash import Flow
from nightdesk.financing.schedule.terms import Terms

PAID_OUT = date(2026, 6, 30)
FLOWS = [Flow(Decimal(one), Decimal(10)) for one in (36, 48, 12, 60)]


def loan(**changed: Any) -> Loan:
    """Four quarters of a loan of 1,000."""
    return Loan(**{"paid_out": PAID_OUT, "tenor_months": 12, "every_months": 3, "rate_pct": Decimal(4),
                   "day_count": "A/360", "grace_months": 0, "cover": Decimal("1.20"), **changed})  # fmt: skip


def terms(shape: str, share_pct: str | None = None, flows: list[Flow] | None = None, **changed: Any) -> Terms:
    return agreed(loan(**changed), Decimal("1000.00"), shape, None if share_pct is None else Decimal(share_pct), flows)


def test_given_quarters_then_there_is_a_due_date_for_each_and_a_grace_or_take_out_is_called_by_its_own_name() -> None:
    found = terms("grace")
    assert (found.shape, found.periods, found.first_due, found.first_principal) == (
        "level_principal", 4, date(2026, 9, 30), None,
    )  # fmt: skip
    assert terms("take_out").shape == "bullet"
    assert terms("annuity").shape == "annuity"


def test_given_a_share_then_a_balloon_is_so_much_of_the_loan_and_a_step_is_that() -> None:
    assert terms("balloon", "30").extras == {"balloon": Decimal("300.00")}
    assert terms("balloon", "33.3333").extras == {"balloon": Decimal("333.33")}
    assert terms("balloon").extras == {"balloon": Decimal("0.00")}
    assert terms("step_up", "5").extras == {"step_up_pct": Decimal(5)}
    assert terms("annuity", "5").extras == {}


def test_given_a_year_of_inflow_then_a_seasonal_loan_follows_it_and_a_month_of_outflow_counts_as_none() -> None:
    season = {month: Decimal(month - 2) for month in range(1, 13)}
    weights = terms("seasonal", season=season).extras["month_weights"]
    assert weights == tuple(map(Decimal, (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)))


@pytest.mark.parametrize("season", [None, {}, {month: Decimal(1) for month in range(1, 12)}])
def test_given_less_than_a_year_of_inflow_then_no_loan_follows_it(season: dict[int, Decimal] | None) -> None:
    with pytest.raises(UsageError, match="no year of inflow is known"):
        terms("seasonal", season=season)


def test_given_cash_flows_then_what_they_cover_beside_the_debt_that_is_there_is_the_service() -> None:
    # 36 / 1.20 - 10 = 20; 48 / 1.20 - 10 = 30; 12 covers no more than what is there
    assert terms("sculpted", flows=FLOWS).extras == {"cfads": tuple(map(Decimal, ("20", "30", "0", "40")))}


@pytest.mark.parametrize(("flows", "cover"), [(None, Decimal("1.20")), (FLOWS, None)])
def test_given_no_cash_flow_or_no_cover_then_nothing_is_sculpted(flows: list[Flow] | None, cover: Decimal) -> None:
    with pytest.raises(UsageError, match="no cash flow is known"):
        terms("sculpted", flows=flows, cover=cover)


@pytest.mark.parametrize(
    ("cod_on", "waiting", "first"),
    [
        (None, 0, None),
        # complete on the day of paying out, or before it: the first period is one of operation
        (PAID_OUT, 0, None),
        (date(2026, 7, 1), 1, date(2026, 12, 30)),
        (date(2026, 9, 30), 1, date(2026, 12, 30)),
        (date(2026, 10, 1), 2, date(2027, 3, 30)),
        (date(2027, 3, 30), 3, date(2027, 6, 30)),
    ],
)
def test_given_a_project_that_is_built_then_principal_is_due_once_it_has_run_for_a_whole_period(
    cod_on: date | None, waiting: int, first: date | None
) -> None:
    assert loan(cod_on=cod_on).waiting == waiting
    assert terms("level_principal", cod_on=cod_on).first_principal == first


def test_given_a_project_that_is_built_then_what_is_sculpted_begins_with_the_first_principal() -> None:
    assert terms("sculpted", flows=FLOWS, cod_on=date(2026, 9, 30)).extras == {
        "cfads": tuple(map(Decimal, ("30", "0", "40")))
    }


@pytest.mark.parametrize(
    ("months", "first"), [(0, date(2026, 12, 30)), (3, date(2026, 12, 30)), (4, date(2027, 1, 30))]
)
def test_given_a_grace_then_it_counts_from_completion_and_never_shortens_the_wait(months: int, first: date) -> None:
    cod_on = date(2026, 9, 30)
    assert terms("grace", cod_on=cod_on, grace_months=months).first_principal == first
    assert terms("annuity", cod_on=cod_on, grace_months=months).first_principal == date(2026, 12, 30)


def test_given_a_project_that_is_complete_only_after_the_loan_then_it_is_refused() -> None:
    with pytest.raises(UsageError, match="ends before its project, complete on 2027-03-31, has run"):
        terms("annuity", cod_on=date(2027, 3, 31))
