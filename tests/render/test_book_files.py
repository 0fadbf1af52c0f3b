"""The files beside a page of the book: every row, each kind of column with its width, its form, and what it holds."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from branch_sample import NOTES
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from nightdesk.render.book import BookInput
from nightdesk.render.book_files import book_csv, tables_of, write_book_workbook
from nightdesk.render.catalogue import Language
from nightdesk.render.table_spec import SectionSpec, TableSpec, table_of

DAY = date(2026, 3, 31)
#: a column of each kind, as many as their headings are known by
KINDS = table_of(
    "esg_portfolio.overdue_action",
    "project_id:text name:prose branch:text year:count is_over_capacity:flag due_on:day exposure_amt:amount "
    "financed_t:tonnes outstanding_amt:million coverage_pct:pct actual:measured value_amt:exact score:number "
    "colour:code/colour",
    "project_id",
)
ROW: dict[str, Any] = {
    "project_id": "P1", "name": "=1+1", "year": 2026, "is_over_capacity": True, "due_on": DAY,
    "exposure_amt": Decimal("1234.50"), "outstanding_amt": Decimal("1000000.01"), "financed_t": Decimal("12.3456"),
    "coverage_pct": Decimal("95.5"), "actual": Decimal("4.25"), "value_amt": Decimal("0.10"), "score": Decimal("7.125"),
    "colour": "red", "branch_name": "城东支行", "branch_name_en": "Chengdong Branch",
}  # fmt: skip


def source(*rows: dict[str, Any], language: Language = "en", spec: TableSpec = KINDS, **changes: Any) -> BookInput:
    given: dict[str, Any] = {
        "kind": "portfolio",
        "business_date": DAY,
        "revision": 2,
        "restated": True,
        "language": language,
        "notes": NOTES,
        "sections": (SectionSpec("action", (), (spec,)),),
        "rows": {spec.model: rows},
        "headline": {},
    }
    return BookInput(**given | changes)


def sheet(tmp_path: Path, of: BookInput) -> Worksheet:
    target = tmp_path / "book.xlsx"
    write_book_workbook(target, of)
    (found,) = load_workbook(target).worksheets
    return found


def test_given_a_column_of_each_kind_then_it_has_its_width_its_form_and_exactly_what_the_row_has(
    tmp_path: Path,
) -> None:
    found = sheet(tmp_path, source(ROW))
    columns = [
        (cell.value, cell.number_format, round(found.column_dimensions[cell.column_letter].width - 0.7109375))
        for cell in found[2]
    ]
    assert columns == [
        ("P1", "@", 16),
        ("=1+1", "@", 34),
        ("Chengdong Branch", "@", 16),
        (2026, "0", 10),
        ("yes", "@", 8),
        (datetime.combine(DAY, time()), "yyyy-mm-dd", 12),
        (1234.5, "#,##0.00", 20),
        (12.3456, "#,##0.####", 16),
        (1000000.01, "#,##0.00", 20),
        (95.5, "#,##0.####", 10),
        (4.25, "#,##0.####", 16),
        (0.1, "#,##0.00", 18),
        (7.125, "#,##0.####", 11),
        ("Red", "@", 16),
    ]
    assert found["B2"].data_type == "s"


def test_given_a_cell_that_is_not_known_then_it_is_empty_and_a_number_in_a_column_of_text_is_text(
    tmp_path: Path,
) -> None:
    spec = table_of(
        "esg_portfolio.overdue_action",
        "project_id:text year:count score:number is_over_capacity:flag colour:code/colour",
        "",
    )
    found = sheet(tmp_path, source({"project_id": 7}, ROW | {"is_over_capacity": False}, spec=spec))
    assert [cell.value for cell in found[2]] == ["7", None, None, None, None]
    assert [cell.value for cell in found[3]] == ["P1", 2026, 7.125, "no", "Red"]


@pytest.mark.parametrize(("language", "branch"), [("en", "Chengdong Branch"), ("zh_CN", "城东支行")])
def test_given_a_language_then_the_sheet_is_named_headed_and_footed_in_it(
    tmp_path: Path, language: Language, branch: str
) -> None:
    found = sheet(tmp_path, source(ROW, language=language))
    assert found["C2"].value == branch
    assert "2026-03-31" in str(found.oddFooter.left.text)
    assert [found.title, found["A1"].value, found["F1"].value] == (
        ["Overdue actions", "Project id", "Due"] if language == "en" else ["逾期行动", "项目编号", "到期日"]
    )


def test_given_no_row_then_the_sheet_says_so_and_rows_stand_in_the_tables_order(tmp_path: Path) -> None:
    assert sheet(tmp_path, source())["A2"].value == "None."
    found = sheet(tmp_path, source(ROW | {"project_id": "P2"}, ROW))
    assert [found["A2"].value, found["A3"].value] == ["P1", "P2"]


@pytest.mark.parametrize(("letters", "shown"), [(31, 31), (32, 31)])
def test_given_a_title_of_policys_then_it_names_the_sheet_as_far_as_a_spreadsheet_can(
    tmp_path: Path, letters: int, shown: int
) -> None:
    found = sheet(tmp_path, source(ROW, titles={"overdue_action": "x" * letters}))
    assert found.title == "x" * shown


def test_given_a_table_that_two_sections_show_then_it_is_written_once() -> None:
    other = table_of("esg_portfolio.project", "project_id:text", "")
    sections = (SectionSpec("action", (other,), (KINDS,)), SectionSpec("project", (KINDS,), (other,)))
    assert [table.name for table in tables_of(source(sections=sections))] == ["project", "overdue_action"]


def test_given_rows_as_csv_then_they_have_the_models_own_columns_and_codes_once_and_no_words() -> None:
    spec = table_of(
        "esg_portfolio.overdue_action",
        "project_id:text branch:text colour:code/colour is_over_capacity:flag due_on:day exposure_amt:amount "
        "exposure_amt:million year:count name:prose score:number",
        "-project_id",
    )
    second = {"project_id": "P2", "is_over_capacity": False, "exposure_amt": Decimal("1E+3")}
    rows = [ROW | {"name": "a\u202eb"}, ROW | second, {"project_id": "P0"}]
    assert book_csv(spec, rows).splitlines() == [
        "project_id,colour,is_over_capacity,due_on,exposure_amt,year,name,score",
        "P2,red,false,2026-03-31,1000,2026,=1+1,7.125",
        "P1,red,true,2026-03-31,1234.50,2026,ab,7.125",
        "P0,,,,,,,",
    ]
