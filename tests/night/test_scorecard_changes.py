"""What an issue of a quarter says has changed: every figure that moved, came or went, and nothing else."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from nightdesk.night.scorecards import _ROW, changed
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


def _item(measure: str, client: str, figure: str) -> dict[str, Any]:
    row = dict.fromkeys(_ROW, None) | {"staff_id": "S1", "measure": measure, "client_id": client, "subject": "task"}
    return row | {"outcome": figure}


def test_given_rows_behind_a_figure_then_those_that_came_went_or_differ_are_told_and_equal_ones_counted() -> None:
    earlier, later = cards(a="1"), cards(a="1")
    was = [_item("a", "C1", "x"), _item("a", "C2", "x"), _item("a", "C4", "x"), _item("b", "C5", "x")]
    becomes = [_item("a", "C1", "x"), _item("a", "C2", "y"), *[_item("a", "C3", "z")] * 2, _item("a", "C4", "x")]
    found = changed(replace(earlier, items=was), replace(later, items=becomes))
    assert [(row["measure"], row["place"], row["what"], row["was"], row["becomes"]) for row in found] == [
        ("a", 1, "row", "C2 · task · x", "C2 · task · y"),
        ("a", 1, "row_new", None, "C3 · task · z × 2"),
        ("b", 0, "row_gone", "C5 · task · x", None),
    ]
