"""A scorecard's page: the arithmetic as it is printed, what is said where nothing is scored, and whose rows it has."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from branch_sample import NOTES

from nightdesk.render.book import BookInput, book_view
from nightdesk.render.catalogue import Language
from nightdesk.render.scorecard import branch_page, scorecard_page
from nightdesk.render.scorecard_input import Quarter, Scorecards, quarter_of

WHEN = date(2026, 10, 8)
TOTAL: dict[str, Any] = {
    "staff_id": "S1", "staff_name": "王芳", "branch_id": "B1", "points": Decimal("72.5"), "assessed_weight": 85,
    "total": Decimal("85.2941"), "gate": "pass", "gate_reason": None, "clients_owned": 12, "days_owned": 1104,
    "checks_caught": 0,
}  # fmt: skip
MEASURE: dict[str, Any] = {
    "staff_id": "S1", "staff_name": "王芳", "branch_id": "B1", "aggregate": "ratio", "unit": "pct", "weight": 10,
    "n": 4, "counted": Decimal("3"), "out_of": Decimal("4"), "prior": None, "actual": Decimal("75"),
    "target": Decimal("100"), "score": Decimal("75"), "points": Decimal("7.5"), "not_assessed": None,
}  # fmt: skip
ITEM: dict[str, Any] = {
    "staff_id": "S1", "client_id": "C1", "subject": None, "due_on": date(2026, 7, 1), "on_date": date(2026, 7, 1),
    "outcome": "done", "base_amt": None, "value_amt": None, "days_owned": None, "counted": Decimal(1),
    "out_of": Decimal(1),
}  # fmt: skip
MARK: dict[str, Any] = {
    "staff_id": "S1", "game_check": "bulk", "client_id": "C1", "subject": "T1", "on_date": date(2026, 7, 1),
}  # fmt: skip
ADDED_UP = ("ratio", "shrunk_mean", "deduction", "sum", "none_allowed")


def measured(place: int, code: str, **changes: Any) -> dict[str, Any]:
    return MEASURE | {"place": place, "measure": code} | changes


def cards(**changes: Any) -> Scorecards:
    """Two people of B1 and one of B2; S1 has a measure."""
    found = Scorecards(
        quarter=quarter_of(date(2026, 9, 30)),
        totals=[TOTAL, TOTAL | {"staff_id": "S2"}, TOTAL | {"staff_id": "S3", "branch_id": "B2"}],
        measures=[measured(1, "coverage_pct"), measured(1, "coverage_pct", staff_id="S3", branch_id="B2")],
        items=[],
        checks=[],
        marks=[],
        suggested=[],
        nights=1_066,
        clients={"C1": "晨光机械"},
        staff={"S1": "王芳", "S3": "李四"},
        courses={"K1": {"zh_CN": "反洗钱", "en": "Money laundering"}},
        texts={
            code: {
                f"{kind}_{short}": f"{kind} of {code} in {short}"
                for kind in ("name", "formula")
                for short in ("zh", "en")
            }
            for code in ("coverage_pct", "timeliness_pct", "post_loan_pct", "risk_outcome", "compliance", *ADDED_UP)
        },
        check_texts={"bulk": {"zh_CN": "批量", "en": "Entered in bulk"}},
        settings={"shrink_answers": "10", "most_score": "120"},
    )
    return replace(found, **changes)


def page(source: Scorecards, language: Language = "en", **more: Any) -> BookInput:
    return scorecard_page(source, "S1", language, NOTES, WHEN, **more)


def reckoned(row: Mapping[str, Any], **settings: str) -> Mapping[str, Any]:
    source = cards(measures=[row])
    (found,) = page(replace(source, settings={**source.settings, **settings})).rows["people.scorecard_reckoned"]
    return found


@pytest.mark.parametrize(
    ("day", "name", "first", "last", "following"),
    [
        (date(2025, 12, 31), "2025Q4", date(2025, 10, 1), date(2025, 12, 31), date(2026, 3, 31)),
        (date(2026, 1, 1), "2026Q1", date(2026, 1, 1), date(2026, 3, 31), date(2026, 6, 30)),
        (date(2026, 3, 31), "2026Q1", date(2026, 1, 1), date(2026, 3, 31), date(2026, 6, 30)),
        (date(2026, 4, 1), "2026Q2", date(2026, 4, 1), date(2026, 6, 30), date(2026, 9, 30)),
        (date(2026, 6, 30), "2026Q2", date(2026, 4, 1), date(2026, 6, 30), date(2026, 9, 30)),
        (date(2026, 7, 1), "2026Q3", date(2026, 7, 1), date(2026, 9, 30), date(2026, 12, 31)),
        (date(2026, 9, 30), "2026Q3", date(2026, 7, 1), date(2026, 9, 30), date(2026, 12, 31)),
        (date(2026, 10, 1), "2026Q4", date(2026, 10, 1), date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_given_a_day_at_a_quarters_edge_then_its_quarter_and_the_last_day_of_the_one_after(
    day: date, name: str, first: date, last: date, following: date
) -> None:
    quarter = quarter_of(day)
    assert quarter == Quarter(name, first, last)
    assert quarter.next_last_day == following


@pytest.mark.parametrize(
    ("row", "arithmetic"),
    [
        (measured(1, "ratio"), "3 ÷ 4 × 100 = 75"),
        (
            measured(1, "ratio", counted=Decimal("1234.5"), out_of=Decimal("2000"), actual=Decimal("61.725")),
            "1,234.5 ÷ 2,000 × 100 = 61.73",
        ),
        (
            measured(
                1, "shrunk_mean", aggregate="shrunk_mean", counted=Decimal("9"), prior=Decimal("4.256"), n=2,
                actual=Decimal("4.2967"),
            ),
            "(9 + 10 × 4.26) ÷ (2 + 10) = 4.3",
        ),
        (measured(1, "deduction", aggregate="deduction", counted=Decimal("15.5"), actual=Decimal("84.5")),
         "100 − 15.5 = 84.5"),
        (measured(1, "sum", aggregate="sum", counted=Decimal("1250000.005")), "Σ = 1,250,000.01"),
        (measured(1, "none_allowed", aggregate="none_allowed", counted=Decimal("2"), actual=Decimal("0")), "2 → 0"),
    ],
)  # fmt: skip
def test_given_a_way_of_adding_up_then_the_page_prints_it_with_the_sums_of_its_rows(
    row: dict[str, Any], arithmetic: str
) -> None:
    assert reckoned(row)["reckoned"] == arithmetic


def test_given_a_score_then_it_is_printed_with_the_target_the_bound_and_its_points() -> None:
    row = measured(2, "ratio", actual=Decimal("75.125"), target=Decimal("60"), score=Decimal("120.005"), weight=15)
    assert reckoned(row, most_score="120.5") == {
        "place": 2,
        "measure_name": "name of ratio in en",
        "formula": "formula of ratio in en",
        "reckoned": "3 ÷ 4 × 100 = 75.13",
        "score_reckoned": "75.13 ÷ 60.00 × 100, from 0 to 120.5 = 120.01; 15 × 120.01 ÷ 100 = 7.50",
    }


@pytest.mark.parametrize("lost", [{"actual": None, "score": None}, {"score": None}, {"actual": None}])
def test_given_a_measure_without_a_figure_or_a_score_then_the_page_says_why_in_place_of_the_arithmetic(
    lost: dict[str, None],
) -> None:
    found = reckoned(measured(1, "ratio", **lost, not_assessed="few_rows"))
    assert (found["reckoned"], found["score_reckoned"]) == (None, "too few to be scored")
    assert found["formula"] == "formula of ratio in en"


def test_given_a_formula_with_a_setting_then_its_figure_stands_there_in_the_languages_own_marks() -> None:
    texts = {"ratio": {"name_zh": "率", "formula_zh": "次数,加{shrink_answers:num}"}}
    (found,) = page(cards(measures=[measured(1, "ratio")], texts=texts), "zh_CN").rows["people.scorecard_reckoned"]
    assert (found["formula"], found["measure_name"]) == ("次数，加10", "率")


@pytest.mark.parametrize(
    ("changes", "total", "gate"),
    [
        ({}, "85.29 = 72.50 points ÷ 85 of weight × 100", "open"),
        ({"total": Decimal(0)}, "0.00 = 72.50 points ÷ 85 of weight × 100", "open"),
        (
            {"total": None, "gate": "fail", "gate_reason": "compliance"},
            "none: only 85 of 100 of the weights could be assessed",
            "closed: a violation of compliance",
        ),
    ],
)
def test_given_a_total_or_none_then_the_head_has_it_with_its_arithmetic_or_says_what_is_missing(
    changes: dict[str, Any], total: str, gate: str
) -> None:
    head = page(cards(totals=[TOTAL | changes])).headline
    assert (head["total"], head["gate"]) == (total, gate)
    assert (head["person"], head["branch_id"]) == ("王芳 S1", "B1")
    assert head["clients_owned"] == "12 (1,104 days owned in all)"
    assert head["quarter"] == "2026Q3 (2026-07-01 to 2026-09-30)"
    assert head["nights"] == "1,066 of 92 days"


def test_given_the_rows_of_many_then_a_page_has_the_persons_own_by_measure_in_policys_order() -> None:
    other = {"staff_id": "S2"}
    source = cards(
        measures=[measured(2, "post_loan_pct"), measured(1, "coverage_pct"), measured(1, "coverage_pct", **other)],
        items=[
            ITEM | {"measure": "coverage_pct"},
            ITEM | {"measure": "coverage_pct"} | other,
            ITEM | {"measure": "post_loan_pct", "client_id": "C2"},
        ],
        checks=[{"staff_id": "S1", "game_check": "bulk"}, {"staff_id": "S1", "game_check": "new"}, {**other}],
        marks=[MARK, MARK | other],
        suggested=[{"staff_id": "S1", "course": "K1", "kind": "contact"}, {**other}],
    )
    changes = [{"staff_id": "S1", "measure": "coverage_pct", "what": "added"}, {**other}]
    found = page(source, changes=changes)
    rows = {name.removeprefix("people.scorecard_"): of for name, of in found.rows.items()}
    assert [(row["measure"], row["leads_to"]) for row in rows["measure"]] == [
        ("coverage_pct", "scorecard_coverage_pct"),
        ("post_loan_pct", "scorecard_post_loan_pct"),
    ]
    assert [row["client"] for row in rows["coverage_pct"]] == ["晨光机械"]
    assert [row["client"] for row in rows["post_loan_pct"]] == ["C2"]
    assert [row["check_name"] for row in rows["check"]] == ["Entered in bulk", "new"]
    assert [(row["check_name"], row["client"], row["subject"]) for row in rows["mark"]] == [
        ("Entered in bulk", "晨光机械", "T1")
    ]
    assert [(row["course"], row["kind_name"]) for row in rows["training"]] == [("Money laundering", "Contact due")]
    assert [row["measure_name"] for row in rows["change"]] == ["name of coverage_pct in en"]
    assert found.titles["scorecard_post_loan_pct"] == "name of post_loan_pct in en"


@pytest.mark.parametrize(
    ("measure", "subject", "said"),
    [
        ("timeliness_pct", "contact", "Contact due"),
        ("timeliness_pct", None, None),
        ("compliance", "K1", "Money laundering"),
        ("coverage_pct", "K1", "K1"),
    ],
)
def test_given_what_a_row_is_about_then_it_is_in_the_words_of_its_measure(
    measure: str, subject: str | None, said: str | None
) -> None:
    source = cards(measures=[measured(1, measure)], items=[ITEM | {"measure": measure, "subject": subject}])
    (row,) = page(source).rows[f"people.scorecard_{measure}"]
    assert row["subject"] == said


@pytest.mark.parametrize(("revision", "is_restated"), [(1, False), (2, True)])
def test_given_an_issue_after_the_first_then_the_page_says_that_it_is_stated_anew(
    revision: int, is_restated: bool
) -> None:
    for found in (page(cards(), revision=revision), branch_page(cards(), "B1", "en", NOTES, WHEN, revision=revision)):
        assert (found.revision, found.restated) == (revision, is_restated)


def test_given_no_number_then_an_issue_is_the_first_and_what_changed_stands_there_only_where_something_did() -> None:
    assert [page(cards()).revision, branch_page(cards(), "B1", "en", NOTES, WHEN).revision] == [1, 1]
    named = [
        [section.name for section in page(cards(), changes=of).sections]
        for of in ((), [MEASURE | {"place": 1, "measure": "coverage_pct"}])
    ]
    assert [("scorecard_change" in names) for names in named] == [False, True]


def test_given_more_rows_than_a_page_of_the_book_shows_then_a_scorecard_prints_them_all() -> None:
    many = [ITEM | {"measure": "coverage_pct", "client_id": f"C{n:04}"} for n in range(1_001)]
    (listed,) = book_view(page(cards(items=many))).sections[0].lists
    assert (len(listed.rows), listed.more) == (1_001, "")
    people = [TOTAL | {"staff_id": f"S{n:04}"} for n in range(101)]
    (shown,) = book_view(branch_page(cards(totals=people), "B1", "en", NOTES, WHEN)).sections[0].tables
    assert (len(shown.rows), shown.more) == (101, "")


def test_given_a_branch_then_its_page_has_its_own_people_and_their_measures_alone() -> None:
    source = cards()
    found = branch_page(source, "B2", "en", NOTES, WHEN)
    assert [(row["staff_id"], row["staff"]) for row in found.rows["people.scorecard_person"]] == [("S3", "李四 S3")]
    assert [(row["staff_id"], row["measure_name"]) for row in found.rows["people.scorecard_score"]] == [
        ("S3", "name of coverage_pct in en")
    ]
    assert set(found.headline) == {"quarter", "nights"}
    ours = branch_page(source, "B1", "en", NOTES, WHEN).rows["people.scorecard_person"]
    assert [row["staff"] for row in ours] == ["王芳 S1", "S2"]


def test_given_the_same_figures_then_the_same_digest_and_another_for_another_figure_or_row_behind_it() -> None:
    digest = cards().digest()
    assert len(digest) == 32
    assert cards().digest() == digest
    assert cards(nights=1).digest() == digest, "how many nights there are is no figure of anybody"
    unknown, empty = ([measured(1, "coverage_pct", prior=value)] for value in (None, ""))
    assert cards(measures=unknown).digest() == cards(measures=empty).digest()
    changed = [cards(measures=unknown), cards(items=[ITEM]), cards(items=[ITEM | {"counted": Decimal(2)}])]
    assert len({digest, *(one.digest() for one in changed)}) == 4
