"""What the models of SQL cases make, kept for this process by what it is made of: most cases stand on the same ground.

The key of a table is its SQL, the values bound in it and the keys of all that it reads, down to what a case gives and
to the policy in force. Equal keys are equal rows, and what is kept is not built again, nor what only it would read.
"""

import datetime
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from nightdesk.engine import Engine
from nightdesk.models import Model
from nightdesk.policy import policy

_PARAMETER = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$([a-z_]+)")


@dataclass(frozen=True)
class _Made:
    types: dict[str, str]
    rows: pa.Table


_KEPT: dict[str, _Made] = {}


def keys_of(
    chain: Sequence[Model],
    given: Mapping[str, Any],
    as_of: datetime.date,
    supplied: Collection[str],
    bound: Mapping[str, object],
) -> dict[str, str]:
    """The key of each model of a chain, which stands in the order in which it is built."""
    found: dict[str, str] = {}
    for model in chain:
        parts: list[object] = [model.sql, [(name, bound[name]) for name in _named(model.sql)]]
        for table in sorted(model.reads):
            if table in given and given[table] != "default":
                parts.append((table, as_of, given[table]))  # rows of a source arrive on the day of the case
            else:
                parts.append((table, found.get(table) or _ground(table, as_of, tuple(supplied))))
        found[model.table] = _digest(parts)
    return found


@cache
def _named(sql: str) -> tuple[str, ...]:
    return tuple(sorted({name for name in _PARAMETER.findall(sql) if name}))


@cache
def _ground(table: str, as_of: datetime.date, supplied: tuple[str, ...]) -> str:
    """What a case that does not give a table has in its place: the policy of its day, a calendar, what is supplied, or
    nothing."""
    schema, _, name = table.partition(".")
    rows = policy()[name].effective(as_of) if schema == "policy" else ()
    return _digest([table, as_of, supplied, rows] if schema in ("policy", "night") else [table])


def _digest(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def to_build(target: str, chain: Sequence[Model], keys: Mapping[str, str]) -> list[Model]:
    """Of a chain, in its order, the target and what has to be there for it: kept, or to be built."""
    known = {model.table: model for model in chain}
    wanted: set[str] = set()
    waiting = [target]
    while waiting:
        name = waiting.pop()
        if name not in known or name in wanted:
            continue
        wanted.add(name)
        if name == target or keys[name] not in _KEPT:
            waiting.extend(known[name].reads)
    return [model for model in chain if model.table in wanted]


def is_kept(key: str) -> bool:
    return key in _KEPT


def put_back(engine: Engine, table: str, key: str) -> None:
    """Make a table of what is kept."""
    engine.insert_arrow(table, _KEPT[key].types, _KEPT[key].rows)


def keep(engine: Engine, table: str, key: str) -> None:
    """Keep what was built."""
    _KEPT[key] = _Made(engine.columns(table), engine.arrow(f"select * from {table}").read_all())
