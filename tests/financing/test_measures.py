"""What a table means for who pays it: covers, cost and average life."""

from decimal import Decimal

import pytest
from agreed import agreed

from nightdesk.errors import UsageError
from nightdesk.financing.schedule import measures
from nightdesk.financing.schedule.table import schedule

CFADS = [Decimal(one) for one in (120, 130, 140, 150)]
FIVE_PERCENT = [Decimal("0.05")] * 4


def test_given_cash_flows_and_level_service_then_covers_are_theirs() -> None:
    debt = measures.present_value([Decimal(100)] * 4, FIVE_PERCENT)
    assert round(debt, 4) == Decimal("354.5951")
    covers = measures.dscr(CFADS, [Decimal(100)] * 4)
    assert covers == [Decimal("1.2"), Decimal("1.3"), Decimal("1.4"), Decimal("1.5")]
    assert (measures.lowest(covers), measures.average(covers)) == (Decimal("1.2"), Decimal("1.35"))
    assert measures.life_cover(CFADS, FIVE_PERCENT, debt) == Decimal("1.3439")
    beyond = [*CFADS, Decimal(160)], [*FIVE_PERCENT, Decimal("0.05")]
    assert measures.life_cover(*beyond, debt) == Decimal("1.6974")


def test_given_a_cover_that_is_asked_for_then_capacity_is_what_sculpting_repays() -> None:
    capacity = measures.debt_capacity(CFADS, FIVE_PERCENT, Decimal("1.30"))
    assert capacity == Decimal("366.57")
    rows = schedule(
        agreed("sculpted", str(capacity), "5", "2026-01-01", "2027-01-01", every="1Y", cfads="120,130,140,150")
    )
    services = [row.service for row in rows if row.service]
    assert {round(cover or 0, 3) for cover in measures.dscr(CFADS, services)} == {Decimal("1.300")}


def test_given_a_negative_cash_flow_then_it_carries_no_debt_and_covers_negatively() -> None:
    with_loss = [Decimal(-50), *CFADS[1:]]
    assert measures.debt_capacity(with_loss, FIVE_PERCENT, Decimal(1)) == Decimal("362.26")
    assert measures.dscr(with_loss[:1], [Decimal(100)]) == [Decimal("-0.5")]


def test_given_nothing_due_then_nothing_is_said_of_its_cover() -> None:
    covers = measures.dscr([Decimal(100), Decimal(90)], [Decimal(0), Decimal(100)])
    assert covers == [None, Decimal("0.9")]
    assert (measures.lowest(covers), measures.average(covers)) == (Decimal("0.9"), Decimal("0.9"))
    assert measures.lowest([None]) is measures.average([None]) is measures.life_cover([], [], Decimal(0)) is None


@pytest.mark.parametrize("target", ["0", "-1.2"])
def test_given_a_cover_of_nothing_then_capacity_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match="carries no debt"):
        measures.debt_capacity(CFADS, FIVE_PERCENT, Decimal(target))


def test_given_a_table_then_cost_peak_and_average_life_are_read_from_its_rows() -> None:
    # 1000 -> 1010 capitalised, then 505 twice: 10.10 + 5.05 of interest, 515.10 the most on a day
    rows = schedule(
        agreed("level_principal", "1000", "12", "2026-01-01", "2026-02-01", periods=3, capitalise_to="2026-02-01")
    )
    assert measures.total_interest(rows) == Decimal("25.15")
    assert measures.peak_service(rows) == Decimal("515.10")
    assert [str(row.service) for row in rows if row.service] == ["515.10", "510.05"]
    # (59 + 90) / 2 days of 365
    assert measures.average_life_years(rows) == Decimal("0.2041")
