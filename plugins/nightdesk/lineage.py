"""Which columns of which source tables a model's columns rest on, read from the SQL itself as the engine parses it."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TypeAlias

from nightdesk.engine import Engine
from nightdesk.models import GIVEN_SCHEMAS, REBUILT, ROLLED, models
from nightdesk.query_tree import ALL, Node, Query
from nightdesk.reckoned import RECKONED, RECKONED_OF
from nightdesk.worked_out import digest, of_models

#: given tables that the night makes of other tables
_MADE_OF: Mapping[str, Collection[str]] = {
    "night.calendar": ("source.calendar_day",),
    **dict.fromkeys(RECKONED, RECKONED_OF),
}
#: given schemas that hold what a model made, in this night or in earlier ones
_KEPT = ("previous", "former", "history")

_Queries: TypeAlias = Callable[[str], tuple[Query, ...]]


def rests_on(
    roots: Iterable[str], without: Collection[str] = (), columns: Collection[str] = ALL
) -> Mapping[str, frozenset[str]]:
    """The source tables behind the `columns` (all by default) of some models, each with what is used of it.

    A column that a model carries on and nobody asks for does not count, nor does a table joined for such columns alone.
    `without` names models whose own reads are left out.
    """
    return _rests_on(frozenset(roots), frozenset(without), frozenset(columns))


def each_rests_on(
    roots: Collection[str], without: Collection[str] = (), columns: Collection[str] = ALL
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """The same of each model alone, by its name; what is asked of many is kept together. Of `without` all are left out
    but the model itself."""
    return _each_rests_on(frozenset(roots), frozenset(without), frozenset(columns))


@cache
def _each_rests_on(
    roots: frozenset[str], without: frozenset[str], wanted: frozenset[str]
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    def made() -> dict[str, dict[str, list[str]]]:
        with _parsing() as queries:
            found = {root: _behind(frozenset({root}), without - {root}, wanted, queries) for root in sorted(roots)}
        return {root: {table: sorted(used) for table, used in tables.items()} for root, tables in found.items()}

    kept = of_models(f"rests_on/each_{_digest(roots, without, wanted)}", made)
    return {root: {table: frozenset(used) for table, used in tables.items()} for root, tables in kept.items()}


def _digest(*asked: Collection[str]) -> str:
    return digest(*(" ".join(sorted(names)) for names in asked))


@cache
def _rests_on(roots: frozenset[str], without: frozenset[str], wanted: frozenset[str]) -> Mapping[str, frozenset[str]]:
    def made() -> dict[str, list[str]]:
        with _parsing() as queries:
            return {table: sorted(used) for table, used in _behind(roots, without, wanted, queries).items()}

    kept = of_models(f"rests_on/{_digest(roots, without, wanted)}", made)
    return {table: frozenset(used) for table, used in kept.items()}


def _behind(
    roots: frozenset[str], without: frozenset[str], wanted: frozenset[str], queries: _Queries
) -> Mapping[str, frozenset[str]]:
    asked: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    waiting = [(root, wanted) for root in sorted(roots)]
    while waiting:
        name, columns = waiting.pop()
        schema, _, table = name.partition(".")
        if schema == "source":
            found.setdefault(table.removesuffix("_superseded"), set()).update(columns)
            continue
        if name in asked and columns <= asked[name]:
            continue
        asked.setdefault(name, set()).update(columns)
        if name in _MADE_OF:
            waiting += [(made_of, ALL) for made_of in _MADE_OF[name]]
        elif schema in _KEPT:
            waiting += [(made, columns) for made in _texts() if made.partition(".")[2] == table]
        elif schema not in GIVEN_SCHEMAS and name not in without:
            for query in queries(name):
                waiting += [(read, frozenset(used)) for read, used in query.reads(asked[name]).items()]
    return {table: frozenset(columns) for table, columns in sorted(found.items())}


def reads_of(model: str) -> Mapping[str, frozenset[str]]:
    """The tables that one model reads, in a rebuilt night or a rolled one, each with the columns that it uses."""
    used: dict[str, set[str]] = {}
    with _parsing() as queries:
        for query in queries(model):
            for table, columns in query.reads(ALL).items():
                used.setdefault(table, set()).update(columns - ALL or columns)
    return {table: frozenset(columns) for table, columns in sorted(used.items())}


def parsed(engine: Engine, sql: str) -> Node:
    """A query as the engine parses it."""
    text = engine.value(
        "select json_serialize_sql($text::varchar, skip_null := true, skip_empty := true, skip_default := true)",
        text=sql,
    )
    tree: Node = json.loads(text)
    return tree["statements"][0]["node"]  # type: ignore[no-any-return]


@cache
def _texts() -> Mapping[str, tuple[str, ...]]:
    """Each model's SQL: as it stands in a night that is rebuilt, and in one that is rolled where that differs."""
    texts: dict[str, dict[str, None]] = {}
    for structure in (REBUILT, ROLLED):
        for model in models(structure).values():
            texts.setdefault(model.table, {})[model.sql] = None
    return {table: tuple(versions) for table, versions in texts.items()}


#: each model's SQL as the engine parsed it, once it was asked for: to parse all of them takes seconds
_parsed_once: dict[str, tuple[Query, ...]] = {}


@contextmanager
def _parsing() -> Iterator[_Queries]:
    """What gives a model's queries; an engine is there while it is used, and only if one has to be parsed."""
    with ExitStack() as open_:
        engine: Engine | None = None

        def queries(model: str) -> tuple[Query, ...]:
            nonlocal engine
            if model not in _parsed_once:
                engine = engine or open_.enter_context(Engine())
                _parsed_once[model] = tuple(Query(parsed(engine, sql)) for sql in _texts()[model])
            return _parsed_once[model]

        yield queries
