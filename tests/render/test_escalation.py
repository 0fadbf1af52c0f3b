"""What a mail says that was passed on to one person: in which order, how everybody is named, and how many it names."""

from datetime import date
from typing import Any

import pytest
from branch_sample import BRANCH, BUSINESS_DATE, CLIENTS, STAFF

from nightdesk.render.catalogue import Language
from nightdesk.render.escalation import EscalationView, escalation_texts, escalation_view

RED: dict[str, Any] = {
    "task_key": "K1", "branch_id": "B001", "client_id": "C000118", "card_code": "7K2M", "indicator": "T01",
    "reason_zh": "逾期45天,余额100元", "reason_en": "45 days late", "owner_id": "S01", "escalated_to": "branch_head",
    "unanswered_since": date(2026, 3, 25),
}  # fmt: skip


def view(*tasks: dict[str, Any], language: Language = "en", **names: Any) -> EscalationView:
    known: dict[str, Any] = {
        "branches": {"B001": BRANCH, "B002": {"branch_id": "B002", "name": "城西支行", "name_en": None}},
        "clients": {str(row["client_id"]): row for row in CLIENTS},
        "staff": {str(row["staff_id"]): row for row in STAFF},
    } | names
    return escalation_view(tasks, language=language, business_date=BUSINESS_DATE, **known)


def test_given_a_red_that_was_passed_on_then_its_line_says_whose_it_is_and_since_when() -> None:
    (line,) = view(RED).lines
    assert (line.branch, line.client, line.client_id, line.code) == ("Chengdong Branch", "长江新材", "C000118", "7K2M")
    assert (line.indicator, line.reason, line.owner) == ("T01", "45 days late", "王敏")
    assert (line.since, line.level) == ("2026-03-25", "the branch head")
    (line,) = view(RED, language="zh_CN").lines
    assert (line.branch, line.reason) == ("城东支行", "逾期45天，余额100元")


@pytest.mark.parametrize(
    ("lost", "field", "said"),
    [
        ({"card_code": None}, "code", ""),
        ({"indicator": None}, "indicator", ""),
        ({"reason_en": None}, "reason", ""),
        ({"owner_id": None}, "owner", "unassigned"),
        ({"owner_id": "S99"}, "owner", "unassigned"),
        ({"unanswered_since": None}, "since", "—"),
        ({"branch_id": "B002"}, "branch", "城西支行"),
        ({"branch_id": "B999"}, "branch", "B999"),
        ({"client_id": "C999999"}, "client", "C999999"),
    ],
)
def test_given_something_that_is_not_known_then_the_line_says_so_and_the_rest(
    lost: dict[str, Any], field: str, said: str
) -> None:
    (line,) = view(RED | lost).lines
    assert getattr(line, field).lower() == said.lower()


def test_given_a_natural_person_then_only_the_family_name_leaves_the_house() -> None:
    (line,) = view(RED | {"client_id": "C000533"}).lines
    assert line.client == "欧***"
    for text in escalation_texts(view(RED | {"client_id": "C000533"}), "en"):
        assert "欧阳文博" not in text


def test_given_many_then_the_longest_unanswered_stands_first_then_branch_client_and_task() -> None:
    shuffled = [
        RED
        | {"card_code": code, "task_key": key, "branch_id": branch, "client_id": client}
        | {"unanswered_since": date(2026, 3, day)}
        for code, day, branch, client, key in (
            ("5", 25, "B002", "C000118", "K0"),
            ("4", 25, "B001", "C000245", "K0"),
            ("1", 24, "B002", "C000307", "K9"),
            ("3", 25, "B001", "C000118", "K2"),
            ("2", 25, "B001", "C000118", "K1"),
        )
    ]
    assert [line.code for line in view(*shuffled).lines] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(("count", "named", "more"), [(0, 0, 0), (1, 1, 0), (60, 60, 0), (61, 60, 1), (75, 60, 15)])
def test_given_more_than_a_mail_names_then_it_says_how_many_more_and_its_title_counts_all(
    count: int, named: int, more: int
) -> None:
    found = view(*(RED | {"task_key": f"K{n:03}"} for n in range(count)))
    assert (len(found.lines), found.more) == (named, more)
    assert found.title.startswith("One red" if count == 1 else f"{count} reds")
    text, html = escalation_texts(found, "en")
    said = {0: "", 1: "One more is in its branch's morning list"}.get(more, f"{more} more are in their branches'")
    assert ("more are in" in text or "One more is" in text) == (more > 0)
    assert all(said.split("'")[0] in one for one in (text, html))


def test_given_a_language_then_the_html_is_marked_with_it_as_browsers_write_it() -> None:
    assert '<html lang="zh-CN">' in escalation_texts(view(RED, language="zh_CN"), "zh_CN")[1]
