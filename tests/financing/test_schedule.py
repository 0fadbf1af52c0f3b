"""Tables to the cent: schedules reckoned by hand, and results of other programs."""

import pytest
from agreed import agreed, lines, said, table

from nightdesk.financing.schedule.table import schedule


def test_given_level_principal_then_the_last_due_date_takes_the_residue() -> None:
    # 1000 / 3 = 333.33; interest 0.5% a month of 1000, 666.67, 333.34
    assert table("level_principal", "1000", "6", "2026-01-15", "2026-02-15", periods=3) == lines("""
        2026-01-15 1000.00 - - 1000.00
        2026-02-15 - 333.33 5.00 666.67
        2026-03-15 - 333.33 3.33 333.34
        2026-04-15 - 333.34 1.67 -
    """)


def test_given_an_annuity_then_every_payment_but_the_last_is_the_same() -> None:
    # 1000 * 0.005 / (1 - 1.005^-3) = 336.672 -> 336.67
    assert table("annuity", "1000", "6", "2026-01-15", "2026-02-15", periods=3) == lines("""
        2026-01-15 1000.00 - - 1000.00
        2026-02-15 - 331.67 5.00 668.33
        2026-03-15 - 333.33 3.34 335.00
        2026-04-15 - 335.00 1.68 -
    """)


def test_given_a_half_cent_of_interest_then_it_is_rounded_up() -> None:
    # 301 * 6% / 12 = 1.505; 100.10 * 6% / 12 = 0.5005
    assert table("bullet", "301", "6", "2026-01-15", "2026-02-15", periods=1).endswith("301.00 1.51 -")
    assert table("bullet", "100.10", "6", "2026-01-15", "2026-02-15", periods=1).endswith("100.10 0.50 -")


def test_given_a_bullet_then_interest_is_due_on_the_way_and_all_principal_at_the_end() -> None:
    # 3650 * (31/365 + 60/366) = 908.3607; 3650 * 92/366 = 917.4863
    words = ("bullet", "36500", "10", "2027-12-01", "2028-03-01")
    assert table(*words, every="3M", periods=2, day_count="A/A") == lines("""
        2027-12-01 36500.00 - - 36500.00
        2028-03-01 - - 908.36 36500.00
        2028-06-01 - 36500.00 917.49 -
    """)


def test_given_rows_then_principal_is_what_they_say_and_0_is_interest_only() -> None:
    assert table("principal_rows", "1200", "10", "2026-01-01", "2026-02-01", principal_rows="500,0,700") == lines("""
        2026-01-01 1200.00 - - 1200.00
        2026-02-01 - 500.00 10.00 700.00
        2026-03-01 - - 5.83 700.00
        2026-04-01 - 700.00 5.83 -
    """)


