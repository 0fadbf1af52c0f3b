"""The brief for a visit: one sheet of paper whatever the client's file holds, and what was left out is counted."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from brief_sample import DAY, full_brief
from on_paper import lacking
from pypdf import PdfReader

from golden import matches
from nightdesk.render.brief import brief_page
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.client_page import render_client_page
from nightdesk.render.paper import printed
from nightdesk.render.rows import as_rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_every_section_filled_to_its_limit_with_the_longest_sentences_then_it_prints_on_one_sheet(
    language: Language,
) -> None:
    html = render_client_page(brief_page(full_brief(language)))
    made = printed(html, DAY)
    assert lacking(html, made) == []
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) == 1
    assert float(pages[0].mediabox.width) == pytest.approx(595.28, abs=0.5), "A4"


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("zh_CN", "其他机构的客户 1 户", "其他机构的客户 2 户"),
        ("en", "1 client of another branch", "2 clients of other"),
    ],
)
def test_given_members_of_other_branches_then_they_are_counted_without_name_number_or_money(
    language: Language, one: str, several: str
) -> None:
    source = full_brief(language)
    own, other, third = (dict(row) for row in as_rows(source.members)[:3])
    other |= {"branch_id": "B9", "name": "KANARI", "client_id": "KANARI9", "exposure_amt": Decimal("777777.77")}
    for rows, said in (([own, other], one), ([own, other, third | {"branch_id": None}], several)):
        html = render_client_page(brief_page(replace(source, members=rows, tier={"carrier_client_id": "KANARI9"})))
        assert said in html
        assert str(own["client_id"]) in html
        assert "KANARI" not in html
        assert "77.78" not in html
        assert catalogue(language)("brief.leads") not in html, "who leads is elsewhere"
    alone = brief_page(replace(source, members=[own])).sheets[-1]
    assert alone.rows == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_colour_before_tonights_then_the_change_is_told_and_a_first_night_is_no_change(
    language: Language,
) -> None:
    source = full_brief(language)
    t = catalogue(language)
    told = t("brief.colour_moved", day="2026-10-02", was=t.label("colour", "amber"))
    assert told in render_client_page(brief_page(source))
    first = replace(
        source,
        # the colour of last night says nothing of the one before it
        warning={**source.warning, "previous_colour": "orange"},
        background={**source.background, "colour_before": None},
    )
    html = render_client_page(brief_page(first))
    assert t("brief.colour_moved", day="2026-10-02", was=t.label("colour", "orange")) not in html
    assert told not in html


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "重点检查（3项）"), ("en", "key check (3)")])
def test_given_three_events_that_ask_for_a_check_of_one_loan_then_the_visit_says_it_once_by_the_first_day(
    language: Language, said: str
) -> None:
    items = [
        {"kind": "key_check", "loan_id": "L1", "due_on": date(2026, 10, day), "subject": str(day)}
        for day in (19, 20, 20)
    ]
    page = brief_page(replace(full_brief(language), items=[*items, {**items[0], "loan_id": "L2"}]))
    (sheet,) = (one for one in page.sheets if getattr(one, "title", "") == catalogue(language)("brief.purpose"))
    rows = [[cell.text for cell in row] for row in sheet.rows]  # type: ignore[union-attr]
    assert rows[0][0].lower() == said
    assert [row[1:] for row in rows] == [["L1", "2026-10-19"], ["L2", "2026-10-19"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_one_permit_that_two_signals_tell_then_the_hard_one_stands_and_names_the_other(
    language: Language,
) -> None:
    told = dict(as_rows(full_brief(language).signals)[0]) | {"severity": "red"}
    other = {"indicator": "E04", "hard": False, "told_with": "J15", "reason_zh": "PERMIT", "reason_en": "PERMIT"}
    hard = {"indicator": "J15", "hard": True, "told_with": "E04", "reason_zh": "HALTED", "reason_en": "HALTED"}
    source = replace(full_brief(language), signals=[told | other, told | hard])
    html = render_client_page(brief_page(source))
    assert "HALTED" in html
    assert "PERMIT" not in html
    assert catalogue(language)("line.told_with", items="E04") in html


def test_given_more_reds_than_a_sheet_holds_then_what_weighs_most_is_told_first() -> None:
    told = dict(as_rows(full_brief("en").signals)[0]) | {"severity": "red"}
    reds = [told | {"indicator": f"E0{n}", "weight": Decimal(5 + n), "reason_en": f"PAPER {n}"} for n in range(1, 5)]
    arrears = told | {"indicator": "P01", "weight": Decimal(25), "reason_en": "OVERDUE"}
    amber = told | {"indicator": "P02", "severity": "amber", "weight": Decimal(30), "reason_en": "AMBER"}
    page = brief_page(replace(full_brief("en"), signals=[*reds, amber, arrears]))
    (sheet,) = (one for one in page.sheets if getattr(one, "title", "") == catalogue("en")("brief.signals"))
    assert [row[1].text for row in sheet.rows] == ["OVERDUE", "PAPER 4", "PAPER 3", "PAPER 2"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "未提款额度"), ("en", "undrawn limit")])
def test_given_a_brief_then_its_foot_says_what_its_exposure_counts_beside_the_balance(
    language: Language, said: str
) -> None:
    assert any(said in line for line in brief_page(full_brief(language)).footer)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", "P01（L1；其他贷款或项目上仍在触发）、T01"),
        ("en", "P01 (L1; it goes on for another loan or project), T01"),
    ],
)
def test_given_a_signal_that_cleared_for_one_loan_and_goes_on_for_another_then_the_brief_tells_them_apart(
    language: Language, said: str
) -> None:
    gone = [
        {"indicator": "P01", "loan_id": "L1", "is_elsewhere": True},
        {"indicator": "T01", "loan_id": "L2", "is_elsewhere": False},
    ]
    source = replace(full_brief(language), cleared=gone, notes=replace(full_brief(language).notes, indicator_names={}))
    assert said in render_client_page(brief_page(source))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", "P01（L1）、P01（J1）、T01等"),
        ("en", "P01 (L1), P01 (J1), T01 and more"),
    ],
)
def test_given_a_signal_that_cleared_for_several_loans_then_the_brief_names_each_and_of_one_that_did_once_none(
    language: Language, said: str
) -> None:
    gone = [
        {"indicator": "P01", "loan_id": "L1", "is_elsewhere": False},
        {"indicator": "P01", "loan_id": None, "project_id": "J1", "is_elsewhere": False},
        {"indicator": "T01", "loan_id": "L2", "is_elsewhere": False},
        {"indicator": "T02", "loan_id": "L2", "is_elsewhere": False},
    ]
    source = replace(full_brief(language), cleared=gone, notes=replace(full_brief(language).notes, indicator_names={}))
    assert said in render_client_page(brief_page(source))


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "已核销"), ("en", "written off")])
def test_given_a_written_off_loan_then_the_brief_names_it_as_one_in_place_of_its_maturity(
    language: Language, said: str
) -> None:
    source = full_brief(language)
    off = {"loan_id": "L9", "product": "working_capital", "status": "written_off", "maturity_date": date(2031, 7, 9)}
    shown = render_client_page(brief_page(replace(source, loans=[off])))
    assert said in shown
    assert "L9" in shown
    assert "2031-07-09" not in shown
    assert said not in render_client_page(brief_page(replace(source, loans=[off | {"status": "active"}])))


@pytest.mark.parametrize(
    ("path", "is_told"),
    [
        ({}, True),
        ({"lever": None}, False),
        ({"target_tier": None}, False),
        ({"lever": "products", "lever_amt": None, "lever_count": 2}, True),
    ],
)
def test_given_a_way_to_a_tier_then_it_is_told_where_both_tier_and_lever_are_known(
    path: dict[str, object], is_told: bool
) -> None:
    source = full_brief("en")
    page = render_client_page(brief_page(replace(source, path={**source.path, **path})))
    assert ("2026-12-31" in page) is is_told


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_the_page_is_the_golden_one(language: Language) -> None:
    assert matches(f"brief_{language}.html", render_client_page(brief_page(full_brief(language))))


@pytest.mark.parametrize(
    ("uncounted", "counted", "zh", "en"),
    [
        (None, date(2026, 9, 20), None, None),
        (
            "purpose",
            date(2026, 8, 1),
            "不计入固定联系（事由不属固定联系），上次可计入的为 2026-08-01",
            "(by its purpose it is none), the last that may is of 2026-08-01",
        ),
        ("one_way", None, "不计入固定联系（未见双方沟通），尚无可计入的沟通", "and none on record does"),
        # it may be counted, and nothing was owed
        (
            "not_owed",
            date(2026, 9, 20),
            "未用于完成计划中的联系（当时没有待完成的联系）",
            "it was for no contact of the plan (none was owed then)",
        ),
    ],
)
def test_given_a_last_contact_that_does_not_count_then_the_brief_says_why_and_has_the_last_that_does(
    uncounted: str | None, counted: date | None, zh: str | None, en: str | None
) -> None:
    for language, said in (("zh_CN", zh), ("en", en)):
        source = full_brief(language)
        last = {"last_on": date(2026, 9, 20), "counted_on": counted, "uncounted": uncounted}
        page = render_client_page(brief_page(replace(source, background={**source.background, **last})))
        told = ("不计入固定联系", "does not count as a fixed contact", "未用于完成计划", "for no contact of the plan")
        assert any(words in page for words in told) == (said is not None)
        assert said is None or said in page
