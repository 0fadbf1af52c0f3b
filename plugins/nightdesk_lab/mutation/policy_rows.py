"""What changes nothing as policy has a row of a code every day: a join of it, and which of that one row is picked."""

import datetime
import re
from collections.abc import Iterator, Sequence
from functools import cache

from sqlglot import exp

from nightdesk.policy import policy
from nightdesk_lab.mutation.joins import steps, word_of

_ALIAS = re.compile(r"\bas (\w+)\b")


def always_there(text: str) -> frozenset[int]:
    """Where in a file of sql/ an `inner` stands whose partner is policy's row of a code that the file itself writes.

    The code is a word, or one of the words of a `case` that has an `else`; of a column of the file, each of its
    definitions has to be such, and what holds it may not be kept without a partner.
    """
    found = set()
    parsed = list(steps(text))
    told = _told(text, parsed)
    for tree in parsed:
        for select in tree.find_all(exp.Select):
            for join in select.args.get("joins") or []:
                if (
                    join.args.get("kind") == "INNER"
                    and _has_its_row(join, told)
                    and (place := word_of(text, join)) >= 0
                ):
                    found.add(place)
    return frozenset(found)


def picked_of_one(text: str) -> frozenset[int]:
    """Where in a file of sql/ a `max` or `min` stands that picks a policy table's row by its only key, of that table
    alone, not grouped: `max(case when key = 'code' then ... end)`, or `max(column)` `where key = 'code'`."""
    found = set()
    for select in (select for tree in steps(text) for select in tree.find_all(exp.Select)):
        table = select.args["from_"].this if select.args.get("from_") else None
        if not isinstance(table, exp.Table) or table.db != "policy" or select.args.get("joins"):
            continue
        known = policy().get(table.name)
        if known is None or len(known.key) != 1 or select.args.get("group"):
            continue
        where = select.args.get("where")
        is_one = where is not None and _is_code(where.this, known.key[0])
        for picked in select.find_all(exp.Max, exp.Min):
            place = _of_column(text, picked.this) if is_one else _of_key(text, picked.this, known.key[0])
            if place >= 0:
                found.add(place)
    return frozenset(found)


def _of_key(text: str, value: exp.Expression, key: str) -> int:
    """Where the word stands whose argument is such a `case`; -1 where it is another."""
    if not isinstance(value, exp.Case) or value.args.get("default") is not None or len(value.args["ifs"]) != 1:
        return -1
    asked = value.args["ifs"][0].this
    if not _is_code(asked, key):
        return -1
    begins = asked.this.this.meta["start"]
    word = re.search(r"\b(max|min)\s*\(\s*case\s+when\s+$", text[:begins], re.IGNORECASE)
    return word.start(1) if word else -1


def _is_code(asked: exp.Expression, key: str) -> bool:
    return (
        isinstance(asked, exp.EQ)
        and isinstance(asked.this, exp.Column)
        and asked.this.name == key
        and isinstance(asked.expression, exp.Literal)
    )


def _of_column(text: str, value: exp.Expression) -> int:
    """Where the word stands whose argument is a column alone; -1 where it is anything else."""
    if not isinstance(value, exp.Column):
        return -1
    word = re.search(r"\b(max|min)\s*\(\s*(?:\w+\.)?$", text[: value.this.meta["start"]], re.IGNORECASE)
    return word.start(1) if word else -1


def _told(text: str, parsed: Sequence[exp.Expression]) -> dict[str, frozenset[str]]:
    """By column, the words that a file gives it: none where a definition is anything else, or could not be read."""
    found: dict[str, list[frozenset[str]]] = {}
    for tree in parsed:
        for alias in tree.find_all(exp.Alias):
            found.setdefault(alias.alias, []).append(frozenset(_words(alias.this)))
    written = _ALIAS.findall(text)
    lacking = {column.name for tree in parsed for column in (*_kept_without_partner(tree), *_of_tables(tree))}
    return {
        name: frozenset().union(*words)
        for name, words in found.items()
        if all(words) and len(words) == written.count(name) and name not in lacking
    }


def _kept_without_partner(tree: exp.Expression) -> Iterator[exp.Column]:
    """The columns of what a select joins and keeps rows without: a null in place of a word."""
    for select in tree.find_all(exp.Select):
        joins = select.args.get("joins") or []
        kept = {join.this.alias_or_name for join in joins if join.args.get("side")}
        yield from (column for column in select.find_all(exp.Column) if column.table in kept)


def _of_tables(tree: exp.Expression) -> Iterator[exp.Column]:
    """The columns that a select passes on from tables, by name, whose words are not the file's."""
    for select in tree.find_all(exp.Select):
        read = [select.args["from_"].this] if select.args.get("from_") else []
        read += [join.this for join in select.args.get("joins") or []]
        tables = {one.alias_or_name for one in read if isinstance(one, exp.Table) and one.db}
        for told in select.expressions:
            if isinstance(told, exp.Column) and (told.table in tables or (not told.table and tables)):
                yield told


def _words(value: exp.Expression | None) -> Iterator[str]:
    """The words that an expression may come to; none where it may come to anything else."""
    if isinstance(value, exp.Literal) and value.is_string:
        yield str(value.this)
    if isinstance(value, exp.Case) and value.args.get("default") is not None:
        branches = [*(branch.args["true"] for branch in value.args["ifs"]), value.args["default"]]
        words = [tuple(_words(branch)) for branch in branches]
        if all(words):
            yield from (word for found in words for word in found)


def _has_its_row(join: exp.Join, told: dict[str, frozenset[str]]) -> bool:
    table, on = join.this, join.args.get("on")
    if not isinstance(table, exp.Table) or table.db != "policy" or not isinstance(on, exp.EQ):
        return False
    for own, other in ((on.this, on.expression), (on.expression, on.this)):
        if isinstance(own, exp.Column) and own.table == table.alias_or_name:
            codes = frozenset(_words(other))
            if isinstance(other, exp.Column) and other.name == own.name and other.table != own.table:
                codes = told.get(other.name, frozenset())
            return bool(codes) and codes <= _codes(table.name, own.name)
    return False


@cache
def _codes(table: str, column: str) -> frozenset[str]:
    """The codes of a policy table's only key that have been in force since its first day and still are."""
    found = policy().get(table)
    if found is None or found.key != (column,):
        return frozenset()
    return frozenset(
        str(row[column])
        for row in found.effective(datetime.date.max)
        if row in found.effective(datetime.date(1900, 1, 1))
    )
