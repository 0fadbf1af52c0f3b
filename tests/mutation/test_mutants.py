"""What is flipped in a file: each rule once, and only where the text says something."""

import ast
from pathlib import Path

import pytest

from nightdesk.settings import project_root
from nightdesk_lab.mutation.choosing import CASES, FAST, NIGHT, WHOLE, sample, stages, targets
from nightdesk_lab.mutation.equivalents import Equivalent, changing_nothing, listed
from nightdesk_lab.mutation.joins import all_the_same
from nightdesk_lab.mutation.mutants import mutants_of
from nightdesk_lab.mutation.policy_rows import always_there, picked_of_one
from nightdesk_lab.mutation.rejoined import always_found
from nightdesk_lab.mutation.unjoined import unseen

ROOT = project_root()
QUICK = ["-m", "not long and not night"]


def flips(path: str, text: str) -> list[str]:
    """Every broken form of a text."""
    return [mutant.of(text) for mutant in mutants_of(path, text)]


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("a = 1", ["a <> 1", "a = 2"]),
        ("a <> b", ["a = b"]),
        ("a < b", ["a <= b"]),
        ("a >= b", ["a > b"]),
        ("a - b", ["a + b"]),
        ("count(*)", []),
        ("(a) * b", ["(a) + b"]),
        ("-a", []),
        ("a and b or c", ["a or b or c", "a and b and c"]),
        ("a between b and c", []),
        ("a between b and c and d", ["a between b and c or d"]),
        ("a is null", ["a is not null"]),
        ("a is not null", ["a is null"]),
        ("where not a", ["where  a"]),
        ("x left join y", ["x inner join y"]),
        ("x inner join y", ["x left join y"]),
        ("left(a, b)", []),
        ("min(a)", ["max(a)"]),
        ("y.min", []),
        # of a setting there is one row
        (
            "max(case when setting = 'x' then value end)",
            ["max(case when setting <> 'x' then value end)", "max(case when setting = 'x~' then value end)"],
        ),
        # whoever asks all tables of the contract for one of them has a row of each of the others
        (
            "max(case when table_name = t and is_y then a end)",
            [
                "max(case when table_name <> t and is_y then a end)",
                "max(case when table_name = t or is_y then a end)",
            ],
        ),
        ("max(case when x.place = t then a end)", ["max(case when x.place <> t then a end)"]),
        (
            "max(case when table_name = t then a else b end)",
            ["min(case when table_name = t then a else b end)", "max(case when table_name <> t then a else b end)"],
        ),
        (
            "max(case when place = t then a when b then c end)",
            ["min(case when place = t then a when b then c end)", "max(case when place <> t then a when b then c end)"],
        ),
        (
            "max(case when place = t or b then c end)",
            [
                "min(case when place = t or b then c end)",
                "max(case when place <> t or b then c end)",
                "max(case when place = t and b then c end)",
            ],
        ),
        ("max(case when is_supplied then a end)", ["min(case when is_supplied then a end)"]),
        (
            "max(case when is_supplied then a else b end) from s where table_name = t",
            ["max(case when is_supplied then a else b end) from s where table_name <> t"],
        ),
        (
            "(select max(case when s.is_supplied then a end) from s where s.table_name = t) select b",
            ["(select max(case when s.is_supplied then a end) from s where s.table_name <> t) select b"],
        ),
        (
            "max(case when is_supplied then a end) from s where table_name in (t, u)",
            ["min(case when is_supplied then a end) from s where table_name in (t, u)"],
        ),
        (
            "(select max(case when is_supplied then a end) from s) select b from s where table_name = t",
            [
                "(select min(case when is_supplied then a end) from s) select b from s where table_name = t",
                "(select max(case when is_supplied then a end) from s) select b from s where table_name <> t",
            ],
        ),
        (
            "min(case when a then b end)",
            ["max(case when a then b end)"],
        ),
        ("order by a desc", ["order by a asc"]),
        # of two kinds of rows the second comes after the first, by whatever number
        (
            "order by case when a then 0 else 1 end asc",
            ["order by case when a then 1 else 1 end asc", "order by case when a then 0 else 1 end desc"],
        ),
        (
            "order by case when a then 2 else 1 end desc",
            ["order by case when a then 2 else 2 end desc", "order by case when a then 2 else 1 end asc"],
        ),
        (
            "order by case when a then 1 when b then 2 else 3 end asc",
            [
                "order by case when a then 2 when b then 2 else 3 end asc",
                "order by case when a then 1 when b then 3 else 3 end asc",
                "order by case when a then 1 when b then 2 else 3 end desc",
            ],
        ),
        (
            "order by case when a then 1 when b then 0 else 1 end asc",
            [
                "order by case when a then 2 when b then 0 else 1 end asc",
                "order by case when a then 1 when b then 1 else 1 end asc",
                "order by case when a then 1 when b then 0 else 2 end asc",
                "order by case when a then 1 when b then 0 else 1 end desc",
            ],
        ),
        # and of three the last after both
        (
            "order by case a when 'x' then 0 when 'y' then 1 else 2 end asc",
            [
                "order by case a when 'x~' then 0 when 'y' then 1 else 2 end asc",
                "order by case a when 'x' then 1 when 'y' then 1 else 2 end asc",
                "order by case a when 'x' then 0 when 'y~' then 1 else 2 end asc",
                "order by case a when 'x' then 0 when 'y' then 2 else 2 end asc",
                "order by case a when 'x' then 0 when 'y' then 1 else 2 end desc",
            ],
        ),
        # a number that is told, or compared, is no order
        (
            "case when a then 0 else 1 end as b",
            ["case when a then 1 else 1 end as b", "case when a then 0 else 2 end as b"],
        ),
        # what is counted counts by whatever number; as a part of something it does not
        ("count(case when a then 1 end)", []),
        ("count(case when a then 1 when b then 1 end)", []),
        ("sum(case when a then 1 end)", ["sum(case when a then 2 end)"]),
        ("count(distinct case when a then 1 end)", ["count(distinct case when a then 2 end)"]),
        (
            "count(case when a then b + 1 end)",
            ["count(case when a then b - 1 end)", "count(case when a then b + 2 end)"],
        ),
        ("coalesce(a, 0)", ["coalesce(a, 1)"]),
        # what a divisor is kept from is a habit, which has a test; what is told as nothing is a rule
        (
            "a / nullif(b + coalesce(c, 0), 0)",
            ["a / nullif(b - coalesce(c, 0), 0)", "a / nullif(b + coalesce(c, 1), 0)"],
        ),
        ("nullif(a / nullif(b, 0), 0)", ["nullif(a / nullif(b, 0), 1)"]),
        ("a * 0.01", ["a + 0.01", "a * 0.02"]),
        ("cast(a as decimal(18, 2))", []),
        ("when 'C' then 'D'", ["when 'C~' then 'D'"]),
        ("a = 'C'", ["a <> 'C'", "a = 'C~'"]),
        ("{% if a = 1 %}b = c{% endif %} {{ d(1, 'x = y') }}", ["{% if a = 1 %}b <> c{% endif %} {{ d(1, 'x = y') }}"]),
        ("-- a = 1\n{# b = 2 #}\n", []),
    ],
)
def test_given_sql_when_flipped_then_each_rule_is_broken_once_and_nothing_else(sql: str, broken: list[str]) -> None:
    assert flips("sql/x.sql", sql) == broken


