"""Specification: how many reviews are overdue is one number, or says what it leaves out."""

import datetime

import pytest

from nightdesk.night.review_asked import due_counts
from nightdesk.reading.published_night import Rows
from nightdesk.render.catalogue import Language, catalogue

PERIOD = datetime.date(2025, 12, 31)


@pytest.mark.parametrize(
    ("language", "title", "tile"),
    [
        ("zh_CN", "逾期 3 项（其中待审批或待重编 2 项），待办 1 项", "逾期审查（不含待审批、待重编）"),
        (
            "en",
            "3 overdue (2 of them prepared or sent back), 1 open",
            "Reviews overdue, not those prepared or sent back",
        ),
    ],
)
def test_given_a_late_review_and_two_that_wait_for_a_person_then_the_title_tells_them_apart_and_the_tile_what_it_is_of(
    language: Language, title: str, tile: str
) -> None:
    rows: Rows = [
        {"state": "overdue", "kind": "report", "period_end": None},
        {"state": "overdue", "kind": "approval", "period_end": PERIOD},
        {"state": "overdue", "kind": "rework", "period_end": PERIOD},
        {"state": "open", "kind": "approval", "period_end": PERIOD},
    ]
    t = catalogue(language)
    assert t("cli.esg.due_title", day="2026-10-15", **due_counts(rows)).endswith(title)
    assert t("book_headline.reviews_overdue") == tile
