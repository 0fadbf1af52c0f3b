"""Which columns of which source tables a model's columns rest on, read from the SQL itself as the engine parses it."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from nightdesk.engine import Engine
from nightdesk.models import GIVEN_SCHEMAS, REBUILT, ROLLED, models
from nightdesk.reckoned import RECKONED, RECKONED_OF
from nightdesk.worked_out import digest, of_models

Node: TypeAlias = dict[str, Any]

#: every column of a relation
ALL = frozenset({"*"})
#: given tables that the night makes of other tables
_MADE_OF: Mapping[str, Collection[str]] = {
    "night.calendar": ("source.calendar_day",),
    **dict.fromkeys(RECKONED, RECKONED_OF),
}
#: given schemas that hold what a model made, in this night or in earlier ones
_KEPT = ("previous", "former", "history")


def rests_on(
    roots: Iterable[str], without: Collection[str] = (), columns: Collection[str] = ALL
) -> Mapping[str, frozenset[str]]:
    """The source tables behind the `columns` (all by default) of some models, each with what is used of it.

    A column that a model carries on and nobody asks for does not count, nor does a table joined for such columns alone.
    `without` names models whose own reads are left out.
    """
    return _rests_on(frozenset(roots), frozenset(without), frozenset(columns))


@cache
def _rests_on(roots: frozenset[str], without: frozenset[str], wanted: frozenset[str]) -> Mapping[str, frozenset[str]]:
    def made() -> dict[str, list[str]]:
        with _parsing() as queries:
            return {table: sorted(used) for table, used in _behind(roots, without, wanted, queries).items()}

    asked = digest(*(" ".join(sorted(names)) for names in (roots, without, wanted)))
    return {table: frozenset(used) for table, used in of_models(f"rests_on/{asked}", made).items()}


def _behind(
    roots: frozenset[str], without: frozenset[str], wanted: frozenset[str], queries: "_Queries"
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


def asks(sql: str, columns: Collection[str] = ALL) -> dict[str, set[str]]:
    """What one query asks of each table that it reads, if `columns` are asked of it."""
    with Engine() as engine:
        return _Query(_parsed(engine, sql)).reads(columns)


def reads_of(model: str) -> Mapping[str, frozenset[str]]:
    """The tables that one model reads, in a rebuilt night or a rolled one, each with the columns that it uses."""
    used: dict[str, set[str]] = {}
    with _parsing() as queries:
        for query in queries(model):
            for table, columns in query.reads(ALL).items():
                used.setdefault(table, set()).update(columns - ALL or columns)
    return {table: frozenset(columns) for table, columns in sorted(used.items())}


def _parsed(engine: Engine, sql: str) -> Node:
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
_parsed_once: dict[str, tuple["_Query", ...]] = {}


@contextmanager
def _parsing() -> Iterator["_Queries"]:
    """What gives a model's queries; an engine is there while it is used, and only if one has to be parsed."""
    with ExitStack() as open_:
        engine: Engine | None = None

        def queries(model: str) -> tuple[_Query, ...]:
            nonlocal engine
            if model not in _parsed_once:
                engine = engine or open_.enter_context(Engine())
                _parsed_once[model] = tuple(_Query(_parsed(engine, sql)) for sql in _texts()[model])
            return _parsed_once[model]

        yield queries


class _Query:
    """One query with its steps (CTEs), walked from what is asked of it to what it asks of others."""

    def __init__(self, tree: Node) -> None:
        self._tree = tree
        self._steps = {step["key"]: step["value"]["query_node"] for step in tree.get("cte_map", {}).get("map", [])}
        #: each SELECT in it, looked through once, by the identity of its node
        self._selects: dict[int, _Select] = {}

    def reads(self, columns: Collection[str]) -> dict[str, set[str]]:
        """What it asks of each table outside, if `columns` are asked of it."""
        asked: dict[str, set[str]] = {}
        self._walk(self._tree, set(columns), asked)
        for name in reversed(self._steps):  # a step reads only what stands before it
            if name in asked:
                self._walk(self._steps[name], asked[name], asked)
        return {name: used for name, used in asked.items() if name not in self._steps}

    def _walk(self, node: Node, columns: set[str], asked: dict[str, set[str]]) -> None:
        if node["type"] == "SET_OPERATION_NODE":
            is_set = not node.get("setop_all", False)
            sides = node.get("children") or [node["left"], node["right"]]
            by_name = not is_set and all(columns <= _names(side) for side in sides)
            for side in sides:
                self._walk(side, columns if by_name else set(ALL), asked)
            return
        if id(node) not in self._selects:
            self._selects[id(node)] = _Select(node)
        select = self._selects[id(node)]
        tables, nested = select.ask(columns)
        for name, used in tables:
            asked.setdefault(name, set()).update(used)
        for inner, used in nested:
            self._walk(inner, used, asked)


_Queries: TypeAlias = Callable[[str], tuple[_Query, ...]]


@dataclass(frozen=True)
class _Named:
    """What an expression names: columns, each with what stands before it, and the queries inside it."""

    columns: tuple[tuple[str, ...], ...]
    queries: tuple[Node, ...]

    @classmethod
    def by(cls, node: Any) -> "_Named":
        return cls(tuple(dict.fromkeys(tuple(ref) for ref in _columns(node))), tuple(_subqueries(node)))


