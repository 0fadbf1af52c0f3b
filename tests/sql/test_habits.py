"""What the syntax tree of every rendered model shows: what it reads, and seven habits that keep other engines open."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
import sqlglot
from sqlglot import exp

from nightdesk.models import REBUILT, ROLLED, models


@cache
def _texts() -> dict[str, str]:
    """Each model's SQL; under a second name where a rolled night has another one."""
    found = {table: model.sql for table, model in models(REBUILT).items()}
    rolled = {f"{table} (rolled)": model.sql for table, model in models(ROLLED).items() if model.sql != found[table]}
    return found | rolled


@cache
def _tree(name: str) -> exp.Expr:
    return sqlglot.parse_one(_texts()[name], read="duckdb")


def _bare(node: exp.Expr | None) -> exp.Expr | None:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _around(node: exp.Expr) -> exp.Expr | None:
    found = node.parent
    while isinstance(found, exp.Paren):
        found = found.parent
    return found


def _is_own(node: exp.Expr, select: exp.Select) -> bool:
    return node.find_ancestor(exp.Select) is select


def _called(window: exp.Window) -> exp.Expr:
    """The function itself, without what says which rows or nulls it sees."""
    found = window.this
    while isinstance(found, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        found = found.this
    return found


def windows_over_aggregates(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A window in a select that also groups: engines differ in which is reckoned first."""
    for select in tree.find_all(exp.Select):
        windows = [one for one in select.find_all(exp.Window) if _is_own(one, select)]
        called = {id(_called(one)) for one in windows}
        summed = [one for one in select.find_all(exp.AggFunc) if _is_own(one, select) and id(one) not in called]
        if windows and (summed or select.args.get("group")):
            yield windows[0]


def months_by_another_way(tree: exp.Expr) -> Iterator[exp.Expr]:
    """`date_diff` or an interval of anything but days: months go by sql/macros/month.sql."""
    for length in tree.find_all(exp.DateDiff, exp.Interval):
        if length.text("unit").lower() != "day":
            yield length
    yield from tree.find_all(exp.AddMonths)


def lists_in_a_text(tree: exp.Expr) -> Iterator[exp.Expr]:
    """`split_part` on the bar that keys are joined with."""
    for part in tree.find_all(exp.SplitPart):
        if part.args["delimiter"].name == "|":
            yield part


def empty_lists_without_a_type(tree: exp.Expr) -> Iterator[exp.Expr]:
    """`[]` that is no operand of a cast."""
    for empty in tree.find_all(exp.Array, exp.List):
        if not empty.expressions and not isinstance(_around(empty), exp.Cast):
            yield empty


def nulls_without_a_type(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A null that is a column by itself, or every answer of a case."""
    for null in tree.find_all(exp.Null):
        column = _around(null)
        if isinstance(column, exp.Alias | exp.Select | exp.Tuple):
            yield null
    for case in tree.find_all(exp.Case):
        answers = [branch.args["true"] for branch in case.args["ifs"]] + [case.args.get("default")]
        if all(isinstance(_bare(answer), exp.Null) for answer in answers if answer is not None):
            yield case


def quotients_as_they_come(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A quotient that is not cast where it is made: to `decimal(18, 6)`, or once and for all to the narrower decimal of
    the column that it is. (Of figures with four places, six places first would change one in two hundred.)"""
    for quotient in tree.find_all(exp.Div):
        digits = _digits(quotient)
        if len(digits) != 2 or not (digits == [18, 6] or (digits[0] <= 18 and digits[1] < 6)):
            yield quotient


def _digits(quotient: exp.Div) -> list[int]:
    """Of the decimal that a quotient is cast to where it is made."""
    cast = _around(quotient)
    kind = cast.args["to"] if isinstance(cast, exp.Cast) else None
    return [int(one.name) for one in kind.expressions] if kind is not None else []


def divisors_that_may_be_nothing(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A divisor that is neither a number written out nor `nullif(…, 0)`."""
    for quotient in tree.find_all(exp.Div, exp.IntDiv, exp.Mod):
        divisor = _bare(quotient.expression)
        is_safe = isinstance(divisor, exp.Nullif) and divisor.expression.name == "0"
        if not is_safe and not (isinstance(divisor, exp.Literal) and divisor.is_number and float(divisor.name) != 0):
            yield quotient


#: models whose quotients have 38 digits: of what others typed, a slip of the pen makes figures of any size
WIDE = frozenset(
    {
        "asked.check_fact",
        "esg.financed_emission_total",
        "esg.kpi",
        "esg_emission.client_year",
        "features_esg.emission",
        "features_esg.graded",
    }
)

HABITS = (
    windows_over_aggregates,
    months_by_another_way,
    lists_in_a_text,
    empty_lists_without_a_type,
    nulls_without_a_type,
    quotients_as_they_come,
    divisors_that_may_be_nothing,
)


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_given_every_model_then_none_breaks_the_habit(habit: Callable[[exp.Expr], Iterator[exp.Expr]]) -> None:
    broken = {
        name: found.sql("duckdb")
        for name in _texts()
        for found in habit(_tree(name))
        if not (habit is quotients_as_they_come and name in WIDE and _digits(found) in ([38, 4], [38, 6]))
    }
    assert broken == {}


def test_given_the_models_of_wide_quotients_then_each_has_one() -> None:
    assert {
        name for name in _texts() for one in _tree(name).find_all(exp.Div) if _digits(one) in ([38, 4], [38, 6])
    } == WIDE


@pytest.mark.parametrize(
    ("habit", "sql"),
    [
        (windows_over_aggregates, "select a, sum(b), row_number() over (order by a) from t group by a"),
        (windows_over_aggregates, "select a, row_number() over (order by a) from t group by a"),
        (windows_over_aggregates, "select sum(sum(a)) over () from t"),
        (months_by_another_way, "select date_diff('month', a, b) from t"),
        (months_by_another_way, "select a + interval 3 month from t"),
        (months_by_another_way, "select a - n * interval '1' month from t"),
        (months_by_another_way, "select date_add(a, interval '1' month) from t"),
        (lists_in_a_text, "select split_part(a, '|', 1) from t"),
        (empty_lists_without_a_type, "select coalesce(a, []) from t"),
        (nulls_without_a_type, "select null as a from t"),
        (nulls_without_a_type, "select a from t union all select null"),
        (nulls_without_a_type, "select case when a then null end as b from t"),
        (quotients_as_they_come, "select a / nullif(b, 0) from t"),
        (quotients_as_they_come, "select cast(a / nullif(b, 0) as double) from t"),
        (quotients_as_they_come, "select cast(1 - a / nullif(b, 0) as decimal(18, 6)) from t"),
        (quotients_as_they_come, "select cast(a / nullif(b, 0) as decimal(18, 8)) from t"),
        (divisors_that_may_be_nothing, "select cast(a / b as decimal(18, 6)) from t"),
        (divisors_that_may_be_nothing, "select cast(a / nullif(b, 1) as decimal(18, 6)) from t"),
        (divisors_that_may_be_nothing, "select a % b from t"),
    ],
)
def test_given_what_breaks_a_habit_then_it_is_seen(habit: Callable[[exp.Expr], Iterator[exp.Expr]], sql: str) -> None:
    assert list(habit(sqlglot.parse_one(sql, read="duckdb")))


@pytest.mark.parametrize(
    ("habit", "sql"),
    [
        (windows_over_aggregates, "select row_number() over (order by a), max(b) over (partition by a) from t"),
        (
            windows_over_aggregates,
            "with s as (select a, sum(b) as b from t group by a) select lag(b) over (order by a) from s",
        ),
        (windows_over_aggregates, "select last_value(a ignore nulls) over (order by b) from t"),
        (months_by_another_way, "select date_diff('day', a, b), a + 1, a + interval 3 day from t"),
        (lists_in_a_text, "select split_part(a, '.', 1) from t"),
        (empty_lists_without_a_type, "select coalesce(a, cast([] as varchar[])), [1] from t"),
        (nulls_without_a_type, "select cast(null as date) as a, case when b then null else c end, d is null from t"),
        (
            quotients_as_they_come,
            "select cast(a / nullif(b, 0) as decimal(18, 6)), cast((a / 12) as decimal(9, 4)) from t",
        ),
        (divisors_that_may_be_nothing, "select a / nullif(b, 0), a / 100, a % 12, a // 12 from t"),
    ],
)
def test_given_what_keeps_a_habit_then_nothing_is_said(
    habit: Callable[[exp.Expr], Iterator[exp.Expr]], sql: str
) -> None:
    assert not list(habit(sqlglot.parse_one(sql, read="duckdb")))


def test_given_every_model_then_the_pattern_finds_what_its_tree_reads() -> None:
    # a tree of each takes seconds, which no command should wait for: models.py looks for `from` and `join`
    for structure in (REBUILT, ROLLED):
        for table, model in models(structure).items():
            tree = _tree(table if model.sql == _texts()[table] else f"{table} (rolled)")
            read = {f"{one.db}.{one.name}".lower() for one in tree.find_all(exp.Table) if one.db}
            assert model.reads == read - {table}, table