@pytest.mark.parametrize(
    ("python", "broken"),
    [
        ("a == b\n", ["a != b\n"]),
        ("a < b <= c\n", ["a <= b <= c\n", "a < b < c\n"]),
        ("a is None\n", ["a is not None\n"]),
        ("a not in b\n", ["a in b\n"]),
        ("a and b and c\n", ["a or b and c\n", "a and b or c\n"]),
        ("a - b\n", ["a + b\n"]),
        ("x = not (a)\n", ["x =  (a)\n"]),
        ("x = True\n", ["x = False\n"]),
        ("x = 3\n", ["x = 4\n"]),
        ("家 = '晨单' + b\n", ["家 = '晨单' - b\n"]),
        ("x: Literal[1] = y\n", []),
        ('"""1 == 2"""\n# 1 == 2\n', []),
        ("f'{a == 1}'\n", []),
        ("a = home / 'b'\n", []),
        ("@lru_cache(maxsize=4)\ndef a(): ...\n", []),
        ("a = zip(b[1:], c, strict=True)\n", ["a = zip(b[2:], c, strict=True)\n"]),
        ("zip(a, b, strict=True)\n", []),
        ("zip(a, b, strict=False)\n", ["zip(a, b, strict=True)\n"]),
        ("reader(a, strict=True)\n", ["reader(a, strict=False)\n"]),
        # what a view reads may be replaced behind it, a queue of two is none of one, and a thread may outlive its work
        ("build(x, as_view=True)\n", ["build(x, as_view=False)\n"]),
        ("Queue(maxsize=1)\n", ["Queue(maxsize=2)\n"]),
        ("Thread(daemon=True)\n", ["Thread(daemon=False)\n"]),
        ("build(x, is_new=True)\n", ["build(x, is_new=False)\n"]),
        (
            "@dataclass(frozen=True)\nclass A:\n    is_b: bool = True\n",
            ["@dataclass(frozen=True)\nclass A:\n    is_b: bool = False\n"],
        ),
    ],
)
def test_given_python_when_flipped_then_each_rule_is_broken_once_and_nothing_else(
    python: str, broken: list[str]
) -> None:
    assert flips("plugins/nightdesk/x.py", python) == broken


