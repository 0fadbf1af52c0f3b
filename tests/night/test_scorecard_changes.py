"""What an issue of a quarter says has changed: every figure that moved, came or went, and nothing else."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from nightdesk.night.scorecards import changed
from nightdesk.render.scorecard_input import Scorecards, quarter_of

QUARTER = quarter_of(datetime.date(2026, 3, 31))


def cards(**scores: str) -> Scorecards:
    measures = [
        {"staff_id": "S1", "measure": name, "place": place, "actual": Decimal(score), "target": None, "score": None}
        | {"n": 1, "not_assessed": None}
        for place, (name, score) in enumerate(scores.items(), start=1)
    ]
    return Scorecards(QUARTER, [], measures, [], [], [], [], 1, {}, {}, {}, {}, {}, {})


@pytest.mark.parametrize(
    ("earlier", "later", "told"),
    [
        ({"a": "1"}, {"a": "1"}, []),
        ({"a": "1"}, {"a": "2"}, [("a", "1 · 1", "2 · 1")]),
        ({}, {"a": "1"}, [("a", None, "1 · 1")]),
        ({"a": "1", "b": "5"}, {"a": "1"}, [("b", "5 · 1", None)]),
    ],
)
def test_given_two_issues_then_figures_that_moved_came_or_went_are_told(
    earlier: dict[str, str], later: dict[str, str], told: list[Any]
) -> None:
    found = changed(cards(**earlier), cards(**later))
    assert [(row["measure"], row["was"], row["becomes"]) for row in found] == told
    assert {row["what"] for row in found} <= {"figure"}