def test_given_a_flat_rate_then_interest_is_on_the_first_principal_and_every_instalment_the_same() -> None:
    # 1000 * 12% for 4 months = 40.00, a quarter of it each
    assert table("flat", "1000", "12", "2026-01-01", "2026-02-01", periods=4) == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-02-01 - 250.00 10.00 750.00
        2026-03-01 - 250.00 10.00 500.00
        2026-04-01 - 250.00 10.00 250.00
        2026-05-01 - 250.00 10.00 -
    """)


def test_given_a_flat_rate_that_does_not_divide_then_the_last_takes_the_residue_of_interest_too() -> None:
    # 1000 * 10% a year = 100.00 over 12: 8.33 and 8.37; 1000 over 12: 83.33 and 83.37
    rows = table("flat", "1000", "10", "2026-01-01", "2026-02-01", periods=12).splitlines()
    assert rows[1] == "2026-02-01 - 83.33 8.33 916.67"
    assert rows[-1] == "2027-01-01 - 83.37 8.37 -"


def test_given_a_flat_rate_whose_interest_rounds_up_then_the_payment_stays_when_it_is_used_up() -> None:
    # 100 * 0.06% for 10 months = 0.05, a tenth of it 0.01 to the cent: five of them, and from there on all is principal
    rows = schedule(agreed("flat", "100", "0.06", "2026-01-01", "2026-02-01", periods=10, payment="10.01"))[1:]
    assert [str(row.service) for row in rows] == ["10.01"] * 9 + ["9.96"]
    assert [str(row.interest) for row in rows] == ["0.01"] * 5 + ["0.00"] * 5


def test_given_a_flat_payment_of_the_interest_alone_then_the_last_takes_principal_and_residue() -> None:
    # 1000 * 10% over 12: 8.33, and 8.37 at the end
    rows = schedule(agreed("flat", "1000", "10", "2026-01-01", "2026-02-01", periods=12, payment="8.33"))[1:]
    assert [str(row.service) for row in rows] == ["8.33"] * 11 + ["1008.37"]


def test_given_a_draw_then_it_bears_interest_from_its_day_and_what_is_left_is_shared_anew() -> None:
    # 30E/360: 900 for a month at 12% = 9; 300 for half a month = 1.50; then (600 + 300) / 2
    assert table("level_principal", "900", "12", "2026-01-01", "2026-02-01", periods=3,
                 draws={"2026-02-16": "300"}) == lines("""
        2026-01-01 900.00 - - 900.00
        2026-02-01 - 300.00 9.00 600.00
        2026-02-16 300.00 - - 900.00
        2026-03-01 - 450.00 7.50 450.00
        2026-04-01 - 450.00 4.50 -
    """)  # fmt: skip


def test_given_a_draw_on_a_due_date_then_it_is_one_row_and_counts_from_the_next_period_on() -> None:
    assert table("bullet", "900", "12", "2026-01-01", "2026-02-01", periods=2,
                 draws={"2026-02-01": "300"}) == lines("""
        2026-01-01 900.00 - - 900.00
        2026-02-01 300.00 - 9.00 1200.00
        2026-03-01 - 1200.00 12.00 -
    """)  # fmt: skip


def test_given_a_reset_within_a_period_then_each_part_has_its_rate_and_the_annuity_is_reckoned_anew() -> None:
    # 1000: half a month at 12% (5.00), half at 24% (10.00); A: 1000 * 1.015 / (1 + 1/1.02) = 512.55
    assert table("annuity", "1000", "12", "2026-01-01", "2026-02-01", periods=2,
                 resets={"2026-01-16": "24"}) == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-02-01 - 497.52 15.00 502.48
        2026-03-01 - 502.48 10.05 -
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "others"),
    [("level_principal", {}), ("flat", {}), ("seasonal", {"month_weights": "1,1,1,1,1,1,1,1,1,1,1,1"})],
)
def test_given_a_reset_then_principal_that_owes_nothing_to_the_rate_stays_and_the_last_takes_the_residue(
    shape: str, others: dict[str, str]
) -> None:
    # 1000 / 3 = 333.33; half of the 666.67 that are left after the reset would be 333.34
    rows = table(shape, "1000", "12", "2026-01-01", "2026-02-01", periods=3, resets={"2026-02-10": "6"}, **others)
    assert [line.split()[2] for line in rows.splitlines()] == ["-", "333.33", "333.33", "333.34"]


def test_given_a_reset_on_a_due_date_then_the_next_period_is_the_first_at_the_new_rate() -> None:
    rows = table("bullet", "1200", "12", "2026-01-01", "2026-02-01", periods=2, resets={"2026-02-01": "6"})
    assert [line.split()[3] for line in rows.splitlines()] == ["-", "12.00", "6.00"]


def test_given_a_reset_on_a_later_due_date_then_the_instalments_up_to_it_stay_and_the_others_are_reckoned_anew() -> (
    None
):
    # 1000 * 0.01 / (1 - 1.01^-4) = 256.28; then 504.98 * 0.02 / (1 - 1.02^-2) = 260.09
    assert table("annuity", "1000", "12", "2026-01-01", "2026-02-01", periods=4,
                 resets={"2026-03-01": "24"}) == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-02-01 - 246.28 10.00 753.72
        2026-03-01 - 248.74 7.54 504.98
        2026-04-01 - 249.99 10.10 254.99
        2026-05-01 - 254.99 5.10 -
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "others"),
    [("annuity", {}), ("step_up", {"step_up_pct": "0"}), ("sculpted", {"cfads": "9,9,9"})],
)
def test_given_a_draw_then_level_instalments_are_reckoned_anew(shape: str, others: dict[str, str]) -> None:
    # 340.02, of which 330.02 repays; drawn again: 1000 * 0.01 / (1 - 1.01^-2) = 507.51
    rows = schedule(
        agreed(shape, "1000", "12", "2026-01-01", "2026-02-01", periods=3, draws={"2026-02-01": "330.02"}, **others)
    )
    assert [str(row.service) for row in rows[1:]] == ["340.02", "507.51", "507.51"]


def test_given_a_draw_then_what_is_left_of_the_seasons_is_shared_anew() -> None:
    rows = table("seasonal", "1200", "12", "2026-01-01", "2026-02-01", periods=3, draws={"2026-02-16": "300"},
                 month_weights="1,1,1,1,1,1,1,1,1,1,1,1")  # fmt: skip
    assert [line.split()[2] for line in rows.splitlines()] == ["-", "400.00", "-", "550.00", "550.00"]


@pytest.mark.parametrize(
    ("others", "interest"),
    [
        ({"draws": {"2026-03-01": "600"}}, ["12.00", "12.00", "18.00", "18.00"]),
        ({"resets": {"2026-03-01": "24"}}, ["12.00", "12.00", "24.00", "24.00"]),
    ],
)
def test_given_a_draw_or_a_reset_under_a_flat_rate_then_interest_is_on_all_that_was_drawn_from_there_on(
    others: dict[str, dict[str, str]], interest: list[str]
) -> None:
    rows = schedule(agreed("flat", "1200", "12", "2026-01-01", "2026-02-01", periods=4, **others))
    assert [str(row.interest) for row in rows[1:]] == interest


def test_given_a_reset_under_a_flat_rate_that_earns_what_was_charged_already_then_nothing_more_is_charged() -> None:
    # 1200 at 12% earns 12.00 a month: the whole life's interest stays the amount times the rate of each period
    rows = schedule(agreed("flat", "1200", "12", "2026-01-01", "2026-02-01", periods=4, resets={"2026-03-01": "0"}))
    assert [str(row.interest) for row in rows[1:]] == ["12.00", "12.00", "0.00", "0.00"]


def test_given_a_draw_between_the_written_and_the_rolled_day_then_it_bears_interest_from_its_own_day_only() -> None:
    # 36000 at 10% is 10.00 a day: 31 days to Saturday 02-28; then 28 days of it and 27 of what was drawn on Sunday
    assert table("bullet", "36000", "10", "2026-01-28", "2026-02-28", periods=2, day_count="A/360", roll="following",
                 is_adjusted=False, draws={"2026-03-01": "36000"}) == lines("""
        2026-01-28 36000.00 - - 36000.00
        2026-03-01 36000.00 - - 72000.00
        2026-03-02 - - 310.00 72000.00
        2026-03-30 - 72000.00 550.00 -
    """)  # fmt: skip


def test_given_grace_then_interest_alone_is_due_before_the_first_principal() -> None:
    assert table("level_principal", "900", "12", "2026-01-01", "2026-02-01", periods=4,
                 first_principal="2026-03-15") == lines("""
        2026-01-01 900.00 - - 900.00
        2026-02-01 - - 9.00 900.00
        2026-03-01 - - 9.00 900.00
        2026-04-01 - 450.00 9.00 450.00
        2026-05-01 - 450.00 4.50 -
    """)  # fmt: skip


def test_given_interest_that_is_capitalised_then_it_is_owed_and_bears_interest() -> None:
    # 1% a month: 1000 -> 1010 -> 1020.10, then half of it twice
    assert table("level_principal", "1000", "12", "2026-01-01", "2026-02-01", periods=4,
                 capitalise_to="2026-03-01") == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-02-01 - - 10.00 1010.00
        2026-03-01 - - 10.10 1020.10
        2026-04-01 - 510.05 10.20 510.05
        2026-05-01 - 510.05 5.10 -
    """)  # fmt: skip