def test_given_another_kind_of_file_when_looked_at_then_there_is_nothing_to_flip() -> None:
    assert mutants_of("reports/x.j2", "a == 1") == []


def test_given_every_file_of_the_product_when_flipped_then_its_python_can_still_be_read() -> None:
    names = targets(ROOT)
    assert {"sql/macros/flow.sql", "sql/warnings/signal.sql", "plugins/nightdesk/lake.py"} <= set(names)
    assert not [name for name in names if "migrations" in name or "nightdesk_lab" in name]
    for mutant in sample(ROOT, [name for name in names if name.endswith(".py")], 300, seed=5):
        ast.parse(mutant.of((ROOT / mutant.path).read_text(encoding="utf-8")))


def test_given_a_seed_when_sampled_twice_then_the_mutants_are_the_same_half_of_them_sql() -> None:
    names = [name for name in targets(ROOT) if name.startswith(("sql/tiers/", "plugins/nightdesk/source/"))]
    one, again, other = (sample(ROOT, names, 20, seed) for seed in (1, 1, 2))
    assert one == again != other
    assert sum(mutant.path.endswith(".sql") for mutant in one) == 10


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("sql/features/client_day.sql", list(CASES), list(WHOLE)),
        ("sql/extract/berka/loan.sql", ["tests/berka", *QUICK], list(NIGHT)),
        ("sql/extract/contract/loan.sql", ["tests/source", *QUICK], list(NIGHT)),
        ("sql/macros/money.sql", list(CASES), list(WHOLE)),
        ("plugins/nightdesk/clock.py", ["tests/test_clock.py", *QUICK], list(NIGHT)),
        ("plugins/nightdesk/render/ecosystem_sheets.py", ["tests/render/test_ecosystem.py", *QUICK], list(NIGHT)),
        ("plugins/nightdesk/reading/showing.py", ["tests/night/test_showing.py", *QUICK], list(NIGHT)),
    ],
)
def test_given_a_file_when_its_tests_are_chosen_then_the_nearest_come_first(
    name: str, first: list[str], last: list[str]
) -> None:
    chosen = stages(ROOT, name)
    assert (chosen[0], chosen[-1]) == (first, last)
    assert all((ROOT / argument).exists() for stage in chosen for argument in stage if argument.startswith("tests/"))


