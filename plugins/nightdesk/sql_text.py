"""What the engine reads as text: a value as a literal, a statement as its tokens, small rows as texts."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

import duckdb
import pyarrow as pa


def literal(value: object) -> str:
    """A SQL literal of a date, timestamp, number, boolean, text or null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime.datetime):
        return f"timestamp '{value:%Y-%m-%d %H:%M:%S.%f}'"
    if isinstance(value, datetime.date):
        return f"date '{value:%Y-%m-%d}'"
    return "'" + str(value).replace("'", "''") + "'"


def tokens(sql: str) -> list[tuple[str, str]]:
    """A statement's tokens as the engine reads them, each with its kind; comments and layout are none."""
    found = duckdb.tokenize(sql)
    ends = [*(start for start, _ in found[1:]), len(sql)]
    return [
        (kind.name, sql[start:end].strip())
        for (start, kind), end in zip(found, ends, strict=True)
        if kind != duckdb.token_type.comment
    ]


def as_texts(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """Small rows as Arrow, every value as the text that the engine reads it from; a column that a row lacks is null."""
    listed = list(rows)
    return pa.table({name: pa.array([_text(row.get(name)) for row in listed], pa.string()) for name in columns})


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
