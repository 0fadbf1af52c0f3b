"""Rows of a policy file at their edges: what a cell may be, when a row is in force, and how a fault is told."""

import datetime
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nightdesk import policy as policies
from nightdesk.policy import policy_version, ruling_version
from nightdesk.policy.fault import Fault, fault, refusal
from nightdesk.policy.order import not_numbered, out_of_order, without_counterpart
from nightdesk.policy.table import PolicyTable, Value, read_table
from nightdesk.settings import sql_root

D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)
SPEC: dict[str, Any] = {
    "key": ["code", "part"],
    "columns": {
        "code": "id!",
        "part": "text",
        "kind": "enum low high",
        "is_on": "bool",
        "place": "int",
        "amt": "number",
    },
}
HEAD = "code,part,kind,is_on,place,amt,valid_from,valid_to,owner,reason\n"
ROW = "A,,low,true,1,1.5,2026-01-01,,data,test"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rule.csv"


def read(file: Path, *rows: str, **asked: Any) -> tuple[PolicyTable, list[Fault]]:
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_table("rule", {**SPEC, **asked}, file, "sql/policy/rule.csv")


def cells(**cells: str) -> str:
    names = HEAD.strip().split(",")
    return ",".join({**dict(zip(names, ROW.split(","), strict=True)), **cells}[name] for name in names)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("kind", "high", "high"),
        ("kind", "", None),
        ("is_on", "true", True),
        ("is_on", "false", False),
        ("place", "3.0", 3),
        ("place", " 3 ", 3),
        ("amt", "0.10", Decimal("0.10")),
        ("part", "", None),
        ("valid_to", "2026-01-01", datetime.date(2026, 1, 1)),  # of one day
    ],
)
def test_given_a_cell_that_its_column_allows_then_it_is_that_value(
    file: Path, column: str, text: str, value: Value
) -> None:
    table, faults = read(file, cells(**{column: text}))
    assert faults == []
    [(place, row)] = table.rows
    assert (place.file, place.line, row[column]) == ("sql/policy/rule.csv", 2, value)
    assert type(row[column]) is type(value)


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("code", "", "empty"),
        ("owner", " ", "empty"),
        ("kind", "middle", "not_listed"),
        ("is_on", "yes", "not_listed"),
        ("place", "1.5", "no_whole_number"),
        ("place", "one", "no_number"),
        ("amt", "NaN", "no_number"),
        ("amt", "1e2", "no_number"),
        ("amt", "\uff160", "no_number"),  # a six of another width
        ("amt", "1_000", "no_number"),
        ("amt", ".5", "no_number"),
        ("amt", "Infinity", "no_number"),
        ("valid_from", "soon", "no_date"),
        ("valid_to", "2025-12-31", "reversed"),
    ],
)
def test_given_a_cell_that_it_does_not_allow_then_the_row_is_told_by_its_line_and_left_out(
    file: Path, column: str, text: str, kind: str
) -> None:
    table, faults = read(file, cells(code="B"), cells(**{column: text}))
    assert [(one.kind, one.lines) for one in faults] == [(kind, (3,))]
    assert [row["code"] for _, row in table.rows] == ["B"]


@pytest.mark.parametrize(("row", "lines"), [(f"{ROW},more", (2,)), ("A,,low", (2,))])
def test_given_a_row_of_more_or_fewer_cells_then_it_is_told(file: Path, row: str, lines: tuple[int, ...]) -> None:
    assert [(one.kind, one.lines) for one in read(file, row)[1]] == [("cells", lines)]


def test_given_a_file_as_a_spreadsheet_saves_it_then_the_mark_before_its_header_is_no_part_of_it(file: Path) -> None:
    file.write_text(f"{HEAD}{ROW}\n", encoding="utf-8-sig")
    table, faults = read_table("rule", SPEC, file, "sql/policy/rule.csv")
    assert ([row["code"] for _, row in table.rows], faults) == (["A"], [])


def test_given_another_header_then_no_row_is_read(file: Path) -> None:
    file.write_text("code\nA\n", encoding="utf-8")
    table, faults = read_table("rule", SPEC, file, "sql/policy/rule.csv")
    assert (table.rows, [(one.kind, one.lines) for one in faults]) == ((), [("header", (1,))])


