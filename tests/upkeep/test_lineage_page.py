"""sql/LINEAGE.md: current, and short enough to be read."""

import pytest

from nightdesk.models import models
from nightdesk.upkeep.lineage_page import MOST_ARROWS, drawings, main, page


def test_the_page_that_is_kept_is_the_one_that_the_models_make() -> None:
    assert main(["--check"]) == 0


def test_given_every_model_then_it_has_a_line_and_the_page_stays_readable() -> None:
    lines = page().splitlines()
    assert [table for table in models() if sum(line.startswith(f"- `{table}`: ") for line in lines) != 1] == []
    assert max(arrows_of_each(lines)) <= MOST_ARROWS
    assert len(lines) < len(models()) + sum(arrows_of_each(lines)) + 80


@pytest.mark.parametrize(
    ("count", "each"), [(0, [0]), (1, [1]), (50, [50]), (51, [26, 25]), (100, [50, 50]), (101, [34, 34, 33])]
)
def test_given_a_layer_with_more_arrows_than_a_drawing_shows_then_it_has_drawings_of_about_one_size(
    count: int, each: list[int]
) -> None:
    """A model more in a folder, as a new page's question is, is no reason to draw less."""
    arrows = [f"    a --> b{place}" for place in range(count)]
    lines = drawings(arrows)
    assert arrows_of_each(lines) == each
    assert [line for line in lines if " --> " in line] == arrows


def arrows_of_each(lines: list[str]) -> list[int]:
    """How many arrows each drawing of some lines has."""
    found: list[int] = []
    for line in lines:
        if line == "```mermaid":
            found.append(0)
        elif " --> " in line:
            found[-1] += 1
    return found
