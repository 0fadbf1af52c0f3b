"""Lines of the quality page: of all that fails five keys are shown, those that come first."""

import pyarrow as pa
import pytest

from nightdesk.checks.outcome import TableOutcome
from nightdesk.checks.questions import Verdict
from nightdesk.checks.results import Tally
from nightdesk.checks.suites import suite
from nightdesk.contract import contract
from nightdesk.errors import NightdeskError

BRANCH = contract()["branch"]


def _keys(*numbers: int) -> pa.ChunkedArray:
    return pa.chunked_array([[f"K{number}" for number in numbers]])


@pytest.mark.parametrize(("failing", "shown"), [(4, 4), (5, 5), (6, 5)])
def test_given_rows_that_fail_then_at_most_five_keys_are_shown_and_all_are_counted(failing: int, shown: int) -> None:
    expectation = next(one for one in suite("branch") if one.scope == "row")
    tally = Tally([expectation])
    tally.add([Verdict(expectation, 10, list(range(failing)))], _keys(*range(10)))
    tally.add([Verdict(expectation, 3, [0])], _keys(7, 8, 9))
    [row] = tally.rows(BRANCH, {})
    assert (row["element_count"], row["unexpected_count"], row["success"]) == (13, failing + 1, False)
    keys = row["sample_keys"].split(";")
    assert len(keys) == min(shown + 1, 5)


def test_given_no_row_that_fails_then_the_line_is_a_success_without_keys() -> None:
    expectation = next(one for one in suite("branch") if one.scope == "row")
    tally = Tally([expectation])
    tally.add([Verdict(expectation, 10, [])], _keys(*range(10)))
    [row] = tally.rows(BRANCH, {})
    assert (row["success"], row["element_count"], row["unexpected_count"], row["sample_keys"]) == (True, 10, 0, "")


def test_given_rows_that_are_neither_used_nor_told_then_it_is_a_defect_and_nothing_is_published() -> None:
    read = {"rows_read": 20, "rows_duplicate": 1, "rows_superseded": 2, "rows_stored": 3}
    outcome = TableOutcome(BRANCH, True, **read, rows_used=8, rows_quarantined=4, rows_late=2)
    outcome.rows_again, outcome.rows_too_old = 1, 2
    assert (outcome.rows_in, outcome.rows_new) == (14, 11)
    outcome.require_balance()
    for name in ("rows_used", "rows_quarantined", "rows_late"):
        setattr(outcome, name, getattr(outcome, name) + 1)
        with pytest.raises(NightdeskError, match="do not add up"):
            outcome.require_balance()
        setattr(outcome, name, getattr(outcome, name) - 1)
