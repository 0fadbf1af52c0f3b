"""Left joins whose order DuckDB 2.0 gets wrong: it treats them as inner ones, and rows are lost without a word.

Seen where a join's condition reads two tables, a condition of the WHERE clause reads its outer side, and another one
compares a table with a product of two others. What needs that is written as two queries (macros/graph.sql).
"""

from collections.abc import Iterator

import duckdb
from sqlglot import exp, parse_one

from nightdesk.models import REBUILT, ROLLED, models

#: the shape as it was met: of whom money went on to, about as much or to somebody related
SHAPE = """
select hop.client_id, hop.node, edge.payee, related.client_id as related_to
from hop
cross join setting
inner join edge on hop.node = edge.payer and edge.day between hop.day and hop.day + setting.days
left join related on hop.client_id = related.client_id and edge.payee = related.node_id
where related.client_id is not null
    or edge.amount between hop.amount * setting.least_share and hop.amount * setting.most_share
"""
TABLES = """
create table hop as select cast(i % 50 as varchar) as client_id, 'n' || (i % 97) as node, i * 7 % 1000 + 1 as amount,
    i % 30 as day from range(2000) as t (i);
create table edge as select 'n' || (i % 97) as payer, 'n' || (i * 13 % 89) as payee, i * 11 % 1200 + 1 as amount,
    i % 35 as day from range(3000) as t (i);
create table related as select cast(i % 50 as varchar) as client_id, 'n' || (i * 3 % 89) as node_id
    from range(60) as t (i);
create table setting as select 10 as days, 0.9 as least_share, 1.1 as most_share;
"""
#: has the shape, and was held equal with and without the order of joins on rows of a bank and on made-up ones
HELD_EQUAL = {"features_esg.item", "tasks_contact.owed"}


def conditions(clause: exp.Expression | None) -> list[exp.Expression]:
    """What a clause asks for, one by one."""
    if clause is None:
        return []
    return list(clause.flatten()) if isinstance(clause, exp.And) else [clause]


def tables_of(condition: exp.Expression) -> set[str]:
    return {column.table for column in condition.find_all(exp.Column) if column.table}


def is_absence(condition: exp.Expression) -> bool:
    """Whether it asks for nothing but that there is no row: an anti join, which is ordered rightly."""
    return isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Null)


def doubtful(sql: str) -> Iterator[str]:
    """Names of the left joined tables of a query that have the shape."""
    for select in parse_one(sql, read="duckdb").find_all(exp.Select):
        joins = select.args.get("joins") or []
        where = conditions(select.args["where"].this) if select.args.get("where") else []
        every = [*where, *(one for join in joins for one in conditions(join.args.get("on")))]
        if not any(len(tables_of(one)) > 2 for one in every):
            continue
        for join in joins:
            name = join.this.alias_or_name
            is_wide = len(set().union(*map(tables_of, conditions(join.args.get("on")))) - {name}) > 1
            if join.side == "LEFT" and is_wide and any(name in tables_of(one) and not is_absence(one) for one in where):
                yield name


def test_given_the_shape_then_this_engine_still_loses_rows_of_it_and_it_is_told_from_others() -> None:
    """Once this fails, the engine is mended: graph.sql can be one query again, and this file can go."""
    engine = duckdb.connect()
    engine.execute(TABLES)
    ordered = engine.execute(f"select count(*) from ({SHAPE})").fetchone()
    engine.execute("set disabled_optimizers = 'join_order'")
    assert engine.execute(f"select count(*) from ({SHAPE})").fetchone() != ordered
    assert list(doubtful(SHAPE)) == ["related"]
    assert list(doubtful(SHAPE.replace("related.client_id is not null\n    or ", ""))) == []


def test_given_the_models_then_none_has_the_shape_but_those_that_were_held_equal() -> None:
    texts = {model.sql: model.table for structure in (REBUILT, ROLLED) for model in models(structure).values()}
    asked = {sql: table for sql, table in texts.items() if "left join" in sql and "where" in sql}
    assert {table for sql, table in asked.items() if any(doubtful(sql))} <= HELD_EQUAL
