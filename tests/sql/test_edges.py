"""Every rule file has its edges: a line (`<`, `<=`, `>`, `>=`) that is moved by its equal is noticed by its own cases.

What no case holds yet is listed by its line in `tests/golden/edges_not_held.yaml`; the list may only grow shorter.
"""

from pathlib import Path

import pytest
from edges import not_held
from sqlcase import CASES, case_files, table_of

from nightdesk.models import models
from nightdesk.yaml_file import read_yaml

pytestmark = pytest.mark.long
NOT_HELD = read_yaml(CASES.parent / "golden" / "edges_not_held.yaml")


@pytest.mark.parametrize("cases", case_files(), ids=lambda path: path.relative_to(CASES).with_suffix("").as_posix())
def test_given_a_rule_file_when_an_edge_is_moved_by_its_equal_then_its_own_cases_notice(cases: Path) -> None:
    listed = NOT_HELD.get(cases.relative_to(CASES).with_suffix(".sql").as_posix(), [])
    assert sorted(not_held(table_of(cases), cases)) == sorted(listed), (
        "write a case just under, at and over the line; one that is held leaves tests/golden/edges_not_held.yaml"
    )


def test_given_the_list_of_edges_that_are_not_held_then_it_speaks_of_files_that_are_there() -> None:
    there = {model.path.as_posix() for model in models().values()}
    assert not [name for name in NOT_HELD if not any(path.endswith(f"/sql/{name}") for path in there)]
