"""A project's ESG review: what is due, what is late, and what nobody supplied."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from branch_sample import BUSINESS_DATE as DAY
from project_review_sample import CONDITIONS, KPIS, REVIEWS
from project_sample import (
    ACTIONS,
    COVENANTS,
    INCIDENTS,
    NOTES,
    PERMITS,
    REVIEW,
    SIGNALS,
    project_input,
    replace,
    withheld,
)
from project_sheet_sample import GRIEVANCE, STANDARDS

from golden import matches
from nightdesk.reading.assessment import review_bands
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.made_of import Bands, Unassessed
from nightdesk.render.project import project_view, render_project

QUIET: dict[str, Any] = {
    "covenants": [],
    "incidents": [],
    "actions": [],
    "permits": [],
    "insurances": [],
    "signals": [],
    "standards": [],
    "due": [],
    "emissions": [],
    "taxonomy": [],
    "equator": {},
    "grievance": {},
    "kpis": [],
    "conditions": [],
    "reviews": [],
    "withheld": [],
}
VALID = PERMITS[1] | {"expires_on": date(2030, 1, 1)}
LAPSED = PERMITS[0] | {"is_operating_critical": False}
OF_ONE = {"operator": ">=", "limit_value": Decimal(1), "status": "pass"}
OPEN = {"done_on": None, "state": "open"}
#: everything about projects is supplied, and read by some rule
WHOLE = replace(NOTES, not_supplied=(), unassessed=Unassessed())


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
    (nameless,) = project_view(project_input("en", covenants=[COVENANTS[0] | {"name": None}])).covenants
    assert nameless.name == COVENANTS[0]["covenant_id"]


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


@pytest.mark.parametrize(
    ("late", "note", "tone"),
    [
        (-1, "1 day left", "grey"), (0, "0 days left", "grey"), (1, "1 day overdue", "amber"),
        (90, "90 days overdue", "amber"), (91, "91 days overdue", "red"),
    ],
)  # fmt: skip
def test_given_the_day_of_an_action_then_it_is_overdue_from_the_day_after_and_red_beyond_what_policy_says(
    late: int, note: str, tone: str
) -> None:
    due = ACTIONS[0] | {"due_on": DAY - timedelta(days=late), "done_on": None}
    (row,) = project_view(project_input("en", actions=[due])).actions
    assert (row.note, row.mark.tone) == (note, tone)


def test_given_an_action_done_after_the_business_date_when_shown_then_it_is_still_open() -> None:
    later = [ACTIONS[0] | {"done_on": date(2026, 4, 1)}]
    assert project_view(project_input("en", actions=later)).actions[0].mark.label == "Overdue"


@pytest.mark.parametrize(
    ("permit", "label", "tone"),
    [
        ({"expires_on": date(2026, 7, 29), "notice_days": 120}, "Expires soon", "amber"),
        ({"expires_on": date(2026, 7, 30), "notice_days": 120}, "Valid", "green"),
        ({"expires_on": date(2026, 7, 30), "notice_days": 120, "evidence_id": None},
         "Valid by the register, no evidence", "grey"),
        ({"expires_on": date(2026, 7, 30), "notice_days": 120, "evidence_id": None, "is_evidence_unknown": True},
         "Valid by the register, evidence not known", "grey"),
        ({"expires_on": date(2026, 7, 29), "notice_days": 120, "renewal_filed_on": date(2026, 3, 1)},
         "Renewal filed", "grey"),
        ({"expires_on": None, "does_expire": False}, "Does not expire", "grey"),
        ({"expires_on": None, "does_expire": True}, "End not stated", "grey"),
    ],
)  # fmt: skip
def test_given_a_permit_when_shown_then_its_kinds_own_notice_counts_and_a_filed_renewal_is_told_without_a_colour(
    permit: dict[str, Any], label: str, tone: str
) -> None:
    row = project_view(
        project_input(
            "en", permits=[{"permit_id": "P9", "kind": "water", "evidence_id": "EV-P9"} | permit], insurances=[]
        )
    ).permits[0]
    assert (row.mark.label, row.mark.tone) == (label, tone)


@pytest.mark.parametrize(
    ("is_unknown", "label"),
    [(False, "Said to be done, no evidence"), (True, "Said to be done, evidence not known")],
)
def test_given_an_action_that_is_said_to_be_done_without_evidence_when_shown_then_it_is_not_green(
    is_unknown: bool, label: str
) -> None:
    claimed = [ACTIONS[3] | {"evidence_id": None, "is_evidence_unknown": is_unknown}]
    (row,) = project_view(project_input("en", actions=claimed)).actions
    assert (row.mark.label, row.mark.tone, row.evidence) == (label, "not_assessed", "—")
    (row,) = project_view(project_input("en", actions=[ACTIONS[3]])).actions
    assert (row.mark.label, row.mark.tone, row.evidence) == ("Done", "green", "EV-4")
    (row,) = project_view(project_input("en", actions=[claimed[0] | {"is_evidence_unknown": True}])).actions
    assert (row.mark.label, row.mark.tone) == ("Said to be done, evidence not known", "not_assessed")


@pytest.mark.parametrize(
    ("changes", "language", "clock"),
    [
        ({}, "en", "renewal to be filed by 2025-12-31 (Pollutant Discharge Permit Regulation Art. 14)"),
        ({}, "zh_CN", "延续申请须于 2025-12-31 前提出 (排污许可管理条例第十四条)"),
        ({"law_en": None}, "en", "renewal to be filed by 2025-12-31"),
        (
            {"renewal_due_on": None, "building_months": 60, "law_en": None},
            "en",
            "building within 60 months of approval, else reviewed anew",
        ),
        ({"renewal_due_on": None}, "en", ""),
    ],
)
def test_given_the_clock_that_a_law_sets_a_permit_when_shown_then_its_day_and_rule_are_told(
    changes: dict[str, Any], language: Language, clock: str
) -> None:
    row = project_view(project_input(language, permits=[PERMITS[0] | changes], insurances=[])).permits[0]
    assert (row.clock, row.document, row.evidence) == (clock, "91510-001P", "EV-P1")


@pytest.mark.parametrize(
    ("coverage", "tone", "said"),
    [
        ("40", "green", None),
        ("39.6", "not_assessed", "39.6%"),
        ("39.99", "not_assessed", "39.99%"),
        ("39.9999", "not_assessed", "39.9999%"),
        ("12.4", "not_assessed", "12%"),
        (None, "not_assessed", "0%"),
    ],
)
def test_given_evidence_of_too_little_of_the_score_then_nothing_is_called_good_and_the_page_says_why(
    coverage: str | None, tone: str, said: str | None
) -> None:
    score = {"as_of": DAY, "coverage_pct": None if coverage is None else Decimal(coverage)}
    view = project_view(project_input("en", **QUIET | {"permits": [VALID], "notes": WHOLE, "scores": [score]}))
    assert view.verdict.tone == tone
    found = [line for line in view.gaps if "40% is needed" in line]
    assert found == (
        []
        if said is None
        else [f"Evidence covers {said} of the score's weight, and at least 40% is needed to call anything good"]
    )


def test_given_the_page_then_its_fifteen_parts_stand_in_their_order_by_number() -> None:
    html = render_project(project_input("en"))
    assert re.findall(r"<h2>([0-9AB]+) ", html) == [*(str(n) for n in range(1, 16)), "A", "B"]


def test_given_more_findings_than_the_verdict_names_then_it_says_how_many_more_there_are() -> None:
    view = project_view(project_input("en"))
    assert (len(view.issues), view.more_issues) == (3, "5 more in the parts below")
    assert project_view(project_input("en", **QUIET | {"permits": [VALID]})).more_issues == ""
    overdue = {**ACTIONS[0], "due_on": DAY - timedelta(days=1), "status": "open", "done_on": None}
    for count, more in ((3, ""), (4, "1 more in the parts below")):
        actions = [overdue | {"action_id": f"A{n}"} for n in range(count)]
        view = project_view(project_input("en", **QUIET | {"actions": actions}))
        assert (len(view.issues), view.more_issues) == (3, more)


def test_given_a_project_without_a_name_then_it_goes_by_its_id() -> None:
    assert project_view(project_input(review=REVIEW | {"name": None})).name == "PRJ-0031"


@pytest.mark.parametrize(("code", "group", "is_esg"), [("E03", None, True), ("E03", "J", False), ("J11", "E", True)])
def test_given_a_signal_then_its_group_says_which_part_it_stands_in_or_else_its_code(
    code: str, group: str | None, is_esg: bool
) -> None:
    row = {"project_id": "PRJ-0031", "indicator": code, "severity": "red", "audience": "branch", "group_code": group}
    view = project_view(project_input("en", signals=[row]))
    assert (len(view.signals), len(view.credit_signals)) == ((1, 0) if is_esg else (0, 1))


@pytest.mark.parametrize(("ahead", "note"), [(730, "expires in 730 days"), (731, "")])
def test_given_a_paper_that_ends_far_ahead_when_shown_then_its_date_stands_without_a_count_of_days(
    ahead: int, note: str
) -> None:
    ends = DAY + timedelta(days=ahead)
    permit = PERMITS[1] | {"expires_on": ends, "is_operating_critical": False}
    row = project_view(project_input("en", permits=[permit], insurances=[])).permits[0]
    assert (row.expires, row.note, row.mark.tone) == (ends.isoformat(), note, "green")


def test_given_permits_when_shown_then_an_expired_critical_one_is_red_whatever_was_filed() -> None:
    filed = [PERMITS[0] | {"renewal_filed_on": date(2026, 2, 1)}]
    row = project_view(project_input("en", permits=filed, insurances=[])).permits[0]
    assert (row.mark.tone, row.note) == (
        "red",
        "critical to operation · expired 30 days ago · renewal filed on 2026-02-01",
    )


def test_given_an_insurance_that_runs_then_it_is_as_the_record_states_as_nothing_proves_it_and_late_ones_stay_so() -> (
    None
):
    policy = {"insurance_id": "N1", "kind": "all_risk"}
    told = {
        until: project_view(
            project_input("en", permits=[], insurances=[policy | {"expires_on": date.fromisoformat(until)}])
        ).permits[0]
        for until in ("2030-01-01", "2026-04-10", "2026-03-01")
    }
    assert [(row.mark.label, row.mark.tone) for row in told.values()] == [
        ("Valid as the bank's record states", "grey"),
        ("Expires soon", "amber"),
        ("Expired", "red"),
    ]


@pytest.mark.parametrize(
    ("changes", "verdict", "tone"),
    [
        ({}, "Act now", "red"),
        (QUIET | {"permits": [PERMITS[1]]}, "Attention", "amber"),
        (QUIET | {"permits": [VALID], "notes": WHOLE}, "Nothing fired in the data assessed", "green"),
        (QUIET | {"permits": [VALID]}, "Nothing fired in the data assessed", "not_assessed"),
        (
            QUIET | {"permits": [VALID], "notes": replace(WHOLE, unassessed=Unassessed(("emission",)))},
            "Nothing fired in the data assessed",
            "not_assessed",
        ),
        (
            QUIET | {"permits": [VALID], "notes": WHOLE, "withheld": [withheld("C1", "permit")]},
            "Too little data for a verdict",
            "not_assessed",
        ),
        (QUIET | {"notes": replace(WHOLE, not_supplied=("permit",))}, "Too little data for a verdict", "not_assessed"),
        (
            QUIET | {"permits": [VALID], "notes": replace(WHOLE, not_supplied=("esap_action.done_on",))},
            "Nothing fired in the data assessed",
            "not_assessed",
        ),
        # what is the credit's business: a breach, a red signal of construction, arrears, an insurance that ran out
        (
            QUIET
            | {
                "permits": [VALID],
                "covenants": [COVENANTS[1]],
                "signals": [{"indicator": "J07", "severity": "red", "group_code": "J"}],
                "insurances": [{"insurance_id": "N1", "kind": "all_risk", "expires_on": date(2020, 1, 1)}],
                "review": REVIEW | {"max_days_past_due": 90},
                "notes": WHOLE,
            },
            "Nothing fired in the data assessed",
            "green",
        ),
        (
            QUIET
            | {"permits": [VALID], "signals": [{"indicator": "E05", "severity": "red", "group_code": "E"}]}
            | {"notes": WHOLE},
            "Act now",
            "red",
        ),
        (
            QUIET | {"permits": [VALID], "kpis": [KPIS[1]], "notes": WHOLE},
            "Act now",
            "red",
        ),
        # a condition of a signed review that is late is the review's own; of one that nobody signed it binds nobody
        (QUIET | {"permits": [VALID], "conditions": [CONDITIONS[0]], "notes": WHOLE}, "Act now", "red"),
        (
            QUIET | {"permits": [VALID], "conditions": [CONDITIONS[0] | {"is_binding": False}], "notes": WHOLE},
            "Nothing fired in the data assessed",
            "green",
        ),
        # a standard that nothing is known of leaves the rest as it is, and is itself never green
        (
            QUIET | {"permits": [VALID], "standards": [STANDARDS[6]], "notes": WHOLE},
            "Nothing fired in the data assessed",
            "green",
        ),
        (QUIET | {"standards": [STANDARDS[6]], "notes": WHOLE}, "Too little data for a verdict", "not_assessed"),
        (QUIET | {"permits": [VALID], "grievance": GRIEVANCE, "notes": WHOLE}, "Attention", "amber"),
        # what cannot be is not known
        (
            QUIET | {"permits": [VALID], "kpis": [KPIS[1] | {"state": "implausible", "value": None}], "notes": WHOLE},
            "Too little data for a verdict",
            "not_assessed",
        ),
        (
            QUIET
            | {"permits": [VALID], "emissions": [{"year": 2025, "scope": 1, "reason": "implausible"}]}
            | {"notes": WHOLE},
            "Too little data for a verdict",
            "not_assessed",
        ),
        (
            QUIET | {"actions": [ACTIONS[0] | {"state": "not_assessed"}], "notes": WHOLE},
            "Too little data for a verdict",
            "not_assessed",
        ),
        (
            QUIET | {"incidents": [INCIDENTS[0] | {"state": "not_assessed"}], "notes": WHOLE},
            "Too little data for a verdict",
            "not_assessed",
        ),
        (QUIET | {"permits": [LAPSED | {"is_renewal_unknown": True}], "notes": WHOLE}, "Attention", "amber"),
        (QUIET | {"permits": [LAPSED], "notes": WHOLE}, "Act now", "red"),
    ],
)
def test_given_what_is_known_when_judged_then_the_worst_decides_and_only_what_is_whole_is_green(
    changes: dict[str, Any], verdict: str, tone: str
) -> None:
    found = project_view(project_input("en", **changes)).verdict
    assert (found.label, found.tone) == (verdict, tone)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"notes": WHOLE}, "No permits or insurances in the data supplied."),
        (
            {"notes": replace(WHOLE, not_supplied=("permit", "insurance"))},
            "Not supplied: insurance, permits; not assessed.",
        ),
        (
            {"notes": replace(WHOLE, not_supplied=("insurance",))},
            "No permits or insurances in the data supplied. Not supplied: insurance; not assessed.",
        ),
        (
            {"notes": replace(WHOLE, unassessed=Unassessed(("insurance", "permit")))},
            "Supplied, not assessed by this version: insurance, permits.",
        ),
        (
            {"notes": WHOLE, "withheld": [withheld("C1", "permit"), withheld("C1", "loan")]},
            "1 row was not used and is not assessed.",
        ),
        (
            {"notes": replace(WHOLE, not_supplied=("permit.expires_on",))},
            "No permits or insurances in the data supplied. Not supplied: permits: expiry date; not assessed.",
        ),
        (
            {"notes": replace(WHOLE, not_supplied=("permit",)), "permits": [], "insurances": None},
            "Not supplied: permits",
        ),
    ],
)
def test_given_an_empty_or_partial_panel_then_none_is_said_only_of_what_was_supplied_and_judged(
    changes: dict[str, Any], said: str
) -> None:
    papers = {"insurances": [{"insurance_id": "N1", "kind": "all_risk", "expires_on": date(2027, 1, 1)}]}
    given = QUIET | changes | (papers if changes.get("insurances", []) is None else {})
    shown = project_view(project_input("en", **given)).said["permits"]
    assert shown == said if said.endswith(".") else shown.startswith(said)
    assert shown in render_project(project_input("en", **given))


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
    assert "Not supplied: emissions, insurance" in page
    assert "Supplied, not assessed by this version: ESG items" in page
    assert "Data not used, what rests on them is not assessed: permits (failed a check, 1 row)" in page
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


@pytest.mark.parametrize(
    ("verification", "said"),
    [
        ("verified", "2026-02-20, evidence EV1"),
        ("without_evidence", "Not verified: dated 2026-02-20, no evidence"),
        ("before_incident", "Not verified: dated 2026-02-20, before it happened"),
        ("not_verified", "Not verified"),
        ("not_assessed", "Not assessed"),
        ("not_supplied", "Not supplied"),
        (None, "Not supplied"),
    ],
)
def test_given_an_incident_when_shown_then_only_evidence_says_that_its_fix_was_seen(
    verification: str | None, said: str
) -> None:
    incident = INCIDENTS[1] | {"verification": verification, "verified_on": date(2026, 2, 20), "evidence_id": "EV1"}
    view = project_view(project_input("en", incidents=[incident]))
    assert [row.verified for row in view.incidents] == [said]


def test_given_an_incident_without_cause_fix_or_number_when_shown_then_they_are_not_supplied() -> None:
    bare = {name: value for name, value in INCIDENTS[0].items() if name not in ("cause", "document_no")}
    rows = project_view(project_input("en", incidents=[bare, INCIDENTS[1]])).incidents
    assert [(row.cause, row.fix, row.source) for row in rows] == [
        ("Not supplied", "Not supplied", "市生态环境局"),
        ("脚手架未验收", "更换分包商并复训", "—"),
    ]


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "未评估"), ("en", "Not assessed")])
def test_given_rows_that_the_night_could_not_tell_when_shown_then_each_says_so_in_words(
    language: Language, word: str
) -> None:
    unknown = {"state": "not_assessed", "closed_on": None, "done_on": None}
    view = project_view(
        project_input(
            language,
            covenants=[COVENANTS[1] | {"status": "not_assessed"}],
            incidents=[INCIDENTS[0] | unknown | {"kind": "stop_order"}],
            actions=[ACTIONS[0] | unknown],
        )
    )
    marks = [rows[0].mark for rows in (view.covenants, view.incidents, view.actions)]
    assert [(mark.label, mark.tone) for mark in marks] == [(word, "not_assessed")] * 3
    t = catalogue(language)  # and each says what it is that nobody told
    assert view.covenants[0].headroom == t("esg.covenant_unknown")
    assert view.incidents[0].occurred.endswith(t("esg.closure_unknown"))
    assert view.actions[0].note == t("esg.done_unknown")
    assert view.overdue_actions == 0


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"status": "breach", "actual": None}, "Breach"),
        ({"status": "pass", "actual": None}, "Pass"),
        ({"status": "pass", "operator": None}, "Pass"),
        ({"status": "pass", "operator": "=", "actual": Decimal("1.3")}, "Pass"),
        ({"status": "pass", "limit_value": None}, "Pass"),
        ({"status": "pass", "limit_value": Decimal(0)}, "Pass"),
        ({"status": None}, "Not assessed"),
    ],
)
def test_given_a_covenant_then_the_page_says_what_is_published(changes: dict[str, Any], label: str) -> None:
    [row] = project_view(project_input("en", covenants=[COVENANTS[3] | changes])).covenants
    assert row.mark.label == label
    assert "%" not in row.headroom, "no distance to a limit that is none or nought, nor of what is not known"


@pytest.mark.parametrize(
    ("changes", "tones"),
    [
        # headroom in percent of the limit: just under, at
        ({"covenants": [COVENANTS[0] | {"actual": Decimal("1.199"), **OF_ONE}]}, ["amber"]),
        ({"covenants": [COVENANTS[0] | {"actual": Decimal("1.2"), **OF_ONE}]}, ["green"]),
        # days that an action is overdue: at, over
        ({"actions": [ACTIONS[0] | {"due_on": DAY - timedelta(5), **OPEN}]}, ["amber"]),
        ({"actions": [ACTIONS[0] | {"due_on": DAY - timedelta(6), **OPEN}]}, ["red"]),
        # days until a permit ends: over, at
        ({"permits": [PERMITS[0] | {"expires_on": DAY + timedelta(8)}]}, ["green"]),
        ({"permits": [PERMITS[0] | {"expires_on": DAY + timedelta(7)}]}, ["amber"]),
        # open incidents: a kind that policy names, one that it does not, one without a kind
        (
            {"incidents": [{"kind": kind, "occurred_on": DAY} for kind in ("spill", "stop_order", None)]},
            ["red", "amber", "amber"],
        ),
    ],
)
def test_given_other_bands_when_shown_then_the_tones_begin_where_they_say(
    changes: dict[str, Any], tones: list[str]
) -> None:
    bands = Bands(
        Decimal(20),
        long_overdue_days=5,
        expiry_notice_days=7,
        expiry_told_days=730,
        least_coverage_pct=Decimal(40),
        incident_tones={"spill": "red"},
    )
    view = project_view(project_input("en", **QUIET | {"bands": bands} | changes))
    rows = [*view.covenants, *view.actions, *view.permits, *view.incidents]
    assert [row.mark.tone for row in rows] == tones


def test_given_the_policy_of_a_day_when_read_then_the_bands_are_its_rows() -> None:
    bands = review_bands("contract", DAY)
    assert (bands.tight_headroom_pct, bands.long_overdue_days, bands.expiry_notice_days) == (Decimal(10), 90, 90)
    assert bands.incident_tones == {
        "court": "red",
        "fatality": "red",
        "grievance": "amber",
        "penalty": "amber",
        "physical_damage": "red",
        "production_limit": "red",
        "protest": "red",
        "stop_order": "red",
    }


def test_given_an_unproven_signal_when_shown_then_its_row_says_so_and_no_other() -> None:
    signals = [row | {"is_unproven": row["indicator"] == "J12"} for row in SIGNALS]
    source = project_input("zh_CN", signals=signals)
    view = project_view(source)
    assert [row.unproven for row in (*view.signals, *view.credit_signals)].count("未经验证") == 1
    assert render_project(source).count("未经验证") == 1
    assert "未经验证" not in render_project(project_input("zh_CN"))


def test_given_a_figure_over_its_limit_when_an_indicator_says_so_too_then_it_is_told_once() -> None:
    fired = {"indicator": "E05", "severity": "red", "group_code": "E", "reason_en": "Dust at 120% of the limit"}
    standards = [STANDARDS[2] | {"grade": "red", "items_over_limit": 1}]
    both = project_view(
        project_input("en", **(QUIET | {"kpis": [KPIS[1]], "signals": [fired], "standards": standards}))
    )
    alone = project_view(project_input("en", **(QUIET | {"kpis": [KPIS[1]], "standards": standards})))
    assert both.issues == ("Dust at 120% of the limit",)
    assert alone.issues == ("Dust: 120% of the permit's limit",)


@pytest.mark.parametrize(
    ("fired", "issues"),
    [
        ({"severity": "red"}, ("Permit P1 has expired",)),
        # what is graver than the signal, of another permit, or seen by risk alone, is told by itself
        ({"severity": "amber"}, ("Permit: water abstraction permit expired 30 days ago", "Permit P1 has expired")),
        (
            {"severity": "red", "source_keys": "permit:P9"},
            ("Permit P1 has expired", "Permit: water abstraction permit expired 30 days ago"),
        ),
        ({"severity": "red", "group_code": "J"}, ("Permit: water abstraction permit expired 30 days ago",)),
        (None, ("Permit: water abstraction permit expired 30 days ago",)),
    ],
)
def test_given_an_expired_permit_when_an_indicator_says_so_too_then_it_is_told_once(
    fired: dict[str, Any] | None, issues: tuple[str, ...]
) -> None:
    permit = {
        "permit_id": "P1",
        "kind": "water_abstraction",
        "expires_on": date(2026, 3, 1),
        "is_operating_critical": False,
    }
    signal = {"indicator": "E04", "group_code": "E", "source_keys": "permit:P1", "reason_en": "Permit P1 has expired"}
    signals = [] if fired is None else [signal | fired]
    view = project_view(project_input("en", **QUIET | {"permits": [permit], "signals": signals}))
    assert view.issues == issues
    assert view.verdict.tone == "red"


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("esg_incident:I1", ("Environmental and social action plan (ESAP): fence 60 days overdue", "A signal of it")),
        ("esap_action:A1", ("Incidents and penalties: Stop order 2026-02-10", "A signal of it")),
        (
            "esg_incident:I2",
            (
                "A signal of it",
                "Incidents and penalties: Stop order 2026-02-10",
                "Environmental and social action plan (ESAP): fence 60 days overdue",
            ),
        ),
    ],
)
def test_given_an_incident_or_an_action_when_an_indicator_says_so_too_then_it_is_told_once(
    of: str, told: tuple[str, ...]
) -> None:
    incident = {"incident_id": "I1", "kind": "stop_order", "occurred_on": date(2026, 2, 10), "state": "open"}
    action = {"action_id": "A1", "description": "fence", "due_on": date(2026, 1, 30), "state": "overdue"}
    signal = {
        "indicator": "E01",
        "group_code": "E",
        "severity": "red",
        "source_keys": of,
        "reason_en": "A signal of it",
    }
    rows = {"incidents": [incident], "actions": [action], "signals": [signal]}
    issues = project_view(project_input("en", **QUIET | rows)).issues
    assert sorted(issues) == sorted(told)


def test_given_a_figure_near_its_limit_when_an_indicator_says_so_too_then_it_is_told_once() -> None:
    near = KPIS[1] | {"state": "near_limit", "value": Decimal("0.9"), "limit_pct": Decimal(90)}
    fired = {"indicator": "E05", "severity": "amber", "group_code": "E", "reason_en": "Dust at 90% of the limit"}
    both = project_view(project_input("en", **QUIET | {"kpis": [near], "signals": [fired]}))
    alone = project_view(project_input("en", **QUIET | {"kpis": [near]}))
    assert both.issues == ("Dust at 90% of the limit",)
    assert alone.issues == ("Dust: 90% of the permit's limit",)


def test_given_a_figure_that_misses_its_target_then_it_is_a_reason_with_both_whatever_indicator_fired() -> None:
    behind = KPIS[0] | {"state": "behind_target"}
    fired = {"indicator": "E05", "severity": "amber", "group_code": "E", "reason_en": "Dust at 90% of the limit"}
    told = "Noise at night: 49 misses the target of 48"
    alone = project_view(project_input("en", **QUIET | {"kpis": [behind], "notes": WHOLE}))
    assert (alone.verdict.tone, alone.issues) == ("amber", (told,))
    both = project_view(project_input("en", **QUIET | {"kpis": [behind], "signals": [fired]}))
    assert both.issues == ("Dust at 90% of the limit", told)


def test_given_a_fact_that_is_not_assessed_when_none_fired_then_the_page_is_no_greener_than_the_finding() -> None:
    gap = "Some facts are not assessed: see the sections below"
    for finding, tone, is_told in (("green", "green", False), ("not_assessed", "not_assessed", True)):
        reviews = [REVIEWS[0] | {"finding": finding}]
        view = project_view(project_input("en", **QUIET | {"permits": [VALID], "reviews": reviews, "notes": WHOLE}))
        assert (view.verdict.tone, gap in view.gaps) == (tone, is_told), finding


def test_given_figures_that_cannot_be_when_shown_then_item_period_and_year_stand_under_the_verdict_once() -> None:
    scopes = [{"year": 2025, "scope": scope, "reason": "implausible"} for scope in (1, 2, 3)]
    off = KPIS[1] | {"state": "implausible", "value": None, "period_end": date(2026, 3, 31)}
    view = project_view(project_input("en", **QUIET | {"kpis": [off], "emissions": scopes, "notes": WHOLE}))
    (gap,) = [one for one in view.gaps if "plausible" in one]
    assert gap.endswith(" 2026-03-31, emissions of 2025")
    assert "2025" not in gap.removesuffix("emissions of 2025")


def test_given_no_table_of_the_indicators_when_none_fired_then_that_is_not_said() -> None:
    tables = ("esap_action", "esg_incident", "esg_item", "permit", "report_due")
    for missing, is_said in (((), True), (tables[1:], True), (tables, False)):
        notes = replace(WHOLE, not_supplied=missing)
        said = project_view(project_input("en", **QUIET | {"signals": [], "notes": notes})).said["signals"]
        assert ("none fired" in said) is is_said, missing
        assert ("Not supplied" in said) is bool(missing)
