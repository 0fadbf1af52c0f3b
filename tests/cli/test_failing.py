"""What goes wrong outside as one line: where it is known what gives way; anything else is a defect."""

import errno

import duckdb
import pytest
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from nightdesk.cli.failing import _is, as_expected
from nightdesk.errors import Refused, StoreError


@pytest.mark.parametrize(
    ("error", "kind", "what"),
    [
        (OSError(errno.ENOSPC, "No space left", "/lake/part"), StoreError, "/lake/part cannot be used: No space left"),
        (OperationalError("select", {}, Exception("gone")), StoreError, "the desk database went away"),
        (InterfaceError("select", {}, Exception("gone")), StoreError, "the desk database went away"),
        (duckdb.IOException("no file"), StoreError, "a file cannot be read or written (no file)"),
    ],
)
def test_given_what_gives_way_outside_then_it_is_expected_and_said(
    error: Exception, kind: type[Exception], what: str
) -> None:
    found = as_expected(error)
    assert type(found) is kind
    assert found is not None
    assert found.what.startswith(what)


def test_given_a_refusal_then_it_stays_what_it_is() -> None:
    refused = Refused("no", "later")
    assert as_expected(refused) is refused


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EINVAL, "Invalid argument"),  # of no file: what was meant is not known
        ValueError("no"),
        ProgrammingError("select", {}, Exception("syntax")),
        duckdb.ParserException("syntax"),
    ],
)
def test_given_anything_else_then_it_is_a_defect(error: Exception) -> None:
    assert as_expected(error) is None


def test_given_a_library_that_is_not_loaded_then_no_error_is_its_own() -> None:
    assert not _is(ValueError("no"), "no.such.library", "AnyError")
