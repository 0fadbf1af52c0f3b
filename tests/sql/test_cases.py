"""Every SQL file does what its cases say, and none is without a case."""

from pathlib import Path
from typing import Any

import pytest
from sqlcase import CASES, case_files, load, model_files, run_case

ALL = [
    pytest.param(path, case, id=f"{path.relative_to(CASES).with_suffix('')}: {case['name']}")
    for path in case_files()
    for case in load(path)
]


@pytest.mark.parametrize(("path", "case"), ALL)
def test_sql_case(path: Path, case: dict[str, Any]) -> None:
    actual, expected = run_case(path, case)
    assert actual == expected


@pytest.mark.parametrize("sql", model_files(), ids=str)
def test_every_sql_file_has_a_case(sql: Path) -> None:
    path = CASES / sql.with_suffix(".yaml")
    assert path.exists(), f"write cases for sql/{sql} in {path}"
    assert load(path), f"{path} has no case"


@pytest.mark.parametrize("path", case_files(), ids=lambda path: str(path.relative_to(CASES)))
def test_every_case_file_belongs_to_an_sql_file(path: Path) -> None:
    assert path.relative_to(CASES).with_suffix(".sql") in model_files()
