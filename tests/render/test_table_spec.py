"""How a column of a book of pages is written: its name, the marks it may have, and how it is shown."""

import pytest

from nightdesk.render.book_cells import cell_of
from nightdesk.render.catalogue import catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.table_spec import TableColumn, table_of


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("due_on:day", TableColumn("due_on", "day")),
        ("remark:prose", TableColumn("remark", "text", is_prose=True)),
        ("remark:prose:said", TableColumn("remark", "said", is_prose=True)),
        ("sector_code:prose:code/sector", TableColumn("sector_code", "code/sector", is_prose=True)),
        ("late_days:known:count", TableColumn("late_days", "count", is_known=True)),
        ("approved_amt:maybe:amount", TableColumn("approved_amt", "amount", is_maybe=True)),
    ],
)
def test_given_a_column_as_it_is_written_when_read_then_its_kind_and_marks_are_told(
    written: str, column: TableColumn
) -> None:
    assert table_of("tasks.task", written, "task_id").columns == (column,)


def test_given_an_empty_cell_when_that_there_is_none_is_known_then_a_phone_leaves_it_out_and_else_it_stands() -> None:
    t, f = catalogue("en"), Figures("en", "CNY")
    cells = {
        is_known: cell_of({"kept_on": None}, TableColumn("kept_on", "day", is_known=is_known), "en", t, f)
        for is_known in (True, False)
    }
    assert {is_known: cell.is_nil for is_known, cell in cells.items()} == {True: True, False: False}
