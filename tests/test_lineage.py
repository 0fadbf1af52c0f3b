"""What a query rests on: the columns that are asked for, and the tables that they come from."""

import pytest

from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.lineage import parsed, rests_on
from nightdesk.models import models
from nightdesk.query_tree import Query


@pytest.mark.parametrize(
    ("sql", "columns", "expected"),
    [
        ("select a, b from s.t", {"a"}, {"s.t": {"a"}}),
        ("select a as x, b from s.t where c > 0", {"x"}, {"s.t": {"a", "c"}}),
        ("with one as (select * from s.t) select * from one", {"a"}, {"s.t": {"a"}}),
        ("with one as (select a, b + c as d from s.t) select d from one", {"d"}, {"s.t": {"b", "c"}}),
        # a column that is carried on and not asked for does not count, nor the join that is there for it
        (
            "select t.a, u.b from s.t as t left join s.u as u on t.k = u.k and u.place = 1",
            {"a"},
            {"s.t": {"a"}},
        ),
        (
            "select t.a, u.b from s.t as t left join s.u as u on t.k = u.k and u.place = 1",
            {"b"},
            {"s.t": {"k"}, "s.u": {"b", "k", "place"}},
        ),
        # a left join that only asks whether there is such a row is one that counts
        (
            "select t.a from s.t as t left join s.u as u on t.k = u.k where u.k is null",
            {"a"},
            {"s.t": {"a", "k"}, "s.u": {"k"}},
        ),
        # an inner join decides which rows there are
        ("select t.a from s.t as t inner join s.u as u on t.k = u.k", {"a"}, {"s.t": {"a", "k"}, "s.u": {"k"}}),
        # a full join that nothing but its key is asked of
        (
            "select coalesce(t.k, u.k) as k, t.a, u.b from s.t as t full outer join s.u as u on t.k = u.k",
            {"k", "a"},
            {"s.t": {"a", "k"}},
        ),
        (
            "select coalesce(t.k, u.k) as k, t.a, u.b from s.t as t full outer join s.u as u on t.k = u.k",
            {"b"},
            {"s.t": {"k"}, "s.u": {"b", "k"}},
        ),
        # a join that another join is needed for
        (
            "select v.c from s.t as t left join s.u as u on t.k = u.k left join s.v as v on u.m = v.m",
            {"c"},
            {"s.t": {"k"}, "s.u": {"k", "m"}, "s.v": {"c", "m"}},
        ),
        # a query within another is asked for what is read of it, and for nothing where nothing is
        ("select x.a from (select a, b from s.t where c > 0) as x", {"a"}, {"s.t": {"a", "c"}}),
        (
            "select t.a, u.b from s.t as t left join (select k, b from s.u) as u on t.k = u.k",
            {"a"},
            {"s.t": {"a"}},
        ),
        (
            "select t.a, u.b from s.t as t left join (select k, b from s.u) as u on t.k = u.k",
            {"b"},
            {"s.t": {"k"}, "s.u": {"b", "k"}},
        ),
        ("select a from s.t union all select a from s.u", {"a"}, {"s.t": {"a"}, "s.u": {"a"}}),
        ("select a, b from s.t union select a, b from s.u", {"a"}, {"s.t": {"a", "b"}, "s.u": {"a", "b"}}),
        (
            "select a from s.t where k in (select k from s.u where live)",
            {"a"},
            {"s.t": {"a", "k"}, "s.u": {"k", "live"}},
        ),
        (
            "select a from s.t as t where exists (select 1 from s.u as u where u.k = t.k)",
            {"a"},
            {"s.t": {"a", "k"}, "s.u": {"k"}},
        ),
        ("select k, count(*) as n from s.t group by k having max(b) > 1", {"n"}, {"s.t": {"b", "k"}}),
        ("select a, row_number() over (partition by k order by b) as place from s.t", {"place"}, {"s.t": {"b", "k"}}),
        ("select date_diff('day', a, $business_date) as age from s.t", {"age"}, {"s.t": {"a"}}),
    ],
)
def test_given_a_query_then_it_asks_for_what_its_columns_and_its_rows_need(
    sql: str, columns: set[str], expected: dict[str, set[str]]
) -> None:
    with Engine() as engine:
        asked = Query(parsed(engine, sql)).reads(columns)
    found = {table: used - {"*"} for table, used in asked.items()}
    assert found == expected


def test_given_a_covenants_headroom_then_the_projects_cash_flow_is_no_part_of_it() -> None:
    used = rests_on(["warnings_indicator.j16_covenant_headroom"])
    assert {"actual", "limit_value"} <= used["covenant_test"]
    assert "project_cashflow" not in used
    assert "project_cashflow" in rests_on(["features.project_state"])


def test_given_deposits_as_a_share_of_debt_then_the_loans_count_and_the_guarantees_given_do_not() -> None:
    used = rests_on(["warnings_indicator.t21_dormant_balance"])
    assert "outstanding_amt" in used["loan"]
    assert "offbalance" not in used
    assert "offbalance" in rests_on(["features.client_exposure"])


def test_given_a_table_of_the_night_before_then_what_made_it_counts_and_what_is_left_out_does_not() -> None:
    every = rests_on(["warnings_indicator.t04_utilisation"])
    alone = rests_on(["warnings_indicator.t04_utilisation"], without={"warnings.signal", "warnings.suspended"})
    assert "permit" in every
    assert set(alone) == {"client", "fx_rate", "loan", "loan_daily"}


def test_given_every_model_then_what_they_rest_on_are_tables_and_columns_of_the_contract() -> None:
    used = rests_on(models())
    assert len(used) > 20
    for table, columns in used.items():
        assert columns - {"*", "known_at", "arrived_on", "row_key"} <= set(contract()[table].columns), table
