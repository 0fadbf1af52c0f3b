"""A truth file: what its lines say, and which lines of it cannot be used."""

import datetime
from pathlib import Path

import pytest

from nightdesk.errors import UsageError
from nightdesk.reading.truth_file import Truth, events_of, read_truth, refuse_unknown

DAY = datetime.date(2026, 3, 31)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "truth.csv"


@pytest.mark.parametrize(
    ("header", "row", "event_date", "first_visible_on"),
    [
        ("client_id,event_date", "C1,2026-03-31", DAY, None),
        ("client_id,event_date", " C1 , 2026-03-31 ", DAY, None),
        ("client_id,event_date", "C1,", None, None),
        ("client_id,event_date,event", "C1,2026-03-31,default", DAY, None),
        ("client_id,event_date,event", "C1,2026-03-31,", None, None),
        ("client_id,event_date,event", "C1,2026-03-31,NONE", None, None),
        ("client_id,event_date,event,first_visible_on", "C1,2026-03-31,default,2026-03-31", DAY, DAY),
    ],
)
def test_given_a_line_then_its_event_counts_unless_it_says_that_there_is_none(
    file: Path, header: str, row: str, event_date: datetime.date | None, first_visible_on: datetime.date | None
) -> None:
    file.write_text(f"{header}\n{row}\n", encoding="utf-8-sig")
    assert read_truth(file) == [Truth(2, "C1", event_date, first_visible_on)]


@pytest.mark.parametrize(
    ("lines", "said"), [(1, "1 line (2)"), (5, "5 lines (2, 3, 4, 5, 6)"), (6, "6 lines (2, 3, 4, 5, 6, …)")]
)
def test_given_lines_that_cannot_be_used_then_the_first_five_are_named(file: Path, lines: int, said: str) -> None:
    file.write_text("client_id,event_date\n" + ",2026-03-31\n" * lines, encoding="utf-8")
    with pytest.raises(UsageError) as nameless:
        read_truth(file)
    assert f"names no client in {said}" in nameless.value.what
    file.write_text("client_id,event_date\n" + "C1,soon\n" * lines, encoding="utf-8")
    with pytest.raises(UsageError) as dateless:
        read_truth(file)
    assert f"has what is no date in {said}" in dateless.value.what
    file.write_text("client_id,event_date\n" + "C1,2026-03-31\n" * lines, encoding="utf-8")
    with pytest.raises(UsageError) as unknown:
        refuse_unknown(file, read_truth(file), {"C2"})
    assert f"none of the nights knows: {said}" in unknown.value.what
    refuse_unknown(file, read_truth(file), {"C1"})


def test_given_several_events_of_a_client_then_the_first_counts_and_of_one_day_the_line_before() -> None:
    later, seen = DAY + datetime.timedelta(days=1), DAY - datetime.timedelta(days=1)
    truths = [
        Truth(2, "C1", None, None),
        Truth(3, "C1", later, None),
        Truth(4, "C1", DAY, seen),
        Truth(5, "C1", DAY, DAY),
        Truth(6, "C2", None, seen),
    ]
    assert events_of(truths) == [{"client_id": "C1", "event_date": DAY, "first_visible_on": seen}]


def test_given_a_quote_that_does_not_end_a_cell_then_the_file_cannot_be_read(file: Path) -> None:
    file.write_text('client_id,event_date\nC1,"2026-03-31"x\n', encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        read_truth(file)
