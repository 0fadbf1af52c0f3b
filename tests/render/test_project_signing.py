"""Sign-off on a review's page: who prepared and approved it, on which facts, and what has become of them since."""

from datetime import date
from typing import Any

import pytest
from project_review_sample import CONDITIONS, DRAFT, FACTS, KEPT, NAMES, SIGNED
from project_sample import NOTES, project_input

from nightdesk.kept_facts import facts_of, facts_text, hash_of, is_plain
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.project import project_view, render_project
from nightdesk.render.project_facts import FactWords, changes_of
from nightdesk.render.project_model import Sheet
from nightdesk.render.project_signing import last_signed

PREPARED = SIGNED | {"state": "prepared", "approved_by": None, "approved_on": None, "note": None}


def _sheet(language: Language = "en", **changes: Any) -> Sheet:
    return project_view(project_input(language, **changes)).sheets["signing"]


def _facts(sheet: Sheet) -> dict[str, str]:
    return {fact.label: fact.value for fact in sheet.facts}


def _part(sheet: Sheet, start: str) -> list[list[str]]:
    (part,) = [one for one in sheet.parts if one.title.startswith(start)]
    return [[cell.mark.label if cell.mark else cell.text for cell in row] for row in part.rows]


def test_given_a_draft_after_a_signed_review_when_shown_then_both_are_told_and_what_has_changed_since() -> None:
    sheet = _sheet()
    told = _facts(sheet)
    assert told["State of the review"] == "Drafted by the night"
    assert told["Approved by"] == "nobody yet"
    assert told["Last signed review"] == "2025-12-31, pass on conditions, 李核 (S0042) 2026-01-16"
    assert told["Since it was signed"] == ("the facts have changed: 2 worse, 1 new, 1 gone, 1 changed, 1 answered")
    assert _part(sheet, "Against the review signed as of 2025-12-31") == [
        ["Worse", "排污许可 P1", "Expires soon 2026-03-01", "Expired 2026-03-01"],
        ["Worse", "鸟类迁徙通道监测方案", "Overdue", "Long overdue"],
        ["New", "Penalty I1", "—", "open"],
        ["Gone", "旧措施", "In progress", "—"],
        ["Changed", "Score over what has evidence", "74.5", "70.1"],
        ["Answered", "Noise at night", "Not reported", "49 (2025-12-31)"],
    ]


def test_given_a_review_approved_later_than_the_one_shown_then_that_one_is_not_the_last_signed() -> None:
    later = SIGNED | {"period_end": date(2026, 6, 30), "approved_on": date(2026, 7, 10)}
    older = SIGNED | {"period_end": date(2025, 9, 30), "approved_on": date(2025, 10, 20)}
    told = _facts(_sheet(reviews=[DRAFT, older, later], period_end=date(2026, 3, 31)))
    assert told["Last signed review"] == "2025-09-30, pass on conditions, 李核 (S0042) 2025-10-20"
    itself = project_input("en", reviews=[DRAFT, older, later], period_end=date(2026, 6, 30))
    assert last_signed(itself)["period_end"] == date(2026, 6, 30), "one that is signed is its own"


def test_given_the_same_facts_when_shown_then_it_is_said_and_nothing_is_compared() -> None:
    sheet = _sheet(reviews=[SIGNED], facts=KEPT)
    assert _facts(sheet)["Since it was signed"] == "the facts are the same"
    assert [part.title for part in sheet.parts] == ["Conditions"]


def test_given_a_review_signed_before_facts_said_what_they_are_judged_by_when_shown_then_that_alone_is_no_change() -> (
    None
):
    kept = [
        {"fact": "item|dust", "name": None, "value": "2025-12-31 1.20", "tone": "red"},
        {"fact": "permit|P1", "name": "排污", "value": "valid 2030-01-01", "tone": "not_assessed"},
    ]
    tonight = [
        kept[0] | {"value": "2025-12-31 1.20 limit 1.00 target 0.50"},
        kept[1] | {"value": "valid 2030-01-01 unproven"},
    ]
    # as the signature had it of these values
    signed = SIGNED | {"facts_hash": "a1618e920cee2f2dea4ae142a5bedfd2"}
    told = {"kept_facts": {"2025-12-31": kept}, "reviews": [signed]}
    assert _facts(_sheet(facts=tonight, **told))["Since it was signed"] == "the facts are the same"
    tonight[0]["value"] = "2025-12-31 1.30 limit 1.00 target 0.50"
    assert _facts(_sheet(facts=tonight, **told))["Since it was signed"] == "the facts have changed: 1 changed"
    since = told | {"reviews": [signed | {"facts_hash": hash_of(kept)}]}
    assert _facts(_sheet(facts=tonight, **since))["Since it was signed"] == "the facts have changed: 2 changed"


