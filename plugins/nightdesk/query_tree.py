"""What one query asks of each table that it reads, from the tree that the engine parses its text into."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]

#: every column of a relation
ALL = frozenset({"*"})


class Query:
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


@dataclass(frozen=True)
class _Named:
    """What an expression names: columns, each with what stands before it, and the queries inside it."""

    columns: tuple[tuple[str, ...], ...]
    queries: tuple[Node, ...]

    @classmethod
    def by(cls, node: Any) -> "_Named":
        columns: dict[tuple[str, ...], None] = {}
        queries: list[Node] = []
        _look_through(node, columns, queries)
        return cls(tuple(columns), tuple(queries))


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


def _look_through(
    node: Any, columns: dict[tuple[str, ...], None], queries: list[Node], *, is_asked: bool = True, is_own: bool = True
) -> None:
    """Every column that an expression names, and the queries inside it; of such a query (not `is_asked`) only those
    columns that say whose they are (not `is_own`), and no further query.

    One walk without generators: a night's models have a million nodes.
    """
    if isinstance(node, list):
        for child in node:
            if isinstance(child, dict | list):
                _look_through(child, columns, queries, is_asked=is_asked, is_own=is_own)
        return
    kind = node.get("class")
    if kind == "COLUMN_REF" and (is_own or len(node["column_names"]) > 1):
        columns[tuple(node["column_names"])] = None
    is_query = kind == "SUBQUERY"
    if is_query and is_asked:
        queries.append(node["subquery"]["node"])
    for name, child in node.items():
        if isinstance(child, dict | list):
            _look_through(
                child,
                columns,
                queries,
                is_asked=is_asked and not is_query,
                is_own=is_own and not (is_query and name == "subquery"),
            )
