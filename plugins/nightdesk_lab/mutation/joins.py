"""Joins of which it is all the same whether they keep rows without a partner, as what follows drops those rows."""

import re
from collections.abc import Collection, Iterator

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
#: what stands between the lines that open and close a step of a model, and the select that ends it
_STEP = re.compile(
    r"^(?P<name>\w+) as (?:materialized )?\($(?P<sql>.*?)^\)|^(?=select\b)(?P<last>.*)\Z", re.DOTALL | re.MULTILINE
)
#: of a null they make a null
_STRICT = (
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Neg,
    exp.Cast,
    exp.Paren,
    exp.Abs,
    exp.DateDiff,
    exp.EQ,
    exp.NEQ,
    exp.LT,
    exp.LTE,
    exp.GT,
    exp.GTE,
    exp.Not,
    exp.AtTimeZone,
)


def all_the_same(text: str) -> frozenset[int]:
    """Where in a file of sql/ a `left` or `inner` stands that may as well be the other.

    Of a step that is no SQL when its templates are taken out nothing is said.
    """
    joins = (join for tree in steps(text) for select in tree.find_all(exp.Select) for join in _followed(select))
    return frozenset(place for join in joins if (place := word_of(text, join)) >= 0)


def steps(text: str) -> Iterator[exp.Expression]:
    """The steps of a model's file that are SQL when its templates are taken out; places in them are the file's."""
    return (tree for _, tree in named_steps(text) if tree is not None)


def named_steps(text: str) -> Iterator[tuple[str | None, exp.Expression | None]]:
    """Each step of a model's file with its name; none of the last, and no tree where it is no SQL without templates."""
    bare = TEMPLATE.sub(_of_equal_length, text)
    for step in _STEP.finditer(bare):
        part = "sql" if step["sql"] else "last"
        try:  # with what stands before it as blanks, so that places are the file's
            tree = parse_one(" " * step.start(part) + step[part], read="duckdb")
        except SqlglotError:
            yield step["name"], None
        else:
            yield step["name"], tree if isinstance(tree, exp.Expression) else None


def _of_equal_length(found: re.Match[str]) -> str:
    """A name in place of a template's value, blanks in place of its structure; lines stay lines."""
    told = found[0]
    if told.startswith("{{"):
        first, line, rest = told.partition("\n")
        return "x" + "_" * (len(first) - 1) + line + re.sub(r"[^\n]", " ", rest)
    return re.sub(r"[^\n]", " ", told)


def _followed(select: exp.Select) -> Iterator[exp.Join]:
    """The joins of a select whose partner something behind them asks for."""
    joins: list[exp.Join] = select.args.get("joins") or []
    where = select.args.get("where")
    if any(join.args.get("side") in ("RIGHT", "FULL") for join in joins):
        return  # what has found a partner there is not told as having none
    for at, join in enumerate(joins):
        asked = [later.args.get("on") for later in joins[at + 1 :] if later.args.get("kind") == "INNER"]
        asked += [where.this] if where else []
        if any(asks(condition, join.this.alias_or_name) for condition in asked if condition is not None):
            yield join


def asks(condition: exp.Expression, name: str, columns: Collection[str] | None = None) -> bool:
    """Whether a condition is not true where every column of `name`, or those of `columns`, is null."""
    if isinstance(condition, exp.And):
        return asks(condition.this, name, columns) or asks(condition.expression, name, columns)
    if isinstance(condition, exp.Or):
        return asks(condition.this, name, columns) and asks(condition.expression, name, columns)
    if isinstance(condition, exp.Paren):
        return asks(condition.this, name, columns)
    if isinstance(condition, exp.Not) and isinstance(condition.this, exp.Is):
        return isinstance(condition.this.expression, exp.Null) and is_null(condition.this.this, name, columns)
    if isinstance(condition, exp.Between):
        return any(is_null(condition.args[part], name, columns) for part in ("this", "low", "high"))
    if isinstance(condition, exp.In) and condition.args.get("query") is None:
        return is_null(condition.this, name, columns)
    return is_null(condition, name, columns)


def is_null(value: exp.Expression, name: str, columns: Collection[str] | None = None) -> bool:
    """Whether a value is null where every column of `name`, or those of `columns`, is."""
    if isinstance(value, exp.Column):
        return value.table == name and (columns is None or value.name in columns)
    return isinstance(value, _STRICT) and any(
        is_null(part, name, columns)
        for part in (value.this, value.args.get("expression"))
        if isinstance(part, exp.Expression)
    )


def word_of(text: str, join: exp.Join) -> int:
    """Where the word `left` or `inner` of a join begins; -1 where it has none."""
    named = [part.meta["start"] for part in join.this.find_all(exp.Identifier) if "start" in part.meta]
    if not named:
        return -1
    found = re.search(r"\b(left|inner)\s+join\s+$", text[: min(named)], re.IGNORECASE)
    return found.start(1) if found else -1
