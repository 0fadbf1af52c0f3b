"""Year fractions: each convention on the days on which they differ."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.financing.schedule.day_count import DAY_COUNTS

DAYS = st.dates(date(1996, 1, 1), date(2105, 12, 31))


def year_fraction(name: str, first: str, last: str) -> Fraction:
    one = DAY_COUNTS[name]
    return Fraction(one.units(date.fromisoformat(first), date.fromisoformat(last)), one.per_year)


@pytest.mark.parametrize(
    ("name", "first", "last", "expected"),
    [
        ("30E/360", "2026-01-31", "2026-02-28", Fraction(28, 360)),  # the 31st counts as the 30th
        ("30E/360", "2026-02-28", "2026-03-31", Fraction(32, 360)),  # February's end is no end of a month
        ("30E/360", "2026-01-30", "2026-01-31", Fraction(0)),
        ("30E/360", "2028-02-29", "2029-02-28", Fraction(359, 360)),
        ("30E/360", "2026-01-15", "2026-04-15", Fraction(1, 4)),
        ("A/360", "2026-01-15", "2026-04-15", Fraction(90, 360)),
        ("A/365", "2028-01-01", "2029-01-01", Fraction(366, 365)),
        ("A/A", "2028-01-01", "2029-01-01", Fraction(1)),
        ("A/A", "2027-11-01", "2028-05-01", Fraction(61, 365) + Fraction(121, 366)),  # split at the turn of the year
        ("A/A", "2003-11-01", "2004-05-01", Fraction(61, 365) + Fraction(121, 366)),
        ("A/A", "1999-12-31", "2001-01-01", Fraction(1, 365) + 1),
        ("A/A", "2100-01-01", "2101-01-01", Fraction(1)),  # no leap year, for all that 100 has of 4
        ("A/A", "2100-01-01", "2100-07-01", Fraction(181, 365)),
        ("A/A", "2000-01-01", "2000-07-01", Fraction(182, 366)),
    ],
)
def test_given_two_days_then_the_part_of_a_year_is_the_convention_s(
    name: str, first: str, last: str, expected: Fraction
) -> None:
    assert year_fraction(name, first, last) == expected
    assert year_fraction(name, last, first) == -expected


@given(st.sampled_from(sorted(DAY_COUNTS)), DAYS, DAYS, DAYS)
def test_given_a_day_between_then_the_parts_of_a_year_add_up(name: str, a: date, b: date, c: date) -> None:
    units = DAY_COUNTS[name].units
    assert units(a, b) + units(b, c) == units(a, c)