def test_given_a_module_when_its_tests_are_chosen_then_nights_of_their_own_come_after_all_that_makes_none() -> None:
    chosen = stages(ROOT, "plugins/nightdesk/cli/closed.py")
    is_night = [stage[-1].startswith("night") for stage in chosen]
    assert chosen[0] == ["tests/cli/test_closed.py", *QUICK]
    assert is_night == sorted(is_night)
    assert chosen[-2:] == [["tests/cli/test_closed.py", "-m", "night and not long"], list(NIGHT)]


def test_given_a_test_of_its_name_in_another_folder_then_it_is_chosen_only_where_it_imports_the_module() -> None:
    judging = stages(ROOT, "plugins/nightdesk/challenger/judging.py")
    assert judging[0] == ["tests/challenger/test_challenger.py", *QUICK]
    assert stages(ROOT, "plugins/nightdesk/policy/judging.py")[0] == ["tests/policy/test_judging.py", *QUICK]


def test_given_tests_that_call_what_is_broken_then_they_come_first() -> None:
    test = "tests/test_clock.py::test_given_x"
    assert stages(ROOT, "plugins/nightdesk/clock.py", [test])[:2] == [[test], ["tests/test_clock.py", *QUICK]]


def test_given_a_file_that_no_test_is_named_after_when_chosen_then_nights_have_to_notice(tmp_path: Path) -> None:
    (tmp_path / "tests" / "night").mkdir(parents=True)
    assert stages(tmp_path, "plugins/nightdesk/nowhere.py") == [list(FAST)]


@pytest.mark.parametrize(
    ("behind", "is_same"),
    [
        ("where b.x > 1", True),
        ("where b.x + 1 > a.x", True),
        ("where b.x is not null", True),
        ("where b.is_x", True),
        ("where not b.is_x", True),
        ("where a.y = 1 and b.x in (1, 2)", True),
        ("where b.x = 1 or (b.y = 2 and a.x = 3)", True),
        ("inner join c on b.x = c.x", True),
        ("", False),
        ("where a.x > 1", False),
        ("where b.x = 1 or a.x = 1", False),
        ("where b.x is null", False),
        ("where coalesce(b.x, 1) = 1", False),
        ("where not coalesce(b.is_x, false)", False),
        ("left join c on b.x = c.x", False),
        ("inner join c on a.x = c.x", False),
        ("full join c on a.x = c.x where b.x = 1", False),
    ],
)
def test_given_a_join_then_it_may_keep_rows_without_a_partner_where_what_follows_drops_them(
    behind: str, is_same: bool
) -> None:
    steps = "with\na as (\n    select * from {{ table }}\n),\n\nc as (\n    select 1 as x\n)\n"
    sql = f"{steps}\nselect * from a\ninner join b on a.id = b.id\n{behind}\n"
    assert all_the_same(sql) == ({sql.index("inner join b")} if is_same else frozenset())


@pytest.mark.parametrize(
    ("joined", "is_same"),
    [
        ("on t.text = 'exit_step'", True),
        ("on 'exit_step' = t.text", True),
        ("on t.text = case when a.x = 1 then 'exit_step' else 'limitation' end", True),
        ("on a.text = t.text", True),
        ("on t.text = 'no_such_text'", False),
        ("on t.text = case when a.x = 1 then 'exit_step' end", False),
        ("on t.text = 'exit_' || a.x", False),
        ("on t.text = 'exit_step' and a.x = 1", False),
        ("on a.x = t.text", False),
    ],
)
def test_given_a_join_of_a_row_that_policy_has_every_day_then_it_may_keep_rows_without_a_partner(
    joined: str, is_same: bool
) -> None:
    sql = _JOINED.format(first="'exit_step' as text", second="'limitation' as text", kind="inner", joined=joined)
    assert always_there(sql) == ({sql.rindex("inner")} if is_same else frozenset())