def test_given_capitalising_to_a_day_on_which_nothing_is_due_then_it_has_a_row() -> None:
    # 1000 at 12% for half a month: 5.00; then 1005 for half a month: 5.025
    assert table("bullet", "1000", "12", "2026-01-01", "2026-02-01", periods=1, capitalise_to="2026-01-16") == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-01-16 - - 5.00 1005.00
        2026-02-01 - 1005.00 5.03 -
    """)


def test_given_a_payment_that_leaves_something_then_the_last_due_date_takes_it() -> None:
    assert table("annuity", "1000", "12", "2026-01-01", "2026-02-01", periods=3, payment="110") == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-02-01 - 100.00 10.00 900.00
        2026-03-01 - 101.00 9.00 799.00
        2026-04-01 - 799.00 7.99 -
    """)


def test_given_a_payment_alone_then_the_loan_ends_when_it_is_repaid() -> None:
    assert table("annuity", "1000", "12", "2026-01-01", "2026-02-01", payment="510").splitlines()[1:] == [
        "2026-02-01 - 500.00 10.00 500.00",
        "2026-03-01 - 500.00 5.00 -",
    ]
    assert table("level_principal", "1000", "12", "2026-01-01", "2026-02-01", payment="700").splitlines()[1:] == [
        "2026-02-01 - 700.00 10.00 300.00",
        "2026-03-01 - 300.00 3.00 -",
    ]