def test_given_a_review_that_keeps_no_facts_when_shown_then_nobody_says_that_they_are_the_same() -> None:
    assert _facts(_sheet(kept_facts={}))["Since it was signed"] == "its facts are not kept and cannot be compared"


def test_given_a_review_that_awaits_approval_when_shown_then_it_is_approved_by_nobody_and_its_facts_are_compared() -> (
    None
):
    view = project_view(project_input("en", reviews=[PREPARED]))
    told = _facts(view.sheets["signing"])
    assert view.state is not None
    assert view.state.label == "Prepared, to be approved"
    assert (told["Prepared by"], told["Approved by"]) == ("王审 (S0041) 2026-01-15", "nobody yet")
    assert "Since it was prepared" in told
    assert {fact.label: fact.value for fact in view.headline}["Asked for"].startswith("approve it")


EARLIER = PREPARED | {
    "period_end": date(2025, 9, 30), "verdict": "pass", "judgement": "体系运行正常。", "prepared_on": date(2025, 11, 4),
    "has_changed": True,
}  # fmt: skip
LATER = [
    {"period_end": date(2025, 9, 30), "fact": "item|noise_night", "name": None, "value": "2025-12-31 49.00000000"}
    | {"tone": "green", "since_on": date(2025, 12, 31)},
    {"period_end": date(2025, 9, 30), "fact": "incident|I1", "name": "penalty", "value": "open"}
    | {"tone": "amber", "since_on": date(2026, 3, 1)},
    {"period_end": date(2025, 12, 31), "fact": "incident|I1", "name": "penalty", "value": "open"}
    | {"tone": "amber", "since_on": date(2026, 3, 1)},
]  # fmt: skip


def _waiting(sheet: Sheet) -> Sheet:
    (part,) = [one for one in sheet.parts if one.title.startswith("Waits for approval")]
    return part


def test_given_an_earlier_review_that_awaits_approval_when_the_draft_is_shown_then_it_is_there_too() -> None:
    condition = CONDITIONS[0] | {"period_end": date(2025, 9, 30), "condition": "补充监测报告", "is_binding": False}
    changes: dict[str, Any] = {
        "reviews": [DRAFT, EARLIER],
        "later_facts": LATER,
        "conditions": [condition, CONDITIONS[1]],
    }
    view = project_view(project_input("en", **changes))
    part = _waiting(view.sheets["signing"])
    assert part.title == "Waits for approval: the review as of 2025-09-30"
    told = _facts(part)
    assert told["Decision"] == "pass"
    assert told["Prepared by"] == "王审 (S0041) 2025-11-04"
    assert told["Condition"] == "补充监测报告 · by 2026-03-01 · before a draw"
    assert told["Since it was prepared"] == "its facts are not kept; facts of a day after it was prepared: 2"
    assert [word.value for word in part.words] == ["体系运行正常。"]
    assert [[cell.mark.label if cell.mark else cell.text for cell in row][1:] for row in part.rows] == [
        ["Penalty I1", "2026-03-01", "open"],
        ["Noise at night", "2025-12-31", "49 (2025-12-31)"],
    ]
    said = {fact.label: fact for fact in view.headline}["Since it was prepared"]
    assert (said.value, said.tone) == (
        "of the review as of 2025-09-30, which waits for approval, the facts have changed", "caution",
    )  # fmt: skip
    assert "体系运行正常。" in render_project(project_input("zh_CN", **changes))


def test_given_one_that_keeps_its_facts_or_has_none_of_a_later_day_when_it_waits_then_each_says_what_is_known() -> None:
    kept = _waiting(_sheet(reviews=[DRAFT, EARLIER], kept_facts={"2025-09-30": KEPT}, later_facts=LATER))
    assert _facts(kept)["Since it was prepared"].startswith("the facts have changed: 2 worse, 1 new")
    assert len(kept.rows) == 6
    assert _facts(kept)["Conditions"] == "No condition is set."
    view = project_view(project_input("en", reviews=[DRAFT, EARLIER | {"has_changed": None}], later_facts=LATER[2:]))
    bare = _waiting(view.sheets["signing"])
    assert _facts(bare)["Since it was prepared"] == "its facts are not kept and cannot be compared"
    assert bare.rows == ()
    assert "Since it was prepared" not in {fact.label for fact in view.headline}