@pytest.mark.parametrize(
    ("spans", "is_twice"),
    [
        ((("2026-01-01", "2026-03-31"), ("2026-04-01", "")), False),
        ((("2026-01-01", "2026-03-31"), ("2026-03-31", "")), True),
        ((("2026-04-01", ""), ("2026-01-01", "2026-03-31")), False),
        ((("2026-01-01", ""), ("2026-04-01", "2026-04-01")), True),
    ],
)
def test_given_two_rows_of_a_key_then_no_day_may_be_in_both(
    file: Path, spans: tuple[tuple[str, str], ...], is_twice: bool
) -> None:
    rows = [cells(valid_from=first, valid_to=last) for first, last in spans]
    assert [(one.kind, one.lines) for one in read(file, *rows)[1]] == ([("overlap", (2, 3))] if is_twice else [])
    assert read(file, rows[0], cells(code="B"))[1] == []


def test_given_a_row_then_it_is_in_force_from_its_first_day_to_its_last(file: Path) -> None:
    table, _ = read(file, cells(valid_from=str(D), valid_to=str(D + ONE_DAY)))
    in_force = [bool(table.effective(D + n * ONE_DAY)) for n in (-1, 0, 1, 2)]
    assert in_force == [False, True, True, False]


def test_given_a_profiles_rows_then_they_stand_in_place_of_the_baselines_of_their_key(file: Path) -> None:
    baseline, _ = read(file, cells(code="A"), cells(code="A", part="x"), cells(code="B"))
    own, _ = read(file, cells(code="A", amt="9"))
    both = own.over(baseline)
    assert [both.key_of(row) for _, row in both.rows] == ["A", "A|x", "B"]
    assert [row["amt"] for _, row in both.rows] == [Decimal(9), Decimal("1.5"), Decimal("1.5")]
    assert [both.key_of(row) for _, row in both.replaced] == ["A"]


def _told(found: Any) -> list[tuple[str, tuple[int, ...], str]]:
    return [(one.kind, one.lines, one.key) for one in found]


def test_given_numbers_that_count_from_one_then_each_that_is_missing_before_another_is_told(file: Path) -> None:
    asked = {"key": ["code", "place"], "numbered": "place"}
    table, _ = read(file, cells(place="2"), cells(place="4"), cells(code="B"), **asked)
    assert _told(not_numbered(table, list(table.rows))) == [("gap", (2,), "A|1"), ("gap", (3,), "A|3")]
    assert list(not_numbered(read(file, ROW)[0], [])) == []


def test_given_two_values_in_their_order_then_equal_ones_or_a_greater_before_a_lesser_are_told(file: Path) -> None:
    rows = [cells(code=code, place=place, amt=amt) for code, place, amt in (
        ("A", "1", "2"), ("B", "2", "2"), ("C", "3", "2"), ("E", "", "2"),
    )]  # fmt: skip
    up, _ = read(file, *rows, order=[{"of": ["place", "amt"]}])
    assert _told(out_of_order(up, list(up.rows), {}, {})) == [("crossed", (3,), "B"), ("crossed", (4,), "C")]
    down, _ = read(file, *rows, order=[{"of": ["place", "amt"], "down": {"kind": "low"}}])
    assert _told(out_of_order(down, list(down.rows), {}, {})) == [
        ("crossed_down", (2,), "A"),
        ("crossed_down", (3,), "B"),
    ]
    other, _ = read(file, *rows, order=[{"of": ["place", "amt"], "down": {"kind": "high"}}])
    assert _told(out_of_order(other, list(other.rows), {}, {})) == [("crossed", (3,), "B"), ("crossed", (4,), "C")]


def test_given_rows_of_a_group_then_a_level_may_stay_and_not_go_back(file: Path) -> None:
    rows = [cells(code=code, place=place, amt=amt) for code, place, amt in (
        ("A", "3", "2"), ("B", "1", "1"), ("C", "2", "1"), ("E", "4", "1"), ("F", "5", ""),
    )]  # fmt: skip
    table, _ = read(file, *rows, grades=[{"over": "place", "of": "amt"}])
    assert _told(out_of_order(table, list(table.rows), {}, {})) == [("falling", (5,), "E")]
    table, _ = read(file, *rows, grades=[{"over": "place", "of": "amt", "is_down": True}])
    assert _told(out_of_order(table, list(table.rows), {}, {})) == [("falling", (2,), "A")]
    table, _ = read(file, *rows, grades=[{"over": "place", "of": "amt", "within": ["code"]}])
    assert _told(out_of_order(table, list(table.rows), {}, {})) == []


