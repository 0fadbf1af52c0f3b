"""The week of a branch: how its rows are named, what its head says, and the same as text."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from branch_sample import BRANCH, NOTES

from nightdesk.render.weekly import MODELS, WeekInput, week_page, week_text

HEADLINE: dict[str, Any] = {
    "done_count": 11, "done_late_count": 2, "contact_count": 5, "late_count": 3, "missed_count": 4,
    "false_share_pct": Decimal("12.25"), "proposed_count": 1, "kept_count": 6, "not_kept_count": 7,
    "leaving_amt": Decimal("100"), "coming_amt": Decimal("200"), "won_count": 8, "lost_count": 9,
    "over_capacity_count": 10,
}  # fmt: skip
MONEY: dict[str, Any] = {
    "client_id": "C1", "staff_id": "S1", "direction": "leaving", "move_amt": Decimal("-20000"),
    "balance_amt": Decimal("500"),
}  # fmt: skip


def week(**changes: Any) -> WeekInput:
    """A quiet week in English: rows of no table."""
    source = WeekInput(
        branch=BRANCH,
        business_date=date(2026, 3, 31),
        revision=1,
        language="en",
        notes=NOTES,
        headline=HEADLINE,
        rows={model: [] for model in MODELS} | changes.pop("rows", {}),
        clients={"C1": "长江新材"},
        staff={"S1": "王敏"},
        courses={"K1": {"zh_CN": "反洗钱", "en": "Money laundering"}},
        settings={},
    )
    return replace(source, **changes)


def named(**row: Any) -> dict[str, Any]:
    language = row.pop("language", "en")
    (found,) = week_page(week(language=language, rows={"tasks_weekly.money": [row]})).rows["tasks_weekly.money"]
    return dict(found)


def test_given_a_row_then_whom_and_what_it_is_about_is_in_words_and_nothing_that_it_does_not_tell() -> None:
    assert named(**MONEY) == MONEY | {"staff": "王敏 S1", "client": "长江新材", "move_size": Decimal("20000")}
    assert named(staff_id=None, client_id="staff:S1") == {
        "staff_id": None, "staff": None, "client_id": "staff:S1", "client": "王敏 S1",
    }  # fmt: skip
    assert named(client_id=None)["client"] is None
    assert named(client_id="C9", staff_id="S9") == {"client_id": "C9", "client": "C9", "staff_id": "S9", "staff": "S9"}
    assert [named(course=code)["course_name"] for code in ("K1", "K9")] == ["Money laundering", "K9"]
    assert named(course="K1", language="zh_CN")["course_name"] == "反洗钱"


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [
        ("en", ("存款下降", "Fall in deposits"), "T01 Fall in deposits"),
        ("zh_CN", ("存款下降", "Fall in deposits"), "T01 存款下降"),
        ("en", ("存款下降", None), "T01"),
    ],
)
def test_given_an_indicator_then_it_has_its_code_and_the_name_in_the_pages_language(
    language: str, names: tuple[str, str | None], said: str
) -> None:
    row = {"indicator": "T01", "indicator_name": names[0], "indicator_name_en": names[1]}
    assert named(**row, language=language)["indicator_text"] == said


def test_given_a_week_then_its_head_says_seven_days_and_each_figure_in_its_place() -> None:
    assert week_page(week()).headline == {
        "branch_name": "Chengdong Branch B001",
        "week": "2026-03-25 to 2026-03-31",
        "done": "11 in time, 2 late",
        "contact_count": 5,
        "late_tasks": 3,
        "missed_contacts": 4,
        "false_share": "12.3%; one threshold proposed for review",
        "promises": "6 kept in time, 7 late",
        "leaving_amt": Decimal("100"),
        "coming_amt": Decimal("200"),
        "needs": "8 won, 9 lost",
        "over_capacity": 10,
    }


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "no answer to a warning; one threshold proposed for review"), (Decimal(0), "0.0%; one threshold")],
)
def test_given_no_answer_to_a_warning_then_there_is_no_share_and_a_share_of_none_is_one(
    share: Decimal | None, said: str
) -> None:
    head = week_page(week(headline=HEADLINE | {"false_share_pct": share})).headline
    assert str(head["false_share"]).startswith(said)


@pytest.mark.parametrize(
    ("language", "branch", "said"),
    [
        ("en", {}, "Chengdong Branch B001"),
        ("zh_CN", {}, "城东支行 B001"),
        ("en", {"name_en": None}, "城东支行 B001"),
    ],
)
def test_given_a_language_then_the_branch_has_its_name_in_it_where_it_has_one(
    language: Any, branch: dict[str, Any], said: str
) -> None:
    assert week_page(week(language=language, branch=BRANCH | branch)).headline["branch_name"] == said


@pytest.mark.parametrize(("revision", "is_restated"), [(1, False), (2, True)])
def test_given_a_revision_after_the_first_then_the_week_says_that_it_is_stated_anew(
    revision: int, is_restated: bool
) -> None:
    page = week_page(week(revision=revision))
    assert (page.revision, page.restated) == (revision, is_restated)


def test_given_a_week_as_text_then_each_table_has_its_title_its_heads_where_it_has_rows_and_a_line_a_row() -> None:
    text = week_text(week(rows={"tasks_weekly.money": [MONEY, MONEY | {"client_id": "C2"}]}))
    lines = text.splitlines()
    assert lines[1] == ""
    at = lines.index("== By client")
    assert lines[at - 1] == ""
    assert lines[at + 1].startswith("Client | ")
    assert [line.split(" | ")[0] for line in lines[at + 2 : at + 4]] == ["长江新材", "C2"]
    assert "Tasks answered: 11 in time, 2 late" in text
    none = lines[lines.index("== Needs") + 1]
    assert " | " not in none
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_given_more_rows_than_a_page_shows_then_the_text_says_how_many_more() -> None:
    text = week_text(week(rows={"tasks_weekly.money": [MONEY] * 103}))
    assert text.count("长江新材") == 100
    assert "3 more" in text
