"""How a statement of the engine fails: told by what has to be mended, or as the signal that met it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from nightdesk.errors import PolicyError, StoreError
from nightdesk.failures import first_line

#: a file of the lake in an error of DuckDB's, and the night whose batch it is
_FILE = re.compile(r"[^\s'\"]*?(?:night=(?P<day>\d{4}-\d\d-\d\d)/[^\s'\"]*)?\.parquet")
#: the table that a statement makes, or the first that it reads
_TABLE = re.compile(r"\b(?:table|from|describe)\s+([a-z_]+\.[a-z0-9_]+)", re.IGNORECASE)
#: all that DuckDB says when the handler of a signal raises amid a statement; what that raised, it drops
_SIGNALLED = "Query interrupted"


@contextmanager
def told_plainly(sql: str, memory_limit: str) -> Iterator[None]:
    """Say which file cannot be read, where its bytes are not those of a Parquet file (any more), and which table `sql`
    makes or reads for which an engine of this limit has no memory.

    A signal that meets the statement ends it as KeyboardInterrupt, whatever its handler raised: no defect of a step.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) != _SIGNALLED:
            raise
        raise KeyboardInterrupt from None
    except duckdb.OutOfMemoryException as error:
        raise _too_large(sql, memory_limit, error) from error
    except duckdb.Error as error:
        if "parquet" not in str(error).lower():
            raise
        file = _FILE.search(str(error))
        day = file["day"] if file and file["day"] else "D"
        raise StoreError(
            f"{f'the file {file[0]}' if file else 'a Parquet file'} cannot be read: it is missing or damaged",
            f"Restore it from a copy, or write it anew: nightdesk backfill --from {day} --reason TEXT"
            " (with --profile, if it is not of the profile contract)",
        ) from None


def _too_large(sql: str, memory_limit: str, error: duckdb.OutOfMemoryException) -> PolicyError:
    table = _TABLE.search(sql)
    return PolicyError(
        f"the engine has no memory left for {table[1] if table else 'a statement'}"
        f" within NIGHTDESK_MEMORY_LIMIT, which is {memory_limit} ({first_line(error)})",
        "Raise NIGHTDESK_MEMORY_LIMIT, or make room on the disk of NIGHTDESK_HOME, then run it again.",
    )