_JOINED = """with
a as (
    select {first}, x from c
    union all
    select {second}, x from d
)

select * from c
{kind} join a on c.x = a.x
inner join policy.task_text as t {joined}
"""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"second": "d.x as text"}, "it may be any word"),
        ({"second": "null as text"}, "it may be none"),
        ({"second": "'no_such_text' as text"}, "policy has no such row"),
        ({"kind": "left"}, "it may lack a partner"),
        (
            {"second": "'limitation' as text, x from d union all select text, x from e.f union all select text"},
            "a table has any",
        ),
    ],
)
def test_given_a_code_that_the_file_does_not_always_write_then_its_join_is_flipped(
    change: dict[str, str], why: str
) -> None:
    told = {"first": "'exit_step' as text", "second": "'limitation' as text", "kind": "inner"}
    assert always_there(_JOINED.format(**told | change, joined="on a.text = t.text")) == frozenset(), why
    assert always_there(_JOINED.format(**told, joined="on a.text = t.text"))


@pytest.mark.parametrize(
    ("picked", "is_same"),
    [
        ("max(case when kind = 'term' then ccf_pct end) as pct from policy.exposure", True),
        ("min( case when kind = 'term' then ccf_pct end) + 1 as pct from policy.exposure", True),
        ("max(case when kind <> 'term' then ccf_pct end) as pct from policy.exposure", False),
        ("max(case when kind = 'term' or ccf_pct = 1 then ccf_pct end) as pct from policy.exposure", False),
        ("max(case when kind = 'term' then ccf_pct else 0 end) as pct from policy.exposure", False),
        ("max(case when ccf_pct = 50 then ccf_pct end) as pct from policy.exposure", False),
        ("max(case when kind = 'term' then ccf_pct end) as pct from policy.exposure group by ccf_pct", False),
        (
            "max(case when kind = 'term' then ccf_pct end) as pct from policy.exposure as e inner join c on c.x = 1",
            False,
        ),
        ("max(case when kind = 'term' then ccf_pct end) as pct from features.exposure", False),
        ("max(case when indicator = 'X01' then words_en end) as words from policy.indicator_reason", False),
        ("max(ccf_pct) as pct from policy.exposure where kind = 'term'", True),
        ("max(e.ccf_pct) as pct from policy.exposure as e where e.kind = 'term'", True),
        ("max(ccf_pct) as pct from policy.exposure where kind = 'term' or kind = 'bill'", False),
        ("max(ccf_pct) as pct from policy.exposure where kind <> 'term'", False),
        ("max(ccf_pct + 1) as pct from policy.exposure where kind = 'term'", False),
        ("max(ccf_pct) as pct from policy.exposure", False),
    ],
)
def test_given_one_row_of_policy_that_is_picked_by_its_key_then_the_greatest_is_the_least(
    picked: str, is_same: bool
) -> None:
    sql = f"with\na as (\n    select {picked}\n)\n\nselect * from a\n"
    assert picked_of_one(sql) == ({sql.index(picked)} if is_same else frozenset())


@pytest.mark.parametrize(
    ("told", "read", "is_same"),
    [
        # what reads the step asks for the partner's column
        ("a.x, b.y from a inner join b on a.id = b.id", "c inner join step on c.y = step.y", True),
        ("a.x, b.y from a inner join b on a.id = b.id", "c left join step on c.y = step.y", True),
        ("a.x, b.y from a inner join b on a.id = b.id", "step where step.y > 1", True),
        (
            "b.y, count(*) as n from a inner join b on a.id = b.id group by b.y",
            "c left join step on c.y = step.y",
            True,
        ),
        ("a.x, b.y from a inner join b on a.id = b.id", "c left join step on c.x = step.x", False),
        ("a.x, b.y from a inner join b on a.id = b.id", "step where step.y is null", False),
        ("a.x, b.y from a inner join b on a.id = b.id", "step", False),
        ("a.x, coalesce(b.y, 1) as y from a inner join b on a.id = b.id", "c inner join step on c.y = step.y", False),
        (
            "b.y, row_number() over (order by a.x) as y from a inner join b on a.id = b.id",
            "c inner join step on c.y = step.y",
            False,
        ),
        ("a.x, b.y from a inner join b on a.id = b.id", "{{ step }} as c inner join step on c.y = step.y", False),
        # one row a key, joined by it: a row of nulls is as none
        (
            "a.x, max(b.y) as y from a inner join b on a.id = b.id group by a.x",
            "c left join step on c.x = step.x",
            True,
        ),
        (
            "a.x, max(b.y) as y from a inner join b on a.id = b.id group by a.x",
            "c inner join step on c.x = step.x",
            False,
        ),
        (
            "a.x, max(b.y) as y from a inner join b on a.id = b.id group by a.x",
            "c left join step on c.z = step.y",
            False,
        ),
        (
            "a.x, count(*) as y from a inner join b on a.id = b.id group by a.x",
            "c left join step on c.x = step.x",
            False,
        ),
        (
            "a.x, max(b.y) as y from a inner join b on a.id = b.id group by a.x",
            "c left join step on c.x = step.x where step.x is null",
            False,
        ),
    ],
)
def test_given_a_join_whose_step_is_read_where_it_has_a_partner_then_it_may_keep_rows_without_one(
    told: str, read: str, is_same: bool
) -> None:
    sql = f"with\nstep as (\n    select {told}\n)\n\nselect c.n, step.y from {read}\n"
    assert unseen(sql, ROOT) == ({sql.index("inner join b")} if is_same else frozenset())