def test_given_a_payment_and_a_far_end_then_the_loan_is_over_when_nothing_is_owed_and_nothing_comes() -> None:
    rows = table("level_principal", "100", "0", "2026-01-01", "2026-02-01", periods=9, payment="100",
                 draws={"2026-03-15": "50"})  # fmt: skip
    assert rows.splitlines()[-1] == "2026-04-01 - 50.00 - -"


#: 1200 at 12%, 4 instalments, a first period of a month and a half: 6.00 of odd days before 12.00 of a month
@pytest.mark.parametrize(
    ("stub", "services"),
    [
        ("first", ["-", "313.54", "307.54", "307.54", "307.52"]),
        ("last", ["-", "307.54", "307.54", "307.54", "313.52"]),
        ("upfront", ["6.00", "307.54", "307.54", "307.54", "307.52"]),
        ("spread", ["-", "309.06", "309.06", "309.06", "309.06"]),
        (None, ["-", "309.06", "309.06", "309.06", "309.06"]),
    ],
)
def test_given_odd_days_before_an_annuity_then_they_are_paid_where_it_is_agreed(
    stub: str | None, services: list[str]
) -> None:
    # 1200 * 0.01 / (1 - 1.01^-4) = 307.54; level over the periods as they are: 1200 * 1.015 / (1 + ...) = 309.06
    rows = schedule(agreed("annuity", "1200", "12", "2026-01-16", "2026-03-01", periods=4, stub=stub))
    assert [format(row.service, "f") if row.service else "-" for row in rows] == services


@pytest.mark.parametrize(
    ("shape", "stub", "interest"),
    [
        ("level_principal", None, ["-", "18.00", "9.00", "6.00", "3.00"]),
        ("level_principal", "first", ["-", "18.00", "9.00", "6.00", "3.00"]),
        ("level_principal", "last", ["-", "12.00", "9.00", "6.00", "9.00"]),
        ("level_principal", "spread", ["-", "13.50", "10.50", "7.50", "4.50"]),
        ("level_principal", "upfront", ["6.00", "12.00", "9.00", "6.00", "3.00"]),
        ("flat", None, ["-", "13.50", "13.50", "13.50", "13.50"]),
        ("flat", "spread", ["-", "13.50", "13.50", "13.50", "13.50"]),
        ("flat", "first", ["-", "18.00", "12.00", "12.00", "12.00"]),
        ("flat", "upfront", ["6.00", "12.00", "12.00", "12.00", "12.00"]),
    ],
)
def test_given_odd_days_before_other_shapes_then_they_are_paid_where_it_is_agreed(
    shape: str, stub: str | None, interest: list[str]
) -> None:
    rows = table(shape, "1200", "12", "2026-01-16", "2026-03-01", periods=4, stub=stub)
    assert [line.split()[3] for line in rows.splitlines()] == interest


