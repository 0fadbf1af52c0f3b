"""What goes wrong outside Nightdesk's own words, as one line: a disk or a database that gives way."""

import sys

from nightdesk.errors import NightdeskError, StoreError
from nightdesk.failures import reduced


def as_expected(error: BaseException) -> NightdeskError | None:
    """The error as a NightdeskError; None for a defect, whose traceback is worth seeing.

    Libraries are only looked up where they are loaded: an error of theirs cannot come from elsewhere.
    """
    if isinstance(error, NightdeskError):
        return error
    if isinstance(error, OSError) and error.filename is not None:
        return StoreError(
            f"{error.filename} cannot be used: {error.strerror}",
            "Mend its place, its rights or the space there (NIGHTDESK_HOME, NIGHTDESK_LAKE), then run it again.",
        )
    if _is(error, "sqlalchemy.exc", "OperationalError", "InterfaceError"):
        return StoreError(
            f"the desk database went away ({reduced(error)})",
            "Start it again (`nightdesk pg start` for the embedded one), then run the command again.",
        )
    if _is(error, "duckdb", "IOException"):
        return StoreError(
            f"a file cannot be read or written ({reduced(error)})",
            "Mend its place, its rights or the space there (NIGHTDESK_HOME, NIGHTDESK_LAKE), then run it again.",
        )
    return None


def _is(error: BaseException, module: str, *names: str) -> bool:
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, tuple(getattr(loaded, name) for name in names))
