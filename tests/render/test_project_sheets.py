"""Sections of a project's review beside its panels: what is known, what is not, and nothing better than known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from project_sample import NOTES, project_input, replace
from project_sheet_sample import DUE, EMISSIONS, EQUATOR, GRIEVANCE, STANDARDS

from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.made_of import Unassessed
from nightdesk.render.project import project_view, render_project
from nightdesk.render.project_model import Sheet
from nightdesk.render.rows import as_rows

WHOLE = replace(NOTES, not_supplied=(), unassessed=Unassessed())


def _sheet(name: str, language: Language = "en", **changes: Any) -> Sheet:
    return project_view(project_input(language, **changes)).sheets[name]


def _texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.mark.label if cell.mark else cell.text for cell in row] for row in sheet.rows]


def _facts(sheet: Sheet) -> dict[str, str]:
    return {fact.label: fact.value for fact in sheet.facts}


def test_given_standards_when_shown_then_what_nothing_is_known_of_is_not_assessed_and_never_green() -> None:
    rows = project_view(project_input("en")).sheets["standards"].rows
    tones = {row[1].text[:3]: row[0].mark.tone for row in rows if row[0].mark}
    assert tones == {
        "PS1": "red", "PS2": "grey", "PS3": "amber", "PS4": "green",
        "PS5": "not_assessed", "PS6": "not_assessed", "PS7": "not_assessed", "PS8": "not_assessed",
    }  # fmt: skip
    assert _texts(_sheet("standards"))[2] == [
        "Attention", "PS3 resources and pollution", "Yes", "Usual", "1 near the permit's limit, actions overdue: 1",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_standards_that_are_not_assessed_when_shown_then_each_says_why_and_what_would_be_needed(
    language: Language,
) -> None:
    t = catalogue(language)
    lacking = [STANDARDS[-1] | {"standard": f"PS{n}"} for n in range(1, 9)]
    lacking = [row | {"needed_zh": f"材料{n}", "needed_en": f"paper {n}"} for n, row in enumerate(lacking, 1)]
    told = [row[-1].text for row in _sheet("standards", language, standards=lacking).rows]
    assert all(t("standard_reason.nothing_known") in one for one in told)
    needed = [f"材料{n}" if language == "zh_CN" else f"paper {n}" for n in range(1, 9)]
    assert [one for one, paper in zip(told, needed, strict=True) if not one.endswith(paper)] == []
    unproven = STANDARDS[1] | {"grade": "not_assessed", "actions_open": 0, "items_unproven": 2, "reason": "unproven"}
    (row,) = _sheet("standards", standards=[unproven]).rows
    assert row[-1].text == (
        "figures without evidence, or of no use: 2; what is reported is unproven or of no use; needed: "
        "what each of these lacks of evidence, verification, end date or usable figure; "
        "still lacking: check of contractors' labour"
    )


@pytest.mark.parametrize("grade", ["red", "amber", "open", "nothing_open"])
def test_given_a_standard_that_is_graded_when_shown_then_what_it_still_lacks_stands_after_what_was_found(
    grade: str,
) -> None:
    known = STANDARDS[1] | {"grade": grade, "needed_zh": "排污许可证", "needed_en": "discharge permit"}
    settled = {"is_settled": grade == "nothing_open", "needed_zh": None, "needed_en": None}
    (row,) = _sheet("standards", standards=[known]).rows
    assert row[-1].text.endswith("; still lacking: discharge permit")
    assert row[0].mark is not None
    assert row[0].mark.tone != "green"
    (row,) = _sheet("standards", standards=[known | {"unshown_zh": "温室气体清单", "unshown_en": "inventory"}]).rows
    assert row[-1].text.endswith(
        "lacking: discharge permit; not used or not in the bank's data, so not known: inventory"
    )
    (row,) = _sheet("standards", standards=[known | settled]).rows
    assert "lacking" not in row[-1].text
    assert row[0].mark is not None
    assert (row[0].mark.tone == "green") is (grade == "nothing_open")


def test_given_emissions_when_shown_then_each_scope_has_its_line_and_what_is_missing_its_reason() -> None:
    assert _texts(_sheet("emissions")) == [
        ["2025", "Scope 1", "50,000", "30%", "15,000", "2 of 5, option 2a", "committed financing 2024-06-18"],
        ["2025", "Scope 2", "9,000", "30%", "2,700", "2 of 5, option 2a", "committed financing 2024-06-18"],
        ["2025", "Scope 3", "—", "—", "—", "—", "this scope is not reported"],
    ]


def test_given_emissions_when_shown_then_coverage_and_the_intensity_of_scopes_1_and_2_stand_above_them() -> None:
    assert _facts(_sheet("emissions")) == {
        "Outstanding at the end of 2025": "CNY 300.00m",
        "Coverage": "scope 1, 2 covered, scope 3 not covered",
        "Intensity, scopes 1 and 2": "59.00 t per million outstanding (17,700 t ÷ CNY 300,000,000.00)",
    }
    lacking = [EMISSIONS[0], EMISSIONS[1] | {"financed_t": None, "reason": "no_denominator"}]
    assert "Intensity, scopes 1 and 2" not in _facts(_sheet("emissions", emissions=lacking))


def test_given_a_year_that_is_not_due_yet_when_shown_then_it_has_its_day_and_coverage_is_of_the_year_before() -> None:
    early = [
        EMISSIONS[0]
        | {"year": 2026, "scope": scope, "emission_t": None, "financed_t": None, "attribution_pct": None}
        | {"reason": "not_due", "report_due_on": date(2027, 6, 30)}
        for scope in (1, 2, 3)
    ]
    sheet = _sheet("emissions", emissions=[*early, *EMISSIONS])
    assert _texts(sheet)[0] == ["2026", "Scope 1", "—", "—", "—", "—", "due by 2027-06-30"]
    assert "Outstanding at the end of 2025" in _facts(sheet)
    assert _facts(_sheet("emissions", emissions=early)) == {}


def test_given_no_emissions_when_shown_then_it_is_said_why() -> None:
    supplied = _sheet("emissions", emissions=[], notes=WHOLE)
    assert supplied.said == "Nothing was owed at the end of a year that emissions are known of."
    absent = _sheet("emissions", emissions=[], notes=replace(WHOLE, not_supplied=("emission",)))
    assert absent.said == "Not supplied: emissions; not assessed."


def test_given_what_sets_a_day_when_shown_then_a_date_of_the_register_names_the_contract_and_no_rhythm() -> None:
    of_register = dict(DUE[0]) | {"kind": "report", "rule": "register", "every_months": None}
    told = {row["rule"]: _sheet("due", due=[row]).rows[0][2].text for row in (DUE[0], of_register)}
    assert told == {"rhythm": "every 3 months, by policy", "register": "date in the register, by contract"}


def test_given_reviews_when_shown_then_overdue_ones_lead_and_what_nobody_records_is_not_assessed() -> None:
    assert _texts(_sheet("due", due=DUE[::-1])) == [
        ["Overdue", "Desk review", "every 3 months, by policy", "2026-03-31", "2025-12-20", "1 day overdue"],
        ["Due", "Approval of a prepared review", "for 2025-12-31, prepared by 王审 on 2026-03-27", "2026-04-03", "—",
         ""],
        ["Due", "Event review", "E04 is red", "2026-04-07", "—", ""],
        ["Not assessed", "Review by an independent consultant", "every 3 months, by policy", "—", "—",
         "no table supplied records it"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "scope", "country"),
    [
        ({}, "in scope: project finance from US$10m of capital cost", "China (CN): not a designated country, IFC"),
        ({"is_in_scope": False, "scope_rule": "project_cost_below", "standard": None},
         "out of scope: project finance below US$10m of capital cost", "China (CN): not a designated country"),
        ({"is_in_scope": None, "scope_rule": "no_rate"}, "not assessed: no rate of the US dollar", "China (CN): not a"),
        ({"country": "KR", "is_designated": True, "standard": "host_country_law"}, "in scope",
         "South Korea (KR): designated country, law of the host country"),
        ({"country": None, "is_designated": None, "standard": None}, "in scope",
         "not stated; needed: the country that it lies in"),
    ],
)  # fmt: skip
def test_given_a_reading_of_the_equator_principles_when_shown_then_its_rule_is_named(
    changes: dict[str, Any], scope: str, country: str
) -> None:
    facts = _facts(_sheet("equator", equator=EQUATOR | changes))
    assert facts["Scope"].startswith(scope)
    assert facts["Country"].startswith(country)


def test_given_no_reading_when_shown_then_it_is_not_assessed() -> None:
    assert _sheet("equator", equator={}).said == "not assessed; needed: category, total cost and kind of finance"


def test_given_grievances_that_a_project_does_not_report_when_shown_then_the_difference_is_said() -> None:
    words = "The project reports 0 open grievances while 2 stood open"
    assert _facts(_sheet("grievances"))["Difference"] == words
    assert words in project_view(project_input("en", actions=[], permits=[], incidents=[], kpis=[])).issues
    fair = _sheet("grievances", grievance=GRIEVANCE | {"is_contradicted": False})
    assert "Difference" not in _facts(fair)


@pytest.mark.parametrize(
    ("reported", "then", "is_told"), [("1", 0, True), ("0", 0, False), ("1", 1, False), ("1", None, False)]
)
def test_given_more_grievances_reported_than_the_register_had_then_that_is_to_be_checked(
    reported: str, then: int | None, is_told: bool
) -> None:
    row = GRIEVANCE | {"open_count": 0, "reported_open": Decimal(reported), "open_then": then}
    facts = _facts(_sheet("grievances", grievance=row | {"is_contradicted": False}))
    words = f"To be checked: open by the project's own report {reported}, in the register then {then}"
    assert facts.get("Difference") == (words if is_told else None)


def test_given_no_incidents_supplied_when_shown_then_grievances_are_not_assessed_and_never_none() -> None:
    unknown = _sheet("grievances", grievance=GRIEVANCE | {"open_count": None, "is_contradicted": None})
    assert (unknown.facts, unknown.said) == ((), "Incidents are not supplied: grievances are not assessed.")


def test_given_arrears_when_shown_then_they_stand_in_the_credit_context() -> None:
    review = {"project_id": "P", "max_days_past_due": 31}
    assert _facts(_sheet("credit", review=review))["Days past due"] == "31 days"
    assert _facts(_sheet("credit", review=review | {"max_days_past_due": 0}))["Days past due"] == "none"
    assert (
        _facts(_sheet("credit", review=review | {"max_days_past_due": None}))["Days past due"]
        == "days past due not supplied"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_every_code_that_the_rules_write_when_rendered_then_it_is_in_words(language: Language) -> None:
    reasons = ["held_back", "outstanding_unknown", "no_emission", "year_not_matched", "denominator_not_positive"]
    page = render_project(
        project_input(
            language,
            emissions=[EMISSIONS[2] | {"reason": reason} for reason in reasons],
            standards=[STANDARDS[0] | {"grade": grade} for grade in ("red", "amber", "open", "nothing_open")],
            due=[DUE[2] | {"reason": reason} for reason in ("no_category", "no_start", "held_back")],
        )
    )
    for code in (*reasons, "nothing_open", "no_category", "no_start"):
        assert code not in page, code


def test_given_what_a_category_asks_for_then_what_lacks_is_a_row_in_order_and_what_is_there_one_line() -> None:
    def asked(place: int, evidence: str, state: str) -> dict[str, object]:
        return {"place": place, "category": "A", "applies": "yes", "state": state, "name_en": evidence}

    rows = [asked(3, "plan", "there"), asked(2, "audit", "not_recorded"), asked(1, "assessment", "missing")]
    sheet = project_view(project_input("en", requests=rows)).sheets["requests"]
    assert [[cell.text or (cell.mark and cell.mark.label) for cell in row] for row in sheet.rows] == [
        ["1", "assessment", "yes", "Missing"],
        ["2", "audit", "yes", "Not supplied by the bank"],
    ]
    assert sheet.said == "There already: plan."
    whole = project_view(project_input("en", requests=[asked(1, "plan", "there")])).sheets["requests"]
    assert (whole.rows, whole.said) == ((), "All that is asked for is there: plan.")


def test_given_months_of_which_nothing_is_evidenced_when_shown_then_there_is_no_trend_and_it_is_said_why() -> None:
    source = project_input("en")
    assert _sheet("trend").charts
    unknown = [{**row, "score_evidenced": None} for row in as_rows(source.scores)]
    sheet = _sheet("trend", scores=unknown)
    assert (sheet.charts, sheet.facts, sheet.said) == ((), (), "No score: nothing that counts for it has evidence.")


@pytest.mark.parametrize(("exposure", "shown"), [(Decimal(0), "CNY 0.00"), (None, "not stated")])
def test_given_no_exposure_or_none_that_is_known_when_shown_then_nought_is_no_gap(
    exposure: Decimal | None, shown: str
) -> None:
    review = dict(project_input("en").review) | {"exposure_amt": exposure}
    facts = {fact.label: fact.value for fact in project_view(project_input("en", review=review)).profile}
    assert facts["Exposure"] == shown


def test_given_an_earlier_review_that_waits_when_the_newest_is_a_draft_then_the_head_asks_for_its_person() -> None:
    draft, signed = (dict(row) for row in as_rows(project_input("en").reviews))
    waiting = signed | {"state": "prepared", "period_end": date(2025, 12, 31), "prepared_on": date(2026, 3, 27)}
    returned = dict(DUE[3]) | {"kind": "rework", "rule": "returned", "asked_by": "S0042"}

    def asked(due: list[dict[str, Any]], *reviews: dict[str, Any]) -> dict[str, str]:
        headline = project_view(project_input("en", due=due, reviews=list(reviews))).headline
        names = ("Approval of a prepared review", "A review sent back, to be prepared anew")
        return {fact.label: fact.value for fact in headline if fact.label in names}

    assert asked([dict(DUE[3])], draft, waiting) == {
        "Approval of a prepared review": "for 2025-12-31, prepared by 王审 on 2026-03-27"
    }
    assert asked([returned], draft, waiting | {"state": "drafted"}) == {
        "A review sent back, to be prepared anew": "for 2025-12-31, sent back by 李核 on 2026-03-27"
    }
    assert asked([], draft, signed) == {}
    assert asked([dict(DUE[3])], waiting) == {}, "of the newest the line above it says so"


def test_given_days_that_passed_when_the_head_is_shown_then_each_is_late_since_and_none_is_the_next_date() -> None:
    draft, signed = (dict(row) for row in as_rows(project_input("en").reviews))
    approval = dict(DUE[3]) | {"due_on": date(2026, 2, 9), "state": "overdue", "late_days": 51}
    waiting = signed | {"state": "prepared", "prepared_on": date(2026, 3, 27), "next_review_on": None}

    def head(due: list[dict[str, Any]], *reviews: dict[str, Any]) -> dict[str, str]:
        headline = project_view(project_input("en", due=due, reviews=list(reviews))).headline
        return {fact.label: fact.value for fact in headline}

    told = head([approval, DUE[0]], draft, waiting)
    assert told["Overdue"] == (
        "Approval of a prepared review (for 2025-12-31, prepared by 王审 on 2026-03-27): was due 2026-02-09 "
        "(51 days overdue); Desk review: was due 2026-03-31 (1 day overdue)"
    )
    assert "Next date" not in told
    assert "Approval of a prepared review" not in told, "it is told once"
    assert head([DUE[1]], draft, signed)["Next date"] == "2026-04-07"
    on_the_morning = head([], signed | {"next_review_on": date(2026, 4, 1)})
    assert (on_the_morning["Next date"], on_the_morning.get("Overdue")) == ("2026-04-01", None)
    passed = head([], signed | {"next_review_on": date(2026, 3, 31)})
    assert (passed.get("Next date"), passed["Overdue"]) == (None, "Next review: was due 2026-03-31 (1 day overdue)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_standard_with_nothing_known_open_then_only_one_that_is_settled_has_the_word_and_colour_of_it(
    language: Language,
) -> None:
    t = catalogue(language)

    def mark(*, is_settled: bool) -> tuple[str, str]:
        row = STANDARDS[0] | {"grade": "nothing_open", "is_settled": is_settled}
        found = _sheet("standards", language, standards=[row]).rows[0][0].mark
        assert found
        return found.label, found.tone

    assert mark(is_settled=True) == (t("standard_grade.nothing_open"), "green")
    assert mark(is_settled=False) == (t("standard_grade.unsettled"), "grey")
    assert t("standard_grade.nothing_open") != t("standard_grade.unsettled")
