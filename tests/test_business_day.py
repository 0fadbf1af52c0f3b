"""Working days, business dates and cut-offs: the order of trust, and what must hold on any days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdesk.business_day import (
    KINDS,
    Calendar,
    CalendarGap,
    business_date_for,
    cutoff_of,
    morning_of,
    quarter_day,
    week_begins,
)
from nightdesk.errors import PolicyError, UsageError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAIVE = datetime(1994, 1, 1)  # noqa: DTZ001  (hypothesis adds the zone)
DAYS = st.dates(date(1993, 1, 1), date(2030, 12, 31))
OVERRIDES = st.dictionaries(DAYS, st.tuples(st.booleans(), st.just("bank")), max_size=20)
CALENDARS = st.builds(Calendar, st.sampled_from(KINDS), OVERRIDES)


def test_a_saturday_that_makes_up_for_the_national_day_week_is_worked() -> None:
    china = Calendar("china")
    assert china.is_workday(date(2026, 10, 10))
    assert not china.is_provisional(date(2026, 10, 10))
    assert not china.is_workday(date(2026, 10, 1))


def test_after_a_long_holiday_the_next_workday_skips_all_of_it() -> None:
    china = Calendar("china")
    assert china.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)


@pytest.mark.parametrize("year", [1994, 2003, 2027, 2031])
def test_a_year_no_calendar_covers_falls_back_to_monday_to_friday_and_says_so(year: int) -> None:
    china = Calendar("china")
    week = [date(year, 3, 1) + timedelta(days=ahead) for ahead in range(28)]  # no statutory holiday in March
    assert all(china.is_provisional(day) for day in week)
    assert [china.is_workday(day) for day in week] == [day.weekday() < 5 for day in week]


def test_a_statutory_holiday_is_free_before_the_state_council_has_spoken() -> None:
    china = Calendar("china")
    assert date(2027, 10, 1).weekday() == 4
    assert not china.is_workday(date(2027, 10, 1))
    assert china.is_provisional(date(2027, 10, 1))


def test_the_banks_own_day_stands_above_every_calendar() -> None:
    china = Calendar("china", {date(2026, 10, 10): (False, "notice 7"), date(2027, 2, 20): (True, "notice 8")})
    assert not china.is_workday(date(2026, 10, 10))
    assert china.is_workday(date(2027, 2, 20))
    assert not china.is_provisional(date(2027, 2, 20))


def test_weekdays_know_no_holiday_and_are_always_provisional() -> None:
    plain = Calendar("weekdays")
    assert plain.is_workday(date(2026, 10, 1))
    assert not plain.is_workday(date(2026, 10, 10))
    assert plain.is_provisional(date(2026, 10, 1))


def test_a_gap_is_the_first_guessed_day_of_a_range_both_ends_included() -> None:
    china, new_year = Calendar("china"), date(2027, 1, 1)
    assert china.gap(date(2026, 11, 17), date(2026, 12, 31)) is None
    assert china.gap(date(2026, 11, 17), new_year) == CalendarGap("china", new_year)
    assert china.first_provisional(new_year, new_year) == new_year
    assert china.first_provisional(new_year, date(2026, 12, 31)) is None, "an empty range has no day"
    assert Calendar("weekdays").gap(date(2026, 1, 2), date(2026, 1, 3)) == CalendarGap("weekdays", date(2026, 1, 2))


def test_the_banks_own_days_are_known_unless_the_bank_itself_calls_them_provisional() -> None:
    rows = [
        {"day": date(2027, 1, 1), "is_workday": False, "source": None},
        {"day": date(2027, 1, 2), "is_workday": False, "source": " Provisional "},
        {"day": date(2026, 10, 9), "is_workday": False, "source": "provisional"},
    ]
    bank = Calendar.of_bank("china", rows)
    assert [bank.is_provisional(row["day"]) for row in rows] == [False, True, True]
    assert not bank.is_workday(date(2026, 10, 9)), "a guess of the bank's is still the bank's"


def test_the_version_changes_with_what_the_days_are_taken_from_and_with_nothing_else() -> None:
    day = date(2026, 10, 10)
    own = Calendar("china", {day: (False, "a")}).version
    assert own == Calendar("china", {day: (False, "b")}).version
    assert len({own, Calendar("china", {day: (True, "a")}).version, Calendar("china").version}) == 3
    assert "chinesecalendar 1." in Calendar("china").version
    assert Calendar("weekdays").version == "weekdays"


def test_a_calendar_without_working_days_is_refused_instead_of_searched_forever() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=ahead): (False, "bank") for ahead in range(900)}
    with pytest.raises(PolicyError, match="calendar_day"):
        Calendar("china", closed).next_workday(date(2026, 1, 1))


@pytest.mark.parametrize(("closed", "is_found"), [(0, True), (364, True), (365, True), (366, False)])
def test_the_next_workday_is_looked_for_within_a_year(closed: int, is_found: bool) -> None:
    day = date(2026, 3, 31)
    free = {day + timedelta(days=ahead): (False, "bank") for ahead in range(1, closed + 1)}
    found = day + timedelta(days=closed + 1)
    calendar = Calendar("weekdays", {**free, found: (True, "bank")})
    if is_found:
        assert calendar.next_workday(day) == found
    else:
        with pytest.raises(PolicyError, match="no working day within a year of 2026-03-31"):
            calendar.next_workday(day)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(PolicyError, match="'lunar'"):
        Calendar("lunar")


@given(CALENDARS, DAYS, st.integers(0, 120), st.integers(0, 120))
@settings(deadline=None, max_examples=60)
def test_the_tables_index_counts_as_workdays_between_does(calendar: Calendar, first: date, a: int, b: int) -> None:
    table = calendar.table(first, first + timedelta(days=120))
    assert list(table) == ["day", "is_workday", "is_provisional", "workday_index"]
    assert {len(column) for column in table.values()} == {121}
    index = dict(zip(table["day"], table["workday_index"], strict=True))
    one, other = first + timedelta(days=a), first + timedelta(days=b)
    assert index[other] - index[one] == calendar.workdays_between(one, other)
    assert [calendar.is_workday(day) for day in table["day"]] == table["is_workday"]
    assert [calendar.is_provisional(day) for day in table["day"]] == table["is_provisional"]


@given(CALENDARS, DAYS)
@settings(deadline=None, max_examples=60)
def test_the_next_workday_is_worked_and_only_free_days_lie_before_it(calendar: Calendar, day: date) -> None:
    after = calendar.next_workday(day)
    assert calendar.is_workday(after)
    assert calendar.workdays_between(day, after) == 1


def test_the_cut_off_is_five_oclock_bank_time_of_the_next_day() -> None:
    cutoff = cutoff_of(date(2026, 3, 31), "Asia/Shanghai")
    assert cutoff == datetime(2026, 3, 31, 21, 0, tzinfo=UTC)
    assert cutoff_of(date(2026, 3, 31), SHANGHAI, "06:30") == datetime(2026, 4, 1, 6, 30, tzinfo=SHANGHAI)
    assert morning_of(date(2026, 2, 28)) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (
            datetime(2026, 3, 31, 21, 0, tzinfo=UTC),
            date(2026, 3, 31),
        ),  # 05:00 in Shanghai, in UTC the day before
        (datetime(2026, 3, 31, 20, 59, 59, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 4, 1, 15, 59, tzinfo=UTC), date(2026, 3, 31)),  # 23:59 of April 1 in Shanghai
        (datetime(2026, 4, 1, 16, 0, tzinfo=UTC), date(2026, 3, 31)),  # midnight, before the cut-off
    ],
)
def test_a_run_is_about_the_latest_date_whose_cut_off_has_come(instant: datetime, expected: date) -> None:
    assert business_date_for(instant, "Asia/Shanghai") == expected


@given(
    st.datetimes(NAIVE, NAIVE.replace(year=2030), timezones=st.just(UTC)),
    st.sampled_from(["Asia/Shanghai", "Europe/Prague", "America/New_York", "Pacific/Auckland"]),
    st.sampled_from(["00:00", "05:00", "23:30"]),
)
def test_the_business_dates_cut_off_has_come_and_the_next_ones_has_not(
    instant: datetime, zone: str, cut_off: str
) -> None:
    found = business_date_for(instant, zone, cut_off)
    assert cutoff_of(found, zone, cut_off) <= instant < cutoff_of(found + timedelta(days=1), zone, cut_off)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="no time zone"):
        business_date_for(datetime(2026, 4, 1, 5, 0), "Asia/Shanghai")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("month", "fifth"),
    [(1, date(2026, 1, 8)), (4, date(2026, 4, 8)), (7, date(2026, 7, 7)), (10, date(2026, 10, 13))],
    ids=["New Year, with a working Sunday", "Qingming", "no holiday", "National Day, with a working Saturday"],
)
def test_given_a_quarter_when_its_fifth_working_day_is_asked_for_then_no_other_of_its_days_is_it(
    month: int, fifth: date
) -> None:
    china, first = Calendar("china"), date(2026, month, 1)
    found = [day for day in (first + timedelta(days=ahead) for ahead in range(90)) if quarter_day(china, day, 5)]
    assert found == [fifth]


def test_given_the_weeks_of_a_month_when_their_first_working_day_is_asked_for_then_each_has_one_or_is_a_holiday() -> (
    None
):
    china = Calendar("china")
    days = [date(2026, 10, 1) + timedelta(days=ahead) for ahead in range(31)]
    assert [day.day for day in days if week_begins(china, day)] == [8, 12, 19, 26]