def test_given_odd_days_and_a_draw_after_them_then_the_draw_s_interest_is_none_of_theirs() -> None:
    # 6.00 for half a month before; then 12.00 for a month, and 1.50 for half a month of 300
    rows = table("level_principal", "1200", "12", "2026-01-16", "2026-03-01", periods=2, stub="last",
                 draws={"2026-02-16": "300"})  # fmt: skip
    assert [line.split()[3] for line in rows.splitlines()] == ["-", "-", "13.50", "13.50"]


def test_given_a_first_period_shorter_than_a_step_then_all_of_it_is_odd_days() -> None:
    rows = table("level_principal", "1200", "12", "2026-02-16", "2026-03-01", periods=4, stub="last")
    assert [line.split()[3] for line in rows.splitlines()] == ["-", "-", "9.00", "6.00", "9.00"]


def test_given_a_first_period_of_one_step_then_a_stub_changes_nothing() -> None:
    words = ("annuity", "1200", "12", "2026-01-31", "2026-02-28")
    assert len({table(*words, periods=4, stub=stub) for stub in (None, "first", "last", "spread", "upfront")}) == 1


@pytest.mark.parametrize(
    ("shape", "others"),
    [("annuity", {}), ("step_up", {"step_up_pct": "0"}), ("sculpted", {"cfads": "9,9,9"})],
)
def test_given_a_first_period_that_eats_the_instalment_then_interest_alone_is_paid_and_the_rest_is_level(
    shape: str, others: dict[str, str]
) -> None:
    rows = schedule(agreed(shape, "1000", "12", "2026-01-01", "2036-01-01", periods=3, **others))
    assert [str(row.service) for row in rows[1:]] == ["1200.00", "507.51", "507.51"]


def test_given_a_balloon_then_it_is_left_for_the_last_due_date() -> None:
    # (1000 - 300 / 1.01^3) * 0.01 / (1 - 1.01^-3) = 241.02
    assert table("balloon", "1000", "12", "2026-01-01", "2026-02-01", periods=3, balloon="300") == lines("""
        2026-01-01 1000.00 - - 1000.00
        2026-02-01 - 231.02 10.00 768.98
        2026-03-01 - 233.33 7.69 535.65
        2026-04-01 - 535.65 5.36 -
    """)


def test_given_seasons_then_principal_is_due_where_the_money_comes_in() -> None:
    rows = table("seasonal", "1200", "12", "2026-01-01", "2026-02-01", periods=6,
                 month_weights="0,0,0,0,0,1,2,3,0,0,0,0")  # fmt: skip
    assert [line.split()[2] for line in rows.splitlines()] == ["-", "-", "-", "-", "-", "400.00", "800.00"]


def test_given_a_step_up_then_each_year_s_instalment_is_so_much_larger() -> None:
    rows = schedule(
        agreed("step_up", "100000", "6", "2026-01-01", "2026-07-01", every="6M", periods=6, step_up_pct="10")
    )
    # 100000 / (1/1.03 + 1/1.03^2 + 1.1/1.03^3 + 1.1/1.03^4 + 1.21/1.03^5 + 1.21/1.03^6) = 16793.81
    assert [str(row.service) for row in rows[1:]] == ["16793.81"] * 2 + ["18473.19"] * 2 + ["20320.51", "20320.54"]


def test_given_cash_flows_then_debt_service_is_theirs_over_one_cover() -> None:
    # what 120, 130, 140 and 150 carry at 5% and a cover of 1.30 is 366.57: 92.31, 100.00, 107.69, 115.38
    rows = schedule(agreed("sculpted", "366.57", "5", "2026-01-01", "2027-01-01", every="1Y", cfads="120,130,140,150"))
    assert [str(row.service) for row in rows[1:]] == ["92.31", "100.00", "107.69", "115.38"]


#: the contracts lam01, nam01, ann01 and nam19 of the ACTUS reference tests; theirs are not rounded
RATES = {"2013-04-01": "11.0567901234568", "2013-07-01": "11.1679012345679", "2013-10-01": "11.2790123456790"}
REFERENCE = ("5000", "8", "2013-01-01", "2013-02-01")


