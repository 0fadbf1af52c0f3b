"""What went wrong outside, in one line and without a value of anybody's tables: drivers like to print the cell.

Whatever is kept (ledger, outbox) or shown of an error that is not Nightdesk's own goes through here.
"""

import re
import sys

from nightdesk.addresses import masked_url
from nightdesk.errors import NightdeskError

#: PostgreSQL's classes of errors that speak of servers, names and resources; the others may quote what a row says
_PLAIN_CLASSES = ("08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58")
#: DuckDB's errors that speak of memory and files; the others may quote a cell
_PLAIN_ENGINE = ("OutOfMemoryException", "IOException")
_CODE = re.compile(r"(?:ORA|DPY|DPI)-\d+")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def reduced(error: BaseException) -> str:
    """Any error as one line that may be kept and shown.

    Nightdesk's own line as it is, an operating system's with its file, a driver's where its kind cannot hold a cell;
    of everything else the kind and code, in words: `division by zero (22012)`.
    """
    if isinstance(error, NightdeskError):
        return " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    return reason(error, is_reading=True)


def reason(error: BaseException, *, is_reading: bool) -> str:
    """Why a database failed. Before rows are read nothing of them can be said yet, and the driver's own line stands."""
    orig = getattr(error, "orig", None)  # SQLAlchemy's own wrapping, of whatever driver
    cause: BaseException = orig if isinstance(orig, BaseException) else error
    return first_line(cause) if not is_reading or _is_plain(cause) else _named(cause)


def first_line(error: BaseException) -> str:
    """An error's own first line, addresses in it without their secrets. Only for errors that cannot quote a cell."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return " ".join(masked_url(word) if "://" in word else word for word in line.split(" "))


def _is_plain(cause: BaseException) -> bool:
    """Whether a driver's line cannot hold a cell: SQLite's own lines, DuckDB's of files and memory, and PostgreSQL's by
    their class."""
    if getattr(cause, "sqlite_errorname", None):
        return True
    engine = sys.modules.get("duckdb")  # an error of its cannot come from a process that has not loaded it
    if engine is not None and isinstance(cause, tuple(getattr(engine, name) for name in _PLAIN_ENGINE)):
        return True
    state = getattr(cause, "sqlstate", None)
    if state is None:  # psycopg has no code for a connection that broke
        return type(cause).__module__ == "psycopg" and type(cause).__name__ == "OperationalError"
    return str(state)[:2] in _PLAIN_CLASSES


def _named(cause: BaseException) -> str:
    """The kind of an error and its code, in words: `division by zero (22012)`."""
    kind = " ".join(word.lower() for word in _WORD.split(type(cause).__name__))
    code = getattr(cause, "sqlstate", None)
    if code is None:
        found = _CODE.search(str(cause))
        first = cause.args[0] if cause.args else None
        code = found[0] if found else first if isinstance(first, int) else None
    return f"{kind} ({code})" if code is not None else kind