def test_given_one_that_the_page_is_of_when_it_waits_then_its_verdict_stands_once_and_its_own_day_counts() -> None:
    own = PREPARED | {"period_end": date(2026, 3, 31)}
    part = _waiting(_sheet(reviews=[SIGNED, own], kept_facts={"2025-12-31": KEPT, "2026-03-31": FACTS}))
    assert list(_facts(part).items()) == [("Since it was prepared", "the facts are the same")]
    alone = _sheet(reviews=[PREPARED])
    assert [one.title for one in alone.parts if one.title.startswith("Waits")] == []


def test_given_a_review_that_was_sent_back_when_shown_then_who_did_stands_in_place_of_its_state() -> None:
    sent = PREPARED | {"state": "drafted", "returned_by": "S0042", "returned_on": date(2026, 1, 20), "note": "补充证据"}
    told = _facts(_sheet(reviews=[sent]))
    assert told["State of the review"] == "sent back by 李核 (S0042) 2026-01-20"
    assert told["Note of the approver"] == "补充证据"


def test_given_a_review_that_was_closed_when_shown_then_it_asks_for_nothing_and_says_who_closed_it() -> None:
    sent = PREPARED | {"state": "drafted", "returned_by": "S0042", "returned_on": date(2026, 1, 20)}
    closed = sent | {"closed_by": "S0041", "closed_on": date(2026, 1, 22), "note": "项目已转让"}
    view = project_view(project_input("en", reviews=[closed]))
    told = _facts(view.sheets["signing"])
    assert told["State of the review"] == "sent back, and no longer needed (王审 (S0041) 2026-01-22)"
    assert told["Note of the approver"] == "项目已转让"
    asked = {name: {fact.label: fact.value for fact in project_view(project_input("en", reviews=[row])).headline}
             for name, row in {"sent": sent, "closed": closed}.items()}  # fmt: skip
    assert asked["sent"]["Asked for"].startswith("prepare it anew, or close it")
    assert asked["closed"]["Asked for"] == "nothing"


@pytest.mark.parametrize("asked", [date(2025, 12, 31), None])
def test_given_a_period_when_asked_for_then_its_review_is_shown_else_the_newest(asked: date | None) -> None:
    told = _facts(_sheet(period_end=asked))
    assert told["End of the period"] == ("2025-12-31" if asked else "2026-03-31")


def test_given_conditions_when_shown_then_late_ones_lead_with_what_they_hold_up() -> None:
    rows = _part(_sheet(), "Conditions")
    assert [(row[0], row[3]) for row in rows] == [
        ("Overdue", "before a draw · 30 days overdue"),
        ("Met", "met on 2026-02-02 · evidence EV-9"),
    ]
    unsigned = _part(_sheet(conditions=[CONDITIONS[0] | {"is_binding": False}]), "Conditions")
    assert unsigned[0][3] == "before a draw · not binding before approval · 30 days overdue"


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_markup_and_a_formula_in_what_people_wrote_when_rendered_then_they_are_text(language: Language) -> None:
    page = render_project(project_input(language, reviews=[SIGNED | {"judgement": "=1+1 <b>x</b><script>y</script>"}]))
    assert "=1+1 &lt;b&gt;x&lt;/b&gt;&lt;script&gt;" in page


def test_given_facts_when_kept_as_text_then_they_come_back_with_their_hash_and_a_change_is_seen() -> None:
    rows = [{"fact": "permit|2", "name": "排污", "value": "soon", "tone": "amber"},
            {"fact": "permit|1", "name": None, "value": "expired", "tone": "red"}]  # fmt: skip
    kept = facts_of(facts_text(rows))
    assert kept is not None
    assert [one["fact"] for one in kept] == ["permit|1", "permit|2"]
    # as sql/esg/signing/fact_hash.sql has it of the same facts
    assert hash_of(kept) == "9188f949818324059c9214a06127d8e3"
    # of values without what they are judged by, as signatures kept them once
    assert (is_plain(kept, "5b93ec6af31fc23a55e2792825545832"), is_plain(kept, hash_of(kept))) == (True, False)
    kept[0]["value"] = "valid"
    assert hash_of(kept) != "9188f949818324059c9214a06127d8e3"


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"facts": [["a"]]}', '{"facts": 1}'])
def test_given_a_text_that_keeps_no_facts_when_read_then_there_are_none(text: str | None) -> None:
    assert facts_of(text) is None


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        ("green", "amber", "worse"),
        ("amber", "red", "worse"),
        ("grey", "not_assessed", "worse"),
        ("red", "green", "better"),
        ("not_assessed", "red", "answered"),
        ("grey", "grey", "changed"),
        ("green", "grey", "worse"),
        ("grey", "green", "better"),
        ("grey", "amber", "worse"),
        ("green", "not_assessed", "worse"),
        ("amber", "not_assessed", "changed"),
        ("red", "not_assessed", "changed"),
        ("not_assessed", "not_assessed", "changed"),
        ("not_assessed", "amber", "answered"),
        ("amber", "of old", "better"),
        ("of old", "amber", "worse"),
        ("grey", "of old", "worse"),
    ],
)
def test_given_a_fact_with_another_value_when_compared_then_its_tones_say_what_has_become_of_it(
    then: str, now: str, kind: str
) -> None:
    words = FactWords(catalogue("en"), Figures("en", "CNY"), NOTES, {})
    row = {"fact": "action|A", "name": None, "value": "open"}
    (change,) = changes_of([row | {"tone": then}], [row | {"value": "done", "tone": now}], words, is_plain=False)
    assert change.kind == kind


