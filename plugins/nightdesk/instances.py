"""DuckDB instances of this process: to start one takes longer than most of what is asked of it, so it is used again.

Each user has a database of its own in it, in memory or in a file of its spill folder, which goes when the user is done;
nobody else sees it.
"""

import atexit
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from nightdesk.sql_text import literal

#: the database of who uses an instance; no schema of ours is called that
_OWN = "own_database"
#: its file, where its tables are to be on disk
_FILE = "tables.duckdb"
#: instances that nobody uses, by process (a fork has none of its parent's threads), memory limit and threads
_idle: defaultdict[tuple[int, str, int], list[duckdb.DuckDBPyConnection]] = defaultdict(list)
_MOST_IDLE = 2
#: the SQL of tables as it was parsed: of models a fifth of what those of a small night take, of an empty one half;
#: it is the same in every night
_statements: dict[str, duckdb.Statement] = {}
_MOST_STATEMENTS = 2_000
#: what each connection to an instance is told
_SESSION = (f"use {_OWN}", "set preserve_insertion_order = false", "set timezone = 'UTC'")


@dataclass(frozen=True)
class Instance:
    """A connection to an empty database, and the names under which Python's data is `registered` with it."""

    connection: duckdb.DuckDBPyConnection
    registered: set[str] = field(default_factory=set)

    def parsed(self, sql: str) -> duckdb.Statement:
        """A statement as it was parsed when it was first asked for."""
        if (known := _statements.get(sql)) is not None:
            return known
        if len(_statements) >= _MOST_STATEMENTS:
            _statements.clear()
        (parsed,) = self.connection.extract_statements(sql)
        _statements[sql] = parsed
        return parsed

    def another(self) -> "Instance":
        """A second connection to the same database, for another thread; who asked for it closes it."""
        connection = self.connection.cursor()
        for statement in _SESSION:
            connection.execute(statement)
        return Instance(connection, self.registered)


@contextmanager
def instance(memory_limit: str, threads: int, spill: Path, *, is_on_disk: bool = False) -> Iterator[Instance]:
    """An instance to use, which spills into a folder, and keeps its tables there too where they are to be on disk."""
    idle = _idle[os.getpid(), memory_limit, threads]
    found = Instance(_begun(idle, memory_limit, threads, spill))
    place = str(spill / _FILE) if is_on_disk else ":memory:"
    for statement in (f"attach {literal(place)} as {_OWN}", *_SESSION):
        found.connection.execute(statement)
    try:
        yield found
    finally:
        if _is_cleared(found) and len(idle) < _MOST_IDLE:
            idle.append(found.connection)
        else:
            found.connection.close()


def _begun(
    idle: list[duckdb.DuckDBPyConnection], memory_limit: str, threads: int, spill: Path
) -> duckdb.DuckDBPyConnection:
    while idle:
        connection = idle.pop()
        try:
            connection.execute("set temp_directory = $folder", {"folder": str(spill)})
        except duckdb.Error:  # it has spilled before, and keeps to the folder that it spilled to
            connection.close()
        else:
            return connection
    return duckdb.connect(
        ":memory:", config={"memory_limit": memory_limit, "threads": str(threads), "temp_directory": str(spill)}
    )


def _is_cleared(used: Instance) -> bool:
    """Take the database and what was registered away; false where that cannot be, amid a transaction or a result."""
    try:
        for name in used.registered:
            used.connection.unregister(name)
        used.connection.execute("use memory")
        used.connection.execute(f"detach {_OWN}")
    except duckdb.Error:
        return False
    return True


@atexit.register
def _close_idle() -> None:
    for (process, _, _), connections in _idle.items():
        while process == os.getpid() and connections:
            connections.pop().close()
