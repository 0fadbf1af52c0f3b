"""sql/LINEAGE.md: current, and short enough to be read."""

from collections import Counter

from nightdesk.models import models
from nightdesk.upkeep.lineage_page import main, page


def test_the_page_that_is_kept_is_the_one_that_the_models_make() -> None:
    assert main(["--check"]) == 0


def test_given_every_model_then_it_has_a_line_and_the_page_stays_readable() -> None:
    lines, section = page().splitlines(), ""
    assert [table for table in models() if sum(line.startswith(f"- `{table}`: ") for line in lines) != 1] == []
    drawn = Counter[str]()
    for line in lines:
        section = line.removeprefix("## ") if line.startswith("## ") else section
        drawn[section] += " --> " in line
    assert max(drawn.values()) <= 50, "a drawing with more boxes is looked at by nobody"
    assert len(lines) < len(models()) + drawn.total() + 80