def test_given_a_reference_contract_of_level_principal_with_resets_then_interest_is_the_same() -> None:
    rows = table("level_principal", *REFERENCE, payment="500", day_count="A/365", resets=RATES).splitlines()[1:]
    expected = [33.9726, 27.6164, 27.1781, 31.8072, 28.1721, 22.7194, 18.9701, 14.2276, 9.1791, 4.7897]
    assert [float(line.split()[3]) for line in rows] == [round(one, 2) for one in expected]


def test_given_a_reference_contract_with_a_payment_too_small_to_repay_then_the_end_takes_the_rest() -> None:
    rows = table("annuity", *REFERENCE, maturity="2013-12-01", payment="500", day_count="A/365", resets=RATES)
    assert rows.splitlines()[-1] == "2013-12-01 - 230.20 2.13 -"


def test_given_a_reference_annuity_on_actual_days_then_its_instalment_is_the_one_that_repays_exactly() -> None:
    rows = table("annuity", *REFERENCE, maturity="2014-01-01", day_count="A/365")
    assert rows == table("annuity", *REFERENCE, maturity="2014-01-01", day_count="A/365", payment="434.866594118346")
    assert rows.splitlines()[1] == "2013-02-01 - 400.90 33.97 4599.10"
    assert rows.splitlines()[-1] == "2014-01-01 - 431.89 2.93 -"


def test_given_a_reference_contract_whose_interest_is_capitalised_before_anything_is_due_then_once() -> None:
    rows = table("annuity", "5000", "8", "2013-01-01", "2013-10-01", payment="500", capitalise_to="2013-07-01",
                 day_count="A/365", resets=RATES).splitlines()  # fmt: skip
    assert rows[1] == "2013-07-01 - - 236.46 5236.46"


#: numpy-financial 1.0.0: pmt(0.0345/12, 360, -10**6) = 4462.582949; ipmt and ppmt of period 180 = 1808.499593 and
#: 2654.083357; pmt(0.07/12, 120, -10**5) = 1161.084792; pmt(0.06/4, 20, -10**6, 3*10**5) = 45272.015112
@pytest.mark.parametrize(
    ("words", "others", "row", "service"),
    [
        (("annuity", "1000000", "3.45", "2026-01-20", "2026-02-20"), {"periods": 360}, 180, "4462.58"),
        (("annuity", "100000", "7", "2026-01-20", "2026-02-20"), {"periods": 120}, 7, "1161.08"),
        (
            ("balloon", "1000000", "6", "2026-01-20", "2026-04-20"),
            {"periods": 20, "every": "3M", "balloon": "300000"},
            3,
            "45272.02",
        ),
    ],
)
def test_given_another_program_s_instalment_then_it_is_this_one(
    words: tuple[str, ...], others: dict[str, object], row: int, service: str
) -> None:
    assert str(schedule(agreed(*words, **others))[row].service) == service


def test_given_another_program_s_split_of_an_instalment_then_it_is_this_one_but_for_cents_carried_along() -> None:
    row = schedule(agreed("annuity", "1000000", "3.45", "2026-01-20", "2026-02-20", periods=360))[180]
    assert abs(float(row.interest) - 1808.499593) < 0.02
    assert abs(float(row.principal) - 2654.083357) < 0.02


def test_given_another_program_s_loan_of_two_years_grace_and_thirty_of_repayment_then_its_end_is_the_same() -> None:
    # dscr-tools 0.2.0, partial_io: 8,000,000 at 6.5%, 24 months of interest, 51,761.29, due after ten years
    rows = said(
        schedule(
            agreed("annuity", "8000000", "6.5", "2026-01-01", "2026-02-01", periods=120, first_principal="2028-02-01",
                   payment="51761.29")
        )
    ).splitlines()  # fmt: skip
    assert [line.split()[3] for line in rows[1:25]] == ["43333.33"] * 24
    assert rows[25] == "2028-02-01 - 8427.96 43333.33 7991572.04"
    assert abs(float(rows[119].split()[4]) - 6956562.69) < 0.60, "96 payments, theirs with parts of a cent"
