"""SQL cases on Spark: a case's model, transpiled, over what DuckDB made of its inputs, beside DuckDB's own rows.

The engine is Sail behind Spark Connect, in this process, on the loopback. What a model reads is handed over as Arrow:
a difference is the model's own, and the models before it have cases of their own.
"""

import datetime
import importlib
import sys
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

import pyarrow as pa
import sqlglot
from sqlcase import Built, plain
from sqlglot import exp

from nightdesk.models import Model

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # of pandas, which nothing here goes through
    from pysail.spark import SparkConnectServer
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    _main = sys.modules["__main__"]
    if _nameless := not hasattr(_main, "__file__"):  # a process of xdist, which PySpark takes for its own doctests
        _main.__file__ = __file__
    importlib.import_module("pyspark.sql.connect.session")
    if _nameless:
        del _main.__file__


@cache
def session() -> SparkSession:
    """One server and one session for all cases of this process; both end with it."""
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    session.server = server  # type: ignore[attr-defined]  # kept alive
    return spark


def name_of(table: str) -> str:
    """The view that stands for `schema.name`."""
    return table.replace(".", "__")


def literal(value: object) -> exp.Expression:
    """A bound value as Spark reads it where it stands in the text."""
    if value is None:
        return exp.cast(exp.null(), "date")  # the night before, where there is none
    if isinstance(value, datetime.datetime):
        return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), "timestamp_ntz", dialect="spark")
    if isinstance(value, datetime.date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    return exp.convert(value)


def transpiled(model: Model, parameters: Mapping[str, object]) -> str:
    """A model's SQL for Spark: its tables named as views, its parameters written in."""
    return _transpiled(model.sql, tuple(parameters.items()))


@cache
def _transpiled(sql: str, bound: tuple[tuple[str, object], ...]) -> str:
    """Most cases of a model are of one date: its SQL is written once for them."""
    parameters = dict(bound)
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in reversed(list(tree.walk())):  # what is inside first
        said = _as_spark_says(node, parameters)
        if said is not node:
            node.replace(said)
    return tree.sql(dialect="spark")


def _as_spark_says(node: exp.Expr, parameters: Mapping[str, object]) -> exp.Expr:
    if isinstance(node, exp.Table) and node.db:
        name = node.args["alias"].name if node.args.get("alias") else node.name
        return exp.to_table(name_of(f"{node.db}.{node.name}".lower())).as_(name, table=True)
    if isinstance(node, exp.Parameter | exp.Placeholder):
        return literal(parameters[node.name])
    if isinstance(node, exp.Div):
        return _quotient(node)
    if isinstance(node, exp.Split):  # Spark splits by a pattern: each character by itself, one after the other
        pattern = "".join(f"[{character}]" for character in node.expression.name)
        return exp.RegexpSplit(this=node.this, expression=exp.Literal.string(pattern))
    if isinstance(node, exp.PercentileCont):  # the same interpolation, by the name that takes two arguments
        return exp.func("percentile", node.this, node.expression)
    if isinstance(node, exp.AtTimeZone) and isinstance(
        node.this.unnest(), exp.AtTimeZone
    ):  # from one zone's clock to another's
        inner = node.this.unnest()
        there = exp.func("to_utc_timestamp", inner.this, inner.args["zone"])
        return exp.func("from_utc_timestamp", there, node.args["zone"])
    return node


def _quotient(node: exp.Div) -> exp.Expr:
    """DuckDB divides doubles, whatever it is given. A null divisor, as of what is nothing, gives null there; Sail takes
    it for zero when it plans, and refuses."""
    dividend, divisor = (exp.cast(side, "double") for side in (node.this, node.expression))
    known = exp.func("coalesce", divisor, exp.Literal.number(1))
    return exp.case().when(divisor.is_(exp.null()).not_(), exp.Div(this=dividend, expression=known))


def hand_over(table: str, frame: pa.Table) -> None:
    """Make a view of what DuckDB has of `schema.name`."""
    schema = from_arrow_schema(frame.schema, prefer_timestamp_ntz=True)  # told: of an empty table none can be inferred
    session().createDataFrame(frame, schema).createOrReplaceTempView(name_of(table))


def statement(model: Model, parameters: Mapping[str, object]) -> str:
    """The whole statement that makes a model on Spark, with its declared columns as they are built."""
    sql = transpiled(model, parameters)
    if not model.columns:
        return sql
    body = ", ".join(f"cast(`{name}` as {spark_type(kind)}) as `{name}`" for name, kind in model.columns.items())
    return f"select {body} from (\n{sql}\n) as built"


def spark_type(kind: str) -> str:
    """A declared type as Spark calls it."""
    return exp.DataType.build(kind, dialect="duckdb").sql(dialect="spark")


def rows(table: pa.Table) -> list[tuple[tuple[str, Any], ...]]:
    """Rows by value, sorted: lists, numbers and dates as both engines mean them."""
    return sorted((tuple((name, plain(row[name])) for name in sorted(row)) for row in table.to_pylist()), key=repr)


def on_both(built: Built) -> tuple[list[Any], list[Any]]:
    """(Spark's, DuckDB's) rows of a case, with every column."""
    engine, model = built.engine, built.model
    for table in sorted(model.reads):
        hand_over(table, engine.arrow(f"select * from {table}").read_all())
    frame: DataFrame = session().sql(statement(model, engine.parameters))
    return rows(frame.toArrow()), rows(engine.arrow(f"select * from {model.table}").read_all())
