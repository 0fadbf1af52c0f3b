"""A row that a person enters: at the ends of its columns' ranges, and told all that is wrong with it at once."""

from zoneinfo import ZoneInfo

import pytest

from nightdesk.entering.row import read_row
from nightdesk.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")
SURVEY = {"response_id": "R1", "client_id": "C1"}


@pytest.mark.parametrize(
    ("column", "cell", "is_taken"),
    [
        ("csat", "0", False), ("csat", "1", True), ("csat", "5", True), ("csat", "6", False),
        ("nps", "-1", False), ("nps", "0", True), ("nps", "10", True), ("nps", "11", False),
    ],
)  # fmt: skip
def test_given_a_figure_at_the_end_of_its_range_then_it_is_taken_and_the_next_one_is_not(
    column: str, cell: str, is_taken: bool
) -> None:
    if is_taken:
        assert read_row("survey", {**SURVEY, column: cell}, ZONE).cells == {**SURVEY, column: cell}
    else:
        with pytest.raises(Refused, match=f"{column} lies outside its range"):
            read_row("survey", {**SURVEY, column: cell}, ZONE)


def test_given_cells_with_blanks_around_them_or_nothing_in_them_then_what_is_said_is_kept_and_nothing_else() -> None:
    row = read_row("survey", {"response_id": " R1 ", "client_id": "C1\t", "csat": "  ", "nps": None}, ZONE)
    assert (row.table.name, row.row_key, row.cells) == ("survey", "R1", SURVEY)


def test_given_a_day_later_than_any_night_then_the_door_leaves_the_question_to_the_nights() -> None:
    assert read_row("survey", {**SURVEY, "answered_on": "2999-12-31"}, ZONE).cells["answered_on"] == "2999-12-31"


def test_given_more_than_one_wrong_cell_then_one_line_names_each_column_once() -> None:
    with pytest.raises(Refused) as refused:
        read_row("survey", {**SURVEY, "csat": "many", "sent_on": "soon", "nps": "1.5"}, ZONE)
    for column in ("csat", "sent_on", "nps"):
        assert refused.value.what.count(column) == 1
    assert refused.value.remedy.endswith("Nothing was entered.")


@pytest.mark.parametrize("table", ["txn", "control_total"])
def test_given_a_table_of_the_books_then_it_is_the_banks_to_correct(table: str) -> None:
    with pytest.raises(Refused, match="the bank's books"):
        read_row(table, SURVEY, ZONE)
