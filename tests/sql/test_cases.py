"""Every SQL file does what its cases say, on DuckDB and on Spark alike, and none is without a case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sparkcase import on_both
from sqlcase import CASES, Built, built_case, case_files, load, model_files

pytestmark = pytest.mark.slow
ALL = [
    pytest.param((path, case), id=f"{path.relative_to(CASES).with_suffix('')}: {case['name']}")
    for path in case_files()
    for case in load(path)
]


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest) -> Iterator[Built]:
    """A case whose model is built: once, for all that is asked of it."""
    with built_case(*request.param) as found:
        yield found


@pytest.mark.parametrize("built", ALL, indirect=True)
def test_sql_case(built: Built) -> None:
    actual, expected = built.compared()
    assert actual == expected


@pytest.mark.long
@pytest.mark.parametrize("built", ALL, indirect=True)
def test_given_a_case_then_spark_makes_the_same_rows_of_it(built: Built) -> None:
    spark, duckdb = on_both(built)
    assert spark == duckdb


@pytest.mark.parametrize("sql", model_files(), ids=str)
def test_every_sql_file_has_a_case(sql: Path) -> None:
    path = CASES / sql.with_suffix(".yaml")
    assert path.exists(), f"write cases for sql/{sql} in {path}"
    assert load(path), f"{path} has no case"


@pytest.mark.parametrize("path", case_files(), ids=lambda path: str(path.relative_to(CASES)))
def test_every_case_file_belongs_to_an_sql_file(path: Path) -> None:
    assert path.relative_to(CASES).with_suffix(".sql") in model_files()
