"""The rule book's page in the repository: made from policy, and every indicator is in it with all its parts."""

import datetime

from nightdesk.policy import policy
from nightdesk.upkeep.rulebook_page import page, path

DAY = datetime.date(2026, 3, 31)


def test_given_policy_when_the_page_is_made_then_it_is_the_one_that_is_there() -> None:
    assert path().read_text(encoding="utf-8") == page(), "run make docs"


def test_given_the_page_when_read_then_each_indicator_has_its_lines_its_weight_its_source_and_its_needs() -> None:
    told = {part.split(" ", 1)[0]: part for part in page(DAY).split("\n### ")[1:]}
    assert set(told) == {row["indicator"] for row in policy()["indicator"].effective(DAY)}
    for code, part in told.items():
        for line in ("- Lines: ", "- Counts: weight ", "- Source: ", "- Needs: "):
            assert line in part, (code, line)
    assert "- Lines: amber ≥ 85%; red ≥ 95%; margin to clear 5" in told["T04"]
    assert "unproven" in told["F01"]
    assert "unproven" not in told["T05"]
