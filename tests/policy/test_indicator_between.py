"""An indicator whose value is one figure less another says of which two, and that it is no percentage of anything."""

import pytest
import sqlglot
from sqlglot import exp

from nightdesk.models import models
from nightdesk.policy import policy

#: differences of figures that no sentence tells, in a unit that a difference has as well
NONE_TOLD = {"T10": "how much later than usual, in days of the month; neither day is told"}


def bare(node: exp.Expr) -> exp.Expr:
    """An expression without its brackets, casts, and the condition under which alone it is known."""
    while True:
        if isinstance(node, exp.Cast | exp.Paren):
            node = node.this
        elif isinstance(node, exp.Case) and len(node.args["ifs"]) == 1 and not node.args.get("default"):
            node = node.args["ifs"][0].args["true"]
        else:
            return node


def is_difference(sql: str) -> bool:
    """Whether what a model calls its value is one column less another, in whichever step that is reckoned."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    seen: set[str] = set()
    names = ["value"]
    while names:
        name = names.pop()
        seen.add(name)
        for alias in tree.find_all(exp.Alias):
            if alias.alias != name:
                continue
            found = bare(alias.this)
            if isinstance(found, exp.Sub) and all(
                isinstance(bare(side), exp.Column) for side in (found.left, found.right)
            ):
                return True
            if isinstance(found, exp.Column) and found.name not in seen:
                names.append(found.name)
    return False


@pytest.mark.parametrize(
    ("sql", "is_one"),
    [
        ("select drawn_pct - paid_pct as value from a", True),
        ("select case when is_known then cast((one.a - two.b) as decimal(18, 4)) end as value from one, two", True),
        ("with a as (select x - y as gap from b), c as (select gap as room from a) select room as value from c", True),
        ("select 100 * a / b - 100 as value from c", False),
        ("select 100 - a as value from c", False),
        ("select a as value, b - c as gap from d", False),
        ("select case when a then b - c else d end as value from e", False),
    ],
)
def test_given_a_model_then_its_value_is_a_difference_where_a_column_is_taken_from_another(
    sql: str, is_one: bool
) -> None:
    assert is_difference(sql) is is_one


def test_given_the_indicators_then_those_whose_value_is_a_difference_say_of_which_two_figures() -> None:
    found = {
        table.partition(".")[2].partition("_")[0].upper()
        for table, model in models().items()
        if table.startswith("warnings_indicator.") and is_difference(model.sql)
    }
    told = {row["indicator"] for _, row in policy("contract")["indicator_between"].rows if row["is_difference"]}
    assert found - told == set(NONE_TOLD), "without a row of policy/indicator_between.csv five points are told as 5%"
    assert told <= found
