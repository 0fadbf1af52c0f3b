"""Joins of which it is all the same whether they keep rows without a partner: each row has the one it was read from."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from nightdesk_lab.mutation.joins import named_steps, word_of


def always_found(text: str) -> frozenset[int]:
    """Where in a file of sql/ an `inner` stands whose partner is the row that the joined step's rows were read from.

    The keys of the join are columns that the step, or each branch of it, reads unchanged from that table or from a step
    that does, and not by a join that keeps rows without a partner. Keys are never null.
    """
    named = {name or "": tree for name, tree in named_steps(text)}
    found = set()
    for tree in named.values():
        for select in tree.find_all(exp.Select) if tree is not None else ():
            for join in select.args.get("joins") or []:
                if join.args.get("kind") == "INNER" and _is_found(select, join, named):
                    found.add(word_of(text, join))
    return frozenset(found - {-1})


def _is_found(select: exp.Select, join: exp.Join, named: Mapping[str, exp.Expression | None]) -> bool:
    table, on = join.this, join.args.get("on")
    if not isinstance(table, exp.Table) or on is None:
        return False
    pairs = []
    for part in on.flatten() if isinstance(on, exp.And) else [on]:
        sides = [part.this, part.expression] if isinstance(part, exp.EQ) else []
        if not all(isinstance(side, exp.Column) for side in sides) or len(sides) < 2:
            return False
        own = [side for side in sides if side.table == table.alias_or_name]
        others = [side for side in sides if side.table != table.alias_or_name]
        if len(own) != 1 or len(others) != 1:
            return False
        pairs.append((others[0], own[0].name))
    if len({other.table for other, _ in pairs}) != 1:
        return False
    read = _read(select).get(pairs[0][0].table)
    columns = [other.name for other, _ in pairs]
    keys = [key for _, key in pairs]
    if read is None:
        return False
    is_back = not read.db and _is_from(read.name, columns, table, keys, named, ())
    return is_back or (not table.db and _has_each(table.name, keys, read, columns, named))


def _has_each(
    step: str,
    keys: Sequence[str],
    table: exp.Table,
    columns: Sequence[str],
    named: Mapping[str, exp.Expression | None],
) -> bool:
    """Whether a step has a row for each row of a table, with that one's `columns` as its `keys`."""
    select = named.get(step)
    if not isinstance(select, exp.Select) or any(
        select.args.get(part) for part in ("where", "having", "qualify", "limit")
    ):
        return False
    first = select.args["from_"].this if select.args.get("from_") else None
    joins = select.args.get("joins") or []
    if not isinstance(first, exp.Table) or any(join.args.get("side") != "LEFT" for join in joins):
        return False
    origins = [_origin(select, key, {first.alias_or_name: first}, named) for key in keys]
    if {name for name, _ in origins} != {first.alias_or_name}:
        return False
    inner = [column for _, column in origins]
    if (first.db, first.name) == (table.db, table.name):
        return inner == list(columns)
    return not first.db and _has_each(first.name, inner, table, columns, named)


def _read(select: exp.Select) -> dict[str, exp.Table]:
    """By name, what a select reads of which no row is a row of nulls."""
    joins = select.args.get("joins") or []
    if any(join.args.get("side") in ("RIGHT", "FULL") for join in joins):
        return {}
    told = [select.args["from_"].this] if select.args.get("from_") else []
    told += [join.this for join in joins if not join.args.get("side")]
    return {one.alias_or_name: one for one in told if isinstance(one, exp.Table)}


def _is_from(
    step: str,
    columns: Sequence[str],
    table: exp.Table,
    keys: Sequence[str],
    named: Mapping[str, exp.Expression | None],
    before: Sequence[str],
) -> bool:
    """Whether each row of a step has for `columns` the `keys` of one row of a table."""
    tree = named.get(step)
    if tree is None or step in before:
        return False
    return all(_is_branch_from(branch, columns, table, keys, named, (*before, step)) for branch in _branches(tree))


def _branches(tree: exp.Expression) -> list[exp.Expression]:
    if isinstance(tree, exp.Union):
        return [*_branches(tree.this), *_branches(tree.expression)]
    return [tree]


def _is_branch_from(
    select: exp.Expression,
    columns: Sequence[str],
    table: exp.Table,
    keys: Sequence[str],
    named: Mapping[str, exp.Expression | None],
    before: Sequence[str],
) -> bool:
    if not isinstance(select, exp.Select):
        return False
    read = _read(select)
    origins = [_origin(select, column, read, named) for column in columns]
    names = {name for name, _ in origins}
    if len(names) != 1 or None in names:
        return False
    one = read[origins[0][0] or ""]
    inner = [column for _, column in origins]
    if (one.db, one.name) == (table.db, table.name):
        return inner == list(keys)
    return not one.db and _is_from(one.name, inner, table, keys, named, before)


def _origin(
    select: exp.Select, column: str, read: Mapping[str, exp.Table], named: Mapping[str, exp.Expression | None]
) -> tuple[str | None, str]:
    """Of which of what a select reads, and of which column there, one of its columns is."""
    for told in select.expressions:
        if told.alias_or_name == column and not isinstance(told, exp.Star):
            value = told.this if isinstance(told, exp.Alias) else told
            if not isinstance(value, exp.Column):
                return None, column
            name = value.table or _whose(select, value.name, read, named)
            return (name, value.name) if name in read else (None, column)
    stars = [
        told.table
        for told in select.expressions
        if isinstance(told, exp.Column) and isinstance(told.this, exp.Star) and told.table in read
    ]
    if len(stars) == 1:
        return stars[0], column
    is_all = any(isinstance(told, exp.Star) for told in select.expressions)
    return (_whose(select, column, read, named), column) if is_all else (None, column)


def _whose(
    select: exp.Select, column: str, read: Mapping[str, exp.Table], named: Mapping[str, exp.Expression | None]
) -> str | None:
    """Of which of what a select reads a column is that it names without its table."""
    if not select.args.get("joins"):
        return next(iter(read), None)
    told = {name: None if one.db else _columns(one.name, named, ()) for name, one in read.items()}
    joined = {join.this.alias_or_name for join in select.args["joins"]}
    if any(columns is None for columns in told.values()) or not joined <= set(read):
        return None
    having = [name for name, columns in told.items() if column in (columns or ())]
    return having[0] if len(having) == 1 else None


def _columns(step: str, named: Mapping[str, exp.Expression | None], before: Sequence[str]) -> frozenset[str] | None:
    """The columns of a step; None where the text does not tell them."""
    tree = named.get(step)
    if tree is None or step in before:
        return None
    select = _branches(tree)[0]
    if not isinstance(select, exp.Select):
        return None
    if not any(isinstance(one, exp.Star) or isinstance(one.this, exp.Star) for one in select.expressions):
        return frozenset(one.alias_or_name for one in select.expressions)
    read = _read(select)
    if len(read) != 1 or select.args.get("joins") or len(select.expressions) != 1:
        return None
    one = next(iter(read.values()))
    return None if one.db else _columns(one.name, named, (*before, step))