@pytest.mark.parametrize(
    ("one", "read", "is_same"),
    [
        # each row of the step is of a row of b, by way of another step, or of every branch
        ("select b.id, a.n from a inner join b on a.id = b.id", "one inner join b on one.id = b.id", True),
        ("select a.n, b.* from a inner join b on a.id = b.id", "one inner join b on one.id = b.id", True),
        ("select id from b union all select b.id from b cross join a", "one inner join b on one.id = b.id", True),
        ("select id from a union all select id from b", "one inner join b on one.id = b.id", False),
        ("select b.id from a left join b on a.id = b.id", "one inner join b on one.id = b.id", False),
        ("select a.id from a inner join b on a.id = b.id", "one inner join b on one.id = b.id", False),
        ("select b.id + 1 as id from b", "one inner join b on one.id = b.id", False),
        ("select b.n, b.id from b", "one inner join b on one.id = b.id and one.n = b.m", False),
        ("select b.id from b", "one inner join b on one.id = b.id and b.n = 1", False),
        # the step has a row for each row of b
        ("select b.id, 1 as n from b left join a on b.id = a.id", "b inner join one on b.id = one.id", True),
        ("select b.id, 1 as n from b inner join a on b.id = a.id", "b inner join one on b.id = one.id", False),
        ("select id, 1 as n from b where m > 1 group by id", "b inner join one on b.id = one.id", False),
    ],
)  # fmt: skip
def test_given_a_join_with_the_row_that_a_step_was_read_from_then_it_is_all_the_same(
    one: str, read: str, is_same: bool
) -> None:
    sql = f"with\none as (\n    {one}\n)\n\nselect one.n, b.m from {read}\n"
    assert always_found(sql) == (frozenset({sql.rindex("inner join")}) if is_same else frozenset())


@pytest.mark.parametrize("entry", listed(), ids=lambda entry: f"{entry.file}: {entry.flip}")
def test_given_a_mutant_that_is_listed_as_changing_nothing_then_it_is_still_there_and_has_its_reason(
    entry: Equivalent,
) -> None:
    assert entry.mutants(ROOT), f"{entry.file} has no such line any more: take {entry.line!r} off the list"
    assert len(entry.why) > 20


def test_given_the_list_of_what_changes_nothing_then_a_line_that_has_changed_is_no_longer_of_it(tmp_path: Path) -> None:
    entry = Equivalent("sql/x.sql", "where a = 1", "= -> <>", "")
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "x.sql").write_text("select b\n  where a = 1\n")
    assert [str(mutant) for mutant in entry.mutants(tmp_path)] == ["sql/x.sql:2  = -> <>"]
    (tmp_path / "sql" / "x.sql").write_text("select b\n  where a = 1 and c\n")
    assert entry.mutants(tmp_path) == []
    assert len(changing_nothing(ROOT)) >= len(listed())
