"""Rows from frames, tables and lists are the same plain rows."""

from datetime import date, datetime
from decimal import Decimal

import numpy
import pandas
import pyarrow
import pytest

from nightdesk.errors import NightdeskError
from nightdesk.render.rows import as_rows, day_of, decimal_of, flag_of, int_of, list_of, text_of

ROWS = [
    {"id": "1", "amount": Decimal("1.10"), "day": date(2026, 3, 31), "late": 2, "note": None},
    {"id": "2", "amount": None, "day": None, "late": None, "note": "x"},
]


@pytest.mark.parametrize("make", [list, pandas.DataFrame, pyarrow.Table.from_pylist])
def test_given_one_content_in_three_shapes_when_read_then_the_rows_are_equal(make: type) -> None:
    assert list(as_rows(make(ROWS))) == ROWS


def test_given_a_float_with_a_fraction_when_read_then_it_is_refused_by_column() -> None:
    with pytest.raises(NightdeskError, match="column amount holds the float"):
        as_rows([{"amount": 0.1}])


def test_given_missing_values_of_pandas_when_read_then_they_are_none() -> None:
    row = as_rows([{"a": pandas.NaT, "b": pandas.NA, "c": float("nan"), "d": Decimal("NaN")}])[0]
    assert set(row.values()) == {None}


def test_given_cells_when_asked_by_type_then_text_is_one_line_and_dates_have_no_time() -> None:
    row = {"text": " a\n b ", "at": datetime(2026, 3, 31, 8), "n": Decimal(3), "codes": "T01;T02, T03"}  # noqa: DTZ001
    assert text_of(row, "text") == "a b"
    assert day_of(row, "at") == date(2026, 3, 31)
    assert int_of(row, "n") == 3
    assert decimal_of(row, "absent") is None
    assert list_of(row, "codes") == ("T01", "T02", "T03")


def test_given_rows_that_are_plain_already_when_read_again_then_they_are_the_same_and_no_copy() -> None:
    first = as_rows([{"amount": Decimal("NaN"), "tags": ["b", "a"]}])
    assert first == ({"amount": None, "tags": ("b", "a")},)
    assert as_rows(first) is first


def test_given_a_time_of_pandas_when_read_then_it_is_a_plain_one() -> None:
    (row,) = as_rows([{"at": pandas.Timestamp("2026-03-31 08:00")}])
    assert type(row["at"]) is datetime
    assert row["at"] == datetime(2026, 3, 31, 8)  # noqa: DTZ001  # naive, as a bank's own time is


@pytest.mark.parametrize("day", ["2026-03-31", "2026-03-31 08:00:00", "2026-03-31T08:00:00+08:00", date(2026, 3, 31)])
def test_given_a_day_as_text_or_with_a_time_when_asked_then_it_is_that_day(day: object) -> None:
    assert day_of({"at": day}, "at") == date(2026, 3, 31)
    assert day_of({}, "at") is None


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (None, ()), (["T01", None, 2], ("T01", "2")), (("b", "a"), ("b", "a")), ({"b", "a"}, ("a", "b")),
        ("T01 T02", ("T01", "T02")), ("", ()),
    ],
)  # fmt: skip
def test_given_a_list_in_whatever_shape_when_asked_then_it_is_texts_without_what_is_none(
    cell: object, found: tuple[str, ...]
) -> None:
    (row,) = as_rows([{"codes": cell}])
    assert list_of(row, "codes") == found


def test_given_a_flag_or_a_whole_float_then_only_true_is_a_flag_and_the_float_is_a_number() -> None:
    (row,) = as_rows([{"yes": True, "no": False, "one": 1, "whole": 3.0, "scalar": numpy.int64(4)}])
    assert [flag_of(row, name) for name in ("yes", "no", "one", "absent")] == [True, False, False, False]
    assert (decimal_of(row, "yes"), int_of(row, "whole"), row["scalar"]) == (None, 3, 4)
    assert type(row["whole"]) is int


def test_given_what_is_no_cell_when_read_then_it_is_refused_by_column() -> None:
    with pytest.raises(NightdeskError, match="column x holds a object"):
        as_rows([{"x": object()}])
