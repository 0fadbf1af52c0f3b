"""Rows from frames, tables and lists are the same plain rows."""

from datetime import date, datetime
from decimal import Decimal

import pandas
import pyarrow
import pytest

from nightdesk.errors import NightdeskError
from nightdesk.render.rows import as_rows, day_of, decimal_of, int_of, list_of, text_of

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