def test_given_changes_then_the_worst_lead_and_of_one_kind_the_gravest() -> None:
    words = FactWords(catalogue("en"), Figures("en", "CNY"), NOTES, {})
    tones = ("green", "grey", "not_assessed", "of old", "amber", "red")
    rows = [
        {"fact": f"action|{number}", "name": None, "value": "open", "tone": tone} for number, tone in enumerate(tones)
    ]
    assert [one.tone for one in changes_of([], rows, words, is_plain=False)] == [
        "red", "amber", "not_assessed", "of old", "grey", "green",
    ]  # fmt: skip
    fixed = rows[0] | {"value": "done"}
    found = changes_of(rows[:3], [fixed, rows[4]], words, is_plain=False)
    assert [one.kind for one in found] == ["new", "gone", "gone", "changed"]


@pytest.mark.parametrize(
    ("fact", "name", "said"),
    [
        ("profile|ep_category", None, "Equator Principles category"),
        ("permit|P1", "discharge", "pollutant discharge P1"),
        ("permit|P1", None, "Permit P1"),
        ("incident|I1", "penalty", "Penalty I1"),
        ("emission|2025:3", None, "Emissions 2025, scope 3 (t)"),
        ("score|strict", None, "Score with missing evidence as 0"),
        ("score|evidenced", None, "Score over what has evidence"),
        ("grievance|open", None, "Open grievances"),
        ("item|dust", None, "Dust"),
        ("item|unheard_of", "named", "unheard_of"),
        ("action|A1", "Bird monitoring", "Bird monitoring"),
        ("action|A1", None, "A1"),
    ],
)
def test_given_a_fact_then_what_it_is_about_is_named(fact: str, name: str | None, said: str) -> None:
    words = FactWords(catalogue("en"), Figures("en", "CNY"), NOTES, {"dust": "Dust"})
    assert words.what({"fact": fact, "name": name, "value": "", "tone": "grey"}) == said


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("profile|cn_class", "B", "B: adverse impacts, easily mitigated"),
        ("profile|stage", "operation", "Operation"),
        ("permit|P1", "endless", "Does not expire"),
        ("permit|P1", "expired_filed 2026-03-01", "Expired, renewal filed 2026-03-01"),
        ("item|dust", "2025-12-31 1.20000000", "1.2 (2025-12-31)"),
        ("permit|P1", "valid 2030-01-01 unproven", "Valid 2030-01-01, no evidence"),
        ("action|A1", "done unproven", "Done, no evidence"),
        ("incident|I1", "closed unverified", "closed, remedy not verified with evidence"),
        ("item|dust", "2025-12-31 1.20000000 limit 1.00000000 target 0.5", "1.2 (2025-12-31), limit 1, target 0.5"),
        ("item|dust", "2025-12-31 1.20000000 target 0.5", "1.2 (2025-12-31), target 0.5"),
        ("grievance|open", "2 reported 0.0000", "2 (the project reports 0)"),
        ("item|dust", "missing", "Not reported"),
        ("emission|2025:3", "scope_not_reported", "this scope is not reported"),
        ("grievance|open", "3", "3"),
        ("signal|E04", "red", "Red"),
        ("score|strict", "unknown", "Not assessed"),
    ],
)
def test_given_a_fact_when_said_then_in_words(fact: str, value: str, said: str) -> None:
    names = {code: one["en"] for code, one in NAMES.items()}
    words = FactWords(catalogue("en"), Figures("en", "CNY"), NOTES, names)
    assert words.value({"fact": fact, "name": None, "value": value, "tone": "grey"}) == said


def test_given_the_sample_facts_when_drafted_then_nothing_is_kept_of_a_draft() -> None:
    view = project_view(project_input("en", reviews=[DRAFT], facts=FACTS))
    assert "signed_facts" not in view.sheets
    assert _facts(view.sheets["signing"])["Approved by"] == "nobody yet"
