"""One value of a driver as the text that the checks type."""

import datetime
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa

from nightdesk.contract import UNREADABLE

#: whole numbers below it are exact in a binary float
_EXACT = 2**53


def cell_text(value: Any, *, is_coded: bool = False) -> str | None:
    """A value as text; None stays None, and what is no text in UTF-8 is marked as unreadable.

    A binary float (SQLite's REAL) within its own error of a whole cent is that cent exactly. As an id or a code
    (`is_coded`) a number is its whole number: a float that need not be the number that was meant is unreadable.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _code_of_float(value) if is_coded else _amount_of_float(value)
    if isinstance(value, Decimal):
        is_whole = is_coded and value.is_finite() and value == value.to_integral_value()
        return format(value.to_integral_value() if is_whole else value, "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes | bytearray | memoryview):
        return text_of_bytes(bytes(value))
    return str(value)


def text_of_bytes(value: bytes) -> str:
    """Bytes as the UTF-8 that they should be; others are marked, with the bytes in hexadecimal to tell them apart."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"{UNREADABLE}\\x{value.hex()}"


def is_whole(value: float) -> bool:
    """Whether a binary float is surely the whole number that was meant."""
    return math.isfinite(value) and value.is_integer() and abs(value) < _EXACT


def _code_of_float(value: float) -> str:
    return str(int(value)) if is_whole(value) else f"{UNREADABLE}{value!r}"


def _amount_of_float(value: float) -> str:
    if not math.isfinite(value):
        return repr(value)
    cent = Decimal(value).quantize(Decimal("0.01")) if abs(value) < 1e24 else Decimal(value)
    is_cent = abs(Decimal(value) - cent) <= abs(Decimal(value)) * Decimal(2) ** -50
    return format(cent if is_cent else Decimal(repr(value)), "f")


def text_array(values: list[str | None]) -> pa.Array:
    """Texts as Arrow text; bytes that a driver let through as lone surrogates are marked like any others."""
    try:
        return pa.array(values, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return pa.array([text_of_bytes(_bytes(v)) if v is not None else None for v in values], pa.string())


def _bytes(value: str) -> bytes:
    try:
        return value.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return value.encode(errors="surrogatepass")


def read_as_text(column: pa.Array) -> pa.Array:
    """A column of bytes as text, each value that is not UTF-8 marked."""
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([text_of_bytes(v) if v is not None else None for v in column.to_pylist()], pa.string())
