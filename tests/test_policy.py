"""Policy cells: a value that its column's range in schema.yaml does not allow is refused, with the file and line."""

import datetime
from pathlib import Path

import pytest

from nightdesk import policy as policies
from nightdesk.errors import PolicyError

DAY = datetime.date(2026, 3, 31)
SCHEMA = """
share:
  key: [name]
  columns: {name: "id!", value: "%s"}
"""


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policy").mkdir()
    monkeypatch.setattr(policies, "sql_root", lambda: tmp_path)
    return tmp_path / "policy"


def read(tables: Path, declared: str, cell: str) -> object:
    (tables / "schema.yaml").write_text(SCHEMA % declared, encoding="utf-8")
    (tables / "share.csv").write_text(
        f"name,value,valid_from,valid_to,owner,reason\na,{cell},1900-01-01,,risk,test\n", encoding="utf-8"
    )
    return policies.policy()["share"].effective(DAY)[0]["value"]


@pytest.mark.parametrize(
    ("declared", "cell", "allowed"),
    [
        ("number! 0..1", "999", "at most 1"),
        ("number! 0..1", "-0.01", "at least 0"),
        ("int! 1..", "0", "at least 1"),
        ("int! ..12", "13", "at most 12"),
        ("pct!", "100.5", "at most 100"),
    ],
)
def test_given_a_value_beyond_its_range_then_the_row_is_refused_with_the_end_it_passes(
    tables: Path, declared: str, cell: str, allowed: str
) -> None:
    with pytest.raises(PolicyError, match=rf"share\.csv, line 2, value = '{cell}': must be {allowed}\b"):
        read(tables, declared, cell)


@pytest.mark.parametrize(
    ("declared", "cell"),
    [("number! 0..1", "0"), ("number! 0..1", "1"), ("int! 1..", "4000"), ("int! ..12", "-4000"), ("number!", "-7")],
)
def test_given_a_value_at_an_end_of_its_range_or_towards_an_open_one_then_it_is_read(
    tables: Path, declared: str, cell: str
) -> None:
    assert read(tables, declared, cell) == int(cell)


@pytest.mark.parametrize(("day", "value"), [(29, None), (30, 1), (31, 2), (32, 3), (40, 3), (41, None)])
def test_a_row_is_in_force_from_its_first_day_to_its_last_and_may_be_so_on_one_day(
    tables: Path, day: int, value: int | None
) -> None:
    (tables / "schema.yaml").write_text(SCHEMA % "int!", encoding="utf-8")
    rows = ("1,2026-03-30,2026-03-30", "2,2026-03-31,2026-03-31", "3,2026-04-01,2026-04-09")
    listed = "".join(f"a,{row},risk,test\n" for row in rows)
    (tables / "share.csv").write_text(f"name,value,valid_from,valid_to,owner,reason\n{listed}", encoding="utf-8")
    asked = datetime.date(2026, 3, 1) + datetime.timedelta(days=day - 1)
    assert [row["value"] for row in policies.policy()["share"].effective(asked)] == ([] if value is None else [value])