class _Select:
    """One SELECT: its sources by alias, and what each is asked for."""

    def __init__(self, node: Node) -> None:
        self._tables: dict[str, str] = {}
        self._nested: dict[str, Node] = {}
        #: (alias, condition, join type) of each join, in order
        self._joins: list[tuple[str, _Named, str]] = []
        if "from_table" in node:
            self._source(node["from_table"])
        items = node.get("select_list", [])
        self._items = [(_name(item), _Named.by(item)) for item in items if item["class"] != "STAR"]
        self._stars = [item.get("relation_name") for item in items if item["class"] == "STAR"]
        self._is_distinct = any(modifier["type"] == "DISTINCT_MODIFIER" for modifier in node.get("modifiers", []))
        rest = [node[name] for name in ("where_clause", "having", "qualify") if name in node]
        self._rest = _Named.by([*rest, node.get("group_expressions", []), node.get("modifiers", [])])

    def _source(self, node: Node) -> str:
        if node["type"] == "JOIN":
            self._source(node["left"])
            alias = self._source(node["right"])
            self._joins.append((alias, _Named.by(node.get("condition", {})), node.get("join_type", "INNER")))
            return alias
        if node["type"] == "BASE_TABLE":
            name = ".".join(part for part in (node.get("schema_name"), node["table_name"]) if part).lower()
            alias = node.get("alias") or node["table_name"]
            self._tables[alias] = name
        else:
            alias = node.get("alias") or f"nested {len(self._nested)}"
            self._nested[alias] = node
        return str(alias)

    def ask(self, columns: set[str]) -> tuple[list[tuple[str, set[str]]], list[tuple[Node, set[str]]]]:
        """What is needed for `columns`, and for the rows to be the right ones: of tables, and of queries within."""
        refs: dict[str, set[str]] = {alias: set() for alias in (*self._tables, *self._nested)}
        every = self._is_distinct or columns >= ALL
        needed = [named for name, named in self._items if every or name in columns] + [self._rest]
        for named in needed:
            self._refer(named, refs)
        self._pass_stars(columns, refs)
        waiting = list(self._joins)
        while True:  # a join's condition may be what another join is needed for
            kept = [join for join in waiting if not self._is_idle(join, refs)]
            if not kept:
                break
            for join in kept:
                waiting.remove(join)
                self._refer(join[1], refs)
                needed.append(join[1])
        idle = {alias for alias, _, _ in waiting}
        used = {alias: found for alias, found in refs.items() if alias not in idle}
        tables = [(name, used[alias]) for alias, name in self._tables.items() if alias in used]
        nested = [(query, set(ALL)) for named in needed for query in named.queries]
        nested += [
            (node["subquery"]["node"], used[alias])
            for alias, node in self._nested.items()
            if alias in used and node["type"] == "SUBQUERY"
        ]
        return tables, nested

    def _is_idle(self, join: tuple[str, _Named, str], refs: Mapping[str, set[str]]) -> bool:
        """Whether an outer join adds nothing: no column, or in a full join nothing but the key it is joined by."""
        alias, condition, kind = join
        if kind == "LEFT":
            return not refs[alias]
        if kind not in ("OUTER", "FULL"):
            return False
        keys = {ref[1] for ref in condition.columns if len(ref) == 2 and ref[0] == alias}
        return refs[alias] <= keys

    def _pass_stars(self, columns: set[str], refs: dict[str, set[str]]) -> None:
        """What is asked for and no expression makes comes through a star."""
        left = columns - {name for name, _ in self._items}
        for relation in self._stars if left else ():
            for alias in [relation] if relation else list(refs):
                refs[alias] |= left

    def _refer(self, named: _Named, refs: dict[str, set[str]]) -> None:
        for ref in named.columns:
            if len(ref) > 1 and ref[-2] in refs:
                refs[ref[-2]].add(ref[-1])
            elif len(ref) == 1:
                for used in refs.values():
                    used.add(ref[0])


def _name(item: Node) -> str:
    return str(item.get("alias") or (item["column_names"][-1] if item["class"] == "COLUMN_REF" else ""))


def _names(node: Node) -> set[str]:
    if node["type"] == "SET_OPERATION_NODE":
        return _names((node.get("children") or [node["left"]])[0])
    items = node.get("select_list", [])
    return {"*"} | {_name(item) for item in items} if items else set()


def _columns(node: Any) -> Iterator[list[str]]:
    """Every column that an expression names; of a query inside it only those that say whose they are."""
    if isinstance(node, dict):
        if node.get("class") == "COLUMN_REF":
            yield node["column_names"]
        for name, child in node.items():
            inner = node.get("class") == "SUBQUERY" and name == "subquery"
            yield from (ref for ref in _columns(child) if not inner or len(ref) > 1)
    elif isinstance(node, list):
        for child in node:
            yield from _columns(child)


def _subqueries(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        if node.get("class") == "SUBQUERY":
            yield node["subquery"]["node"]
            return
        for child in node.values():
            yield from _subqueries(child)
    elif isinstance(node, list):
        for child in node:
            yield from _subqueries(child)
