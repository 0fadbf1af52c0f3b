"""Every SQL file does what its cases say, on DuckDB and on Spark alike, and none is without a case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcase import CASES, Built, built_case, built_for, case_files, load, model_files

pytestmark = pytest.mark.slow
#: tables that a case may build: each is planned anew, and some cases that built all of the warnings took more time than
#: all others together
MOST_BUILT = 100
#: each file is read once
READ = {path: load(path) for path in case_files()}
ALL = [
    pytest.param((path, case), id=f"{path.relative_to(CASES).with_suffix('')}: {case['name']}")
    for path, cases in READ.items()
    for case in cases
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
    from sparkcase import on_both  # Spark's packages are for those who run this

    spark, duckdb = on_both(built)
    assert spark == duckdb


@pytest.mark.parametrize("sql", model_files(), ids=str)
def test_every_sql_file_has_a_case(sql: Path) -> None:
    path = CASES / sql.with_suffix(".yaml")
    assert path in READ, f"write cases for sql/{sql} in {path}"
    assert READ[path], f"{path} has no case"


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(CASES)))
def test_given_a_case_then_it_builds_its_own_model_and_few_before_it(path: Path) -> None:
    far = {case["name"]: count for case in READ[path] if (count := len(built_for(path, case))) > MOST_BUILT}
    assert not far, "give (as [] where there is none) what stands far from the model, of a whole folder `folder.*: []`"


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(CASES)))
def test_every_case_file_belongs_to_an_sql_file(path: Path) -> None:
    assert path.relative_to(CASES).with_suffix(".sql") in model_files()
