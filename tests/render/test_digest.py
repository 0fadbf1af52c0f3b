"""The head-office digest: numbers with a list behind each, and no name of a person."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from exit_sample import DAY, NOTES
from openpyxl import load_workbook

from golden import matches
from nightdesk.render import digest_sections
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.digest import digest_text, digest_view, render_digest
from nightdesk.render.digest_book import digest_workbook
from nightdesk.render.digest_source import DigestInput
from nightdesk.render.paper import printed


def item(kind: str, client: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("about", "indicator", "was", "becomes", "on_date", "since_on", "late_days", "reason"))
    return {"kind": kind, "branch_id": "B1", "client_id": client, **empty, **more}


ITEMS = [
    item("move", "C1", was="green", becomes="red", about="worse"),
    item("move", "C2", was="red", becomes="amber", about="better"),
    item("move", "C3", was="blue", becomes="not_assessed", about="same"),
    item("drift", "C1", about="L1", was="normal", becomes="substandard", reason="overdue_90d"),
    item("watch_decision", "C1", about="W2", was="W3", becomes="W3", on_date=date(2026, 10, 14), reason="red"),
    item("watch_review", "C2", was="W2", on_date=date(2026, 10, 10), late_days=6, reason="orange"),
    item("exit_plan", "C1", was="W3", becomes="drafted", on_date=date(2027, 1, 1), late_days=-77, reason="gather"),
    item("esg_approval", "C1", about="P1:2026-06-30", was="conditional", on_date=date(2026, 10, 12), late_days=4)
    | {"reason": "E1", "since_on": date(2026, 9, 28)},
    item("esg_rework", "C2", about="P2:2026-06-30", was="pass", on_date=date(2026, 10, 16), late_days=0)
    | {"reason": "R1", "since_on": date(2026, 10, 9)},
    item(
        "late", "C2", about="warning", indicator="F05", was="L1", on_date=date(2026, 10, 13), late_days=3, reason="S1"
    ),
    item("late", "P1", about="maturity", was="L3", on_date=date(2026, 10, 1), late_days=15, reason="S1"),
    item("not_assessed", "C3", reason="P01,T01"),
    item("not_assessed", "C4", reason="P01"),
]
BRANCH = {
    "branch_id": "B1", "name": "江东支行", "name_en": "Jiangdong Branch", "red_count": 1, "orange_count": 0,
    "amber_count": 1, "blue_count": 0, "green_count": 7, "not_assessed_count": 2, "no_credit_count": 3,
    "watched_count": 2, "intensive_count": 1, "tasks_overdue": 2,
}  # fmt: skip


def digest_of(**more: Any) -> DigestInput:
    return DigestInput(
        **{
            "business_date": DAY,
            "revision": 1,
            "notes": NOTES,
            "branches": [BRANCH, BRANCH | {"branch_id": "B2", "red_count": 5, "green_count": 0}],
            "items": ITEMS,
            "names": {"C1": "Harbour Works", "C2": "Northern Foods"},
            "rules": {"overdue_90d": {"zh_CN": "逾期超过90天", "en": "more than 90 days past due"}},
            "staff": {"E1": "李静", "S1": "王强", "S0003": "赵敏"},
            "strategies": {"gather": {"zh_CN": "先补齐数据", "en": "Gather first"}},
            **more,
        }
    )


def section(source: DigestInput, name: str, language: Language = "en") -> Any:
    title = catalogue(language)(f"digest.{name}")
    return next(sheet for sheet in digest_view(source, language).sheets if sheet.title == title)


def told(sheet: Any) -> list[list[str]]:
    return [[cell.mark.label if cell.mark else cell.text for cell in row] for row in sheet.rows]


def test_given_branches_then_the_one_with_most_red_leads_and_the_last_row_is_the_sum() -> None:
    rows = told(digest_view(digest_of(), "en").branches)
    assert [row[0] for row in rows] == ["Jiangdong Branch B2", "Jiangdong Branch B1", "In all"]
    assert rows[-1][1:] == ["6", "·", "2", "·", "7", "4", "6", "4", "2", "4"]


def test_given_moves_then_worse_better_and_what_is_neither_are_counted_as_the_warning_does() -> None:
    summary = digest_view(digest_of(), "en").summary
    assert summary[0].value == "1 worse, 1 better, 1 that count as neither"
    # a first credit that is red is worse, and a lower colour whose basis can no longer be seen is not better
    moved = [
        item("move", "C1", was="no_credit", becomes="red", about="worse"),
        item("move", "C2", was="amber", becomes="blue", about="same"),
    ]
    assert (
        digest_view(digest_of(items=moved), "zh_CN").summary[0].value == "恶化 1，好转 0，其余变动（不计恶化或好转） 1"
    )
    assert digest_view(digest_of(items=moved[:1]), "zh_CN").summary[0].value == "恶化 1，好转 0"
    assert [row[1] for row in told(section(digest_of(), "move"))] == ["Harbour Works C1", "Northern Foods C2", "C3"]


@pytest.mark.parametrize(
    "kind", ["drift", "watch_decision", "watch_review", "exit_plan", "esg_approval", "esg_rework", "late"]
)
def test_given_a_number_then_the_list_behind_it_has_as_many_rows(kind: str) -> None:
    label = catalogue("en")(f"digest.{kind}")
    number = next(fact.value for fact in digest_view(digest_of(), "en").summary if fact.label == label)
    assert len(section(digest_of(), kind).rows) == int(number) > 0


def test_given_late_tasks_then_the_latest_leads_and_a_person_is_an_id() -> None:
    rows = told(section(digest_of(), "late"))
    assert [row[1] for row in rows] == ["P1", "Northern Foods C2"]
    assert [row[2] for row in rows] == ["Maturity", "Warning F05"]
    assert [row[3] for row in rows] == ["王强 S1", "王强 S1"]
    assert [row[-1] for row in rows] == ["15 workdays", "3 workdays"]
    assert told(section(digest_of(), "watch_review"))[0][-1] == "6 days"
    (approval,) = told(section(digest_of(), "esg_approval"))
    assert approval[2:] == ["P1:2026-06-30", "pass on conditions", "李静 E1", "2026-09-28", "2026-10-12", "4 days"]
    (returned,) = told(section(digest_of(), "esg_rework"))
    assert returned[2:] == ["P2:2026-06-30", "pass", "R1", "2026-10-09", "2026-10-16", "0 days"]


def test_given_reasons_then_each_has_its_clients_the_commonest_first() -> None:
    rows = told(section(digest_of(), "not_assessed"))
    assert [row[1] for row in rows] == ["2", "1"]
    assert rows[0][2] == "C3, C4"


def test_given_more_rows_than_a_page_holds_then_the_rest_is_counted_and_the_export_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(digest_sections, "SHOWN", 1)
    sheet = section(digest_of(), "late")
    assert len(sheet.rows) == 1
    assert "1 rows more: nightdesk export task --date 2026-10-15" in sheet.said


def test_given_lists_that_are_not_out_then_each_is_named_with_its_state() -> None:
    rows = [{"business_date": DAY, "branch_id": "B7", "status": "refused"}]
    assert told(section(digest_of(unsent=rows), "unsent")) == [["2026-10-15", "B7", "refused"]]
    assert section(digest_of(), "unsent").said


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_quiet_night_then_every_section_says_so_and_page_paper_and_text_are_made(language: Language) -> None:
    source = digest_of(items=[], branches=[])
    view = digest_view(source, language)
    assert all(sheet.said for sheet in (view.branches, *view.sheets))
    html = render_digest(source, language)
    assert printed(html, DAY)
    assert catalogue(language)("digest.title") in digest_text(source, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_sections_without_rows_then_each_says_none_of_what_and_of_how_many_and_nothing_of_what_is_not_supplied(
    language: Language,
) -> None:
    t = catalogue(language)
    said = {sheet.title: sheet.said for sheet in digest_view(digest_of(items=[]), language).sheets}
    assert all(words not in ("", "—", t("none")) for words in said.values())
    assert "15" in said[t("digest.move")], "seven, one, one, five and one were judged"
    assert "4" in said[t("digest.watch_review")]
    lacking = replace(NOTES, not_supplied=("loan",))
    (drift,) = [
        sheet.said
        for sheet in digest_view(digest_of(items=[], notes=lacking), language).sheets
        if sheet.title == t("digest.drift")
    ]
    assert t("digest.none.drift", judged=15) not in drift
    nobody = [BRANCH | {f"{colour}_count": 0 for colour in ("red", "orange", "amber", "blue", "green")}]
    sheets = digest_view(digest_of(items=[], branches=nobody), language).sheets
    assert t("digest.nobody_judged") in {sheet.said for sheet in sheets}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_digest_as_a_workbook_then_it_has_every_row_of_each_section_with_days_and_numbers_as_such(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_sections, "SHOWN", 1)
    t = catalogue(language)
    source = digest_of(unsent=[{"business_date": DAY, "branch_id": "B7", "status": "refused"}])
    content = digest_workbook(source, language)
    assert content == digest_workbook(source, language)
    book = load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 12
    assert t("digest.watch_decision").replace(":", "") in book.sheetnames
    late = list(book[t("digest.late")].iter_rows(values_only=True))
    assert late[0][-2:] == (t("digest_column.due"), t("digest_column.late_workdays"))
    assert late[0][:3] == tuple(t(f"digest_column.{name}") for name in ("branch", "client", "client_name"))
    assert [(*row[:6], row[6].date(), row[7]) for row in late[1:]] == [
        ("B1", "C2", "Northern Foods", t("kind.warning"), "F05", "王强 S1", date(2026, 10, 13), 3),
        ("B1", "P1", None, t("kind.maturity"), None, "王强 S1", date(2026, 10, 1), 15),
    ]
    assert "李静 E1" in [cell.value for row in book[t("digest.esg_approval")] for cell in row]
    assert book[t("digest.branches")]["C2"].value == 1
    assert book[t("digest.unsent")]["B2"].value == "B7"
    quiet = load_workbook(io.BytesIO(digest_workbook(digest_of(items=[]), language)))
    assert "15" in str(quiet[t("digest.move")]["A2"].value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_task_about_a_colleague_then_the_digest_names_them_and_no_inner_key(language: Language) -> None:
    source = digest_of(items=[item("late", "staff:S0003", about="certificate", on_date=date(2026, 10, 1), late_days=8)])
    book = load_workbook(io.BytesIO(digest_workbook(source, language)))
    told = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "S0003" in told
    for said in (render_digest(source, language), digest_text(source, language), " ".join(map(str, told))):
        assert "赵敏" in said
        assert "S0003" in said
        assert "staff:" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_nobody_behind_a_late_task_and_a_number_that_the_register_lost_then_each_is_said(
    language: Language,
) -> None:
    late = item("late", "C1", about="maturity", on_date=date(2026, 10, 1), late_days=8)
    source = digest_of(items=[late, late | {"client_id": "C2", "reason": "GONE"}])
    assert [row[3] for row in told(section(source, "late", language))] == [catalogue(language)("owner.none"), "GONE"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_page_and_text_are_the_golden_ones(language: Language) -> None:
    rows = [{"business_date": DAY, "branch_id": "B7", "status": "refused"}]
    source = digest_of(unsent=rows)
    assert matches(f"digest_{language}.html", render_digest(source, language))
    assert matches(f"digest_{language}.txt", digest_text(source, language))
