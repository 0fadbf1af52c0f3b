"""A project's ESG review: what is due, what is late, and what nobody supplied."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from project_sample import ACTIONS, COVENANTS, NOTES, PERMITS, REVIEW, project_input, replace

from golden import matches
from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.project import NEEDED, project_view, render_project

QUIET: dict[str, Any] = {
    "covenants": [],
    "incidents": [],
    "actions": [],
    "permits": [],
    "insurances": [],
    "signals": [],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_project_when_rendered_then_the_page_is_the_golden_one(language: Language) -> None:
    assert matches(f"esg_{language}.html", render_project(project_input(language)))


def test_given_several_tests_of_a_covenant_when_shown_then_the_newest_counts_and_breaches_lead() -> None:
    rows = project_view(project_input("en", covenants=COVENANTS[::-1])).covenants
    assert [(row.limit, row.mark.label) for row in rows] == [
        ("≤ 80", "Breach"),
        ("≥ 1.15", "Tight"),
        ("≥ 1", "Pending"),
        ("≥ 1.2", "Pass"),
    ]


def test_given_a_waiver_when_shown_then_the_covenant_is_waived_and_not_green() -> None:
    waived = [COVENANTS[1] | {"status": "waived"}]
    assert project_view(project_input("en", covenants=waived)).covenants[0].mark.label == "Waived"


def test_given_actions_when_shown_then_overdue_ones_lead_with_their_days() -> None:
    view = project_view(project_input("en"))
    assert [row.note for row in view.actions] == [
        "106 days overdue",
        "11 days overdue",
        "31 days left",
        "done on 2025-09-20",
    ]
    assert view.overdue_actions == 2


def test_given_an_action_done_after_the_business_date_when_shown_then_it_is_still_open() -> None:
    later = [ACTIONS[0] | {"done_on": date(2026, 4, 1)}]
    assert project_view(project_input("en", actions=later)).actions[0].mark.label == "Overdue"


def test_given_permits_when_shown_then_an_expired_critical_one_is_red_whatever_was_filed() -> None:
    filed = [PERMITS[0] | {"renewal_filed_on": date(2026, 2, 1)}]
    row = project_view(project_input("en", permits=filed, insurances=[])).permits[0]
    assert (row.mark.tone, row.note) == (
        "red",
        "critical to operation · expired 30 days ago · renewal filed on 2026-02-01",
    )


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "Act now"),
        (QUIET | {"permits": [PERMITS[1]]}, "Attention"),
        (QUIET | {"covenants": [COVENANTS[3]]}, "Nothing fired in the data supplied"),
        (QUIET | {"notes": replace(NOTES, not_supplied=NEEDED)}, "Too little data for a verdict"),
    ],
)
def test_given_what_is_known_when_judged_then_the_worst_decides_and_nothing_is_not_green(
    changes: dict[str, Any], verdict: str
) -> None:
    assert project_view(project_input("en", **changes)).verdict.label == verdict


def test_given_an_open_stop_order_alone_when_judged_then_the_verdict_names_it() -> None:
    order = {"kind": "stop_order", "occurred_on": date(2026, 3, 2), "project_id": "PRJ-0031"}
    view = project_view(project_input("en", **QUIET | {"incidents": [order]}))
    assert (view.verdict.label, view.issues) == ("Act now", ("Incidents and penalties: Stop order 2026-03-02",))


def test_given_red_and_amber_when_judged_then_the_verdict_names_the_red_first() -> None:
    view = project_view(project_input("en", **QUIET | {"actions": ACTIONS[::-1], "permits": PERMITS}))
    assert [issue.partition(" ")[0] for issue in view.issues] == [
        "Environmental",
        "Permit:",
        "Environmental",
        "Permit:",
    ]
    assert view.issues[1].endswith("expired 30 days ago")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ["保险：一切险", "许可：取水许可证", "许可：salt_mining"]),
        ("en", ["Insurance: all risks", "Permit: water abstraction permit", "Permit: salt_mining"]),
    ],
)
def test_given_kinds_by_code_when_shown_then_known_ones_are_in_words_and_others_as_they_are(
    language: Language, words: list[str]
) -> None:
    permits = [PERMITS[1] | {"kind": kind} for kind in ("water_abstraction", "salt_mining")]
    insurances = [{"insurance_id": "N1", "kind": "all_risk", "expires_on": date(2027, 1, 1)}]
    rows = project_view(project_input(language, permits=permits, insurances=insurances)).permits
    assert sorted(row.kind for row in rows) == sorted(words)


@pytest.mark.parametrize(("language", "words"), [("zh_CN", ["高", "中", "低"]), ("en", ["High", "Medium", "Low"])])
def test_given_priorities_when_shown_then_they_are_in_words(language: Language, words: list[str]) -> None:
    assert {row.priority for row in project_view(project_input(language)).actions} == set(words)


def test_given_missing_tables_and_fields_when_rendered_then_they_are_named() -> None:
    page = render_project(project_input("en", review=REVIEW | {"cn_class": None}))
    assert "Not assessed: ESG items, emissions" in page
    assert "Left empty: Environmental and social class (China)" in page


def test_given_a_signal_for_risk_alone_when_rendered_then_it_is_not_there() -> None:
    page = render_project(project_input())
    assert "SECRET" not in page
    assert "T15" not in page


def test_given_hostile_text_when_rendered_then_it_is_escaped() -> None:
    page = render_project(project_input(review=REVIEW | {"name": "<script>x</script>"}))
    assert "<script" not in page


def test_given_an_exposure_when_shown_then_it_reads_in_the_pages_units() -> None:
    facts = {fact.label: fact.value for fact in project_view(project_input("en")).profile}
    assert facts["Exposure"] == "CNY 1.24bn"
    assert REVIEW["exposure_amt"] == Decimal("1240000000.00")