def test_given_a_value_that_means_nothing_without_another_then_it_is_told_alone(file: Path) -> None:
    rows = [cells(code="A"), cells(code="B", amt=""), cells(code="C", amt="", place="")]
    table, _ = read(file, *rows, needs={"place": ["amt"]})
    assert _told(without_counterpart(table, list(table.rows))) == [("alone", (3,), "B")]


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("c,X,9", [("crossed", (2, 3), "")]),  # nothing of its own is crossed: it is told once, of all
        ("least,X,4", [("crossed", (2, 3), ""), ("crossed", (3, 4), "X")]),
        ("most,X,2", [("crossed", (2, 3), ""), ("crossed", (2, 4), "X")]),
        ("most,X,4", [("crossed", (2, 3), "")]),  # its own is in order
    ],
)
def test_given_settings_for_all_and_for_one_table_then_what_is_crossed_is_told_where_it_is_its_own(
    file: Path, own: str, told: list[tuple[str, tuple[int, ...], str]]
) -> None:
    spec = {
        "key": ["setting", "part"],
        "columns": {"setting": "id!", "part": "text", "value": "number!"},
        "order": [{"of": ["least", "most"]}],
    }
    rows = "".join(f"{row},2026-01-01,,data,test\n" for row in ("least,,3", "most,,2", own))
    file.write_text(f"setting,part,value,valid_from,valid_to,owner,reason\n{rows}", encoding="utf-8")
    table, faults = read_table("rule", spec, file, "sql/policy/rule.csv")
    assert faults == []
    assert [(one.kind, one.lines, one.key) for one in out_of_order(table, list(table.rows), {}, {})] == told


@pytest.mark.parametrize(
    ("lines", "place"),
    [((), "rule.csv"), ((2,), "rule.csv, line 2"), ((2, 5), "rule.csv, lines 2 and 5")],
)
def test_given_a_fault_then_its_place_is_the_file_and_its_lines(lines: tuple[int, ...], place: str) -> None:
    assert fault("gap", "rule", "rule.csv", lines).place == place


def test_given_faults_then_the_first_is_told_with_its_day_and_how_many_more_there_are() -> None:
    of_a_day, of_a_row = fault("gap", "rule", "rule.csv", (2,), "A"), fault("empty", "rule", "rule.csv", (3,), "B")
    one, two = refusal([of_a_day], D).what, refusal([of_a_day, of_a_row, of_a_row], D).what
    assert one.startswith("rule.csv, line 2, A: ")
    assert one.endswith(" on 2026-03-31")
    assert two == f"{one} (and 2 more)"
    assert "2026" not in refusal([of_a_row], D).what
    assert "2026" not in refusal([of_a_day]).what
    assert "more" not in one


def test_given_the_policy_of_a_day_then_its_version_is_twelve_hexadecimal_digits_and_another_on_another_day() -> None:
    version = policy_version(D)
    assert len(version) == 12
    assert int(version, 16) >= 0
    assert policy_version(D) == version


@pytest.mark.parametrize(
    ("file", "before", "after", "rules_alike"),
    [
        ("capacity.csv", "rm,20,", "rm,21,", False),
        ("capacity.csv", "beyond it a list is not read", "nobody reads more", True),
        ("capacity.csv", "rm,20,1900-01-01,,", "rm,20,1900-01-01,2026-03-31,", True),
        ("task_text.csv", "Use-of-funds check due", "Check of the use of funds", True),
        # words of a code more, which nothing asks for
        ("task_text.csv", "\nuse_of_funds_check,", "\nmore,a,b,c,d,1900-01-01,,data,test\nuse_of_funds_check,", True),
        # of a table that is nothing but its key a row is a rule
        ("excluded_flow.csv", "bank_initiated,fee,1900-01-01,,", "bank_initiated,fee,1900-01-01,2026-03-31,", True),
        ("excluded_flow.csv", "bank_initiated,fee,1900-01-01,,", "bank_initiated,fee,1900-01-01,2026-03-30,", False),
    ],
)
def test_given_policy_that_is_edited_in_place_then_its_version_is_another_and_so_are_its_rules_unless_only_words_are(
    file: str, before: str, after: str, rules_alike: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = shutil.copytree(sql_root(), tmp_path / "sql")
    version = policy_version(D)
    monkeypatch.setattr(policies, "sql_root", lambda: root)
    assert policy_version(D) == version
    path = root / "policy" / file
    text = path.read_text(encoding="utf-8")
    edited = text.replace(before, after)
    assert edited != text
    path.write_text(edited, encoding="utf-8")
    policies._read.cache_clear()
    policies._judged.cache_clear()
    now = policy_version(D)
    assert now != version
    assert (ruling_version(now) == ruling_version(version)) is rules_alike
