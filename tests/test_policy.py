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
