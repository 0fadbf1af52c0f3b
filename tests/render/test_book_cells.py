"""A cell of the book's page: how each kind of column is written, and which cells a phone leaves out."""

from datetime import date
from decimal import Decimal

import pytest

from nightdesk.render.book_cells import BookCell, cell_of, value_of, words_of
from nightdesk.render.catalogue import catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.rows import Row
from nightdesk.render.table_spec import TableColumn


def cell(
    name: str, kind: str, value: object, *, is_known: bool = False, is_prose: bool = False, **row: object
) -> BookCell:
    made: Row = {name: value, **row}
    column = TableColumn(name, kind, is_known=is_known, is_prose=is_prose)
    return cell_of(made, column, "en", catalogue("en"), Figures("en", "CNY"))


@pytest.mark.parametrize(
    ("kind", "value", "text", "is_number"),
    [
        ("flag", True, "yes", False),
        ("flag", False, "no", False),
        ("flag", None, "—", False),
        ("day", date(2026, 3, 31), "2026-03-31", False),
        ("day", None, "—", False),
        ("count", 1234, "1,234", True),
        ("amount", Decimal("1234.5"), "CNY 1,234.50", True),
        ("exact", Decimal("1234.567"), "1,234.57", True),
        ("million", Decimal("1234567.89"), "1.2346", True),
        ("million", None, "—", True),
        ("pct", Decimal("12.34"), "12.3%", True),
        ("tonnes", Decimal("1234.56"), "1,235", True),
        ("number", Decimal("2.50"), "2.5", True),
        ("measured", Decimal("2.555"), "2.56", True),
        ("measured", Decimal("2.50"), "2.5", True),
        ("code/colour", "red", "Red", False),
        ("code/colour", "violet", "violet", False),
        ("code/sector", "A01", "A01 Crops", False),
        ("code/permit_kind", "eia", "environmental impact assessment", False),
        ("codes/colour", "red;amber", "Red; Amber", False),
        ("codes/colour", None, "—", False),
        ("said", None, "", False),
        ("said", "words", "words", False),
        ("text", None, "—", False),
        ("text", "P1", "P1", False),
    ],
)
def test_given_a_kind_of_column_then_its_cells_are_written_so(
    kind: str, value: object, text: str, is_number: bool
) -> None:
    found = cell("x", kind, value)
    assert (found.text, found.is_number) == (text, is_number)


def test_given_a_branch_then_it_has_its_name_in_the_pages_language() -> None:
    names = {"branch_name": "城东支行", "branch_name_en": "Chengdong Branch"}
    assert cell("branch", "text", None, **names).text == "Chengdong Branch"
    assert value_of(names, "branch", "zh_CN") == "城东支行"
    assert value_of({**names, "staff": "王敏"}, "staff", "zh_CN") == "王敏"


def test_given_an_amount_in_another_unit_then_the_column_or_the_row_says_so() -> None:
    assert cell("cost_usd", "amount", Decimal(5)).text == "USD 5.00"
    assert cell("value", "measured", Decimal("2.555"), unit="amt").text == "2.56"
    assert cell("value", "measured", Decimal("2.5"), unit="amt").text == "2.50"


@pytest.mark.parametrize(
    ("kind", "value", "is_known", "is_nil"),
    [
        ("count", 0, False, True),
        ("count", 1, False, False),
        ("number", Decimal(0), False, False),
        ("said", None, False, True),
        ("text", None, False, False),
        ("text", None, True, True),
        ("count", 1, True, False),
        ("count", None, False, False),
    ],
)
def test_given_a_count_of_none_or_what_there_is_not_then_a_phone_leaves_it_out(
    kind: str, value: object, is_known: bool, is_nil: bool
) -> None:
    assert cell("x", kind, value, is_known=is_known).is_nil is is_nil


def test_given_prose_and_numbers_then_their_classes_tell_them_apart() -> None:
    assert cell("x", "text", "a", is_prose=True).css == "prose"
    assert cell("x", "count", 0, is_prose=True).css == "num nil"
    assert words_of(None, "code/stage", catalogue("en")) == "—"
