"""A page of the book: the figures at its head, where its cells lead, what is shown of a list, and in which order."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from branch_sample import NOTES

from nightdesk.render.book import BookInput, BookSection, BookTable, book_view, heading, render_book, sorted_rows
from nightdesk.render.catalogue import catalogue
from nightdesk.render.table_spec import SectionSpec, TableSpec, table_of

WORK = table_of("tasks_weekly.work", "staff:prose late_count:count", "staff_id", by="staff_id", listed="late")
LATE = table_of("tasks_weekly.late", "client:prose late_days:maybe:count", "staff_id -late_days", groups="staff_id")
MISSED = table_of("tasks_weekly.missed", "client:prose due_on:day", "due_on", rests_on="contact")


def source(
    *sections: SectionSpec, rows: dict[TableSpec, list[dict[str, Any]]] | None = None, **changes: Any
) -> BookInput:
    """A page of these sections; a table without rows has none."""
    specs = [spec for section in sections for spec in (*section.summaries, *section.lists)]
    given: dict[str, Any] = {
        "kind": "weekly",
        "business_date": date(2026, 3, 31),
        "revision": 1,
        "restated": False,
        "language": "en",
        "notes": NOTES,
        "sections": sections,
        "rows": {spec.model: (rows or {}).get(spec, []) for spec in specs},
        "headline": {},
    }
    return BookInput(**given | changes)


def section(
    *specs: TableSpec, rows: dict[TableSpec, list[dict[str, Any]]] | None = None, **changes: Any
) -> BookSection:
    """The section of a summary and the lists behind it."""
    (found,) = book_view(source(SectionSpec("weekly_work", specs[:1], specs[1:]), rows=rows, **changes)).sections
    return found


def table(spec: TableSpec, *rows: dict[str, Any], **changes: Any) -> BookTable:
    (found,) = section(spec, rows={spec: list(rows)}, **changes).tables
    return found


def late(staff: str, *days: int | None) -> list[dict[str, Any]]:
    return [{"staff_id": staff, "client": f"{staff}-{n}", "late_days": n} for n in days]


def test_given_a_summary_then_a_row_leads_to_the_first_of_its_own_in_the_list_behind_it() -> None:
    people = [{"staff_id": staff, "staff": staff, "late_count": n} for staff, n in (("S1", 2), ("S2", 1), ("S3", 0))]
    found = section(WORK, LATE, rows={WORK: people, LATE: [*late("S2", 4), *late("S1", 1, 9)]})
    assert [row[0].href for row in found.tables[0].rows] == ["#late-1", "#late-2", ""]
    assert [(row[0].text, row[0].anchor) for row in found.lists[0].rows] == [
        ("S1-9", "late-1"),
        ("S1-1", ""),
        ("S2-4", "late-2"),
    ]
    assert all(not cell.href and not cell.anchor for row in found.tables[0].rows for cell in row[1:])


def test_given_a_row_that_only_the_workbook_has_then_its_summary_leads_to_the_list_itself() -> None:
    people = [{"staff_id": staff, "staff": staff, "late_count": 1} for staff in ("S1", "S2", "S3")]
    rows = {WORK: people, LATE: [*late("S1", 1), *late("S2", 1), *late("S3", 1)]}
    found = section(WORK, LATE, rows=rows, shown=2)
    assert [row[0].href for row in found.tables[0].rows] == ["#late-1", "#late-2"]
    assert (len(found.lists[0].rows), found.lists[0].more) == (2, "One more row is in the workbook.")
    wide = section(WORK, LATE, rows=rows | {LATE: [*late("S1", 3, 2), *late("S2", 1)]}, shown=2)
    assert [row[0].href for row in wide.tables[0].rows] == ["#late-1", "#late"]
    assert [row[0].anchor for row in wide.lists[0].rows] == ["late-1", ""]


def test_given_a_row_that_says_where_it_leads_then_it_leads_there() -> None:
    found = table(MISSED, {"client": "A", "due_on": date(2026, 3, 1), "leads_to": "late"}, {"client": "B"})
    assert [row[0].href for row in found.rows] == ["#late", ""]


@pytest.mark.parametrize(
    ("count", "more"),
    [(0, ""), (100, ""), (101, "One more row is in the workbook."), (230, "130 more rows are in the workbook.")],
)
def test_given_rows_then_a_page_shows_a_hundred_and_says_how_many_more_the_workbook_has(count: int, more: str) -> None:
    found = table(MISSED, *({"client": str(n)} for n in range(count)))
    assert (len(found.rows), found.more) == (min(count, 100), more)


@pytest.mark.parametrize(
    ("not_supplied", "said"),
    [((), "None."), (("contact",), "not supplied: contacts"), (("bureau",), "None.")],
)
def test_given_no_row_then_none_is_said_only_of_what_was_supplied(not_supplied: tuple[str, ...], said: str) -> None:
    notes = NOTES.__class__(NOTES.morning, NOTES.cutoff, NOTES.policy_version, not_supplied=not_supplied)
    found = table(MISSED, notes=notes)
    assert said.lower() in found.said.lower()
    assert (found.said == "None.") == (said == "None.")
    assert table(MISSED, {"client": "A"}, notes=notes).said.startswith("None.") is False


def test_given_columns_then_numbers_are_told_apart_and_one_that_no_row_has_is_left_out() -> None:
    assert table(LATE, *late("S1", 3)).columns == (("Client", False), ("Workdays late", True))
    assert table(LATE, *late("S1", None, 3)).columns == (("Client", False), ("Workdays late", True))
    assert table(LATE, *late("S1", None)).columns == (("Client", False),)
    assert table(LATE, *late("S1", 0)).columns == (("Client", False),)


def test_given_a_table_then_policys_title_goes_before_the_catalogues_and_a_hint_stands_where_there_is_one() -> None:
    assert (table(LATE).title, table(LATE).anchor, table(LATE).hint) == ("Late tasks", "late", "")
    assert table(LATE, titles={"late": "By policy"}).title == "By policy"
    visit = table_of("tasks_contact.contact_visit", "client:prose", "")
    assert table(visit, titles={"contact_visit": "x"}).hint == "what is alike of one loan is one line"


def test_given_an_amount_in_millions_then_its_heading_says_so() -> None:
    t = catalogue("en")
    assert heading("outstanding_amt", t, "million") == "Outstanding at year end, millions"
    assert heading("outstanding_amt", t) == "Outstanding at year end"


def test_given_figures_at_the_head_then_each_is_written_by_what_it_is_and_leads_to_the_list_that_it_counts() -> None:
    listed = table_of("esg_portfolio.project", "project_id:text", "")
    head: dict[str, Any] = {
        "project_count": 1_200,
        "exposure_amt": Decimal("1234.5"),
        "approved_amt": None,
        "unknown_count": None,
        "total": Decimal("12.345"),
        "person": "王芳 S1",
        "conditions_open": 3,
        "internal": 5,
    }
    figures = book_view(source(SectionSpec("weekly_work", (listed,)), headline=head)).figures
    assert [(one.label, one.value, one.href) for one in figures] == [
        ("Projects", "1,200", "#project"),
        ("Exposure", "CNY 1,234.50", "#project"),
        ("Approved by the bank", "—", "#project"),
        ("Projects of unknown exposure", "Not assessed", "#project"),
        ("Total", "12.35", ""),
        ("Person", "王芳 S1", ""),
        ("Conditions open", "3", ""),
    ]


def test_given_a_figure_that_only_some_banks_have_then_it_is_left_out_where_it_is_not_known() -> None:
    maybe = table_of("esg_portfolio.project", "conditions_open:maybe:count", "")
    for value, count in ((None, 0), (0, 1), (4, 1)):
        found = book_view(source(SectionSpec("weekly_work", (maybe,)), headline={"conditions_open": value}))
        assert len(found.figures) == count
    other = book_view(source(SectionSpec("weekly_work", (maybe,)), headline={"conditions_before_draw": None}))
    assert [one.value for one in other.figures] == ["Not assessed"]


@pytest.mark.parametrize(
    ("column", "is_told"),
    [("exposure_amt:amount", True), ("outstanding_amt:million", True), ("approved_amt:amount", False)],
)
def test_given_a_page_with_what_is_lent_then_its_foot_says_what_that_is(column: str, is_told: bool) -> None:
    spec = table_of("esg_portfolio.project", f"project_id:text {column}", "")
    for sections in ((SectionSpec("weekly_work", (spec,)),), (SectionSpec("weekly_work", (MISSED,), (spec,)),)):
        labels = [fact.label for fact in book_view(source(*sections)).notes]
        assert ("Outstanding" in labels and "Exposure" in labels) is is_told


@pytest.mark.parametrize(("language", "marked"), [("en", "en"), ("zh_CN", "zh-CN")])
def test_given_a_language_then_the_page_is_marked_with_it_as_browsers_write_it(language: Any, marked: str) -> None:
    assert f'<html lang="{marked}"' in render_book(source(SectionSpec("weekly_work", (MISSED,)), language=language))


@pytest.mark.parametrize("is_restated", [False, True])
def test_given_a_night_that_is_stated_anew_then_the_page_is_flagged(is_restated: bool) -> None:
    flags = book_view(source(SectionSpec("weekly_work", (MISSED,)), restated=is_restated)).flags
    assert [flag.label for flag in flags] == (["Restated"] if is_restated else [])


def test_given_an_order_then_rows_are_sorted_by_each_key_its_way_and_what_is_not_known_stands_last() -> None:
    rows = [
        {"a": a, "b": b} for a, b in ((2, 1), (1, None), (None, 9), (1, 5), (2, 3), (1, 7), (None, None))
    ]  # fmt: skip
    spec = table_of("tasks_weekly.late", "client:prose", "a -b")
    assert [(row["a"], row["b"]) for row in sorted_rows(spec, rows)] == [
        (1, 7), (1, 5), (1, None), (2, 3), (2, 1), (None, 9), (None, None),
    ]  # fmt: skip
    assert sorted_rows(table_of("tasks_weekly.late", "client:prose", ""), rows) == rows
