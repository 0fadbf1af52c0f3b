"""Joins of which it is all the same whether they keep rows without a partner: no step that reads theirs sees them."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

from sqlglot import exp

from nightdesk_lab.mutation.joins import TEMPLATE, asks, is_null, named_steps, word_of

_IMPORT = re.compile(r"\{% import '(macros/\w+\.sql)'")
#: of nulls they make a null, and of a null among others nothing
_OF_ALL = (exp.Max, exp.Min, exp.Sum)


def unseen(text: str, root: Path) -> frozenset[int]:
    """Where in a file of sql/, which lies below `root`, an `inner` stands that may as well be `left`.

    What is kept without a partner has nulls for its columns. It is not seen where every step that reads the join's step
    asks for one of them, or where the step is one row a key that is joined by `left`: nulls are as no row.
    """
    named = list(named_steps(text))
    if any(tree is None for _, tree in named):
        return frozenset()
    hidden = _hidden(text, root)
    trees = [tree for _, tree in named if tree is not None]
    found = set()
    for name, tree in named:
        if name is None or name in hidden or not isinstance(tree, exp.Select):
            continue
        uses = [use for other in trees for use in _uses(other, name)]
        for join in tree.args.get("joins") or []:
            if uses and join.args.get("kind") == "INNER" and _is_unseen(tree, join, uses):
                found.add(word_of(text, join))
    return frozenset(found - {-1})


def _hidden(text: str, root: Path) -> frozenset[str]:
    """The words of templates, and of the macros that a file imports: a step that they name is read out of sight."""
    told = [*TEMPLATE.findall(text), *(_read(root / "sql" / name) for name in _IMPORT.findall(text))]
    return frozenset(word for part in told for word in re.findall(r"\w+", part))


@cache
def _read(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text + "".join(_read(path.parent.parent / name) for name in _IMPORT.findall(text))


def _uses(tree: exp.Expression, name: str) -> Iterator[tuple[exp.Select | None, exp.Table]]:
    for table in tree.find_all(exp.Table):
        if table.name == name and not table.db:
            yield table.find_ancestor(exp.Select), table


def _is_unseen(step: exp.Select, join: exp.Join, uses: Sequence[tuple[exp.Select | None, exp.Table]]) -> bool:
    name = join.this.alias_or_name
    later = (step.args.get("joins") or [])[(step.args.get("joins") or []).index(join) + 1 :]
    if any(other.args.get("side") in ("RIGHT", "FULL") for other in later):
        return False
    if list(step.find_all(exp.Window)) or step.args.get("limit") or step.args.get("having") or step.args.get("qualify"):
        return False
    group = step.args.get("group")
    keys = [key.sql() for key in group.expressions] if group else None
    told = {one.alias_or_name: one.this if isinstance(one, exp.Alias) else one for one in step.expressions}
    lacking = [
        column for column, value in told.items() if is_null(value, name) and (keys is None or value.sql() in keys)
    ]
    if all(_asks_for(lacking, *use) for use in uses):
        return True
    return keys is not None and all(_is_as_without(told, keys, name, *use) for use in uses)


def _asks_for(lacking: Collection[str], select: exp.Select | None, table: exp.Table) -> bool:
    """Whether a select that reads a step has no use of its rows without any of those columns."""
    if select is None:
        return False
    joins = select.args.get("joins") or []
    if any(join.args.get("side") in ("RIGHT", "FULL") for join in joins):
        return False
    own = next((join for join in joins if join.this is table), None)
    at = joins.index(own) if own is not None else -1
    asked = [own.args.get("on")] if own is not None else []
    asked += [join.args.get("on") for join in joins[at + 1 :] if join.args.get("kind") == "INNER"]
    asked += [select.args["where"].this] if select.args.get("where") else []
    is_read = own is not None or (select.args.get("from_") and select.args["from_"].this is table)
    return bool(is_read) and any(asks(one, table.alias_or_name, lacking) for one in asked if one is not None)


def _is_as_without(
    told: dict[str, exp.Expression], keys: list[str], name: str, select: exp.Select | None, table: exp.Table
) -> bool:
    """Whether a row of nulls is as none to a select that joins a step by its whole key."""
    join = table.parent
    if select is None or not isinstance(join, exp.Join) or join.args.get("side") != "LEFT":
        return False
    alias, on = table.alias_or_name, join.args.get("on")
    of_key = {column for column, value in told.items() if value.sql() in keys}
    others = [value for column, value in told.items() if column not in of_key]
    if len(of_key) != len(keys) or not all(isinstance(one, _OF_ALL) and is_null(one.this, name) for one in others):
        return False
    parts = list(on.flatten()) if isinstance(on, exp.And) else [on]
    joined = {
        side.name
        for part in parts
        if isinstance(part, exp.EQ)
        for side in (part.this, part.expression)
        if isinstance(side, exp.Column) and side.table == alias
    }
    read = [column for column in select.find_all(exp.Column) if column.table == alias]
    in_join = {id(column) for column in on.find_all(exp.Column)} if on is not None else set()
    is_star = any(isinstance(column.this, exp.Star) for column in read) or any(
        isinstance(one, exp.Star) for one in select.expressions
    )
    return (
        of_key <= joined
        and not is_star
        and not any(column.name in of_key and id(column) not in in_join for column in read)
    )
