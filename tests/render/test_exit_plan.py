"""A plan of contingency and exit: two numbers with what they are from, or why they are not known, and what follows."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from exit_sample import DAY, NOTES, PLAN, RULES, UNKNOWN, plan_of

from golden import matches
from nightdesk.night.page_kind.exit_plan import people_of
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.exit_plan import exit_view, render_exit_plan
from nightdesk.render.paper import printed
from nightdesk.render.project_model import Sheet
from nightdesk.render.rows import as_rows

NOTHING: dict[str, Any] = {"signals": [], "collaterals": [], "guarantors": [], "dates": [], "people": ()}


def sheet(source: Any, title: str) -> Sheet:
    t = catalogue(source.language)
    return next(one for one in exit_view(source).sheets if one.title == t(f"exit.{title}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_both_numbers_then_each_shows_its_sums_its_lines_and_where_they_are_from(language: Language) -> None:
    viability, protection, overdue = exit_view(plan_of(language)).numbers
    for part in ("0.95", "1.10", "0.80", "40.0%", "2025-12-31"):
        assert part in viability
    for part in ("75.0%", "100%", "60%"):
        assert part in protection
    assert ("财务报表" if language == "zh_CN" else "statement") in viability
    assert overdue.endswith("= 4.2%"), "what is overdue of what is owed, which neither number says"


def test_given_a_project_company_then_the_first_number_names_its_forecast_and_no_share() -> None:
    plan = PLAN | {"cash_source": "project_cashflow", "cash_share_pct": None}
    viability = exit_view(plan_of("en", plan)).numbers[0]
    assert "forecast" in viability
    assert "statement" not in viability


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_little_data_then_no_cell_is_marked_and_each_number_says_why_it_is_missing(language: Language) -> None:
    source = plan_of(language, UNKNOWN, **NOTHING)
    view, t = exit_view(source), catalogue(language)
    assert view.verdict.tone == "not_assessed"
    assert t("exit_gap.no_statement_table") in view.numbers[0]
    assert t("exit_gap.no_collateral_table") in view.numbers[1]
    assert all(cell.mark is None for row in sheet(source, "matrix").rows for cell in row)
    assert [fact.value for fact in view.profile].count(t("exit.unknown")) == 2
    assert sheet(source, "collateral").said == t("exit_gap.no_collateral_table")


def test_given_a_cell_then_the_matrix_marks_that_one_alone_and_the_verdict_is_never_green() -> None:
    marked = [cell.mark for row in sheet(plan_of("en"), "matrix").rows for cell in row if cell.mark]
    assert [mark.label for mark in marked] == [RULES.cells[("doubtful", "part")]["en"]]
    for viability in ("viable", "doubtful", "not_viable"):
        approved = PLAN | {"viability": viability, "state": "approved"}
        assert exit_view(plan_of("en", approved)).verdict.tone in ("amber", "red")


@pytest.mark.parametrize("state", ["drafted", "changed", "rejected"])
def test_given_a_cell_that_nobody_approved_then_it_is_called_a_draft_without_a_colour(state: str) -> None:
    plan = PLAN | {"viability": "not_viable", "state": state}
    strategy = exit_view(plan_of("zh_CN", plan | {"state": "approved"})).verdict.label
    view = exit_view(plan_of("zh_CN", plan))
    assert (view.verdict.label, view.verdict.tone) == (f"草拟：{strategy}", "not_assessed")


@pytest.mark.parametrize(("overdue", "exposure"), [(None, "120000000"), ("6270", None), ("6270", "0")])
def test_given_what_is_overdue_or_owed_is_not_known_then_no_share_is_told(
    overdue: str | None, exposure: str | None
) -> None:
    amounts = {"overdue_amt": overdue and Decimal(overdue), "exposure_amt": exposure and Decimal(exposure)}
    assert len(exit_view(plan_of("zh_CN", PLAN | amounts)).numbers) == 2


@pytest.mark.parametrize(
    ("state", "is_told"), [("drafted", True), ("changed", True), ("rejected", True), ("approved", False)]
)
def test_given_a_plan_that_nobody_approved_as_it_stands_then_the_page_says_so(state: str, *, is_told: bool) -> None:
    assert bool(exit_view(plan_of("en", PLAN | {"state": state})).gaps) is is_told


def test_given_guarantors_then_each_is_named_and_how_another_branchs_client_stands_is_not_told_here() -> None:
    own, other, stranger = sheet(plan_of("en"), "guarantors").rows
    assert own[4].mark is not None
    assert own[4].mark.label == "Orange"
    assert (own[0].text, own[1].text, stranger[0].text) == ("江东控股", "G1", "G3")
    assert (other[0].text, other[1].text) == ("远山集团", "")
    assert "G2" not in render_exit_plan(plan_of("en"))
    assert other[4].mark is None
    assert "200" not in " ".join(cell.text for cell in other)
    assert "another branch" in other[5].text
    assert "no client" in stranger[5].text


def test_given_collateral_that_others_seized_or_share_or_that_is_to_be_valued_then_its_line_says_so() -> None:
    valued, seized = sheet(plan_of("en"), "collateral").rows
    assert "revalued" in valued[-1].text
    assert "seized on 2026-03-01" in seized[-1].text
    assert "25.0%" in seized[-1].text
    assert seized[4].text == "not known"


def test_given_steps_and_dates_then_what_is_past_is_red_and_the_morning_itself_is_not() -> None:
    first, second = sheet(plan_of("en"), "steps").rows
    assert first[0].mark is not None
    assert first[0].mark.tone == "red"
    assert second[0].mark is None  # due on the morning of the list
    done = [{**row, "is_done": True} for row in as_rows(plan_of("en").steps)]
    (done_first, _) = sheet(plan_of("en", steps=done), "steps").rows
    assert (done_first[0].mark, done_first[-1].text.endswith(" (done)")) == (None, True)
    dates = sheet(plan_of("en"), "dates").rows
    assert [bool(row[0].mark) for row in dates] == [True, True, True, False, False]


_LATE = "Covenant test result overdue"


@pytest.mark.parametrize(
    ("day", "due", "told"),
    [
        (
            date(2026, 6, 30),
            date(2026, 9, 30),
            ("Covenant test result overdue", "was due 2026-09-30 (16 days overdue)"),
        ),
        (date(2026, 6, 30), date(2026, 10, 15), ("Covenant test result overdue", "was due 2026-10-15 (1 day overdue)")),
        (
            date(2026, 6, 30),
            date(2026, 10, 16),
            ("Covenant test, result awaited", "tested on 2026-06-30, result due by 2026-10-16"),
        ),
        (
            date(2026, 10, 15),
            date(2026, 11, 9),
            ("Covenant test, result awaited", "tested on 2026-10-15, result due by 2026-11-09"),
        ),
        (date(2026, 10, 16), date(2026, 11, 9), ("Next covenant test", "2026-10-16")),
        (None, None, ("Next covenant test", "none announced")),
    ],
)
def test_given_a_test_whose_day_has_passed_then_it_is_late_once_its_result_is_due_and_awaited_until_then(
    day: date | None, due: date | None, told: tuple[str, str]
) -> None:
    plan = PLAN | {"next_test_on": day, "test_due_on": due}
    facts = [(fact.label, fact.value) for fact in exit_view(plan_of("en", plan)).profile]
    assert [fact for fact in facts if "ovenant test" in fact[0]] == [told]


def test_given_tables_that_are_not_supplied_then_no_guarantor_is_never_said() -> None:
    from dataclasses import replace

    notes = replace(NOTES, not_supplied=("guarantee", "covenant_test"))
    source = replace(plan_of("en", guarantors=[]), notes=notes)
    assert sheet(source, "guarantors").said == "guarantees are not supplied"
    assert "covenant" in sheet(source, "dates").said


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_plan_then_the_page_and_its_paper_are_the_same_each_time_and_english_has_no_chinese(
    language: Language,
) -> None:
    client = {"name": "Harbour Works", "short_name": "Harbour Works", "is_natural_person": False}
    source = plan_of(language, client=client, steps=[], guarantors=[], people=())
    html = render_exit_plan(source)
    assert html == render_exit_plan(source)
    assert printed(html, DAY) == printed(html, DAY)
    assert "Traceback" not in html
    if language == "en":
        assert not re.search(r"[\u3400-\u9fff]", html)


def test_given_a_person_then_the_name_is_masked() -> None:
    client = {"name": "欧阳文静", "is_natural_person": True}
    assert exit_view(plan_of("zh_CN", client=client)).name == "欧***"
    assert "文静" not in render_exit_plan(plan_of("zh_CN", client=client))


@pytest.mark.parametrize(("is_capped", "said"), [(True, "95 days past due"), (False, "")])
def test_given_arrears_that_cap_the_first_number_then_the_page_says_why_it_is_no_better(
    said: str, *, is_capped: bool
) -> None:
    viability = exit_view(plan_of("en", PLAN | {"is_viability_capped": is_capped})).numbers[0]
    assert ("doubtful at best" in viability) is is_capped
    assert said in viability


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_steps_of_roles_that_no_register_names_then_the_contacts_name_each_of_them_once(
    language: Language,
) -> None:
    t = catalogue(language)
    steps = [{"owner_role": role, "due_on": DAY, "step": n} for n, role in enumerate(("rm", "legal", "risk", "legal"))]
    rows = [[cell.text for cell in row] for row in sheet(plan_of(language, steps=steps), "people").rows]
    roles = [t(f"owner_role.{role}") for role in ("rm", "branch_head", "legal", "risk")]
    assert [row[0] for row in rows] == roles
    assert [row[1] for row in rows] == ["李静", "王强", *[t("exit.people_unnamed")] * 2]


@pytest.mark.parametrize(
    ("at", "parents", "found"),
    [
        ({"B1", "REGION"}, {"B1": "REGION"}, ["risk of B1"]),
        ({"REGION", "HEAD"}, {"B1": "REGION", "REGION": "HEAD"}, ["risk of REGION"]),
        ({"HEAD"}, {"B1": "REGION", "REGION": "HEAD"}, ["risk of HEAD"]),
        ({"OTHER"}, {"B1": "REGION", "REGION": "B1"}, []),
        ({"OTHER"}, {}, []),
    ],
)
def test_given_no_risk_people_in_the_branch_then_those_of_the_nearest_office_above_are_named(
    at: set[str], parents: dict[str, str], found: list[str]
) -> None:
    usual: dict[str, Any] = {"active_from": None, "active_to": None}
    staff = [
        usual | {"staff_id": one, "branch_id": one, "role": "risk", "name": f"risk of {one}"} for one in sorted(at)
    ]
    staff += [usual | {"staff_id": "H", "branch_id": "B1", "role": "branch_head", "name": "head"}]
    staff += [{**staff[0], "staff_id": "GONE", "branch_id": "B1", "name": "gone", "active_to": DAY}]
    registry = {branch: {"parent_branch_id": parent} for branch, parent in parents.items()}
    people = people_of({"branch_id": "B1"}, {}, staff, registry, DAY)
    assert people == (("branch_head", "head"), *(("risk", name) for name in found))


def test_given_words_of_policy_then_a_chinese_page_has_full_width_marks() -> None:
    plan = PLAN | {"means_zh": "现金流存疑,押品部分覆盖"}
    assert exit_view(plan_of("zh_CN", plan)).means == "现金流存疑，押品部分覆盖"


def test_given_signals_of_one_fact_then_the_graver_stands_for_both_and_names_the_other() -> None:
    usual = {"hard": False, "opened_on": DAY, "reason_zh": "逾期", "reason_en": "Late"}
    signals = [
        usual | {"indicator": "P03", "severity": "red", "told_with": "P01"},
        usual | {"indicator": "P01", "severity": "red", "hard": True, "told_with": "P03"},
        usual | {"indicator": "T05", "severity": "amber", "told_with": None},
    ]
    rows = [[cell.text for cell in row] for row in sheet(plan_of("en", signals=signals), "triggers").rows]
    assert [(row[1][:3], row[2]) for row in rows] == [("P01", "Late (the same matter: P03)"), ("T05", "Late")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["drafted", "changed", "rejected", "approved"])
def test_given_a_plan_when_shown_then_the_day_of_its_decision_is_that_of_risks_step_and_its_renewal_stands_apart(
    language: Language, state: str
) -> None:
    t = catalogue(language)
    facts = {fact.label: fact.value for fact in exit_view(plan_of(language, plan=PLAN | {"state": state})).profile}
    assert facts[t("exit.renew_by")] == "2026-10-30"
    assert facts.get(t("exit.decide_by")) == (None if state == "approved" else "2026-10-16")
    without = exit_view(plan_of(language, plan=PLAN | {"state": state}, steps=[])).profile
    assert t("exit.decide_by") not in {fact.label for fact in without}


def test_given_another_branchs_client_without_a_name_then_it_is_called_so_and_its_number_is_not_told() -> None:
    nameless = {"guarantor_id": "G2", "guarantor_branch_id": "B9", "loan_count": 1, "guaranteed_amt": None}
    (only,) = sheet(plan_of("en", guarantors=[nameless]), "guarantors").rows
    assert (only[0].text, only[1].text) == ("a client of another branch", "")


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "未提款额度"), ("en", "undrawn limit")])
def test_given_a_plan_then_its_foot_says_what_its_exposure_counts_beside_the_balance(
    language: Language, said: str
) -> None:
    t = catalogue(language)
    notes = {fact.label: fact.value for fact in exit_view(plan_of(language)).notes}
    assert said in notes[t("esg.exposure")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_the_page_is_the_golden_one(language: Language) -> None:
    assert matches(f"exit_plan_{language}.html", render_exit_plan(plan_of(language)))
