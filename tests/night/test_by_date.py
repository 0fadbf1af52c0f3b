"""A history goes to the lake by date, and what is sorted for it at once is some days of it, however many it has."""

import datetime
from itertools import pairwise

import pytest

from nightdesk.engine import Engine
from nightdesk.night.by_date import by_date

_FIRST = datetime.date(2026, 1, 1)
#: ten rows of each of ten days, in no order of days, and three rows of no day
_HISTORY = """
select date '2026-01-01' + cast(n % 10 as integer) as business_date, n from range(100) as r (n)
union all select null, n from range(100, 103) as r (n)
"""


def _day(number: int) -> datetime.date:
    return _FIRST + datetime.timedelta(days=number)


@pytest.mark.parametrize("is_on_disk", [False, True])
@pytest.mark.parametrize("rows_at_once", [1, 10, 11, 25, 102, 103, 1_000])
def test_given_any_size_of_a_range_then_every_row_comes_once_and_by_date(
    rows_at_once: int, *, is_on_disk: bool
) -> None:
    with Engine(is_on_disk=is_on_disk) as engine:
        engine.build("features.client_day", _HISTORY, as_view=False)
        rows = by_date(engine, "features.client_day", "business_date", rows_at_once).read_all().to_pylist()
    assert sorted(row["n"] for row in rows) == list(range(103))
    assert all(row["business_date"] is None for row in rows[100:])
    days = [row["business_date"] for row in rows[:100]]
    assert all(before <= after for before, after in pairwise(days))


def test_given_no_day_at_all_then_its_rows_come_as_they_are() -> None:
    history = "select cast(null as date) as business_date, 1 as n from range(3)"
    with Engine() as engine:
        engine.build("features.client_day", history, as_view=False)
        assert by_date(engine, "features.client_day", "business_date", 1).read_all().num_rows == 3
        engine.build("features.client_day", f"{history} where false", as_view=False)
        empty = by_date(engine, "features.client_day", "business_date", 0).read_all()
    assert (empty.num_rows, empty.schema.names) == (0, ["business_date", "n"])


@pytest.mark.parametrize(
    ("rows_at_once", "sorted_days"),
    [
        (5, 1),  # a single day has more: it is not divided
        (10, 1),
        (19, 1),
        (20, 2),
        (39, 3),
        (99, 9),
    ],
)
def test_given_rows_at_once_then_no_later_day_is_read_before_those_are_written(
    rows_at_once: int, sorted_days: int
) -> None:
    """What is gone before its turn never comes: a table sorted whole would still hold it."""
    with Engine() as engine:
        engine.build("features.client_day", _HISTORY, as_view=False)
        with engine.hands(2) as (writer, other):
            rows = by_date(writer, "features.client_day", "business_date", rows_at_once)
            first = rows.read_next_batch()
            other.execute(f"delete from features.client_day where business_date > date '{_FIRST}'")
            later = rows.read_all()
    assert set(first["business_date"].to_pylist()) == {_day(number) for number in range(sorted_days)}
    assert first.num_rows == 10 * sorted_days
    assert set(later["business_date"].to_pylist()) == {None}
