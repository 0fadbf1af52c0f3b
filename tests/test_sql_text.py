"""What is written into a statement, or given to the engine as text, comes back as it was."""

import datetime
from decimal import Decimal

import duckdb
import pytest

from nightdesk.sql_text import as_texts, literal, tokens


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -3,
        Decimal("-1234567.89"),
        datetime.date(2026, 3, 31),
        datetime.datetime(2026, 3, 31, 23, 59, 59, 999_999),  # noqa: DTZ001  (the engine's timestamps have no zone)
        "",
        "O'Neil; drop table x -- 晨单",
    ],
)
def test_given_a_value_as_a_literal_then_the_engine_reads_it(value: object) -> None:
    (row,) = duckdb.connect().execute(f"select {literal(value)}").fetchall()
    assert row == (value,)
    assert type(row[0]) is type(value)


def test_given_a_statement_then_its_tokens_are_those_of_the_engine_without_comments_and_layout() -> None:
    sql = "select a,-- what\n  'it''s' /* so */ from t\n\n where  b >= 1.5"
    assert [text for _, text in tokens(sql)] == ["select", "a", ",", "'it''s'", "from", "t", "where", "b", ">=", "1.5"]
    assert [kind for kind, text in tokens(sql) if text in ("select", "1.5", ">=")] == [
        "keyword", "operator", "numeric_const",
    ]  # fmt: skip


def test_given_rows_as_texts_then_each_is_what_the_engine_reads_it_from_and_what_is_not_there_is_null() -> None:
    rows = [
        {"a": "晨单", "b": True, "c": Decimal("1.50"), "d": datetime.date(2026, 3, 31)},
        {"a": None, "b": False},
    ]
    assert as_texts(["d", "a", "b", "c"], iter(rows)).to_pydict() == {
        "d": ["2026-03-31", None],
        "a": ["晨单", None],
        "b": ["true", "false"],
        "c": ["1.50", None],
    }
    assert as_texts(["a"], []).schema.types == as_texts(["a"], rows).schema.types
