"""No page in Chinese shows a code of the data where its reader should find a word."""

from decimal import Decimal

import pytest
from branch_sample import branch_input, render_branch
from exit_sample import DAY, plan_of
from project_sample import project_input
from raw_codes import raw_codes

from nightdesk.policy import policy
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.exit_plan import render_exit_plan
from nightdesk.render.project import render_project
from nightdesk.render.sentences import Sentences

#: what the samples show on purpose: a kind of permit that no catalogue knows
UNKNOWN_KINDS = {"moon_mining"}


def test_given_text_with_codes_then_they_are_found_and_words_ids_and_styles_are_not() -> None:
    found = raw_codes("<style>a_b</style><p class='x_y'>结果：done，all_risk；PRJ00001 draw_request:DR1 100.00 T01</p>")
    assert found == {"done", "all_risk"}


def test_given_the_sample_pages_then_none_shows_a_code() -> None:
    branch = render_branch(branch_input("zh_CN"))
    dates = [{"kind": "insurance", "subject": "all_risk", "on_date": DAY, "amount_amt": Decimal(1), "is_past": False}]
    pages = {
        "list.html": branch.html,
        "list.txt": branch.text,
        "esg": render_project(project_input("zh_CN")),
        "exit": render_exit_plan(plan_of("zh_CN")),
        "exit dates": render_exit_plan(plan_of("zh_CN", dates=dates)),
    }
    found = {name: codes for name, page in pages.items() if (codes := raw_codes(page) - UNKNOWN_KINDS)}
    assert found == {}


@pytest.mark.parametrize("outcome", ["done", "follow_up", "no_answer"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_last_contact_when_told_then_its_outcome_is_in_words(language: Language, outcome: str) -> None:
    (row,) = [row for row in policy()["contact_note_text"].effective(DAY) if row["note"] == "last_contact"]
    figures = {"last_on": "2026-03-01", "last_channel": "call", "last_outcome": outcome}
    told = Sentences(language, "CNY").fill(str(row["words_zh" if language == "zh_CN" else "words_en"]), figures)
    assert catalogue(language).label("contact_outcome", outcome) in told
    assert outcome not in told
