"""Every rule file has its edges: `<`, `<=`, `>` and `>=` that are moved by their equal are noticed by its own cases."""

from pathlib import Path

import pytest
from edges import not_held
from sqlcase import CASES, case_files, table_of

pytestmark = pytest.mark.long


@pytest.mark.parametrize("cases", case_files(), ids=lambda path: path.relative_to(CASES).with_suffix("").as_posix())
def test_given_a_rule_file_when_an_edge_is_moved_by_its_equal_then_its_own_cases_notice(cases: Path) -> None:
    assert not_held(table_of(cases), cases) == [], "write a case just under, at and over the line"
